"""Splices: the pieces of text that changes put into a YAML file that is there."""

from collections import defaultdict

from q2c.core.fault import Fault, Invalid
from q2c.store.dialect import Document, Path, Tree
from q2c.store.emit import entry_lines, flow, item_lines, scalar


class Splices:
    """Changes of a document: the text with all of them in it, and what is to be read from it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.value = document.value
        self._pieces: dict[tuple[int, int], str] = defaultdict(str)
        self._ends: dict[Path, int] = {}

    def change(self, path: Path, item: Tree) -> None:
        """Let something stand at a path: in place of what does, or behind the last one."""
        if path in self.document.places:
            self._replace(path, item)
        else:
            self._add(path, item)
        self.value = _with(self.value, path, item)

    def text(self) -> str:
        """Give the text with every piece in it; those of one place in the order they came."""
        text, parts, done = self.document.text, list[str](), 0
        for (first, last), piece in sorted(self._pieces.items()):
            parts += (text[done:first], piece)
            done = last
        return "".join((*parts, text[done:]))

    def _replace(self, path: Path, item: Tree) -> None:
        document = self.document
        _, _, first, last = document.places[path]
        many = any(isinstance(one, dict | list) for one in (item, found(document.value, path)))
        if many or "\n" in document.text[first:last]:
            raise uneditable(document, path)
        self._pieces[first, last] = scalar(item) if first < last else f" {scalar(item)}"

    def _add(self, path: Path, item: Tree) -> None:
        """Add an item to a list or a key to a mapping, behind the last one."""
        document, above, key = self.document, path[:-1], path[-1]
        known: Tree = found(self.value, above) if above in document.places else None
        listed = isinstance(known, list)
        if (key != len(known)) if listed else not (isinstance(known, dict) and known):
            raise uneditable(document, above)
        _, column, first, last = document.places[above]
        if document.text[first : first + 1] in {"[", "{"}:
            end = len(document.text[: last - 1].rstrip(" "))
            written = flow(item) if listed else f"{scalar(key)}: {flow(item)}"
            self._pieces[end, end] += f"{', ' if known else ''}{written}"
        elif listed:
            self._below(above, self._item(above, item), column)
        else:
            self._below(above, entry_lines(f"{scalar(key)}:", item), column)

    def _item(self, path: Path, item: Tree) -> list[str]:
        """Write an item as the last one of its list is written: in braces, or on lines."""
        items = found(self.document.value, path)
        _, _, start, _ = self.document.places[(*path, len(items) - 1)]
        braced = isinstance(item, dict) and self.document.text[start : start + 1] == "{"
        return [f"- {flow(item)}"] if braced else item_lines(item)

    def _below(self, path: Path, lines: list[str], column: int) -> None:
        """Write lines behind the last line of a value, in the column it begins in."""
        text, end = self.document.text, self._end(path)
        if text.endswith("\n", 0, end):  # a text of several lines, which ends with its last line
            end = len(text[:end].rstrip("\r\n")) + 1
        end = text.find("\n", max(end - 1, 0)) + 1 or len(text)
        ending = "\r\n" if "\r\n" in text else "\n"
        indent = " " * (column - 1)
        if not text.endswith("\n", 0, end) and (end, end) not in self._pieces:
            self._pieces[end, end] = ending
        self._pieces[end, end] += "".join(
            f"{indent}{line}{ending}" if line else ending for line in lines
        )

    def _end(self, path: Path) -> int:
        """Give where the last value inside of a value ends.

        Where a block ends the parser says only after what follows it; its values know.
        """
        if not self._ends:
            for at, (_, _, _, last) in self.document.places.items():
                if not is_block(self.document, at):
                    for count in range(len(at) + 1):
                        self._ends[at[:count]] = max(self._ends.get(at[:count], 0), last)
        return self._ends[path]


def found(tree: Tree, path: Path) -> Tree:
    """Give what stands at a path."""
    for key in path:
        tree = tree[key]
    return tree


def uneditable(document: Document, path: Path) -> Invalid:
    """Say that something cannot be changed without changing what stands around it."""
    message = f"The value of {'.'.join(map(str, path)) or 'the file'} cannot be changed by itself."
    return Invalid(Fault("cannot-edit", message, document.place(path), "Change it in an editor."))


def is_block(document: Document, path: Path) -> bool:
    """Say whether a list or mapping stands there on lines of its own, and not in brackets."""
    first = document.places[path][2]
    collection = isinstance(found(document.value, path), dict | list)
    return collection and document.text[first : first + 1] not in {"[", "{"}


def _with(tree: Tree, path: Path, value: Tree) -> Tree:
    """Give a tree in which something stands at a path, or behind the last one."""
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(tree, dict):
        return {**tree, key: _with(tree.get(key), rest, value)}
    assert isinstance(key, int), "an item of a list has a number"
    inner = _with(tree[key] if key < len(tree) else None, rest, value)
    return [*tree[:key], inner, *tree[key + 1 :]]
