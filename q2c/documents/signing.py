"""The place for signatures: what is accepted, boxes for what can be chosen, lines to sign on."""

from collections.abc import Sequence
from typing import Final

from q2c.documents.flow import wrapped
from q2c.documents.fonts import width
from q2c.documents.pen import LEADING, SMALL, TEXT, TINY, Pen
from q2c.documents.sheet import Boxes, Fact, Signature, Signing

HEADING: Final = 13.0
SIGN_LINE: Final = 34.0
SIGN_GAP: Final = 24.0
BOX: Final = 7.5
BOX_LABEL: Final = 16.0
ROW: Final = TEXT * LEADING + 2.5
# Of more boxes than a page has room for, so much stands with the heading.
MOST_KEPT: Final = 100.0


def draw_signing(pen: Pen, signing: Signing) -> None:
    """Draw the place for signatures, all of it on one page unless there are very many boxes."""
    pen.skip(20)
    head, foot = _head_height(pen, signing), _foot_height(pen, signing)
    boxes = sum(_boxes_height(pen, some) for some in signing.boxes)
    whole = head + boxes + foot
    pen.keep(whole if whole < pen.bottom - pen.top else head + MOST_KEPT)
    _draw_head(pen, signing)
    for some in signing.boxes:
        _draw_boxes(pen, some)
    pen.keep(foot)
    _draw_foot(pen, signing)


def _head_height(pen: Pen, signing: Signing) -> float:
    text = wrapped(signing.text, "regular", TEXT, pen.width) if signing.text else []
    return (HEADING * LEADING + 4 if signing.title else 0.0) + len(text) * TEXT * LEADING


def _draw_head(pen: Pen, signing: Signing) -> None:
    text = wrapped(signing.text, "regular", TEXT, pen.width) if signing.text else []
    if signing.title:
        with pen.heading(2, signing.title):
            pen.y = pen.lines(pen.left, pen.y, [signing.title], HEADING, face="bold") + 4
    pen.y = pen.lines(pen.left, pen.y, text)


def _boxes_height(pen: Pen, boxes: Boxes) -> float:
    rows = sum(len(_box_lines(pen, choice)) for choice in boxes.choices)
    return ROW * (rows + 1) + 6


def _box_lines(pen: Pen, choice: Fact) -> list[str]:
    room = pen.width - BOX_LABEL - width(choice.text, "regular", TEXT) - 12
    return wrapped(choice.label, "regular", TEXT, room)


def _draw_boxes(pen: Pen, boxes: Boxes) -> None:
    """Draw what can be ticked: a box, what it stands for, and its amount."""
    pen.y += 6
    pen.keep(2 * ROW)
    with pen.tags.into("P"):
        pen.lines(pen.left, pen.y, [boxes.title], SMALL, face="bold", color=pen.ink.muted)
        pen.right_line(pen.right, pen.y, boxes.head, SMALL, "bold", pen.ink.muted)
    pen.y += ROW
    for choice in boxes.choices:
        lines = _box_lines(pen, choice)
        pen.keep(len(lines) * ROW)
        pen.page.rect(pen.left, pen.y + 2.5, BOX, BOX, stroke=pen.ink.text)
        with pen.tags.into("P"):
            pen.lines(pen.left + BOX_LABEL, pen.y, lines)
            pen.right_line(pen.right, pen.y, choice.text)
        pen.y += (len(lines) - 1) * TEXT * LEADING + ROW


def _remarks(pen: Pen, signing: Signing) -> list[str]:
    return [ln for told in signing.remarks for ln in wrapped(told, "regular", SMALL, pen.width)]


def _rows(signing: Signing) -> int:
    """Say how many lines to sign on stand below each other: one person's stand side by side."""
    signatures = signing.signatures
    return 1 if len(signatures) == 1 else max(len(one.lines) for one in signatures)


def _foot_height(pen: Pen, signing: Signing) -> float:
    remarks = len(_remarks(pen, signing)) + 2
    return remarks * TEXT * LEADING + 10 + _rows(signing) * SIGN_LINE


def _draw_foot(pen: Pen, signing: Signing) -> None:
    remarks = _remarks(pen, signing)
    pen.y = pen.lines(pen.left, pen.y, remarks, SMALL, color=pen.ink.muted) + 10
    if len(signing.signatures) == 1:
        _sign_across(pen, signing.signatures[0])
    else:
        _sign_down(pen, signing.signatures)
    pen.y += _rows(signing) * SIGN_LINE + TEXT * LEADING


def _sign_across(pen: Pen, signature: Signature) -> None:
    """Draw the lines of one signature side by side."""
    wide = (pen.width - SIGN_GAP * (len(signature.lines) - 1)) / len(signature.lines)
    y = pen.lines(pen.left, pen.y, wrapped(signature.title, "bold", TEXT, pen.width), face="bold")
    for at, label in enumerate(signature.lines):
        _sign_line(pen, pen.left + at * (wide + SIGN_GAP), y + SIGN_LINE, wide, label)


def _sign_down(pen: Pen, signatures: Sequence[Signature]) -> None:
    """Draw a column for each who signs."""
    wide = (pen.width - SIGN_GAP * (len(signatures) - 1)) / len(signatures)
    for at, signature in enumerate(signatures):
        x = pen.left + at * (wide + SIGN_GAP)
        y = pen.lines(x, pen.y, wrapped(signature.title, "bold", TEXT, wide), face="bold")
        for row, label in enumerate(signature.lines, start=1):
            _sign_line(pen, x, y + row * SIGN_LINE, wide, label)


def _sign_line(pen: Pen, x: float, y: float, wide: float, label: str) -> None:
    pen.page.line(x, y - 11, x + wide, y - 11, 0.5, pen.ink.muted)
    pen.lines(x, y - 10, [label], TINY, color=pen.ink.muted)
