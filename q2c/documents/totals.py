"""The totals of a document: sums on the right, VAT by rate on the left."""

from collections.abc import Sequence
from typing import Final

from q2c.documents.flow import wrapped
from q2c.documents.fonts import width
from q2c.documents.pen import LEADING, SMALL, TEXT, TINY, Pen
from q2c.documents.sheet import Fact, Sums
from q2c.documents.tags import COLUMN_HEAD

TOTAL: Final = 12.0
SUMS: Final = 226.0


def sums_height(pen: Pen, sums: Sums) -> float:
    """Say how high the totals are."""
    left = len(sums.vat) * TEXT * LEADING + 16
    left += len(_remarks(pen, sums)) * TINY * LEADING
    lines = sum(len(_label_lines(fact)) for fact in sums.totals[:-1])
    lines += len(_last_label(sums.totals[-1])[1])
    right = lines * TEXT * LEADING + len(sums.totals) * 3 + 18
    return max(left, right) + 14


def _label_lines(fact: Fact) -> list[str]:
    """Break the label of a total where it would run into its amount."""
    return wrapped(fact.label, "regular", TEXT, SUMS - width(fact.text, "regular", TEXT) - 12)


def _last_label(fact: Fact) -> tuple[float, list[str]]:
    """Set the label of the last total as large as its amount, or smaller where that has no room."""
    room = SUMS - width(fact.text, "bold", TOTAL) - 12
    if width(fact.label, "bold", TOTAL) <= room:
        return TOTAL, [fact.label]
    return TEXT, wrapped(fact.label, "bold", TEXT, room)


def _remarks(pen: Pen, sums: Sums) -> list[str]:
    room = pen.width - SUMS - 30
    return [line for remark in sums.remarks for line in wrapped(remark, "regular", TINY, room)]


def draw_sums(pen: Pen, sums: Sums) -> None:
    """Draw the totals on the right, VAT by rate on the left."""
    pen.keep(sums_height(pen, sums))
    top = pen.y + 12
    pen.y = max(_draw_totals(pen, sums, top), _draw_vat(pen, sums, top))


def _draw_totals(pen: Pen, sums: Sums, y: float) -> float:
    x = pen.right - SUMS
    *parts, last = sums.totals
    for fact in parts:
        with pen.tags.into("P"):
            lower = pen.lines(x, y, _label_lines(fact), color=pen.ink.muted)
            pen.right_line(pen.right, y, fact.text)
        y = lower + 3
    pen.page.line(x, y + 2, pen.right, y + 2, 1, pen.ink.accent)
    size, label = _last_label(last)
    with pen.tags.into("P"):
        lower = pen.lines(x, y + 7 + (TOTAL - size) * 0.7, label, size, face="bold")
        pen.right_line(pen.right, y + 7, last.text, TOTAL, "bold")
    return max(lower, y + 7 + TOTAL * LEADING)


def _draw_vat(pen: Pen, sums: Sums, y: float) -> float:
    ends = _vat_ends(sums)
    if sums.vat:
        with pen.tags.into("Table"):
            y = _draw_vat_rows(pen, sums, ends, y)
    return pen.lines(pen.left, y + 3, _remarks(pen, sums), TINY, color=pen.ink.muted)


def _draw_vat_rows(pen: Pen, sums: Sums, ends: Sequence[float], y: float) -> float:
    with pen.tags.into("TR"):
        _draw_vat_row(pen, sums.vat_head, ends, y, TINY)
    y += TINY * LEADING + 1
    pen.page.line(pen.left, y, pen.left + ends[-1], y, 0.5, pen.ink.line)
    y += 3
    for row in sums.vat:
        with pen.tags.into("TR"):
            _draw_vat_row(pen, row, ends, y, SMALL)
        y += TEXT * LEADING
    return y


def _draw_vat_row(
    pen: Pen, cells: Sequence[str], ends: Sequence[float], y: float, size: float
) -> None:
    """Draw the heads of the columns, which are smaller than the rest, or a row."""
    kind, about = ("TH", COLUMN_HEAD) if size == TINY else ("TD", "")
    color = pen.ink.muted if size == TINY else pen.ink.text
    with pen.tags.into(kind, about):
        pen.lines(pen.left, y, cells[:1], size, color=color)
    for end, cell in zip(ends, cells[1:], strict=True):
        with pen.tags.into(kind, about):
            pen.right_line(pen.left + end, y, cell, size, color=color)


def _vat_ends(sums: Sums) -> tuple[float, float]:
    """Say where the two columns of figures end, wide enough for the largest."""
    widest = [
        max([width(row[at], "regular", SMALL) for row in (*sums.vat, sums.vat_head)])
        for at in range(3)
    ]
    first = max(110.0, widest[0] + widest[1] + 16)
    return first, first + max(72.0, widest[2] + 16)
