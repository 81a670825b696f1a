"""Wording: what changed in a text, word by word."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

from msgspec import Struct

_WORDS = re.compile(r"\S+\s*")


class Piece(Struct, frozen=True):
    """A stretch of a text: kept as it was, taken out, or put in."""

    kind: Literal["kept", "old", "new"]
    text: str


def worded(before: str, after: str) -> tuple[Piece, ...]:
    """Compare two texts by their words; what was taken out stands before what was put in.

    The other way round gives the same pieces with old and new exchanged.
    """
    # The comparison of sequences has a direction, so it always goes the same way.
    turned = before > after
    one, other = (after, before) if turned else (before, after)
    # A space at the end, so that the last word does not touch what another text has behind it.
    words = [_WORDS.findall(f"{text.strip()} ") for text in (one, other)]
    return tuple(_pieces(*words, turned=turned))


def _pieces(one: list[str], other: list[str], *, turned: bool) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, [w.rstrip() for w in one], [w.rstrip() for w in other])
    for how, first, last, start, stop in matcher.get_opcodes():
        texts = "".join(one[first:last]), "".join(other[start:stop])
        if how == "equal":
            yield Piece("kept", texts[0])
            continue
        old, new = texts[::-1] if turned else texts
        if old:
            yield Piece("old", old)
        if new:
            yield Piece("new", new)
