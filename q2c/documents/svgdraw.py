"""SVG drawings as forms: shapes made into the operators of a PDF, once."""

import re
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from q2c.documents.form import Form, Part
from q2c.documents.svg import SHAPES, Node, refuse, tree_of
from q2c.documents.svgstyle import (
    Sheet,
    Style,
    ink,
    number,
    numbers,
    plain,
    sane,
    share,
    sheet_of,
    stroke_marks,
    styled,
)

if TYPE_CHECKING:
    from svgelements import Path

MOST_MARKS: Final = 2_000_000
_STEP: Final = r"\s*(?:matrix|translate|scale|rotate|skewX|skewY)\s*\([-+.,eE\d\s]{1,200}\)\s*,?"
_TRANSFORM: Final = re.compile(rf"(?:{_STEP}){{0,20}}\s*")
_CLIP: Final = re.compile(r"url\(\s*['\"]?#([^'\")]+)['\"]?\s*\)")
_LENGTHS: Final = {
    "rect": ("x", "y", "width", "height", "rx", "ry"),
    "circle": ("cx", "cy", "r"),
    "ellipse": ("cx", "cy", "rx", "ry"),
    "line": ("x1", "y1", "x2", "y2"),
}


class _Hand:
    """Draws the elements of a tree, and notes which opacities were used and who clips."""

    def __init__(self, root: Node) -> None:
        self.sheet: Sheet = sheet_of(root)
        self.clips = {
            node.attributes.get("id", ""): node for node in root.walk() if node.name == "clipPath"
        }
        self.states: dict[tuple[float, float], str] = {}

    def drawn(self, node: Node, around: Style) -> Iterator[str]:
        """Yield the operators of an element and of all below it."""
        if node.name not in SHAPES | {"svg", "g"}:
            return
        style = styled(node, around, self.sheet)
        if style["display"] == "none":
            return
        yield "q"
        yield from _moved(style["transform"], node.line)
        if style["clip-path"] != "none":
            yield from self._clipped(style["clip-path"], node.line)
        if node.name in SHAPES:
            yield from self._painted(node, style)
        elif share(style["opacity"], node.line) < 1:
            refuse("A group is seen through as a whole.", node.line, "Make each shape so, instead.")
        for child in node.children:
            yield from self.drawn(child, style)
        yield "Q"

    def _painted(self, node: Node, style: Style) -> Iterator[str]:
        fill, stroke = ink(style, "fill", node.line), ink(style, "stroke", node.line)
        if not number(style["stroke-width"], node.line):
            stroke = None
        if style["visibility"] != "visible" or not (fill or stroke):
            return
        shown = (fill.opacity if fill else 1.0, stroke.opacity if stroke else 1.0)
        if shown != (1.0, 1.0):
            yield f"/{self.states.setdefault(shown, f'A{len(self.states)}')} gs"
        if fill:
            yield f"{' '.join(map(plain, fill.color))} rg"
        if stroke:
            yield f"{' '.join(map(plain, stroke.color))} RG"
            yield from stroke_marks(style, node.line)
        yield from _outline(node)
        star = "*" if fill and style["fill-rule"] == "evenodd" else ""
        yield {(True, True): "B", (True, False): "f"}.get((bool(fill), bool(stroke)), "S") + star

    def _clipped(self, reference: str, line: int) -> Iterator[str]:
        found = _CLIP.fullmatch(reference)
        node = self.clips.get(found[1]) if found else None
        if node is None or node.attributes.get("clipPathUnits") == "objectBoundingBox":
            refuse("What this is cut out by cannot be drawn.", line)
        shapes = [child for child in node.children if child.name in SHAPES]
        if len(shapes) != 1 or any("transform" in one.attributes for one in (node, *shapes)):
            refuse("Only one shape, which stands where it is, can cut out another.", node.line)
        rule = styled(shapes[0], {}, self.sheet)["clip-rule"]
        yield from _outline(shapes[0])
        yield "W* n" if rule == "evenodd" else "W n"


