"""How shapes of an SVG drawing are painted: properties as they are said, styled and inherited."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from q2c.documents.svg import Node, refuse

_NUMBER: Final = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(px|pt|pc|mm|cm|in)?")
_UNITS: Final = {"": 1, "px": 1, "pt": 4 / 3, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96}
_COLOR: Final = re.compile(r"[a-zA-Z]+|#[0-9a-fA-F]{3,8}|(?:rgb|hsl)a?\([-+.,%/ 0-9]{1,60}\)")
_LARGEST: Final = 1e7
# What a shape has of the group around it, and how it is where nothing is said.
INHERITED: Final = {
    "fill": "black",
    "fill-rule": "nonzero",
    "fill-opacity": "1",
    "stroke": "none",
    "stroke-width": "1",
    "stroke-opacity": "1",
    "stroke-linecap": "butt",
    "stroke-linejoin": "miter",
    "stroke-miterlimit": "4",
    "stroke-dasharray": "none",
    "stroke-dashoffset": "0",
    "clip-rule": "nonzero",
    "color": "black",
    "visibility": "visible",
}
OWN: Final = {
    "opacity": "1",
    "display": "inline",
    "clip-path": "none",
    "mask": "none",
    "filter": "none",
    "transform": "",
}
_UNDRAWN: Final = ("mask", "filter")
Style = Mapping[str, str]
# The rules of a style sheet: an element, .class or #id, and what it is given.
Sheet = list[tuple[str, dict[str, str]]]


class Ink(Struct, frozen=True):
    """A colour and how much of it covers what is below."""

    color: tuple[float, float, float]
    opacity: float


def sheet_of(root: Node) -> Sheet:
    """Read the style sheets of a drawing: plain rules for elements, classes and ids."""
    rules: Sheet = []
    for node in root.walk():
        if node.name != "style":
            continue
        text = re.sub(r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/", " ", node.text)
        if "@" in text:
            refuse("A style sheet with @ asks for other files or media.", node.line)
        for rule in text.split("}"):
            names, _, said = rule.partition("{")
            given = declared(said, node.line)
            for name in filter(None, map(str.strip, names.split(","))):
                if not re.fullmatch(r"[.#]?[\w-]+", name):
                    refuse(f"The selector '{name[:40]}' is more than a name.", node.line)
                rules.append((name, given))
    return sorted(rules, key=lambda rule: ".#".find(rule[0][0]))


def declared(text: str, line: int) -> dict[str, str]:
    """Read `name: value; …` as it stands in a style."""
    given = {}
    for part in filter(str.strip, text.split(";")):
        name, _, value = part.partition(":")
        if "url(" in value and name.strip() != "clip-path":
            refuse(f"{name.strip()} is taken from elsewhere, such as a run of colours.", line)
        given[name.strip()] = value.replace("!important", "").strip()
    return given


def styled(node: Node, around: Style, sheet: Sheet) -> Style:
    """Give the properties of an element: its own, those of its class, those around it."""
    said = dict(node.attributes)
    classes = {f".{name}" for name in said.get("class", "").split()}
    names = {node.name, f"#{said.get('id', '')}", *classes}
    for name, given in sheet:
        if name in names:
            said |= given
    said |= declared(said.get("style", ""), node.line)
    style = {key: around.get(key, value) for key, value in INHERITED.items()} | OWN
    style |= {key: said[key] for key in style if said.get(key, "inherit") != "inherit"}
    for key in _UNDRAWN:
        if style[key] != "none":
            refuse(f"A {key} is not drawn here.", node.line)
    return style


def ink(style: Style, kind: str, line: int) -> Ink | None:
    """Give the colour that a shape is filled or stroked with, or nothing."""
    from svgelements import Color

    text = style[kind]
    if text.lower() == "currentcolor":
        text = style["color"]
    if text in {"none", "transparent"}:
        return None
    if text.startswith("url("):
        refuse(f"The {kind} is a run of colours or a pattern.", line)
    color = Color(text) if _COLOR.fullmatch(text) else None
    if color is None or color.value is None:
        refuse(f"'{text[:40]}' is no colour.", line)
    opacity = share(style[f"{kind}-opacity"], line) * share(style["opacity"], line)
    seen = (color.red / 255, color.green / 255, color.blue / 255)
    return Ink(seen, round(opacity * color.opacity, 2))


def share(text: str, line: int) -> float:
    """Read an opacity, which is between 0 and 1 or a percentage."""
    part = number(text[:-1], line) / 100 if text.endswith("%") else number(text, line)
    return min(max(part, 0.0), 1.0)


def number(text: str, line: int) -> float:
    """Read a length in units of the drawing."""
    found = _NUMBER.fullmatch(text)
    if not found:
        refuse(f"'{text[:40]}' is no length that can be drawn.", line)
    return sane(float(found[1]) * _UNITS[found[2] or ""], line)


def numbers(text: str, line: int) -> list[float]:
    """Read a list of lengths, with commas or spaces between them."""
    return [number(part, line) for part in text.replace(",", " ").split()]


def sane(value: float, line: int) -> float:
    """Refuse a number that no drawing needs."""
    if not math.isfinite(value) or abs(value) > _LARGEST:
        refuse("A number is too large.", line)
    return value


def stroke_marks(style: Style, line: int) -> Iterator[str]:
    """Write how a line is drawn: its width, ends, joints and dashes."""
    caps, joins = {"butt": 0, "round": 1, "square": 2}, {"miter": 0, "round": 1, "bevel": 2}
    yield f"{plain(number(style['stroke-width'], line))} w"
    yield f"{caps.get(style['stroke-linecap'], 0)} J"
    yield f"{joins.get(style['stroke-linejoin'], 0)} j"
    yield f"{plain(max(number(style['stroke-miterlimit'], line), 1))} M"
    if style["stroke-dasharray"] != "none":
        dashes = numbers(style["stroke-dasharray"], line)
        if not sum(dashes) or min(dashes) < 0:
            return
        phase = number(style["stroke-dashoffset"], line)
        yield f"[{' '.join(map(plain, dashes * (1 + len(dashes) % 2)))}] {plain(phase)} d"


def plain(value: float) -> str:
    """Write a number as PDFs take it: without an exponent, five decimals at most."""
    text = f"{value:.5f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
