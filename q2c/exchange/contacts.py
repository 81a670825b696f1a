"""Customers and contacts of other programs: what is new, what is there, what differs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypeVar

from msgspec import Struct

from q2c.core.fault import Fault, Place
from q2c.core.likeness import domain_of, named, same_name
from q2c.core.party import Contact, Customer, compact
from q2c.exchange.countries import country_code
from q2c.exchange.sheet import Row

ADDRESS = ("street", "line2", "postal_code", "city", "region", "country")
NEEDED = ("street", "postal_code", "city", "country")
# What is compared with a customer that is there, each as it is kept.
COMPARED = ("name", "org_number", "vat_id", *ADDRESS, "language", "currency")
NUMBERS = frozenset(("org_number", "vat_id"))
State = Literal["new", "there", "differs"]
F = TypeVar("F", "Firm", "_Kept")


class Person(Struct, frozen=True):
    """A person as a row or card has them."""

    name: str
    title: str = ""
    email: str = ""
    phone: str = ""

    def same(self, other: "Person | Contact") -> bool:
        """Say whether it is the same person: by mail address, else by name."""
        if self.email and other.email:
            return self.email.lower() == other.email.lower()
        return same_name(self.name) == same_name(other.name)


class Firm(Struct):
    """A company as the rows of a file tell it, while they are gathered.

    Of what several rows say the first counts; `place` is that of the first.
    """

    place: Place
    fields: dict[str, str]
    people: list[Person]


class Outcome(Struct, frozen=True, kw_only=True):
    """What becomes of a company of a file.

    `record` is the file of a new one, `people` are those to add to one that is there,
    `differences` what a person has to look at, since nothing is overwritten.
    """

    place: Place
    id: str
    name: str
    state: State
    record: dict[str, object] = {}
    people: tuple[Person, ...] = ()
    differences: tuple[str, ...] = ()


def outcomes(
    rows: Sequence[Row], customers: Mapping[str, Customer]
) -> tuple[list[Outcome], list[Fault]]:
    """Decide what becomes of each company in some rows; tell the faults of all.

    Rows of the same company come together by id, number, name, or, where a row names none,
    by mail domain. In the same way they are found among the customers that are there.
    """
    known = _known(customers.values())
    firms, faults = _gathered(rows, known)
    found: list[Outcome] = []
    taken = {*customers, *(firm.fields["id"] for firm in firms if "id" in firm.fields)}
    for firm in firms:
        there = _match(firm.fields, known)
        if there is not None:
            found.append(_there(firm, there.customer))
        elif lacking := list(_lacking(firm)):
            faults += lacking
        else:
            id_ = firm.fields.get("id") or named(firm.fields["name"], taken)
            taken.add(id_)
            found.append(_new(firm, id_))
    return found, faults


def contact_fields(person: Person) -> dict[str, object]:
    """Give a person as the file of a customer has them."""
    fields = {name: getattr(person, name) for name in person.__struct_fields__}
    return {name: value for name, value in fields.items() if value}


class _Kept(Struct):
    """A customer that is there, by what it may be found."""

    customer: Customer
    fields: dict[str, str]


def _known(customers: Iterable[Customer]) -> dict[str, _Kept]:
    """Find customers by whatever may name them; the first by id counts."""
    known: dict[str, _Kept] = {}
    for customer in sorted(customers, key=lambda one: one.id):
        fields = {name: getattr(customer, name) for name in ("id", "name", *NUMBERS)}
        kept = _Kept(customer, fields)
        domains = (domain_of(contact.email) for contact in customer.contacts)
        for key in (*_keys(fields), *_domains(domains)):
            known.setdefault(key, kept)
    return known


def _match(fields: Mapping[str, str], known: Mapping[str, F]) -> F | None:
    """Find a company by the surest of what names it; another number is another company."""
    found = (known[key] for key in _keys(fields) if key in known)
    stated = bool(fields.get("id"))
    return next((one for one in found if stated or not _other(fields, one.fields)), None)


def _other(fields: Mapping[str, str], kept: Mapping[str, str]) -> bool:
    """Say whether two have each a number, and no number is the same."""
    both = [name for name in sorted(NUMBERS) if fields.get(name) and kept.get(name)]
    same = (_compared(name, fields[name]) == _compared(name, kept[name]) for name in both)
    return bool(both) and not any(same)


def _keys(fields: Mapping[str, str]) -> Iterator[str]:
    """Give what a company is found by, the surest first."""
    if fields.get("id"):
        yield f"id {fields['id']}"
    for number in sorted(NUMBERS):
        if fields.get(number):
            yield f"{number} {compact(fields[number]).upper()}"
    if fields.get("name"):
        yield f"name {same_name(fields['name'])}"
    elif _nameless(fields):
        yield from _domains([fields.get("domain", "")])


def _domains(domains: Iterable[str]) -> list[str]:
    return [f"domain {domain}" for domain in domains if domain]


def _gathered(rows: Sequence[Row], known: Mapping[str, _Kept]) -> tuple[list[Firm], list[Fault]]:
    """Bring the rows of each company together; those that name none come last."""
    firms: list[Firm] = []
    found: dict[str, Firm] = {}
    faults: list[Fault] = []
    read = [(row.place, _fields(row), _person(row)) for row in rows]
    for place, fields, person in sorted(read, key=lambda one: _nameless(one[1])):
        firm = _match(fields, found)
        if firm is None and _nameless(fields) and _match(fields, known) is None:
            message = "The row names no company, and no mail address tells one that is known."
            remedy = "Fill the company's name, or take the row away."
            faults.append(Fault("no-company", message, place, remedy))
            continue
        if firm is None:
            firm = Firm(place, {}, [])
            firms.append(firm)
        firm.fields = _together(firm.fields, fields)
        if person and not any(person.same(other) for other in firm.people):
            firm.people.append(person)
        for key in (*_keys(firm.fields), *_domains([fields.get("domain", "")])):
            found.setdefault(key, firm)
    return sorted(firms, key=lambda firm: firm.place), faults


def _together(first: Mapping[str, str], later: Mapping[str, str]) -> dict[str, str]:
    """Add what a later row says; an address is taken whole, from the first that has a street."""
    kept, added = dict(first), dict(later)
    whole, other = (kept, added) if kept.get("street") or not added.get("street") else (added, kept)
    if whole.get("street"):
        for name in ADDRESS:
            other.pop(name, None)
    return {**added, **kept}


def _nameless(fields: Mapping[str, str]) -> bool:
    return not any(fields.get(name) for name in ("id", "name", *NUMBERS))


def _fields(row: Row) -> dict[str, str]:
    """Give what a row says of a company, in the forms that we keep."""
    fields = {name: value for name, value in row.cells.items() if value}
    if fields.get("house") and fields.get("street"):
        fields["street"] = f"{fields['street']} {fields['house']}"
    lines = fields.get("street", "").splitlines()
    if len(lines) > 1:  # a street of several lines, as programs of one address field write it
        fields["street"], fields["line2"] = lines[0].strip(", "), ", ".join(lines[1:])
    if fields.get("country"):
        fields["country"] = country_code(fields["country"])
    domain = fields.get("domain", "").lower().partition("//")[2] or fields.get("domain", "").lower()
    domain = domain.partition("/")[0].removeprefix("www.")
    fields["domain"] = domain or domain_of(_email(fields))
    people = ("contact", "first_name", "last_name", "title", "email", "phone", "house")
    return {name: value for name, value in fields.items() if value and name not in people}


def _person(row: Row) -> Person | None:
    """Give the person of a row; without a name it is the company's own address."""
    cells = row.cells
    given = f"{cells.get('first_name', '')} {cells.get('last_name', '')}".strip()
    email, phone = _email(cells), cells.get("phone", "").partition(",")[0].strip()
    name = cells.get("contact") or given or cells.get("name", "")
    if not name or not (cells.get("contact") or given or email or phone):
        return None
    return Person(name, cells.get("title", ""), email, phone)


