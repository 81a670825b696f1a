"""The writer of e-invoices: a table made into functions once, and terms into XML by them."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Literal, TypeAlias

from q2c.core.einvoice.cii import CROSS_INDUSTRY_INVOICE
from q2c.core.einvoice.group import Group
from q2c.core.einvoice.table import Branch, Leaf, Part, Said, Table
from q2c.core.einvoice.ubl import CREDIT_NOTE, CREDIT_NOTES, INVOICE
from q2c.documents.einvoice.values import FORMS, attribute, note

Syntax: TypeAlias = Literal["ubl", "cii"]
Write: TypeAlias = Callable[[Group, str], str]  # what these terms make, in this currency

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
INDENT = "  "
TABLES = {"cii": CROSS_INDUSTRY_INVOICE, "invoice": INVOICE, "credit-note": CREDIT_NOTE}


def einvoice_xml(terms: Group, syntax: Syntax) -> bytes:
    """Write terms as an e-invoice: one form, indented, the same bytes every time.

    UBL has a root for invoices and one for credit notes, which the code of BT-3 chooses between.
    """
    name = "cii"
    if syntax == "ubl":
        name = "credit-note" if terms.get("BT-3") in CREDIT_NOTES else "invoice"
    currency = attribute(str(terms.get("BT-5", "")))
    return f"{DECLARATION}{_compiled(name)(terms, currency)}".encode()


def syntax_of(form: str) -> Syntax:
    """Give the syntax of a format of e-invoices; hybrid PDF files hold CII."""
    return "ubl" if form in ("ubl", "peppol", "xrechnung") else "cii"


@cache
def _compiled(name: str) -> Write:
    table = TABLES[name]
    return _branch(table.root, "", _declared(table))


def _declared(table: Table) -> str:
    """Write the addresses of the prefixes; the one without a name is that of the root."""
    return "".join(
        f' xmlns:{prefix}="{address}"' if prefix else f' xmlns="{address}"'
        for prefix, address in table.namespaces.items()
    )


def _part(part: Part, indent: str) -> Write:
    if isinstance(part, Leaf):
        return _leaf(part, indent)
    if isinstance(part, Said):
        return _said(part, indent)
    return _branch(part, indent)


def _said(part: Said, indent: str) -> Write:
    *above, name = part.path
    pads = [indent + INDENT * depth for depth in range(len(part.path))]
    opened = "".join(f"{pad}<{one}>\n" for pad, one in zip(pads, above, strict=False))
    closed = "".join(f"{pad}</{one}>\n" for pad, one in reversed([*zip(pads, above, strict=False)]))
    written = f"{opened}{pads[-1]}<{name}>{part.text}</{name}>\n{closed}"
    return lambda _terms, _currency: written


def _branch(branch: Branch, indent: str, declared: str = "") -> Write:
    one = _element(branch, indent, declared)
    key = branch.group
    if branch.inner:
        return _spread(branch, one)
    if key:
        return lambda terms, currency: "".join([one(each, currency) for each in groups(terms, key)])
    return one


def groups(terms: Group, key: str) -> tuple[Group, ...]:
    """Give the groups of a key; none where it is not there."""
    found = terms.get(key, ())
    assert isinstance(found, tuple), found
    return found


def _element(branch: Branch, indent: str, declared: str) -> Write:
    """Write an element once: where something in it is said, or else its test allows it."""
    parts = [_part(part, indent + INDENT) for part in branch.parts if not _is_also(part)]
    opened = f"{indent}<{branch.name}{declared}>\n"
    closed = f"{indent}</{branch.name}>\n"
    empty = f"{indent}<{branch.name}/>\n" if branch.always else ""
    needed, only = frozenset(_said_by(branch)), branch.only

    def write(terms: Group, currency: str) -> str:
        if needed.isdisjoint(terms) or (only and not only(terms)):
            return empty
        inside = "".join([part(terms, currency) for part in parts])
        return f"{opened}{inside}{closed}" if inside else empty

    return write


def _is_also(part: Part) -> bool:
    return isinstance(part, Leaf) and part.use == "also"


def _said_by(branch: Branch) -> Iterator[str]:
    """Name the terms and groups that have an element written; fixed text alone has not."""
    for part in branch.parts:
        if isinstance(part, Leaf) and part.use == "term":
            yield part.group or part.term
        elif isinstance(part, Branch):
            if part.group:
                yield part.group
            if part.inner or not part.group:
                yield from _said_by(part)


def _attributed(branch: Branch) -> Iterator[str]:
    """Name the terms that are attributes."""
    for part in branch.parts:
        if isinstance(part, Leaf):
            yield from (term for _, term in part.attributes)


def _spread(branch: Branch, one: Write) -> Write:
    """Write an element for each group, or once if there is none, with terms of the document."""
    key, once = branch.group, frozenset(branch.once)
    outer = tuple({*_said_by(branch), *_attributed(branch)} - {*branch.inner})

    def write(terms: Group, currency: str) -> str:
        around = {term: terms[term] for term in outer if term in terms}
        later = {term: value for term, value in around.items() if term not in once}
        first, *others = groups(terms, key) or ({},)
        return "".join(
            [
                one({**around, **first}, currency),
                *(one({**later, **other}, currency) for other in others),
            ]
        )

    return write


def _leaf(leaf: Leaf, indent: str) -> Write:
    if leaf.group:
        one, key = _once(leaf, indent), leaf.group
        return lambda terms, currency: "".join([one(each, currency) for each in groups(terms, key)])
    return _once(leaf, indent)


def _once(leaf: Leaf, indent: str) -> Write:
    """Write an element with a value; what need not be asked for each value is settled before."""
    mark, fixed = leaf.mark
    opened = f'{indent}<{leaf.name} {mark}="{fixed}"' if mark else f"{indent}<{leaf.name}"
    closed = f"</{leaf.name}>\n"
    missing = f"{opened}>{leaf.missing}{closed}" if leaf.missing else ""
    attributes, term, only = _attributes(leaf), leaf.term, leaf.only
    if leaf.form == "note":
        return lambda terms, _currency: f"{opened}>{note(terms)}{closed}"
    form = FORMS[leaf.form]

    def write(terms: Group, currency: str) -> str:
        value = terms.get(term)
        if value is None or (only and not only(terms)):
            return missing
        assert not isinstance(value, tuple), term
        return f"{opened}{attributes(terms, currency)}>{form(value)}{closed}"

    return write


def _attributes(leaf: Leaf) -> Write:
    """Write the attributes of an element: those that the form has, and those that are terms."""
    if leaf.form == "amount":
        return lambda _terms, currency: f' currencyID="{currency}"'
    if leaf.form == "day" and leaf.name != "udt:DateTime":
        return lambda _terms, _currency: ' format="102"'
    named = (*leaf.attributes, *([leaf.agrees] if leaf.agrees[0] else []))

    def write(terms: Group, _currency: str) -> str:
        return "".join(
            f' {name}="{attribute(str(terms[term]))}"' for name, term in named if term in terms
        )

    return write if named else lambda _terms, _currency: ""
