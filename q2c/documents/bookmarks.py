"""Bookmarks: the headings of a document as a tree beside its pages (ISO 32000-1, 12.3.3)."""

from collections.abc import Sequence

from msgspec import Struct

from q2c.documents.body import Body
from q2c.documents.metadata import text


class Bookmark(Struct, frozen=True):
    """A heading, its rank from 1, and where it stands: the page and how far above its foot."""

    title: str
    rank: int
    page: int
    height: float


class _Branch:
    """A bookmark with its number and those below it; the root has no mark."""

    def __init__(self, number: int, rank: int, mark: Bookmark | None = None) -> None:
        self.number, self.rank, self.mark = number, rank, mark
        self.below: list[_Branch] = []


def bookmarks(body: Body, marks: Sequence[Bookmark], pages: Sequence[int]) -> str:
    """Write bookmarks, `pages` being the numbers of the pages; give what leads to them."""
    root = _Branch(body.reserved(), 0)
    path = [root]
    for mark in marks:
        while path[-1].rank >= mark.rank:
            path.pop()
        path.append(_Branch(body.reserved(), mark.rank, mark))
        path[-2].below.append(path[-1])
    body.put(f"<</Type/Outlines{_held(root)}>>", at=root.number)
    _write(body, root, pages)
    return f"/Outlines {root.number} 0 R"


def _write(body: Body, above: _Branch, pages: Sequence[int]) -> None:
    """Write what is below a bookmark: each leads to its neighbours and to its place."""
    for before, one, after in zip(
        [None, *above.below], above.below, [*above.below[1:], None], strict=False
    ):
        assert one.mark, "only the root has none"
        beside = f"/Prev {before.number} 0 R" if before else ""
        beside += f"/Next {after.number} 0 R" if after else ""
        title = f"<</Parent {above.number} 0 R/Title {text(one.mark.title)}"
        place = f"/Dest[{pages[one.mark.page]} 0 R/XYZ 0 {one.mark.height:.0f} null]"
        body.put(f"{title}{place}{beside}{_held(one)}>>", at=one.number)
        _write(body, one, pages)


def _held(one: _Branch) -> str:
    """Say what is below a bookmark, all of it open."""
    if not one.below:
        return ""
    first, last = one.below[0].number, one.below[-1].number
    return f"/First {first} 0 R/Last {last} 0 R/Count {_count(one)}"


def _count(one: _Branch) -> int:
    return sum(1 + _count(below) for below in one.below)