def _email(cells: Mapping[str, str]) -> str:
    """Give the first of the mail addresses that a cell may list."""
    return cells.get("email", "").replace(";", ",").partition(",")[0].strip()


def _lacking(firm: Firm) -> Iterator[Fault]:
    fields = firm.fields
    lacking = [name.replace("_", " ") for name in ("name", *NEEDED) if not fields.get(name)]
    if lacking:
        called = fields.get("name") or fields.get("id") or "The company"
        message = f"{called} has no {', '.join(lacking)}."
        remedy = "Fill the cells, or say which column it is: --map street=COLUMN"
        yield Fault("empty-cell", message, firm.place, remedy)


def _new(firm: Firm, id_: str) -> Outcome:
    fields = firm.fields
    address = {name: fields[name] for name in ADDRESS if fields.get(name)}
    days = fields.get("due_days", "")
    record: dict[str, object] = {
        "id": id_,
        "name": fields["name"],
        **{name: fields.get(name, "") for name in ("kind", "org_number", "vat_id")},
        "address": address,
        **{name: fields.get(name, "") for name in ("language", "currency")},
        "terms": {"due_days": int(days) if days.isdecimal() else days} if days else {},
        **{name: fields.get(name, "") for name in ("price_list", "segment")},
        "contacts": [contact_fields(person) for person in firm.people],
        "note": fields.get("note", ""),
    }
    kept = {name: value for name, value in record.items() if value}
    return Outcome(
        place=firm.place,
        id=id_,
        name=str(record["name"]),
        state="new",
        record=kept,
        people=tuple(firm.people),
    )


def _there(firm: Firm, customer: Customer) -> Outcome:
    differences = tuple(_differences(firm.fields, customer))
    new = [
        person
        for person in firm.people
        if not any(person.same(contact) for contact in customer.contacts)
        and same_name(person.name) != same_name(customer.name)
    ]
    return Outcome(
        place=firm.place,
        id=customer.id,
        name=customer.name,
        state="differs" if differences else "there",
        people=tuple(new),
        differences=differences,
    )


def _differences(fields: Mapping[str, str], customer: Customer) -> Iterator[str]:
    """Say what a file tells otherwise than the customer's file; what it leaves out is no matter."""
    for name in COMPARED:
        kept = getattr(customer.address if name in ADDRESS else customer, name) or ""
        said = fields.get(name, "")
        if said and _compared(name, said) != _compared(name, str(kept)):
            yield f"{name.replace('_', ' ')}: {kept or 'none'} here, {said} in the file"


def _compared(name: str, value: str) -> str:
    if name in NUMBERS or name == "postal_code":
        return compact(value).upper()
    return same_name(value)
