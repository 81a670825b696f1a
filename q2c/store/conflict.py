"""Conflicts: two states of a file side by side, between the markers that git and editors know."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from q2c.core.fault import Fault, Place

MARKER = re.compile(r"^<{7} ", re.MULTILINE)


def marked(ours: bytes, theirs: bytes) -> bytes:
    """Give the lines of two files: what they share once, what differs between markers."""
    return "".join(_marked(_lines(ours), _lines(theirs))).encode()


def unfinished(text: str, file: str) -> list[Fault]:
    """Say where a merge left two states for a person to choose from."""
    message = "Two people changed this, and nobody has chosen yet."
    remedy = (
        "Keep one of the two, take the lines <<<<<<<, ======= and >>>>>>> away, and git add it."
    )
    return [
        Fault("merge-unfinished", message, Place(file, text.count("\n", 0, at.start()) + 1), remedy)
        for at in MARKER.finditer(text)
    ]


def _lines(data: bytes) -> list[str]:
    text = data.decode()
    return (text if text.endswith("\n") or not text else f"{text}\n").splitlines(keepends=True)


def _marked(ours: list[str], theirs: list[str]) -> Iterator[str]:
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for how, first, last, start, stop in matcher.get_opcodes():
        if how == "equal":
            yield from ours[first:last]
        else:
            yield "<<<<<<< ours\n"
            yield from ours[first:last]
            yield "=======\n"
            yield from theirs[start:stop]
            yield ">>>>>>> theirs\n"
