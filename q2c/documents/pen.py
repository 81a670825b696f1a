"""The hand that draws: the page being filled, how far down it is filled, and the colours used."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from msgspec import Struct

from q2c.documents.flow import wrapped
from q2c.documents.fonts import CAP_HEIGHT, Face, width
from q2c.documents.look import Look, Theme
from q2c.documents.page import Page
from q2c.documents.pdf import A4, Pdf
from q2c.documents.sheet import Sheet
from q2c.documents.tags import Tags

MM: Final = 72 / 25.4
LEADING: Final = 1.35
TEXT: Final = 9.0
SMALL: Final = 8.0
TINY: Final = 7.0
HAIR: Final = 0.5
RUNNING_HEAD: Final = 26.0
MARK_SIZE: Final = 110.0
MARK_ROOM: Final = 0.92  # of the width of the page
FOOT_GAP: Final = 10.0
COLUMN_GAP: Final = 14.0
# Where a column of the foot begins, and its lines.
FootColumn: TypeAlias = tuple[float, list[tuple[str, Face]]]


class Ink(Struct, frozen=True):
    """The colours of a document: three that the theme names, and their lighter kin."""

    text: str
    muted: str
    accent: str
    line: str
    tint: str


def ink_of(theme: Theme) -> Ink:
    """Mix the colours of a theme."""
    return Ink(
        theme.text, theme.muted, theme.accent, _paler(theme.muted, 72), _paler(theme.accent, 93)
    )


def _paler(color: str, white: int) -> str:
    """Mix a colour with so many per cent of white."""
    parts = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{(part * (100 - white) + 255 * white) // 100:02x}" for part in parts)


class Pen:
    """Draws a sheet from top to bottom and turns the page where it is full.

    `y` is the upper edge of what is still free, `bottom` its lower edge; `fresh` says that
    nothing of the sheet stands on this page yet but its running head. `raised` is how much of
    the last page lies below its foot: a payment part that is cut off.
    """

    def __init__(self, sheet: Sheet, look: Look) -> None:
        margins = look.theme.margins
        self.sheet = sheet
        self.ink = ink_of(look.theme)
        self.pdf = Pdf(sheet.info)
        self.tags = self.pdf.tags
        self.look = look
        self.left, self.right = margins.left * MM, A4[0] - margins.right * MM
        self.top, self._edge = margins.top * MM, A4[1] - margins.bottom * MM
        footer = () if look.omits("footer") else sheet.footer
        self._foot = _foot_columns(footer, self.right - self.left)
        depth = max((len(lines) for _, lines in self._foot), default=0)
        self.bottom = self._edge - (depth + 1) * TINY * LEADING - 2 * FOOT_GAP
        self.page = self._begun()
        self.y = self.top
        self.fresh = True
        self.raised = 0.0

    @property
    def width(self) -> float:
        """How wide the paper is between its margins."""
        return self.right - self.left

    @property
    def room(self) -> float:
        """How much is still free on this page."""
        return self.bottom - self.y

    def leaf(self) -> None:
        """Begin a page that has no running head."""
        self.page = self._begun()
        self.y = self.top
        self.fresh = True

    def turn(self) -> None:
        """Go on on a new page."""
        self.leaf()
        baseline, sender = self.y + SMALL, self._cut(self.sheet.sender)
        name = f"{self.sheet.title} {self.sheet.number}".rstrip()
        with self.tags.decoration():
            self.page.text(self.left, baseline, sender, "regular", SMALL, self.ink.muted)
            self.page.text_right(self.right, baseline, name, "bold", SMALL, self.ink.muted)
        self.rule(self.y + SMALL * 1.8, self.ink.line)
        self.y += RUNNING_HEAD
        self.fresh = True

    def keep(self, height: float) -> None:
        """Turn the page unless so much is free, or nothing stands on it yet."""
        if self.room < height and not self.fresh:
            self.turn()

    def skip(self, height: float) -> None:
        """Leave some white, but not at the head of a page."""
        if not self.fresh:
            self.y += height

    def heading(self, rank: int, title: str) -> Tags:
        """Begin a heading here, where a bookmark leads to."""
        self.pdf.bookmark(title, rank, self.y)
        return self.tags.heading(rank)

    def lines(
        self,
        x: float,
        y: float,
        lines: Iterable[str],
        size: float = TEXT,
        *,
        face: Face = "regular",
        color: str = "",
    ) -> float:
        """Write the lines of a paragraph below an upper edge; give their lower edge."""
        self.fresh = False
        with self.tags.paragraph():
            for line in lines:
                self.page.text(x, y + baseline(size), line, face, size, color or self.ink.text)
                y += size * LEADING
        return y

    def right_line(
        self,
        x: float,
        y: float,
        line: str,
        size: float = TEXT,
        face: Face = "regular",
        color: str = "",
    ) -> None:
        """Write a line that ends at x, below an upper edge."""
        self.fresh = False
        self.page.text_right(x, y + baseline(size), line, face, size, color or self.ink.text)

    def rule(self, y: float, color: str, thick: float = HAIR) -> None:
        """Draw a line from margin to margin."""
        self.page.line(self.left, y, self.right, y, thick, color)

    def finish(self) -> bytes:
        """Put the foot under every page and give the bytes."""
        for number, page in enumerate(self.pdf.pages, start=1):
            self._footed(page, number)
        return self.pdf.finish()

    def _begun(self) -> Page:
        page = self.pdf.page()
        if form := self.look.below(len(self.pdf.pages)):
            page.under(form)
        if self.sheet.mark:
            middle = page.width / 2, page.height / 2
            size = min(MARK_SIZE, MARK_ROOM * page.width / width(self.sheet.mark, "bold"))
            first = len(self.pdf.pages) == 1
            with self.tags.paragraph() if first else self.tags.decoration():
                page.text_centre(*middle, self.sheet.mark, "bold", size, self.ink.tint)
        return page

    def _footed(self, page: Page, number: int) -> None:
        raised = self.raised if number == len(self.pdf.pages) else 0.0
        y = self.bottom + FOOT_GAP - raised
        if self._foot:
            page.line(self.left, y, self.right, y, HAIR, self.ink.line)
        y += FOOT_GAP * 0.6
        for x, lines in self._foot:
            # Who the seller is, is read once; on further pages it is decoration.
            with self.tags.paragraph() if number == 1 else self.tags.decoration():
                for row, (line, face) in enumerate(lines):
                    at = y + row * TINY * LEADING + baseline(TINY)
                    page.text(self.left + x, at, line, face, TINY, self.ink.muted)
        told = self.sheet.page.format(page=number, pages=len(self.pdf.pages))
        with self.tags.decoration():
            page.text_right(self.right, self._edge - raised, told, "regular", TINY, self.ink.muted)

    def _cut(self, name: str) -> str:
        """Shorten a name to fit beside the document's in the running head."""
        return wrapped(name, "regular", SMALL, self.width / 2)[0]


