"""Clauses at a glance: the plain Markdown that most contracts keep to, read without a library.

Headings, paragraphs, lists of one level and words in bold are all that is known here. A
text that might be anything else is left to `flow.blocks`, which reads all of Markdown.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import groupby

from q2c.documents.flow import BULLETS, Block, Run, joined

# Signs that stand for themselves, by nature or behind a backslash.
_SIGNS = r"[^\\*_`\[\]<&!\x00-\x1f]++|\\[!-/:-@\[-`{-~]"
_BOLD = rf"(?<![^ \n])\*\*(?=\S)(?P<bold>(?:{_SIGNS})++)(?<!\s)\*\*(?![^ ,.;:)\n])"
_PIECE = rf"{_BOLD}|(?P<regular>(?:{_SIGNS}|\\?\n)++)"
# A line that begins so is words, whatever comes behind.
_WORDS = r"[^\W\d_]|\\.|\*\*"
_KINDS = rf"(?P<blank>$)|(?P<heading>#{{1,6}} \S)|(?P<item>- (?:{_WORDS}))|(?P<words>{_WORDS})"
_BREAKS = {"\n": " ", "\\\n": "\n"}


def glance(markdown: str) -> tuple[Block, ...] | None:
    """Read a text in plain Markdown; give nothing where it might be more than that."""
    found: list[Block] = []
    before: str | None = None
    for kind, lines in groupby(markdown.split("\n"), _kind):
        if kind is None or (before, kind) == ("item", "words"):  # these would go on with the item
            return None
        found += _blocks(kind, list(lines))
        before = kind
    return tuple(found) if all(block.runs for block in found) else None


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """Make a pattern when the first contract is read, since other documents need none."""
    return re.compile(text)


def _kind(line: str) -> str | None:
    match = _pattern(_KINDS).match(line)
    plain = match and line == line.strip() and not (line[:1] == "#" == line[-1:])
    return match.lastgroup if match and plain else None


def _blocks(kind: str, lines: Sequence[str]) -> Iterator[Block]:
    if kind == "words":
        yield Block("paragraph", 0, _inline("\n".join(lines)))
    for line in lines:
        marks, _, words = line.partition(" ")
        if kind == "heading":
            yield Block("heading", len(marks), _inline(words))
        elif kind == "item":
            yield Block("item", 1, _inline(words), BULLETS[0])


@lru_cache(maxsize=2048)
def _inline(words: str) -> tuple[Run, ...]:
    """Make runs of words; none where a sign among them might mean something else.

    Contracts of one template say most things in the same words.
    """
    pieces = list(_pattern(_PIECE).finditer(words))
    if "".join(piece[0] for piece in pieces) != words:
        return ()
    return joined(
        Run(_meant(piece["bold"]), "bold") if piece["bold"] else Run(_meant(piece["regular"]))
        for piece in pieces
    )


def _meant(text: str) -> str:
    """Take the backslashes off, and turn the ends of lines into spaces or breaks."""
    return _pattern(r"\\?\n|\\.").sub(lambda sign: _BREAKS.get(sign[0], sign[0][1:]), text)
