"""Tables: the form in which a syntax says where each term of EN 16931-1 stands.

A table is a tree of elements in the order of the syntax's schema. The same tree is written and
read: nothing about a term's place is said a second time.
"""

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from q2c.core.einvoice.group import Group

# How a value is written: as it is, as a day, a number, an amount in the currency of the document,
# base64, the code of a note before its text, or a VAT date code by another list.
Form: TypeAlias = Literal["text", "date", "day", "number", "amount", "bytes", "note", "vat-date"]
Use: TypeAlias = Literal["term", "again", "also"]
Test: TypeAlias = Callable[[Group], bool]
Attributes: TypeAlias = tuple[tuple[str, str], ...]


class Leaf(Struct, frozen=True, kw_only=True):
    """An element with the value of a term.

    `attributes` names the terms of its attributes, `mark` an attribute with a fixed value and
    `agrees` one that names another currency than the document's: both tell it from others of its
    name.
    `use` says whether it is only written, the term being said `again`, or only read, where other
    makers put it `also`. `group`: it may be there several times, and is a group each time.
    `missing` is written where the schema wants the element and the term is not there.
    """

    name: str
    term: str
    form: Form = "text"
    use: Use = "term"
    attributes: Attributes = ()
    mark: tuple[str, str] = ("", "")
    agrees: tuple[str, str] = ("", "")
    group: str = ""
    only: Test | None = None
    missing: str = ""


class Said(Struct, frozen=True, kw_only=True):
    """An element of fixed text at a path; `tells` where its parent is told from others by it."""

    path: tuple[str, ...]
    text: str
    tells: bool


class Branch(Struct, frozen=True, kw_only=True):
    """An element with others in it, written where one of them has a value.

    `group`: it is there once for each of these groups. Has it `inner` terms, only they belong to
    the group, the others to the document; of these, `once` are written the first time alone.
    """

    name: str
    parts: "tuple[Part, ...]"
    group: str = ""
    inner: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    only: Test | None = None
    always: bool = False


Part: TypeAlias = Leaf | Said | Branch


class Table(Struct, frozen=True, kw_only=True):
    """A syntax's document: its root, the addresses of its prefixes, and what stands in it."""

    root: Branch
    namespaces: Mapping[str, str]


def at(path: str, term: str, form: Form = "text", **more: str) -> Part:
    """Place a term at a path; named words are attributes and their terms."""
    return under(path, Leaf(name=_last(path), term=term, form=form, attributes=tuple(more.items())))


def each(path: str, group: str, *parts: Part) -> Part:
    """Place an element that is there once for each group."""
    return under(path, Branch(name=_last(path), parts=parts, group=group))


def within(path: str, *parts: Part) -> Part:
    """Place elements in an element."""
    return under(path, Branch(name=_last(path), parts=parts))


def told(path: str, text: str) -> Said:
    """Place fixed text by which an element is told from others of its name."""
    return Said(path=tuple(path.split("/")), text=text, tells=True)


def fixed(path: str, text: str) -> Said:
    """Place fixed text that the syntax wants, and that tells nothing."""
    return Said(path=tuple(path.split("/")), text=text, tells=False)


def also(path: str, term: str, form: Form = "text", **more: str) -> Part:
    """Place a term where other makers put it: it is read there, and not written."""
    leaf = Leaf(name=_last(path), term=term, form=form, use="also", attributes=tuple(more.items()))
    return under(path, leaf)


def under(path: str, part: Part) -> Part:
    """Wrap a part in the elements of a path, of which the last is its own."""
    for name in reversed(path.split("/")[:-1]):
        part = Branch(name=name, parts=(part,))
    return part


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def has(term: str) -> Test:
    """Ask whether a term is there."""
    return lambda group: term in group


def lacks(term: str) -> Test:
    """Ask whether a term is not there."""
    return lambda group: term not in group
