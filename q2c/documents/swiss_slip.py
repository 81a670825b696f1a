"""The Swiss payment part and its receipt, drawn over the foot of a page.

Measures are those of the Style Guide QR-bill (version 2.3), in millimetres there, in points here.
"""

from collections.abc import Iterable
from typing import Final

from q2c.documents.flow import wrapped
from q2c.documents.fonts import Face, width
from q2c.documents.pen import MM, Pen, baseline
from q2c.documents.qr import matrix
from q2c.documents.sheet import Bill

HIGH: Final = 105 * MM
RECEIPT_WIDE: Final = 62 * MM
MARGIN: Final = 5 * MM
TITLE: Final = 11.0
BODY: Final = 12 * MM  # where what the receipt says begins
AMOUNTS: Final = 68 * MM
ACCEPTANCE: Final = 82 * MM
CODE: Final = 46 * MM
CODE_TOP: Final = 17 * MM
TOLD: Final = RECEIPT_WIDE + 56 * MM  # where what the payment part says begins
TOLD_WIDE: Final = 87 * MM
CROSS: Final = 7 * MM
# From this version on no alignment pattern of the code lies under the cross, which some readers
# would take for one and then read the modules around it in the wrong places.
LEAST_VERSION: Final = 14
LINE: Final = 0.75
BLACK: Final = "#000000"
WHITE: Final = "#ffffff"
TIGHT: Final = 1.1  # of its size a line is high


class Column:
    """Writes headings and what stands below them from top to bottom."""

    def __init__(
        self, pen: Pen, x: float, y: float, wide: float, sizes: tuple[float, float]
    ) -> None:
        self._pen, self._x, self.y, self._wide = pen, x, y, wide
        self._heading, self._text = sizes

    def say(self, heading: str, lines: Iterable[str]) -> None:
        """Write a heading and lines below it, broken where they are too long; leave a gap."""
        with self._pen.tags.into("P"):
            self._lines([heading], self._heading, bold=True)
            for line in lines:
                told = wrapped(line, "regular", self._text, self._wide)
                self._lines(told, self._text, bold=False)
        self.y += self._text * 0.7

    def leave_open(self, heading: str, wide: float, high: float) -> None:
        """Write a heading, and mark the corners of a box to write in below it."""
        self._lines([heading], self._heading, bold=True)
        draw_corners(self._pen, self._x, self.y + 2, wide, high)
        self.y += high + 2

    def _lines(self, lines: Iterable[str], size: float, *, bold: bool) -> None:
        for line in lines:
            at = self.y + baseline(size) * TIGHT / 1.35
            face: Face = "bold" if bold else "regular"
            self._pen.page.text(self._x, at, line, face, size, BLACK)
            self.y += size * TIGHT


def draw_bill(pen: Pen, bill: Bill) -> None:
    """Draw a bill over the lowest 105 mm of the page, from edge to edge."""
    top = pen.page.height - HIGH
    _draw_edges(pen, bill, top)
    _draw_receipt(pen, bill, top)
    _draw_payment_part(pen, bill, top)


def _draw_edges(pen: Pen, bill: Bill, top: float) -> None:
    """Draw where to cut: above the bill, and between its parts."""
    page = pen.page
    page.text_centre(page.width / 2, top - 3, bill.words.separate, "regular", 7, BLACK)
    page.line(0, top, page.width, top, 0.5, BLACK)
    page.line(RECEIPT_WIDE, top, RECEIPT_WIDE, page.height, 0.5, BLACK)


def _draw_receipt(pen: Pen, bill: Bill, top: float) -> None:
    words, wide = bill.words, RECEIPT_WIDE - 2 * MARGIN
    pen.page.text(MARGIN, top + MARGIN + TITLE * 0.8, words.receipt, "bold", TITLE, BLACK)
    column = Column(pen, MARGIN, top + BODY, wide, (6, 8))
    column.say(words.account, (bill.account, *bill.payee))
    if bill.reference:
        column.say(words.reference, [bill.reference])
    if bill.payer:
        column.say(words.payer, bill.payer)
    else:
        column.leave_open(words.payer_open, wide, 20 * MM)
    _draw_amount(pen, bill, (MARGIN, top + AMOUNTS), 12 * MM, (6, 8))
    right = RECEIPT_WIDE - MARGIN
    pen.page.text_right(right, top + ACCEPTANCE + 5, words.acceptance, "bold", 6, BLACK)


def _draw_payment_part(pen: Pen, bill: Bill, top: float) -> None:
    words, x = bill.words, RECEIPT_WIDE + MARGIN
    pen.page.text(x, top + MARGIN + TITLE * 0.8, words.payment_part, "bold", TITLE, BLACK)
    _draw_code(pen, bill, x, top + CODE_TOP)
    _draw_amount(pen, bill, (x, top + AMOUNTS), 15 * MM, (8, 10))
    column = Column(pen, TOLD, top + MARGIN, TOLD_WIDE, (8, 10))
    column.say(words.account, (bill.account, *bill.payee))
    if bill.reference:
        column.say(words.reference, [bill.reference])
    if bill.message:
        column.say(words.information, [bill.message])
    if bill.payer:
        column.say(words.payer, bill.payer)
    else:
        column.leave_open(words.payer_open, 65 * MM, 25 * MM)


def _draw_amount(
    pen: Pen, bill: Bill, at: tuple[float, float], indent: float, sizes: tuple[float, float]
) -> None:
    """Draw currency and amount beside each other, so far apart."""
    x, y = at
    beside = x + max(indent, width(bill.words.currency, "bold", sizes[0]) + 6)
    Column(pen, x, y, indent, sizes).say(bill.words.currency, [bill.currency])
    Column(pen, beside, y, 40 * MM, sizes).say(bill.words.amount, [bill.amount])


def _draw_code(pen: Pen, bill: Bill, x: float, y: float) -> None:
    """Draw the code, 46 mm wide, with the Swiss cross in its middle."""
    rows = matrix(bill.code, LEAST_VERSION)
    pen.page.rect(x, y, CODE, CODE, fill=WHITE)
    pen.page.matrix(x, y, CODE, rows, BLACK, said=bill.words.payment_part)
    _draw_cross(pen, x, y)


def _draw_cross(pen: Pen, x: float, y: float) -> None:
    """Draw the Swiss cross, 7 mm wide with its white edge, in the middle of the code at x, y."""
    left, upper, part = x + (CODE - CROSS) / 2, y + (CODE - CROSS) / 2, CROSS / 19.84
    boxes = (
        (0.0, 0.0, 19.84, 19.84, WHITE),
        (1.42, 1.42, 17.0, 17.0, BLACK),
        (8.27, 4.42, 3.3, 11.0, WHITE),
        (4.42, 8.27, 11.0, 3.3, WHITE),
    )
    for right, down, wide, high, color in boxes:
        at = left + right * part, upper + down * part
        pen.page.rect(*at, wide * part, high * part, fill=color)


def draw_corners(pen: Pen, x: float, y: float, wide: float, high: float) -> None:
    """Mark the corners of a box that is written in by hand."""
    for across, inward in ((x, 1), (x + wide, -1)):
        for down, under in ((y, 1), (y + high, -1)):
            pen.page.line(across, down, across + inward * 3 * MM, down, LINE, BLACK)
            pen.page.line(across, down, across, down + under * 2 * MM, LINE, BLACK)
