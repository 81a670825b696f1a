"""SVG files read strictly: a tree of shapes that draw, or a refusal with the line it stands in.

What runs, fetches, or is put in by reference is refused, not left out: a logo is drawn as its
maker saw it, or not at all.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, NoReturn

from msgspec import Struct

from q2c.core.fault import Fault, Invalid

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

MOST_BYTES: Final = 500_000
MOST_NODES: Final = 10_000
DEEPEST: Final = 50
SPACE: Final = "http://www.w3.org/2000/svg"
SHAPES: Final = frozenset("path rect circle ellipse line polyline polygon".split())
GROUPS: Final = frozenset("svg g defs clipPath".split())
# Words about a drawing, which nobody sees in it.
_SILENT: Final = frozenset("title desc metadata style".split())
_WHY: Final = {
    "script": "runs a program",
    "foreignObject": "holds a page of another kind",
    "image": "is a picture in the drawing",
    "use": "repeats shapes by reference",
    "text": "is text, whose letters would come from elsewhere",
    "linearGradient": "is a run of colours",
    "radialGradient": "is a run of colours",
    "pattern": "is a pattern",
    "mask": "is a mask",
    "filter": "is a filter",
    "a": "leads elsewhere",
    "animate": "moves",
    "animateTransform": "moves",
    "set": "moves",
}
_REMEDY: Final = "Export it as plain SVG: shapes as paths, each in one colour."


class Node(Struct):
    """An element by its name, with its line; `text` is kept of a style sheet alone."""

    name: str
    line: int
    attributes: Mapping[str, str]
    children: list["Node"]
    text: str = ""

    def walk(self) -> Iterator["Node"]:
        """Yield this element and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


class _Reader:
    """Builds the tree while the file is read, and stops at the first thing that is not drawn."""

    def __init__(self, parser: "XMLParserType") -> None:
        self.parser = parser
        self.root = Node("", 0, {}, [])
        self.path = [self.root]
        self.nodes = self.foreign = 0
        parser.StartElementHandler = self.begun
        parser.EndElementHandler = self.ended
        parser.CharacterDataHandler = self.said
        parser.StartDoctypeDeclHandler = self.declared
        parser.ProcessingInstructionHandler = self.instructed

    def begun(self, name: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        space, _, local = name.rpartition(" ")
        self.nodes += 1
        if self.nodes > MOST_NODES or len(self.path) + self.foreign > DEEPEST:
            refuse(f"The drawing has more than {MOST_NODES:,} parts or {DEEPEST} levels.", line)
        if self.foreign or space != SPACE or self.path[-1].name in _SILENT:
            self.foreign += 1  # notes of the program that drew it
            return
        if local not in SHAPES | GROUPS | _SILENT or (local == "svg") != (len(self.path) == 1):
            refuse(f"<{local}> {_WHY.get(local, 'is not drawn here')}.", line)
        node = Node(local, line, _plain(attributes, line), [])
        self.path[-1].children.append(node)
        self.path.append(node)

    def ended(self, _name: str) -> None:
        if self.foreign:
            self.foreign -= 1
        else:
            self.path.pop()

    def said(self, text: str) -> None:
        if self.path[-1].name == "style" and not self.foreign:
            self.path[-1].text += text

    def declared(self, *_: object) -> NoReturn:
        line = self.parser.CurrentLineNumber
        refuse("A DOCTYPE can name other files and entities.", line, "Take <!DOCTYPE …> away.")

    def instructed(self, target: str, _data: str) -> NoReturn:
        refuse(f"<?{target} …?> asks for another file.", self.parser.CurrentLineNumber)


def _plain(attributes: Mapping[str, str], line: int) -> dict[str, str]:
    """Give the attributes of SVG itself; refuse those that run or fetch something."""
    plain = {}
    for name, value in attributes.items():
        local = name.rpartition(" ")[2]
        if local.startswith("on") or local == "href":
            refuse(f"{local} runs a program or leads elsewhere.", line)
        if " " not in name:
            plain[name] = value.strip()
    return plain


def tree_of(data: bytes) -> Node:
    """Read an SVG file as a tree; refuse what is not well formed or does more than draw."""
    from xml.parsers.expat import ExpatError, ParserCreate

    if len(data) > MOST_BYTES:
        refuse(f"The drawing has {len(data):,} bytes, more than {MOST_BYTES:,}.")
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    reader = _Reader(parser)
    try:
        parser.Parse(data, True)  # noqa: FBT003 - the name of expat's second argument is not told
    except (ExpatError, ValueError) as error:
        refuse("The file is not well-formed XML.", getattr(error, "lineno", 0))
    if not reader.root.children:
        refuse("The file is no SVG drawing.")
    return reader.root.children[0]


def refuse(message: str, line: int = 0, remedy: str = _REMEDY) -> NoReturn:
    """Refuse a drawing for what stands in a line of it."""
    where = f"Line {line} of the logo: " if line else ""
    raise Invalid(Fault("bad-logo", f"{where}{message}", remedy=remedy)) from None
