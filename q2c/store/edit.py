"""Changing our YAML files: values are replaced and added, and not a byte besides."""

from collections.abc import Iterable
from decimal import Decimal

from q2c.core.fault import Invalid
from q2c.store.dialect import Document, Path, Scalar, Tree, parse
from q2c.store.emit import emit, scalar
from q2c.store.splices import Splices, found, uneditable

__all__ = ["appended", "emit", "inserted", "replaced", "reworked", "scalar"]


def replaced(data: bytes, path: Path, value: Scalar, name: str = "") -> bytes:
    """Replace one value in a file and not a byte besides.

    Refuses what cannot be done so: a value that is not there, a text of several lines, a
    file that would then be read otherwise in any other place.
    """
    document = parse(data, name)
    if path not in document.places:
        raise uneditable(document, path)
    return _reworked(document, [(path, value)])


def appended(data: bytes, path: Path, item: Tree, name: str = "") -> bytes:
    """Add an item at the end of a list in a file, as the others are written.

    Not a byte besides changes; refuses a list that is not there, and a file that would then
    be read otherwise in any other place.
    """
    document = parse(data, name)
    if path not in document.places or not isinstance(found(document.value, path), list):
        raise uneditable(document, path)
    return _reworked(document, [((*path, len(found(document.value, path))), item)])


def inserted(data: bytes, path: Path, item: Tree, name: str = "") -> bytes:
    """Add a key with its value at the end of a mapping in a file, and not a byte besides.

    Refuses a key that is there, a mapping that is not, and a file that would then be read
    otherwise in any other place.
    """
    document = parse(data, name)
    above = path[:-1]
    known = found(document.value, above) if above in document.places else None
    if not isinstance(known, dict) or not known or path[-1] in known:
        raise uneditable(document, above)
    return _reworked(document, [(path, item)])


def reworked(data: bytes, changes: Iterable[tuple[Path, Tree]], name: str = "") -> bytes:
    """Make many changes in a file at once: what shall stand at each path, and no byte besides.

    A value that is there is replaced, a key that is not is added to its mapping, the item behind
    the last one to its list. Refuses as the others do.
    """
    return _reworked(parse(data, name), changes)


def _reworked(document: Document, changes: Iterable[tuple[Path, Tree]]) -> bytes:
    splices = Splices(document)
    last: Path = ()
    for path, item in changes:
        splices.change(path, item)
        last = path
    return _proved(document, splices.text(), splices.value, last)


def _proved(document: Document, text: str, value: Tree, path: Path) -> bytes:
    """Give a changed text as bytes, once it is known to be read as it should."""
    try:
        after = parse(text.encode(), document.file)
    except Invalid:
        raise uneditable(document, path) from None
    if not same(after.value, value):
        raise uneditable(document, path)
    return text.encode()


def same(one: Tree, other: Tree) -> bool:
    """Compare trees by type and as written, so that 1, 1.0 and true differ, and 1.1 from 1.10.

    A whole Decimal is written as the whole number that it is.
    """
    if type(one) is not type(other) and {type(one), type(other)} != {int, Decimal}:
        return False
    if isinstance(one, dict):
        return [*one] == [*other] and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return str(one) == str(other)
