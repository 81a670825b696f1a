"""The reader of e-invoices: elements taken for the parts of a table, their values for its terms."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from q2c.core.einvoice.group import Group, Value
from q2c.core.einvoice.table import Branch, Leaf, Part, Said, Table
from q2c.exchange.einvoice.synonyms import SYNONYMS
from q2c.exchange.einvoice.values import KINDS, READERS, note

if TYPE_CHECKING:
    from lxml.etree import _Element

Terms: TypeAlias = dict[str, "Value | tuple[Group, ...]"]
Children: TypeAlias = Mapping[str, Sequence[Part]]

KNOWN = ("urn:oasis:names:specification:ubl:", "urn:un:unece:uncefact:data:", "urn:ferd:")
LONGEST = 40  # characters of a value that is told


class Reading(Struct):
    """One reading: the terms, how many elements were skipped, and what was not understood."""

    terms: Terms
    skipped: int = 0
    remarks: list[str] = []


def terms_of(root: "_Element", table: Table) -> Reading:
    """Read the terms of a document; what the table does not know is skipped and counted."""
    reading = Reading(terms={})
    _read_parts(table.root, root, reading.terms, reading)
    return reading


def local(tag: str) -> str:
    """Give an element's name without its prefix; none where it is of a vocabulary not known."""
    address, _, name = tag.rpartition("}")
    return name if address[1:].startswith(KNOWN) else ""


def _name(prefixed: str) -> str:
    return prefixed.rpartition(":")[2]


def _read_parts(branch: Branch, element: "_Element", terms: Terms, reading: Reading) -> None:
    """Read an element's children, each by the part that it is taken for."""
    children = _children(branch)
    for child in element:
        part = _taken_for(child, children, terms, reading)
        if part is None:
            reading.skipped += 1
        elif isinstance(part, Leaf) and part.use != "again":
            _read_leaf(part, child, terms, reading)
        elif isinstance(part, Branch):
            _read_branch(part, child, terms, reading)


# Branches are never equal by accident and live as long as the program, so `id` stands for one.
_known: dict[int, Children] = {}


def _children(branch: Branch) -> Children:
    found = _known.get(id(branch))
    if found is None:
        lists: dict[str, list[Part]] = {}
        for part in branch.parts:
            name = part.path[0] if isinstance(part, Said) else part.name
            lists.setdefault(_name(name), []).append(part)
        found = _known[id(branch)] = lists
    return found


def _taken_for(
    child: "_Element", children: Children, terms: Terms, reading: Reading
) -> Part | None:
    """Choose the part that an element is: one it is told by, or else one that nothing tells."""
    name = local(child.tag)
    parts = children.get(name) or next(
        (children[other] for other in SYNONYMS.get(name, ()) if other in children), ()
    )
    free = [part for part in parts if _is_free(part, terms)]
    for part in free:
        if isinstance(part, Said):  # it has told what its parent is
            return part
        if _marks(part) and _is_told(part, child, reading.terms):
            return part
    return next((part for part in free if not _marks(part)), None)


def _is_free(part: Part, terms: Terms) -> bool:
    """Say whether there is room: a term that was read is not read again."""
    return not (isinstance(part, Leaf) and not part.group and part.term in terms)


def _marks(part: Part) -> tuple[Leaf | Said, ...]:
    """Give what tells an element from others of its name: fixed text, or an attribute."""
    if isinstance(part, Branch):
        inside = (one for one in part.parts if not isinstance(one, Branch))
        return tuple(mark for one in inside for mark in _marks(one) if not _optional(one))
    if isinstance(part, Said):
        return (part,) if part.tells else ()
    return (part,) if part.mark[0] or part.agrees[0] else ()


def _optional(part: Part) -> bool:
    """Say whether an element may stand beside another of its name, so that it tells nothing."""
    return isinstance(part, Leaf) and part.name == "ram:TaxTotalAmount"


def _is_told(part: Part, element: "_Element", document: Terms) -> bool:
    if isinstance(part, Leaf):
        return _has_attribute(part, element, document)
    return all(_has_mark(mark, element, document) for mark in _marks(part))


def _has_mark(mark: Leaf | Said, element: "_Element", document: Terms) -> bool:
    """Say whether an element has this text or attribute in it."""
    path = mark.path if isinstance(mark, Said) else (mark.name,)
    found = _below(element, path)
    if isinstance(mark, Leaf):
        return any(_has_attribute(mark, one, document) for one in found)
    return any(_same(_text(one), mark.text) for one in found)


def _below(element: "_Element", path: Sequence[str]) -> list["_Element"]:
    found = [element]
    for step in map(_name, path):
        found = [child for one in found for child in one if local(child.tag) == step]
    return found


def _same(text: str, wanted: str) -> bool:
    return {"0": "false", "1": "true"}.get(text, text).upper() == wanted.upper()


def _has_attribute(leaf: Leaf, element: "_Element", document: Terms) -> bool:
    """Say whether an element has the attribute that marks it."""
    if leaf.mark[0]:
        return _attribute(element, leaf.mark[0]) == leaf.mark[1]
    name, term = leaf.agrees
    currency = _attribute(element, name)
    return currency == document.get(term) != document.get("BT-5")


def _attribute(element: "_Element", name: str) -> str:
    return element.get(name, "").strip()


def _text(element: "_Element") -> str:
    return (element.text or "").strip()


def _read_branch(branch: Branch, element: "_Element", terms: Terms, reading: Reading) -> None:
    """Read an element with others in it, as a group of its own if it is one."""
    if not branch.group:
        _read_parts(branch, element, terms, reading)
        return
    group: Terms = {}
    _read_parts(branch, element, group, reading)
    if branch.inner:
        for term in [term for term in group if term not in branch.inner]:
            value = group.pop(term)
            terms.setdefault(term, value)
    _append(terms, branch.group, group)


def _append(terms: Terms, key: str, group: Group) -> None:
    if group:
        before = terms.get(key, ())
        assert isinstance(before, tuple), key
        terms[key] = (*before, group)


def _read_leaf(leaf: Leaf, element: "_Element", terms: Terms, reading: Reading) -> None:
    """Read the value of an element and those of its attributes."""
    reading.skipped += len(element)
    found = dict(_values(leaf, element, reading))
    if leaf.group:
        _append(terms, leaf.group, found)
    else:
        for term, value in found.items():
            terms.setdefault(term, value)


def _values(leaf: Leaf, element: "_Element", reading: Reading) -> Iterator[tuple[str, Value]]:
    text = _text(element)
    for name, term in leaf.attributes:
        if said := _attribute(element, name):
            yield term, said
    if not text or text == leaf.missing:
        return
    if leaf.form == "note":
        yield from note(text).items()
        return
    value = READERS[leaf.form](text)
    if value is not None:
        yield leaf.term, value
    else:
        shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
        told = f"'{shown}' is not {KINDS[leaf.form]}, so {leaf.term} is left out"
        reading.remarks.append(f"line {element.sourceline}: {told}")
