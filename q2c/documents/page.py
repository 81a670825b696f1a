"""One page: the marks put on it, in points, measured from its upper left corner."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

from q2c.documents.fonts import MARKS, Face, runs, width
from q2c.documents.form import Form
from q2c.documents.image import Picture
from q2c.documents.metadata import text
from q2c.documents.tags import DECORATION, Element, Linked, Marked, Tags

Color: TypeAlias = str | tuple[float, float, float]
# A box and the address that it leads to.
Link: TypeAlias = tuple[float, float, float, float, str]
BLACK = "#000000"
# What would end a text or be read as another line end, and how it is written instead.
_ESCAPES = (("\\", "\\\\"), ("(", "\\("), (")", "\\)"), ("\r", "\\r"))
_DARK = re.compile(b"\x01+")
_HEX_COLOR = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")


class Page:
    """A page that can be drawn on until its document is finished.

    Text stands on its baseline; everything else hangs from its upper edge. What a user wrote
    is drawn as it stands: nothing in it is markup. Marks belong to the part of the document that
    its tags are in; `place` is the page's among the pages.
    """

    def __init__(
        self,
        paper: tuple[float, float],
        pictures: dict[Picture | Form, str],
        tags: Tags,
        place: int = 0,
    ) -> None:
        self.width, self.height = paper
        self.fonts: dict[str, None] = {}
        self.links: list[Link] = []
        self._pictures = pictures
        self._tags = tags
        self._place = place
        self._open: Element | None = None
        self.stretches = 0
        self._marks: list[str] = []
        self._font = self._fill = self._stroke = ""
        self._color: Color = ""

    def text(
        self,
        x: float,
        y: float,
        string: str,
        face: Face = "regular",
        size: float = 9,
        color: Color = BLACK,
    ) -> None:
        """Write a line of text that begins at x."""
        if not string:
            return
        here = self._tags.here
        if here is not self._open:
            self._begin(here if here.leaf or here is DECORATION else self._tags.part("P"))
        self._filled(color)
        mark = self._marks.append
        mark(f"BT {number(x)} {number(self.height - y)} Td\n")
        for key, font, code in _shown(string, face, size):
            if font != self._font:
                self.fonts[key] = None
                self._font = font
                mark(font)
            mark(code)

    def text_right(
        self,
        x: float,
        y: float,
        string: str,
        face: Face = "regular",
        size: float = 9,
        color: Color = BLACK,
    ) -> None:
        """Write a line of text that ends at x."""
        self.text(x - width(string, face, size), y, string, face, size, color)

    def text_centre(
        self,
        x: float,
        y: float,
        string: str,
        face: Face = "regular",
        size: float = 9,
        color: Color = BLACK,
    ) -> None:
        """Write a line of text with its middle at x."""
        self.text(x - width(string, face, size) / 2, y, string, face, size, color)

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        width: float = 0.5,
        color: Color = BLACK,
    ) -> None:
        """Draw a straight line."""
        self._decorates()
        self._stroked(color, width)
        start = f"{number(x1)} {number(self.height - y1)} m"
        self._marks.append(f"{start} {number(x2)} {number(self.height - y2)} l S\n")

    def rect(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        fill: Color | None = None,
        stroke: Color | None = None,
    ) -> None:
        """Draw a rectangle, filled, with an edge of half a point, or both."""
        self._decorates()
        if fill is not None:
            self._filled(fill)
        if stroke is not None:
            self._stroked(stroke, 0.5)
        how = {(True, True): "B", (True, False): "f", (False, True): "S"}
        paint = how.get((fill is not None, stroke is not None), "n")
        self._marks.append(f"{self._box(x, y, w, h)} re {paint}\n")

    def image(
        self, x: float, y: float, w: float, h: float, picture: Picture | Form, said: str = ""
    ) -> None:
        """Put a picture or a form into a box; the caller keeps its proportions.

        Without anything `said` for those who do not see it, it is decoration.
        """
        with self._tags.figure(said) as part:
            self._begin(part)
            self._marks.append(self._put(x, y, w, h, picture))

    def under(self, form: Form) -> None:
        """Put a form over the whole page, below all that stands on it."""
        put = self._put(0, 0, self.width, self.height, form)
        self._marks.insert(0, f"/Artifact BMC\n{put}EMC\n")

    def matrix(
        self,
        x: float,
        y: float,
        size: float,
        rows: Sequence[bytes],
        color: Color = BLACK,
        said: str = "",
    ) -> None:
        """Draw the dark modules of a QR code; the caller leaves 4 modules free around it.

        All modules are one path, so no viewer shows seams between them. `said` is what it is
        for, for those who do not see it.
        """
        with self._tags.figure(said) as part:
            self._begin(part)
            self._filled(color)
            step = f"{size / len(rows):.5f}"
            self._marks.append(f"q {step} 0 0 -{step} {number(x)} {number(self.height - y)} cm\n")
            self._marks.extend(_boxes(rows))
            self._marks.append("f Q\n")

    def link(self, x: float, y: float, w: float, h: float, address: str) -> None:
        """Make a box lead to a web or mail address; what stands in it is drawn as its part."""
        assert address.isascii(), address
        here = self._tags.here
        if here.kind != "Link":
            here = Element("Link")
            self._tags.whole.kids.append(here)
        here.kids.append(Linked(self._place, len(self.links)))
        self.links.append((x, y, w, h, address))

    def content(self) -> list[str]:
        """Give the page's marks as PDF operators, in pieces that may come again."""
        return [*self._marks, "EMC\n"] if self._open else self._marks

    def corners(self, x: float, y: float, w: float, h: float) -> str:
        """Write a box as a PDF keeps it: lower left corner, upper right corner."""
        lower, upper = self.height - y - h, self.height - y
        return f"{number(x)} {number(lower)} {number(x + w)} {number(upper)}"

    def _put(self, x: float, y: float, w: float, h: float, picture: Picture | Form) -> str:
        """Place what is one by one point large, as pictures are, or as large as its form."""
        name = self._pictures.setdefault(picture, f"P{len(self._pictures)}")
        wide, high = number(w), number(h)
        if isinstance(picture, Form):
            wide, high = f"{w / picture.width:.5f}", f"{h / picture.height:.5f}"
        place = f"{wide} 0 0 {high} {number(x)} {number(self.height - y - h)}"
        return f"q {place} cm /{name} Do Q\n"

    def _begin(self, part: Element) -> None:
        """Begin a stretch of marks of a part, unless one goes on."""
        if part is self._open:
            return
        end = "EMC\n" if self._open else ""
        self._open = part
        if part is DECORATION:
            self._marks.append(f"{end}/Artifact BMC\n")
            return
        self._marks.append(f"{end}/{part.kind}<</MCID {self.stretches}>>BDC\n")
        part.kids.append(Marked(self._place, self.stretches))
        self.stretches += 1

    def _decorates(self) -> None:
        """Begin a stretch of lines and boxes, which say nothing outside of a figure."""
        here = self._tags.here
        self._begin(here if here.kind == "Figure" else DECORATION)

    def _box(self, x: float, y: float, w: float, h: float) -> str:
        return f"{number(x)} {number(self.height - y - h)} {number(w)} {number(h)}"

    def _filled(self, color: Color) -> None:
        if color == self._color:
            return
        self._color = color
        if (fill := f"{_rgb(color)} rg\n") != self._fill:
            self._fill = fill
            self._marks.append(fill)

    def _stroked(self, color: Color, width: float) -> None:
        if (stroke := f"{_rgb(color)} RG {number(width)} w\n") != self._stroke:
            self._stroke = stroke
            self._marks.append(stroke)


