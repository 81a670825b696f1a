"""Rewriting: another state of a file written over it, so that what stays keeps its bytes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from q2c.core.fault import Invalid
from q2c.store.dialect import Document, Path, Tree, parse
from q2c.store.edit import same
from q2c.store.emit import emit, entry_lines, flow, item_lines, scalar
from q2c.store.splices import is_block

# What a thing in a list is known by: the first of these that it has.
_NAMES = ("id", "product", "bundle", "name", "from")


class Edit(NamedTuple):
    """A stretch of a text, and what stands there instead."""

    first: int
    last: int
    text: str


class Page(NamedTuple):
    """A file that is written over, and where each of its values ends."""

    document: Document
    ends: Mapping[Path, int]

    @property
    def text(self) -> str:
        """The text of the file."""
        return self.document.text

    def block(self, path: Path) -> bool:
        """Say whether a list or mapping stands there on lines of its own."""
        return is_block(self.document, path)

    def first(self, path: Path) -> int:
        """Find where a value begins."""
        return self.document.places[path][2]

    def indent(self, path: Path) -> str:
        """Give the white before what stands at a path."""
        return " " * (self.document.places[path][1] - 1)

    def line_start(self, at: int) -> int:
        """Find the start of a line."""
        return self.text.rfind("\n", 0, at) + 1

    def line_end(self, path: Path) -> int:
        """Find the start of the line behind a value."""
        end = self.ends[path]
        if self.text[:end].endswith("\n"):  # a text of several lines, which ends with its last
            end = len(self.text[:end].rstrip("\r\n")) + 1
        return self.text.find("\n", max(end - 1, 0)) + 1 or len(self.text)


def rewritten(data: bytes, value: Tree, name: str = "") -> tuple[bytes, bool]:
    """Give a file that is read as a value, and say whether everything that stays was kept.

    Where it cannot be changed piece by piece it is written anew: then only the comments at its
    head are kept.
    """
    document = parse(data, name)
    if same(document.value, value):
        return data, True
    text = _applied(document.text, _edits(_page(document), (), document.value, value))
    if _reads(text, value, name):
        return text.encode(), True
    lines = document.text.splitlines(keepends=True)
    head = next((at for at, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return ("".join(lines[:head]) + emit(value)).encode(), False


def _page(document: Document) -> Page:
    """Find where values end; where a block does the parser says late, but its values know."""
    ends: dict[Path, int] = {}
    for path, (_, _, _, last) in document.places.items():
        if not is_block(document, path):
            for count in range(len(path) + 1):
                ends[path[:count]] = max(ends.get(path[:count], 0), last)
    return Page(document, ends)


def _reads(text: str, value: Tree, name: str) -> bool:
    try:
        return same(parse(text.encode(), name).value, value)
    except Invalid:
        return False


def _applied(text: str, edits: Iterable[Edit]) -> str:
    parts, at = list[str](), 0
    for edit in sorted(edits, key=lambda edit: (edit.first, edit.last)):
        parts += [text[at : edit.first], edit.text]
        at = max(edit.last, at)
    return "".join([*parts, text[at:]])


def _edits(page: Page, path: Path, old: Tree, new: Tree) -> Iterator[Edit]:
    """Say what to change so that one value becomes another."""
    if same(old, new):
        return
    kinds = {type(old), type(new)}
    if kinds == {dict} and new and old and _by_field(page, path, old, new):
        yield from _field_edits(page, path, old, new)
    elif kinds == {list} and new and old and page.block(path):
        yield from _item_edits(page, path, old, new)
    elif kinds == {list} and len(new) == len(old):
        for place, value in enumerate(old):
            yield from _edits(page, (*path, place), value, new[place])
    else:
        yield _replaced(page, path, old, new)


def _by_field(page: Page, path: Path, old: dict[str, Tree], new: dict[str, Tree]) -> bool:
    """Say whether a mapping can be changed field by field.

    In braces the fields must be the same; on lines none may go that stands behind a dash.
    """
    if not page.block(path):
        return [*old] == [*new]
    gone = (page.document.keys[*path, key][2] for key in old if key not in new)
    return not any(page.text[page.line_start(first) : first].strip() for first in gone)


def _field_edits(
    page: Page, path: Path, old: dict[str, Tree], new: dict[str, Tree]
) -> Iterator[Edit]:
    for key, value in old.items():
        if key in new:
            yield from _edits(page, (*path, key), value, new[key])
        else:
            first = page.line_start(page.document.keys[*path, key][2])
            yield Edit(first, page.line_end((*path, key)), "")
    lines = [
        line
        for key, value in new.items()
        if key not in old
        for line in entry_lines(f"{scalar(key)}:", value)
    ]
    if lines:
        yield _inserted(page, page.line_end(path), lines, page.indent(path))


def _item_edits(page: Page, path: Path, old: Sequence[Tree], new: Sequence[Tree]) -> Iterator[Edit]:
    origins = dict(_aligned(old, new))
    kept = {origin: place for place, origin in origins.items()}
    for origin, value in enumerate(old):
        item = (*path, origin)
        if origin in kept:
            yield from _edits(page, item, value, new[kept[origin]])
        else:
            yield Edit(page.line_start(page.first(item)), page.line_end(item), "")
    behind = page.line_start(page.first((*path, 0)))
    for place, value in enumerate(new):
        if place in origins:
            behind = page.line_end((*path, origins[place]))
        else:
            yield _inserted(page, behind, _item(page, path, value), page.indent(path))


def _item(page: Page, path: Path, value: Tree) -> list[str]:
    """Write an item as the first one is written: in braces, or on lines."""
    first = page.first((*path, 0))
    braced = isinstance(value, dict) and page.text[first : first + 1] == "{"
    return [f"- {flow(value)}"] if braced else item_lines(value)


def _aligned(old: Sequence[Tree], new: Sequence[Tree]) -> Iterator[tuple[int, int]]:
    """Say which old item a new one is: the same, or between such ones the next of its name."""
    matcher = SequenceMatcher(None, [*map(repr, old)], [*map(repr, new)], autojunk=False)
    for how, first, last, start, stop in matcher.get_opcodes():
        if how == "equal":
            yield from zip(range(start, stop), range(first, last), strict=True)
            continue
        at = first
        for place in range(start, stop):
            names = (n for n in range(at, last) if _named(old[n]) == _named(new[place]))
            origin = next(names, None)
            if origin is not None:
                yield place, origin
                at = origin + 1


def _named(item: Tree) -> str:
    if not isinstance(item, dict):
        return ""
    return next((f"{name} {item[name]}" for name in _NAMES if name in item), "")


def _replaced(page: Page, path: Path, old: Tree, new: Tree) -> Edit:
    """Replace a whole value: in its place where it stands on one line, else with its lines."""
    _, _, first, last = page.document.places[path]
    braced = page.text[first : first + 1] in {"[", "{"} and isinstance(old, dict | list)
    single = not isinstance(new, dict | list) and not isinstance(old, dict | list)
    on_a_line = "\n" not in page.text[first:last] and "\n" not in str(new)
    if not page.block(path[:-1]) or (on_a_line and (single or (braced and new))):
        written = flow(new)
        return Edit(first, last, written if first < last else f" {written}")
    return _lines_replaced(page, path, new)


def _lines_replaced(page: Page, path: Path, new: Tree) -> Edit:
    """Replace a key or an item with all its lines; a comment behind it goes to the first."""
    _, column, first, _ = page.document.places[path]
    end = len(page.text[: page.ends[path]].rstrip())
    if isinstance(path[-1], str):
        _, column, first, _ = page.document.keys[path]
        lines = entry_lines(f"{scalar(path[-1])}:", new)
    else:
        head, *rest = item_lines(new)
        lines = [head.removeprefix("- "), *(line.removeprefix("  ") for line in rest)]
    line_end = page.text.find("\n", end)
    behind = page.text[end : line_end if line_end >= 0 else len(page.text)].rstrip()
    if behind and len(lines) > 1:
        lines[0], end = lines[0] + behind, end + len(behind)
    return Edit(first, end, f"{_ending(page)}{' ' * (column - 1)}".join(lines))


def _inserted(page: Page, at: int, lines: Iterable[str], indent: str) -> Edit:
    """Write lines at the start of a line, or behind the last one where it does not end."""
    ending = _ending(page)
    text = "".join(f"{indent}{line}{ending}" if line else ending for line in lines)
    return Edit(at, at, text if at == 0 or page.text[at - 1] == "\n" else f"{ending}{text}")


def _ending(page: Page) -> str:
    return "\r\n" if "\r\n" in page.text else "\n"
