"""What the marks on pages are: headings, paragraphs, tables, in the order in which they are read.

ISO 32000-1, 14.7 and 14.8; with it a document can be read aloud (PDF/UA-1, ISO 14289-1).
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from q2c.documents.body import Body
from q2c.documents.metadata import text

# Marks stand in these; in all others stand these and their like.
LEAVES: Final = frozenset(
    {*(f"H{rank}" for rank in range(1, 7)), "P", "TH", "TD", "Lbl", "LBody", "Link", "Figure"}
)
DEEPEST: Final = 6
# What is said of the head of a column.
COLUMN_HEAD: Final = "/A<</O/Table/Scope/Column>>"
# What says something even where it is empty: the place of a cell in its row.
_KEPT: Final = frozenset({"TD", "TH"})


class Marked(Struct, frozen=True):
    """A stretch of marks on a page, by the page's place in the document and a number on it."""

    page: int
    number: int


class Linked(Struct, frozen=True):
    """A place on a page that leads elsewhere, by the page and its own place among those there."""

    page: int
    number: int


class Element:
    """A part of a document: what it is, what more is said of it, and what it holds."""

    __slots__ = ("about", "kids", "kind", "leaf")

    def __init__(self, kind: str, about: str = "") -> None:
        self.kind = kind
        self.about = about
        self.leaf = kind in LEAVES
        self.kids: list[Element | Marked | Linked] = []


DECORATION: Final = Element("Artifact")


class Tags:
    """The parts of a document while it is drawn; `here` is the one that is drawn now.

    `with tags.into("P"):` draws a part of the one before; what is drawn outside of all leaves
    is a paragraph where it is text, and decoration where it is not.
    """

    def __init__(self) -> None:
        self.here = self.whole = Element("Document")
        self._before: list[Element] = []
        self._rank = 0

    def part(self, kind: str, about: str = "") -> Element:
        """Make a part of the one that is drawn now; what decorates has none."""
        if self.here is DECORATION:
            return DECORATION
        made = Element(kind, about)
        self.here.kids.append(made)
        return made

    def into(self, kind: str, about: str = "") -> "Tags":
        """Begin a part."""
        return self.back_in(self.part(kind, about))

    def back_in(self, part: Element) -> "Tags":
        """Go on with a part that was begun before."""
        self._before.append(self.here)
        self.here = part
        return self

    def decoration(self) -> "Tags":
        """Begin what says nothing, or nothing new: lines, the head and foot of a page."""
        return self.back_in(DECORATION)

    def paragraph(self) -> "Tags":
        """Begin a paragraph, unless what is drawn now takes words as it is."""
        here = self.here
        return self.back_in(here) if here.leaf or here is DECORATION else self.into("P")

    def heading(self, rank: int) -> "Tags":
        """Begin a heading; ranks are not skipped on the way down (ISO 14289-1, 7.4.2)."""
        self._rank = max(1, min(rank, self._rank + 1, DEEPEST))
        return self.into(f"H{self._rank}")

    def figure(self, said: str) -> "Tags":
        """Begin a picture, for which something is said; without that it is decoration."""
        return self.into("Figure", f"/Alt {text(said)}") if said else self.decoration()

    def __enter__(self) -> Element:
        return self.here

    def __exit__(self, *_: object) -> None:
        self.here = self._before.pop()


def spoken(part: Element) -> bool:
    """Say whether a part holds anything; leave out of it what does not."""
    if not part.leaf:
        part.kids = [kid for kid in part.kids if not isinstance(kid, Element) or spoken(kid)]
    return bool(part.kids) or part.kind in _KEPT


class PageParts(Struct, frozen=True):
    """A page: the number of its object, how many stretches it has, the objects of its links."""

    number: int
    stretches: int
    links: tuple[int, ...]


def structure(body: Body, whole: Element, pages: Sequence[PageParts]) -> int:
    """Write the parts of a document; give the number of their root.

    Which part a stretch of marks belongs to is written by page, then by link (ISO 32000-1,
    14.7.4.4).
    """
    spoken(whole)
    root = body.reserved()
    written = _Written(body, pages)
    first = written.element(whole, root)
    about = f"<</Type/StructTreeRoot/K {first} 0 R/ParentTree {written.parents()} 0 R>>"
    return body.put(about, at=root)


class _Written:
    """Parts of a document as they are written, and which part has which marks."""

    def __init__(self, body: Body, pages: Sequence[PageParts]) -> None:
        self._body, self._pages = body, pages
        self._marked = [[0] * page.stretches for page in pages]
        self._linked = [[0] * len(page.links) for page in pages]

    def element(self, part: Element, parent: int) -> int:
        """Write a part and what it holds."""
        at = self._body.reserved()
        page, kids = -1, list[str]()
        for kid in part.kids:
            if isinstance(kid, Element):
                kids.append(f"{self.element(kid, at)} 0 R")
            elif isinstance(kid, Linked):
                self._linked[kid.page][kid.number] = at
                kids.append(f"<</Type/OBJR/Obj {self._pages[kid.page].links[kid.number]} 0 R>>")
            else:
                self._marked[kid.page][kid.number] = at
                page = kid.page if page < 0 else page
                kids.append(self._stretch(kid, page))
        where = f"/Pg {self._pages[page].number} 0 R" if page >= 0 else ""
        same = f"<</S/{part.kind}{part.about}{where}/P {parent} 0 R/K"
        return self._body.put(same, f"[{' '.join(kids)}]>>", at=at)

    def _stretch(self, kid: Marked, page: int) -> str:
        """Name a stretch of marks, with its page where that is another than the part's."""
        if kid.page == page:
            return str(kid.number)
        return f"<</Type/MCR/Pg {self._pages[kid.page].number} 0 R/MCID {kid.number}>>"

    def parents(self) -> int:
        """Write which part each stretch of marks, and each link, belongs to."""
        rows = [f"{page} [{_references(some)}]" for page, some in enumerate(self._marked)]
        links = (at for some in self._linked for at in some)
        rows += [f"{key} {at} 0 R" for key, at in enumerate(links, len(self._pages))]
        return self._body.put(f"<</Nums[{' '.join(rows)}]>>")


def _references(numbers: list[int]) -> str:
    return " ".join([f"{number} 0 R" for number in numbers])
