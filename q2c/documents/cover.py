"""The cover: a page before all others that says what is offered, to whom, by whom and when."""

from collections.abc import Sequence
from typing import Final

from q2c.documents.flow import wrapped
from q2c.documents.look import Look
from q2c.documents.pen import LEADING, MM, SMALL, TEXT, Pen
from q2c.documents.sheet import Block, Cover, Fact

HEADS: Final = (30.0, 22.0, 16.0, 12.0)  # the largest in which a name takes few lines
FEW: Final = 3
KIND: Final = 12.0
NAME: Final = 11.0
WORDS: Final = 10.0
LONGEST_LOGO: Final = 110 * MM
MIDDLE: Final = 96 * MM  # where the name of what is offered begins
BAR: Final = (64.0, 3.0)
GAP: Final = 30.0
LABELS: Final = 96.0
MEASURE: Final = 420.0


def draw_cover(pen: Pen, look: Look, cover: Cover) -> bool:
    """Fill the first page and turn to the next; say whether there was room for its text."""
    _draw_sender(pen, look)
    pen.y = _draw_subject(pen) + GAP
    pen.y = _draw_parties(pen, cover.parties) + GAP
    pen.y = _draw_facts(pen, cover.facts) + GAP
    lines = wrapped(cover.text.strip("\n"), "regular", WORDS, min(pen.width, MEASURE))
    fits = len(lines) * WORDS * LEADING <= pen.room
    if fits and cover.text:
        pen.lines(pen.left, pen.y, lines, WORDS)
    pen.leaf()
    return fits


def _draw_sender(pen: Pen, look: Look) -> None:
    """Draw the logo larger than on a letter, or the sender's name."""
    if logo := look.emblem:
        high = look.theme.logo_height * MM * 1.6
        scale = min(high / logo.height, LONGEST_LOGO / logo.width)
        pen.page.image(pen.left, pen.y, logo.width * scale, logo.height * scale, logo)
        pen.y += logo.height * scale
    elif not look.omits("logo"):
        name = wrapped(pen.sheet.sender, "bold", KIND * 1.5, pen.width)
        color = pen.ink.accent
        pen.y = pen.lines(pen.left, pen.y, name, KIND * 1.5, face="bold", color=color)


def _draw_subject(pen: Pen) -> float:
    """Draw what the document is, and below a bar in the theme's colour what is offered."""
    size, lines = _subject(pen)
    wide, high = BAR
    y = max(pen.y + GAP, MIDDLE - max(len(lines) - FEW, 0) * size * LEADING)
    pen.page.rect(pen.left, y, wide, high, fill=pen.ink.accent)
    kind = f"{pen.sheet.title} {pen.sheet.number}".rstrip()
    y = pen.lines(pen.left, y + 14, [kind], KIND, color=pen.ink.muted) + 6
    return pen.lines(pen.left, y, lines, size, face="bold", color=pen.ink.text)


def _subject(pen: Pen) -> tuple[float, list[str]]:
    """Set the name of what is offered as large as it takes few lines; the longest small."""
    text = pen.sheet.subject or pen.sheet.title
    lines: list[str] = []
    for size in HEADS:
        lines = wrapped(text, "bold", size, pen.width)
        if len(lines) <= FEW:
            return size, lines
    return HEADS[-1], lines


def _draw_parties(pen: Pen, parties: Sequence[Block]) -> float:
    """Draw the parties beside each other; give the lower edge of the longer one."""
    room = pen.width / max(len(parties), 1)
    return max(
        [_draw_party(pen, one, pen.left + at * room, room - 12) for at, one in enumerate(parties)]
        or [pen.y]
    )


def _draw_party(pen: Pen, party: Block, x: float, room: float) -> float:
    y = pen.lines(x, pen.y, [party.label], SMALL, color=pen.ink.muted) + 2
    y = pen.lines(x, y, wrapped(party.name, "bold", NAME, room), NAME, face="bold")
    return pen.lines(
        x, y, [part for ln in party.lines for part in wrapped(ln, "regular", TEXT, room)]
    )


def _draw_facts(pen: Pen, facts: Sequence[Fact]) -> float:
    y = pen.y
    for fact in facts:
        label = wrapped(fact.label, "regular", SMALL, LABELS - 8)
        lower = pen.lines(pen.left, y + 1, label, SMALL, color=pen.ink.muted)
        text = wrapped(fact.text, "regular", TEXT, pen.width - LABELS)
        y = max(lower, pen.lines(pen.left + LABELS, y, text)) + 2
    return y
