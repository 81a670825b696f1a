"""Places: where on its pages a document leaves room to sign, and which words stand there."""

from collections.abc import Iterator
from re import escape, finditer
from typing import Any

from msgspec import Struct

GAP = 3.0  # from the label below the line to sign on to what stands above it
ROOM = 20.0
HALF = 0.5
_TURN = "\r\n"  # how PDFium ends a line


class Box(Struct, frozen=True):
    """A rectangle on a page, in points from its lower left corner; pages count from 0."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


def signing_places(pdf: bytes, label: str, wide: float) -> tuple[Box, ...]:
    """Find the lines to sign on, from left to right: above the last places that have the label.

    They stand side by side at the end of the document, one for each who signs.
    """
    from pypdfium2 import PdfDocument

    with PdfDocument(pdf) as document:
        for page in reversed(range(len(document))):
            found = [_above(page, corner, wide) for corner in _found(document[page], label)]
            if found:
                lowest = min(box.bottom for box in found)
                row = (box for box in found if box.bottom - lowest < HALF)
                return tuple(sorted(row, key=lambda box: box.left))
    return ()


def words_at(pdf: bytes, box: Box) -> str:
    """Give the words that stand in a box; a picture of a signature would hide them."""
    from pypdfium2 import PdfDocument

    with PdfDocument(pdf) as document:
        page = document[box.page].get_textpage()
        said: str = page.get_text_bounded(box.left, box.bottom, box.right, box.top)
    return " ".join(said.split())


def words_of(pdf: bytes) -> str:
    """Give all the words of a document, a space between any two."""
    from pypdfium2 import PdfDocument

    with PdfDocument(pdf) as document:
        texts = [document[page].get_textpage().get_text_range() for page in range(len(document))]
    return " ".join(" ".join(texts).split())


def _found(page: Any, label: str) -> Iterator[tuple[float, float]]:  # noqa: ANN401 - of PDFium
    """Find the upper left corners of a label, in lines that say nothing else."""
    text = page.get_textpage()
    at = 0
    for line in text.get_text_range().split(_TURN):
        if label in line and not line.replace(label, "").strip():
            for found in finditer(escape(label), line):
                left, _, _, top = text.get_charbox(at + found.start())
                yield left, top
        at += len(line) + len(_TURN)


def _above(page: int, corner: tuple[float, float], wide: float) -> Box:
    left, top = corner
    return Box(page, left, top + GAP, left + wide, top + GAP + ROOM)
