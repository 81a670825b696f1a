"""Whether the texts on the pages of a PDF fit: inside the margins, and none over another."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec import Struct

from q2c.documents.look import Theme
from q2c.documents.pen import MM

SLACK: Final = 1.5
# Letters whose boxes touch are not yet written over each other.
_OVER: Final = 0.35
_LOW: Final = 2.0


class Box(Struct, frozen=True):
    """A stretch of text on a page and the box around its letters, from the lower left corner."""

    page: int
    text: str
    left: float
    lower: float
    right: float
    upper: float


def misfits(data: bytes, theme: Theme) -> Iterator[tuple[Box, str]]:
    """Yield each text that leaves the page's margins or is written over another, and how."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as pdf:
        for number, page in enumerate(pdf, start=1):
            wide, _ = page.get_size()
            boxes = list(_boxes(page.get_textpage(), number))
            left, right = theme.margins.left * MM, wide - theme.margins.right * MM
            for box in boxes:
                if box.left < left - SLACK or box.right > right + SLACK:
                    yield box, "leaves the margins"
            yield from _over_each_other(boxes)


def _boxes(page: Any, number: int) -> Iterator[Box]:  # noqa: ANN401 - the library says no types
    for at in range(page.count_rects()):
        left, lower, right, upper = page.get_rect(at)
        if text := page.get_text_bounded(left, lower, right, upper).strip():
            yield Box(number, text, left, lower, right, upper)


def _over_each_other(boxes: Sequence[Box]) -> Iterator[tuple[Box, str]]:
    """Find texts that share so much of their boxes that one cannot be read."""
    ordered = sorted(boxes, key=lambda box: -box.upper)
    for at, one in enumerate(ordered):
        for other in ordered[at + 1 :]:
            if other.upper <= one.lower:
                break
            wide = min(one.right, other.right) - max(one.left, other.left)
            high = min(one.upper, other.upper) - max(one.lower, other.lower)
            lower = min(one.upper - one.lower, other.upper - other.lower)
            same = one.text in other.text or other.text in one.text  # a piece is told twice
            if wide > SLACK and high > max(_OVER * lower, _LOW) and not same:
                yield one, f"is written over '{' '.join(other.text.split())[:30]}'"
