"""The one renderer: a finished sheet drawn region by region; it asks nothing of the world."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from q2c.documents.cover import draw_cover
from q2c.documents.flow import wrapped
from q2c.documents.form import Form
from q2c.documents.grid import draw_grid, first_height, laid
from q2c.documents.image import Picture
from q2c.documents.look import Look
from q2c.documents.pdf import Attached
from q2c.documents.pen import LEADING, MM, SMALL, TEXT, Pen
from q2c.documents.prose import draw_prose
from q2c.documents.sheet import Block, Fact, Sheet, Table
from q2c.documents.signing import draw_signing
from q2c.documents.slip import draw_slip, slip_height
from q2c.documents.swiss_slip import HIGH as BILL
from q2c.documents.swiss_slip import draw_bill
from q2c.documents.totals import draw_sums, sums_height

TITLE: Final = 22.0
NUMBER: Final = 11.0
SENDER: Final = 15.0
NAME: Final = 10.0
SUBJECT: Final = 13.0
TABLE_TITLE: Final = 10.5
# The right half begins where a window envelope has its window; what is in it stands below 45 mm.
HALF: Final = 108 * MM
WINDOW: Final = 45 * MM
LONGEST_LOGO: Final = 80 * MM
LABELS: Final = 84.0
NOTE_LABELS: Final = 104.0
CLOSE_GAP: Final = 18.0
BLOCK_GAP: Final = 20.0
MEASURE: Final = 420.0


def drawn(sheet: Sheet, look: Look, attached: Sequence[Attached] = ()) -> bytes:
    """Draw a sheet and give the bytes of its PDF, in which some files travel."""
    pen = begun(sheet, look)
    for one in attached:
        pen.pdf.attach(one)
    if sheet.table:
        _draw_table(pen, sheet.table, _after(pen, sheet.table))
    if sheet.sums:
        draw_sums(pen, sheet.sums)
    for block in sheet.blocks:
        pen.skip(BLOCK_GAP)
        _draw_table(pen, block, 0)
    if sheet.body:
        pen.skip(18)
        draw_prose(pen, sheet.body)
    _draw_close(pen)
    return pen.finish()


def begun(sheet: Sheet, look: Look) -> Pen:
    """Draw the head of a sheet and what is said before its table; give the pen to go on with."""
    pen = Pen(sheet, look)
    if sheet.cover and draw_cover(pen, look, sheet.cover) and sheet.cover.text:
        pen.sheet = replace(sheet, text="")  # it was said on the cover
    _draw_top(pen, look)
    _draw_words(pen)
    return pen


def _after(pen: Pen, table: Table) -> float:
    """Say how much stands on the page of the last line: the sums, and the slip if there is one.

    A slip that would take the whole table with it to the next page goes there alone.
    """
    sums = sums_height(pen, pen.sheet.sums) if pen.sheet.sums else 0.0
    if not (pen.sheet.slip or pen.sheet.bill):
        return sums
    grid, both = laid(table, pen.width), sums + _close_height(pen)
    alone = first_height(grid, sums) <= pen.room < first_height(grid, both)
    return sums if alone else both


def _draw_top(pen: Pen, look: Look) -> None:
    """Draw the head of the first page: sender and title, facts and parties."""
    height = look.theme.logo_height * MM
    if logo := look.emblem:
        sent = pen.y + _draw_logo(pen, logo, height)
    elif look.omits("logo"):
        sent = pen.y
    else:
        lines = wrapped(pen.sheet.sender, "bold", SENDER, HALF - pen.left - 18)
        sent = pen.lines(pen.left, pen.y, lines, SENDER, face="bold", color=pen.ink.accent)
    titled = _draw_title(pen)
    y = max(WINDOW, sent + 18, titled + 18)
    pen.y = max(_draw_facts(pen, y), _draw_parties(pen, y)) + 22


def _draw_logo(pen: Pen, logo: Picture | Form, height: float) -> float:
    """Draw the logo as high as the theme says, or as wide as there is room; give its height."""
    scale = min(height / logo.height, LONGEST_LOGO / logo.width)
    high = logo.height * scale
    pen.page.image(pen.left, pen.y, logo.width * scale, high, logo, pen.sheet.sender)
    return high


def _draw_title(pen: Pen) -> float:
    room = pen.right - HALF
    lines = wrapped(pen.sheet.title, "bold", TITLE, room)
    with pen.heading(1, f"{pen.sheet.title} {pen.sheet.number}".rstrip()):
        y = pen.lines(HALF, pen.y - 4, lines, TITLE, face="bold", color=pen.ink.text)
        return pen.lines(HALF, y, [pen.sheet.number], NUMBER, color=pen.ink.muted)


def _draw_facts(pen: Pen, y: float) -> float:
    """Draw what identifies the document: labels, and beside them what they label."""
    room = HALF - pen.left - LABELS - 14
    for fact in pen.sheet.facts:
        label = wrapped(fact.label, "regular", SMALL, LABELS - 6)
        text = wrapped(fact.text, "regular", TEXT, room)
        with pen.tags.into("P"):
            lower = pen.lines(pen.left, y + 1, label, SMALL, color=pen.ink.muted)
            y = max(lower, pen.lines(pen.left + LABELS, y, text)) + 1.5
    return y


def _draw_parties(pen: Pen, y: float) -> float:
    for block in pen.sheet.parties:
        y = _draw_party(pen, block, y) + 12
    return y - 12


def _draw_party(pen: Pen, block: Block, y: float) -> float:
    room = pen.right - HALF
    name = wrapped(block.name, "bold", NAME, room)
    lines = [part for line in block.lines for part in wrapped(line, "regular", TEXT, room)]
    with pen.tags.into("P"):
        if block.label:
            y = pen.lines(HALF, y, [block.label], SMALL, color=pen.ink.muted) + 1
        y = pen.lines(HALF, y, name, NAME, face="bold")
        return pen.lines(HALF, y, lines)


def _draw_words(pen: Pen) -> None:
    """Draw what the document is about, and what is said before the table."""
    if pen.sheet.subject:
        _draw_subject(pen, pen.sheet.subject, 90)
    if pen.sheet.text:
        _draw_plain(pen, pen.sheet.text)
        pen.skip(12)
    if pen.sheet.opening:
        draw_prose(pen, pen.sheet.opening)
        pen.skip(12)


def _draw_subject(pen: Pen, text: str, after: float, size: float = SUBJECT) -> None:
    """Draw a heading on the page where at least the beginning of what it heads stands."""
    lines = wrapped(text, "bold", size, pen.width)
    pen.keep(len(lines) * size * LEADING + after)
    color = pen.ink.text if size == SUBJECT else pen.ink.accent
    with pen.heading(2, text):
        pen.y = pen.lines(pen.left, pen.y, lines, size, face="bold", color=color) + 8


def _draw_table(pen: Pen, table: Table, after: float) -> None:
    """Draw a table below its title and what is said of it."""
    grid = laid(table, pen.width)
    text = wrapped(table.text, "regular", SMALL, pen.width) if table.text else []
    if table.title:
        words = len(text) * SMALL * LEADING + 6 if text else 0
        _draw_subject(pen, table.title, words + first_height(grid, after), TABLE_TITLE)
    if text:
        pen.y = pen.lines(pen.left, pen.y - 4, text, SMALL, color=pen.ink.muted) + 6
    draw_grid(pen, grid, after)


def _draw_plain(pen: Pen, text: str) -> None:
    """Draw plain text line by line, so that it may go on on the next page."""
    with pen.tags.into("P"):
        for line in wrapped(text.strip("\n"), "regular", TEXT, min(pen.width, MEASURE)):
            pen.keep(TEXT * LEADING)
            pen.y = pen.lines(pen.left, pen.y, [line])


def _draw_close(pen: Pen) -> None:
    """Draw what comes last: notes and payment slip at the foot of the page, or signatures."""
    sheet = pen.sheet
    high = _close_height(pen)
    pen.keep(high)
    if sheet.slip or sheet.bill:
        pen.y = pen.bottom - high
    if high:
        pen.skip(CLOSE_GAP)
    _draw_notes(pen)
    if sheet.slip:
        draw_slip(pen, sheet.slip)
    if sheet.bill:
        pen.raised = BILL
        draw_bill(pen, sheet.bill)
    if sheet.signing:
        draw_signing(pen, sheet.signing)


def _close_height(pen: Pen) -> float:
    slip = slip_height(pen, pen.sheet.slip) if pen.sheet.slip else 0.0
    slip += BILL if pen.sheet.bill else 0.0
    notes = _notes_height(pen)
    return CLOSE_GAP + notes + slip if notes or slip else 0.0


def _note_lines(pen: Pen, fact: Fact) -> tuple[list[str], list[str]]:
    label = wrapped(fact.label, "bold", SMALL, NOTE_LABELS - 8)
    return label, wrapped(fact.text, "regular", SMALL, pen.width - NOTE_LABELS)


def _notes_height(pen: Pen) -> float:
    lines = sum(max(map(len, _note_lines(pen, fact))) for fact in pen.sheet.notes)
    return lines * SMALL * LEADING + len(pen.sheet.notes) * 3 + (8 if lines else 0)


def _draw_notes(pen: Pen) -> None:
    for fact in pen.sheet.notes:
        label, text = _note_lines(pen, fact)
        with pen.tags.into("P"):
            if max(len(label), len(text)) * SMALL * LEADING > pen.room:
                _draw_long_note(pen, label, text)
                continue
            lower = pen.lines(pen.left, pen.y, label, SMALL, face="bold", color=pen.ink.muted)
            told = pen.lines(pen.left + NOTE_LABELS, pen.y, text, SMALL, color=pen.ink.muted)
            pen.y = max(lower, told) + 3
    if pen.sheet.notes:
        pen.y += 8


def _draw_long_note(pen: Pen, label: Sequence[str], text: Sequence[str]) -> None:
    """Draw a note line by line, so that it may go on on the next page."""
    for at, line in enumerate(text):
        pen.keep(SMALL * LEADING)
        pen.lines(pen.left, pen.y, label[at : at + 1], SMALL, face="bold", color=pen.ink.muted)
        x = pen.left + NOTE_LABELS
        pen.y = pen.lines(x, pen.y, [line], SMALL, color=pen.ink.muted)
    pen.y += 3