@lru_cache(maxsize=8192)
def number(value: float) -> str:
    """Write a coordinate with two decimals at most, the same on every machine."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@lru_cache(maxsize=8192)
def _shown(string: str, face: Face, size: float) -> tuple[tuple[str, str, str], ...]:
    """Write a text as the PDF operators that choose a font and show it, and end it after the last.

    Each character of the latter stands for one byte.
    """
    before, after = "", "ET\n"
    if MARKS.intersection(string):  # readers would look for letters and accents by their places
        before, after = f"/Span<</ActualText {text(string)}>>BDC\n", "EMC\nET\n"
    pieces = runs(string, face)
    codes = [f"({_bytes(piece)}) Tj\n" for _, piece in pieces]
    codes[0] = before + codes[0]
    codes[-1] += after
    fonts = [(key, f"/{key} {number(size)} Tf\n") for key, _ in pieces]
    return tuple((*font, code) for font, code in zip(fonts, codes, strict=True))


def _bytes(piece: str) -> str:
    text = piece.encode("utf-16-be").decode("latin-1")
    for sign, escape in _ESCAPES:  # one replacement each is ten times as fast as a translation
        text = text.replace(sign, escape)
    return text


def _boxes(rows: Sequence[bytes]) -> Iterator[str]:
    """Cover the dark modules with boxes; a stretch that is the same in the next row goes on."""
    going: dict[tuple[int, int], int] = {}
    for row, modules in enumerate([*rows, b""]):
        here = [dark.span() for dark in _DARK.finditer(modules)]
        begun = {span: going.pop(span, row) for span in here}
        for (left, right), top in going.items():
            yield f"{left} {top} {right - left} {row - top} re\n"
        going = begun


@lru_cache(maxsize=256)
def _rgb(color: Color) -> str:
    if isinstance(color, str):
        parts = _HEX_COLOR.fullmatch(color)
        assert parts, color
        color = tuple(int(part, 16) / 255 for part in parts.groups())  # type: ignore[assignment]
    return " ".join(f"{part:.3f}".rstrip("0").rstrip(".") for part in color)
