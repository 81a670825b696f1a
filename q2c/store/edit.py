"""Changing our YAML files: new ones are written whole, in others one thing is replaced or added."""

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal

from q2c.core.fault import Fault, Invalid
from q2c.store.dialect import Document, Path, Scalar, Tree, parse, typed

# What may stand without quotes anywhere, also inside brackets: it begins with a letter or
# digit and has no sign with a meaning in YAML.
_SAFE = re.compile(r"[^\W_](?:[\w ./()+%§&=@-]*[\w./()+%§&=@-])?")
_STEP = "  "
_NOWHERE = (0, 0, -1, -1)


def emit(value: Tree) -> str:
    """Write a new file of our dialect: what is read from it is the value again."""
    if isinstance(value, dict | list) and value:
        return "".join(f"{line}\n" for line in _block(value))
    return f"{_inline(value)}\n"


def scalar(value: Scalar) -> str:
    """Write one value so that it is read as itself, in quotes where it must."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int | date):
        return str(value)
    return value if _bare(value) else _quoted(value)


def replaced(data: bytes, path: Path, value: Scalar, name: str = "") -> bytes:
    """Replace one value in a file and not a byte besides.

    Refuses what cannot be done so: a value that is not there, a text of several lines, a
    file that would then be read otherwise in any other place.
    """
    document = parse(data, name)
    _, _, first, last = document.places.get(path, _NOWHERE)
    collection = path in document.places and isinstance(_found(document.value, path), dict | list)
    if first < 0 or collection or "\n" in document.text[first:last]:
        raise _uneditable(document, path)
    written = scalar(value) if first < last else f" {scalar(value)}"
    text = document.text[:first] + written + document.text[last:]
    return _proved(document, text, _with(document.value, path, value), path)


def appended(data: bytes, path: Path, item: Tree, name: str = "") -> bytes:
    """Add an item at the end of a list in a file, as the others are written.

    Not a byte besides changes; refuses a list that is not there, and a file that would then
    be read otherwise in any other place.
    """
    document = parse(data, name)
    if path not in document.places or not isinstance(_found(document.value, path), list):
        raise _uneditable(document, path)
    items = _found(document.value, path)
    value = _with(document.value, path, [*items, item])
    _, column, first, last = document.places[path]
    if document.text[first : first + 1] == "[":
        return _proved(document, _in_brackets(document, last, _flow(item), items), value, path)
    _, _, start, _ = document.places[(*path, len(items) - 1)]
    # An item in braces is followed by another in braces.
    braced = isinstance(item, dict) and document.text[start : start + 1] == "{"
    lines = [f"- {_flow(item)}"] if braced else _item(item)
    return _proved(document, _below(document, path, lines, column), value, path)


def inserted(data: bytes, path: Path, item: Tree, name: str = "") -> bytes:
    """Add a key with its value at the end of a mapping in a file, and not a byte besides.

    Refuses a key that is there, a mapping that is not, and a file that would then be read
    otherwise in any other place.
    """
    document = parse(data, name)
    above, key = path[:-1], path[-1]
    known = _found(document.value, above) if above in document.places else None
    if not isinstance(known, dict) or not known or key in known:
        raise _uneditable(document, above)
    value = _with(document.value, above, {**known, key: item})
    _, column, first, last = document.places[above]
    if document.text[first : first + 1] == "{":
        text = _in_brackets(document, last, f"{scalar(key)}: {_flow(item)}", known)
    else:
        text = _below(document, above, _entry(f"{scalar(key)}:", item), column)
    return _proved(document, text, value, above)


def _proved(document: Document, text: str, value: Tree, path: Path) -> bytes:
    """Give a changed text as bytes, once it is known to be read as it should."""
    try:
        after = parse(text.encode(), document.file)
    except Invalid:
        raise _uneditable(document, path) from None
    if not _same(after.value, value):
        raise _uneditable(document, path)
    return text.encode()


def _in_brackets(document: Document, last: int, written: str, known: Collection[object]) -> str:
    """Write one more thing before the bracket that ends a list or mapping."""
    text = document.text
    inside = text[: last - 1].rstrip(" ")
    return f"{inside}{', ' if known else ''}{written}{text[len(inside) :]}"


def _below(document: Document, path: Path, lines: list[str], column: int) -> str:
    """Write lines behind the last line of a value, in the column it begins in."""
    text = document.text
    inside = (at for at in document.places if at[: len(path)] == path)
    # Where a block ends the parser says only after what follows it; its values know.
    end = max(document.places[at][3] for at in inside if not _is_block(document, at))
    if text[:end].endswith("\n"):  # a text of several lines, which ends with its last line
        end = len(text[:end].rstrip("\r\n")) + 1
    end = text.find("\n", max(end - 1, 0)) + 1 or len(text)
    ending = "\r\n" if "\r\n" in text else "\n"
    before = text[:end] if text[:end].endswith("\n") else text[:end] + ending
    indent = " " * (column - 1)
    added = "".join(f"{indent}{line}{ending}" if line else ending for line in lines)
    return before + added + text[end:]


def _is_block(document: Document, path: Path) -> bool:
    """Say whether a list or mapping stands there on lines of its own, and not in brackets."""
    first = document.places[path][2]
    collection = isinstance(_found(document.value, path), dict | list)
    return collection and document.text[first : first + 1] not in {"[", "{"}


def _bare(text: str) -> bool:
    """Say whether a text stands without quotes and is still read as that text."""
    try:
        return bool(_SAFE.fullmatch(text)) and typed(text) is text
    except ValueError:
        return False


def _quoted(text: str) -> str:
    """Put a text in quotes; line breaks need the double ones."""
    if "\n" not in text:
        return "'" + text.replace("'", "''") + "'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _block(value: Tree) -> list[str]:
    """Write a list or mapping that is not empty, one item or key to a line."""
    if isinstance(value, dict):
        return [line for key, item in value.items() for line in _entry(f"{scalar(key)}:", item)]
    return [line for item in value for line in _item(item)]


def _entry(key: str, value: Tree) -> list[str]:
    if isinstance(value, dict | list) and value:
        return [key, *_indented(_block(value))]
    if isinstance(value, str) and _literal(value):
        lines = value.removesuffix("\n").split("\n")
        head = f"{key} |" if value.endswith("\n") else f"{key} |-"
        return [head, *_indented(lines)]
    return [f"{key} {_inline(value)}"]


def _item(value: Tree) -> list[str]:
    if isinstance(value, dict | list) and value:
        first, *rest = _block(value)
        return [f"- {first}", *_indented(rest)]
    return [f"- {_inline(value)}"]


def _literal(text: str) -> bool:
    """Say whether a text of several lines may stand as they are: no blank first or last one."""
    body = text.removesuffix("\n")
    return "\n" in text and body[:1] not in {"", " ", "\n"} and not body.endswith("\n")


def _indented(lines: list[str]) -> list[str]:
    return [f"{_STEP}{line}" if line else "" for line in lines]


def _flow(value: Tree) -> str:
    """Write a value on one line, lists and mappings in brackets."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{scalar(key)}: {_flow(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return scalar(value)


def _inline(value: Tree) -> str:
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    return scalar(value)


def _found(tree: Tree, path: Path) -> Tree:
    for key in path:
        tree = tree[key]
    return tree


def _with(tree: Tree, path: Path, value: Tree) -> Tree:
    """Give a tree in which one value is another."""
    if not path:
        return value
    inner = _with(tree[path[0]], path[1:], value)
    if isinstance(tree, dict):
        return {key: inner if key == path[0] else item for key, item in tree.items()}
    return [inner if number == path[0] else item for number, item in enumerate(tree)]


def _same(one: Tree, other: Tree) -> bool:
    """Compare trees by type and as written, so that 1, 1.0 and true differ, and 1.1 from 1.10."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return [*one] == [*other] and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return str(one) == str(other)


def _uneditable(document: Document, path: Path) -> Invalid:
    message = f"The value of {'.'.join(map(str, path)) or 'the file'} cannot be changed by itself."
    place = document.place(path)
    return Invalid(Fault("cannot-edit", message, place, "Change it in an editor."))
