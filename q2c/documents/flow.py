"""Text that fills a width: lines that fit, and the blocks of a text written in Markdown."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from msgspec import Struct

from q2c.documents.fonts import Face, advances, measured

if TYPE_CHECKING:
    from markdown_it.token import Token

Kind: TypeAlias = Literal["heading", "paragraph", "item", "quote", "code", "rule"]
BULLETS: Final = ("•", "–")
_BREAKS: Final = {"softbreak": " ", "hardbreak": "\n"}
# Half the smallest step of a pen: a text exactly as wide as its column fits, whatever
# the last binary digit of the division says.
_SLACK: Final = 0.5
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


class Run(Struct, frozen=True):
    """A stretch of text in one face; `link` is the address it leads to, if any."""

    text: str
    face: Face = "regular"
    link: str = ""


class Block(Struct, frozen=True):
    """One block of a text: a heading, a paragraph, an item of a list, code or a rule.

    `level` is the rank of a heading from 1, and how deep in lists all others stand: the
    items of the outermost list have 1. `marker` stands before an item: "•", "2.". Lines
    that the writer broke are kept as line breaks in the text.
    """

    kind: Kind
    level: int = 0
    runs: tuple[Run, ...] = ()
    marker: str = ""


def wrapped(text: str, face: Face, size: float, width: float) -> list[str]:
    """Break a text into lines that fit a width, at spaces and where it breaks by itself.

    A word that is too long is broken where it must be. No letter is lost: only spaces at
    the end of a line are.
    """
    return list(_lines(text, face, size, width))


@lru_cache(maxsize=2048)
def _lines(text: str, face: Face, size: float, width: float) -> tuple[str, ...]:
    limit = width * 1000 / size
    if "\n" not in text and measured(text, face) <= limit + _SLACK:  # as most texts do
        return (text.rstrip(" "),)
    spans = _spans(text, advances(text.replace("\n", " "), face), limit)
    return tuple(text[start:stop].rstrip(" ") for start, stop in spans)


def wrapped_runs(runs: Sequence[Run], size: float, width: float) -> list[list[Run]]:
    """Break runs of several faces into lines that fit a width."""
    return [list(line) for line in _run_lines(tuple(runs), size, width)]


@lru_cache(maxsize=2048)
def _run_lines(runs: tuple[Run, ...], size: float, width: float) -> tuple[tuple[Run, ...], ...]:
    text = "".join(run.text for run in runs)
    moves = [move for run in runs for move in advances(run.text.replace("\n", " "), run.face)]
    return tuple(
        tuple(_between(runs, start, start + len(text[start:stop].rstrip(" "))))
        for start, stop in _spans(text, moves, width * 1000 / size)
    )


def _between(runs: Sequence[Run], start: int, stop: int) -> Iterator[Run]:
    """Give the parts of runs between two places of their common text."""
    place = 0
    for run in runs:
        part = run.text[max(start - place, 0) : max(stop - place, 0)]
        if part:
            yield Run(part, run.face, run.link)
        place += len(run.text)


def _spans(text: str, moves: Iterable[int], limit: float) -> Iterator[tuple[int, int]]:
    """Find where lines start and stop, given how far each character moves the pen."""
    ends = list(accumulate(moves, initial=0))
    start = 0
    for paragraph in text.split("\n"):
        last = start + len(paragraph.rstrip(" "))
        after = start + len(paragraph) + 1
        while last - start > 1:
            fits = bisect_right(ends, ends[start] + limit + _SLACK, start) - 1
            if fits >= last:
                break
            gap = text.rfind(" ", start, fits + 1)
            stop = gap if gap > start else max(fits, start + 1)
            yield start, stop
            start = stop
            while text[start] == " ":
                start += 1
        yield start, last
        start = after


def escaped(text: str) -> str:
    """Write a text so that Markdown prints it as it stands; for values put into a template."""
    lines = [_PUNCTUATION.sub(r"\\\1", line.strip(" ")) for line in text.strip(" \n").split("\n")]
    return "\\\n".join(lines)


def blocks(markdown: str) -> tuple[Block, ...]:
    """Read a text written in Markdown.

    HTML and pictures are printed as they stand, and so is a link that leads anywhere but to
    the web or to a mail address.
    """
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).disable("image")
    reader.validateLink = _leads_out  # type: ignore[method-assign, assignment]
    reading = _Reading()
    for token in reader.parse(markdown):
        reading.take(token)
    return tuple(reading.found)


def _leads_out(address: str) -> bool:
    return address.lower().startswith(("http://", "https://", "mailto:"))


class _Reading:
    """Where we are in a text while its tokens go by."""

    def __init__(self) -> None:
        self.found: list[Block] = []
        self._depth = self._quoted = self._heading = 0
        self._marker = ""

    def take(self, token: "Token") -> None:
        """Follow one token."""
        match token.tag:
            case "ol" | "ul":
                self._flush()
                self._depth += token.nesting
            case "blockquote":
                self._quoted += token.nesting
            case "li":
                self._item(token)
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self._heading = int(token.tag[1]) if token.nesting > 0 else 0
            case "hr":
                self._put("rule", ())
            case "code":
                self._put("code", (Run(token.content.removesuffix("\n")),))
            case _ if token.type == "inline":
                self._put(self._kind(), _inline(token.children or []))

    def _item(self, token: "Token") -> None:
        self._flush()
        if token.nesting > 0:
            bullet = BULLETS[min(self._depth, len(BULLETS)) - 1]
            self._marker = f"{token.info}{token.markup}" if token.info else bullet

    def _flush(self) -> None:
        """Keep an item that has no words of its own."""
        if self._marker:
            self._put("item", ())

    def _kind(self) -> Kind:
        if self._heading:
            return "heading"
        if self._marker:
            return "item"
        return "quote" if self._quoted else "paragraph"

    def _put(self, kind: Kind, runs: tuple[Run, ...]) -> None:
        level = self._heading or self._depth
        self.found.append(Block(kind, level, runs, self._marker))
        self._marker = ""


def _inline(tokens: Sequence["Token"]) -> tuple[Run, ...]:
    """Make runs of the words of a block; what is stressed is bold."""
    pieces: list[Run] = []
    stress, address = 0, ""
    for token in tokens:
        if token.tag in {"strong", "em"}:
            stress += token.nesting
        elif token.tag == "a":
            address = str(token.attrs["href"]) if token.nesting > 0 else ""
        else:
            text = _BREAKS.get(token.type, token.content)
            pieces.append(Run(text, "bold" if stress else "regular", address))
    return joined(pieces)


def joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Join neighbours that look the same, and leave out what is empty."""
    alike = groupby((run for run in runs if run.text), key=lambda run: (run.face, run.link))
    return tuple(
        Run("".join(run.text for run in group), face, link) for (face, link), group in alike
    )