def baseline(size: float) -> float:
    """Say how far below the upper edge of a line its letters stand."""
    return size * (LEADING + CAP_HEIGHT) / 2


@lru_cache(maxsize=16)
def _foot_columns(columns: Sequence[Sequence[str]], room: float) -> list[FootColumn]:
    """Place the columns of the foot: as wide as their lines, the widest narrower if they must."""
    filled = [column for column in columns if column]
    natural = [max(width(line, _foot_face(line, filled), TINY) for line in col) for col in filled]
    gaps = max(len(filled) - 1, 0)
    widths = _shrunk(natural, room - gaps * COLUMN_GAP)
    gap = (room - sum(widths)) / max(gaps, 1)
    placed, x = [], 0.0
    for column, wide in zip(filled, widths, strict=True):
        faces = [(line, _foot_face(line, filled)) for line in column]
        lines = [(part, face) for ln, face in faces for part in wrapped(ln, face, TINY, wide)]
        placed.append((x, lines))
        x += wide + gap
    return placed


def _foot_face(line: str, columns: Sequence[Sequence[str]]) -> Face:
    """Set the very first line, which is the seller's name, in bold."""
    return "bold" if line is columns[0][0] else "regular"


def _shrunk(widths: Sequence[float], room: float) -> list[float]:
    """Narrow the widest columns to one width so that all fit."""
    ordered = sorted(widths)
    for at, wide in enumerate(ordered):
        level = (room - sum(ordered[:at])) / (len(ordered) - at)
        if wide > level:
            return [min(natural, level) for natural in widths]
    return list(widths)
