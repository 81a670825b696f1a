"""One page: the marks put on it, in points, measured from its upper left corner."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

from q2c.documents.fonts import Face, runs, width
from q2c.documents.form import Form
from q2c.documents.image import Picture

Color: TypeAlias = str | tuple[float, float, float]
BLACK = "#000000"
# What would end a text or be read as another line end, and how it is written instead.
_ESCAPES = (("\\", "\\\\"), ("(", "\\("), (")", "\\)"), ("\r", "\\r"))
_DARK = re.compile(b"\x01+")
_HEX_COLOR = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")


class Page:
    """A page that can be drawn on until its document is finished.

    Text stands on its baseline; everything else hangs from its upper edge. What a user wrote
    is drawn as it stands: nothing in it is markup.
    """

    def __init__(self, paper: tuple[float, float], pictures: dict[Picture | Form, str]) -> None:
        self.width, self.height = paper
        self.fonts: dict[str, None] = {}
        self.links: list[tuple[float, float, float, float, str]] = []
        self._pictures = pictures
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
        self._filled(color)
        mark = self._marks.append
        mark(f"BT {number(x)} {number(self.height - y)} Td")
        for key, font, code in _shown(string, face, size):
            if font != self._font:
                self.fonts[key] = None
                self._font = font
                mark(font)
            mark(code)
        mark("ET")

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
        self._stroked(color, width)
        start = f"{number(x1)} {number(self.height - y1)} m"
        self._marks.append(f"{start} {number(x2)} {number(self.height - y2)} l S")

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
        if fill is not None:
            self._filled(fill)
        if stroke is not None:
            self._stroked(stroke, 0.5)
        how = {(True, True): "B", (True, False): "f", (False, True): "S"}
        paint = how.get((fill is not None, stroke is not None), "n")
        self._marks.append(f"{self._box(x, y, w, h)} re {paint}")

    def image(self, x: float, y: float, w: float, h: float, picture: Picture | Form) -> None:
        """Put a picture or a form into a box; the caller keeps its proportions."""
        self._marks.append(self._put(x, y, w, h, picture))

    def under(self, form: Form) -> None:
        """Put a form over the whole page, below all that stands on it."""
        self._marks.insert(0, self._put(0, 0, self.width, self.height, form))

    def matrix(
        self, x: float, y: float, size: float, rows: Sequence[bytes], color: Color = BLACK
    ) -> None:
        """Draw the dark modules of a QR code; the caller leaves 4 modules free around it.

        All modules are one path, so no viewer shows seams between them.
        """
        self._filled(color)
        step = f"{size / len(rows):.5f}"
        self._marks.append(f"q {step} 0 0 -{step} {number(x)} {number(self.height - y)} cm")
        self._marks.extend(_boxes(rows))
        self._marks.append("f Q")

    def link(self, x: float, y: float, w: float, h: float, address: str) -> None:
        """Make a box lead to a web or mail address."""
        assert address.isascii(), address
        self.links.append((x, y, w, h, address))

    def content(self) -> bytes:
        """Give the page's marks as PDF operators."""
        return "\n".join(self._marks).encode("latin-1")

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
        return f"q {place} cm /{name} Do Q"

    def _box(self, x: float, y: float, w: float, h: float) -> str:
        return f"{number(x)} {number(self.height - y - h)} {number(w)} {number(h)}"

    def _filled(self, color: Color) -> None:
        if color == self._color:
            return
        self._color = color
        if (fill := f"{_rgb(color)} rg") != self._fill:
            self._fill = fill
            self._marks.append(fill)

    def _stroked(self, color: Color, width: float) -> None:
        if (stroke := f"{_rgb(color)} RG {number(width)} w") != self._stroke:
            self._stroke = stroke
            self._marks.append(stroke)


@lru_cache(maxsize=8192)
def number(value: float) -> str:
    """Write a coordinate with two decimals at most, the same on every machine."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@lru_cache(maxsize=8192)
def _shown(string: str, face: Face, size: float) -> tuple[tuple[str, str, str], ...]:
    """Write a text as the PDF operators that choose a font and show it, for each font it needs.

    Each character of the latter stands for one byte.
    """
    return tuple(
        (key, f"/{key} {number(size)} Tf", f"({_bytes(piece)}) Tj")
        for key, piece in runs(string, face)
    )


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
            yield f"{left} {top} {right - left} {row - top} re"
        going = begun


@lru_cache(maxsize=256)
def _rgb(color: Color) -> str:
    if isinstance(color, str):
        parts = _HEX_COLOR.fullmatch(color)
        assert parts, color
        color = tuple(int(part, 16) / 255 for part in parts.groups())  # type: ignore[assignment]
    return " ".join(f"{part:.3f}".rstrip("0").rstrip(".") for part in color)
