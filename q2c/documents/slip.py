"""The payment slip: amount and day, accounts and references, and a code to scan."""

from collections.abc import Iterator
from typing import Final

from q2c.documents.flow import wrapped
from q2c.documents.fonts import width
from q2c.documents.pen import LEADING, SMALL, TINY, Pen
from q2c.documents.qr import matrix
from q2c.documents.sheet import Fact, Slip

PAD: Final = 13.0
AMOUNT: Final = 17.0
KEY: Final = 10.5
KEY_GAP: Final = 20.0
CODE: Final = 84.0
QUIET: Final = 4  # modules that stay white around a code
ROW: Final = TINY * LEADING + KEY * LEADING + 5


def slip_height(pen: Pen, slip: Slip) -> float:
    """Say how high a slip is."""
    rows = 1 + max((row for row, _, _ in _placed(pen, slip)), default=-1)
    words = SMALL * LEADING + AMOUNT * LEADING + 6 + rows * ROW
    words += len(_link_lines(pen, slip)) * SMALL * LEADING
    code = CODE + TINY * LEADING if slip.code else 0.0
    return 2 * PAD + max(words, code)


def draw_slip(pen: Pen, slip: Slip) -> None:
    """Draw a slip on tinted paper, the width of the page."""
    high, x, y = slip_height(pen, slip), pen.left + PAD, pen.y + PAD
    pen.page.rect(pen.left, pen.y, pen.width, high, fill=pen.ink.tint)
    with pen.tags.into("P"):
        y = pen.lines(x, y, [slip.title], SMALL, color=pen.ink.muted)
        y = pen.lines(x, y, [slip.amount], AMOUNT, face="bold", color=pen.ink.accent) + 6
    for row, indent, fact in _placed(pen, slip):
        at = y + row * ROW
        with pen.tags.into("P"):
            at = pen.lines(x + indent, at, [fact.label], TINY, color=pen.ink.muted)
            pen.lines(x + indent, at, [fact.text], KEY, face="bold")
    _draw_link(pen, slip, pen.y + high - PAD)
    if slip.code:
        _draw_code(pen, slip, pen.y + PAD)
    pen.y += high


def _link_lines(pen: Pen, slip: Slip) -> list[str]:
    return wrapped(slip.link, "regular", SMALL, _room(pen, slip)) if slip.link else []


def _draw_link(pen: Pen, slip: Slip, end: float) -> None:
    """Write a web address above a lower edge, and make it lead there."""
    lines, x = _link_lines(pen, slip), pen.left + PAD
    y = end - len(lines) * SMALL * LEADING
    for row, line in enumerate(lines):
        at = y + row * SMALL * LEADING
        with pen.tags.into("Link"):
            pen.lines(x, at, [line], SMALL, color=pen.ink.accent)
            pen.page.link(x, at, width(line, "regular", SMALL), SMALL * LEADING, slip.link)


def _placed(pen: Pen, slip: Slip) -> Iterator[tuple[int, float, Fact]]:
    """Place the facts side by side, in as many rows as they need: row and indent of each."""
    room = _room(pen, slip)
    row, indent = 0, 0.0
    for fact in slip.facts:
        wide = max(width(fact.text, "bold", KEY), width(fact.label, "regular", TINY))
        if indent and indent + wide > room:
            row, indent = row + 1, 0.0
        yield row, indent, fact
        indent += wide + KEY_GAP


def _room(pen: Pen, slip: Slip) -> float:
    """Say how wide the words of a slip may be."""
    return pen.width - 2 * PAD - (CODE + 2 * PAD if slip.code else 0)


def _draw_code(pen: Pen, slip: Slip, y: float) -> None:
    rows = matrix(slip.code)
    x = pen.right - PAD - CODE
    quiet = CODE * QUIET / (len(rows) + 2 * QUIET)
    pen.page.rect(x, y, CODE, CODE, fill="#ffffff")
    side = CODE - 2 * quiet
    pen.page.matrix(x + quiet, y + quiet, side, rows, said=slip.code_label)
    label = y + CODE + TINY
    pen.page.text_centre(x + CODE / 2, label, slip.code_label, "regular", TINY, pen.ink.muted)