def form_of(data: bytes) -> Form:
    """Make an SVG file a form; its streams are packed once and kept so."""
    root = tree_of(data)
    left, top, wide, high = _frame(root)
    hand = _Hand(root)
    marks, size = [f"1 0 0 -1 {plain(-left)} {plain(top + high)} cm"], 0
    for mark in hand.drawn(root, {}):
        marks.append(mark)
        size += len(mark)
        if size > MOST_MARKS:
            refuse("The drawing has too many points.")
    states = "".join(
        f"/{name}<</Type/ExtGState/ca {plain(fill)}/CA {plain(stroke)}>>"
        for (fill, stroke), name in hand.states.items()
    )
    about = (
        f"/Type/XObject/Subtype/Form/BBox[0 0 {plain(wide)} {plain(high)}]"
        f"/Resources<</ExtGState<<{states}>>>>/Filter/FlateDecode"
    )
    return Form(wide, high, (Part(about, zlib.compress("\n".join(marks).encode("ascii"), 9)),))


def _frame(root: Node) -> tuple[float, float, float, float]:
    """Give left and upper edge, width and height of a drawing."""
    said = root.attributes
    if "viewBox" in said:
        box = numbers(said["viewBox"], root.line)
    else:
        box = [0, 0, *(number(said.get(key, "0"), root.line) for key in ("width", "height"))]
    if len(box) != 4 or min(box[2:]) <= 0:  # noqa: PLR2004 - a corner and two lengths
        refuse("The drawing does not say how large it is.", root.line, "Give it a viewBox.")
    left, top, wide, high = box
    if max(wide / high, high / wide) > 100:  # noqa: PLR2004 - a line is no logo
        refuse("The drawing is a hundred times as long as it is wide.", root.line)
    return left, top, wide, high


def _moved(text: str, line: int) -> Iterator[str]:
    """Write where an element is moved, turned or scaled to."""
    from svgelements import Matrix

    if not text:
        return
    if not _TRANSFORM.fullmatch(text):
        refuse("This transform cannot be read.", line)
    try:
        matrix = Matrix(text)
        steps = [sane(part, line) for part in (matrix.a, matrix.b, matrix.c, matrix.d)]
        place = [sane(part, line) for part in (matrix.e, matrix.f)]
    except (ValueError, TypeError, LookupError, ArithmeticError):
        refuse("This transform cannot be read.", line)
    yield f"{' '.join(f'{part:.8f}' for part in steps)} {' '.join(map(plain, place))} cm"


def _outline(node: Node) -> Iterator[str]:
    """Write the outline of a shape."""
    from svgelements import Arc

    begun = False
    for segment in _path(node):
        if not (begun or type(segment).__name__ == "Move"):
            refuse("A path begins with M.", node.line)
        begun = True
        parts = segment.as_cubic_curves() if isinstance(segment, Arc) else (segment,)
        for part in parts:
            *points, sign = _mark(part)
            seen = [sane(value, node.line) for at in points for value in (at.real, at.imag)]
            yield f"{' '.join(map(plain, seen))} {sign}".lstrip()


def _mark(segment: Any) -> tuple[Any, ...]:  # noqa: ANN401 - the library says no types
    """Give the points of a segment and the operator that draws it; PDFs know cubic curves only."""
    kind = type(segment).__name__
    if kind == "Close":
        return ("h",)
    end = complex(segment.end)
    if kind == "CubicBezier":
        return complex(segment.control1), complex(segment.control2), end, "c"
    if kind == "QuadraticBezier":
        start, middle = complex(segment.start), complex(segment.control)
        return start + (middle - start) * 2 / 3, end + (middle - end) * 2 / 3, end, "c"
    return end, "m" if kind == "Move" else "l"


def _path(node: Node) -> "Path":
    """Give a shape as a path."""
    import svgelements

    said, name = node.attributes, node.name
    try:
        if name == "path":
            return svgelements.Path(said.get("d", ""))
        if name in {"polyline", "polygon"}:
            points = numbers(said.get("points", ""), node.line)
            close = "Z" if name == "polygon" and points else ""
            return svgelements.Path(f"M{' '.join(map(plain, points))}{close}" if points else "")
        known = {key: number(said[key], node.line) for key in _LENGTHS[name] if key in said}
        kind = {"line": "SimpleLine"}.get(name, name.title())
        return svgelements.Path(getattr(svgelements, kind)(**known))
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError):
        refuse(f"This <{name}> cannot be read.", node.line)
