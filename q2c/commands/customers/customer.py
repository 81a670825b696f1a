"""q2c customer: who buys."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any

import typer

from q2c.commands.call import At, Commit, DryRun, Message
from q2c.commands.customers.history import history, history_told
from q2c.commands.customers.likeness import warn_of_likeness
from q2c.commands.desk import desk, tree
from q2c.commands.output import check_fields, following, say, table
from q2c.commands.plain import fields_of
from q2c.commands.prompt import ask, may_ask, missing
from q2c.core.book import customer_faults
from q2c.core.fault import Fault, Invalid, Misused, Refused, Stale
from q2c.core.money import grouped
from q2c.core.party import LANGUAGES, Address, Contact, Customer, OwnPrice
from q2c.core.period import by_every
from q2c.store.master import customer_ids, read_book, read_customer, read_customers

MODELINE = "# yaml-language-server: $schema=../.q2c/schema/customer.json\n"
# What a customer cannot be without, as it is asked for where it was not given.
ASKED = {
    "name": "Name",
    "street": "Street",
    "postal_code": "Postal code",
    "city": "City",
    "country": "Country (SE, FI, DE …)",
}
_LANGUAGE = f"Language: {', '.join(LANGUAGES)}."
FORMS = {"country": "[A-Z]{2}"}  # an answer in another form is asked for again


def _text(flag: str, told: str, metavar: str = "TEXT") -> Any:  # noqa: ANN401 - Typer keeps the type private
    return typer.Option(flag, metavar=metavar, help=told)


def new_customer(  # noqa: PLR0913 - a flag for each field
    id_: Annotated[str, typer.Argument(metavar="ID", help="A new id, such as fjord-foods.")],
    *,
    name: Annotated[str, _text("--name", "The name of the company or person.")] = "",
    kind: Annotated[str, _text("--kind", "What it is.  [business]", "WORD")] = "",
    org_number: Annotated[str, _text("--org-number", "Organisation number.")] = "",
    vat_id: Annotated[str, _text("--vat-id", "VAT number, with its country.")] = "",
    street: Annotated[str, _text("--street", "Street and number.")] = "",
    postal_code: Annotated[str, _text("--postal-code", "Postal code.")] = "",
    city: Annotated[str, _text("--city", "City.")] = "",
    country: Annotated[str, _text("--country", "Country: SE, FI, DE.", "CODE")] = "",
    language: Annotated[str, _text("--language", _LANGUAGE, "CODE")] = "",
    currency: Annotated[str, _text("--currency", "Currency: SEK, EUR.", "CODE")] = "",
    due_days: Annotated[
        int | None, typer.Option("--due-days", metavar="DAYS", help="Days to pay in.")
    ] = None,
    price_list: Annotated[str, _text("--price-list", "A list in prices/.", "ID")] = "",
    contact: Annotated[str, _text("--contact", "A person to turn to.")] = "",
    email: Annotated[str, _text("--email", "The person's e-mail address.")] = "",
    require_po: Annotated[
        bool, typer.Option("--require-po", help="Take orders only with a number of theirs.")
    ] = False,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Write the file of a new customer.

    On a terminal, what is missing is asked for. KIND is business, public or consumer.

    Example: q2c customer new sjo --name Sjö --street "Kaj 1" --postal-code 21120 --city Malmö --country SE
    """  # noqa: E501 - an example is one line
    _refuse_known(id_, tree())
    given = {"name": name, "street": street, "postal_code": postal_code, "city": city}
    address = _completed({**given, "country": country})
    said = {**address, "kind": kind, "org_number": org_number, "vat_id": vat_id}
    said |= {"language": language, "currency": currency, "price_list": price_list}
    said |= {"contact": contact, "email": email}
    record = record_of(id_, said, due_days, require_po=require_po)
    check_fields(Customer(id=id_, name=said["name"], address=Address(**record["address"])))
    customer, told = write_customer(record, dry_run=dry_run, commit=commit, message=message)
    say(customer, f"{customer.name}\n{told}")
    if not dry_run:
        following(f"q2c quote new {id_}")


def record_of(
    id_: str, said: Mapping[str, str], due_days: int | None = None, *, require_po: bool = False
) -> dict[str, Any]:
    """Arrange what was said of a customer as its file has it; what was not said is left out."""
    name, contact, email = said["name"], said.get("contact", ""), said.get("email", "")
    record = {
        "id": id_,
        "name": name,
        "kind": said.get("kind"),
        "org_number": said.get("org_number"),
        "vat_id": said.get("vat_id"),
        "address": {key: said[key] for key in ASKED if key != "name"},
        "language": said.get("language"),
        "currency": said.get("currency"),
        "terms": {} if due_days is None else {"due_days": due_days},
        "price_list": said.get("price_list"),
        "contacts": _contacts(contact or name, email) if contact or email else [],
        "require_po": require_po,
    }
    return {key: value for key, value in record.items() if value}


def write_customer(
    record: Mapping[str, object],
    *,
    dry_run: bool = False,
    commit: bool | None = None,
    message: str = "",
    warns: bool = True,
) -> tuple[Customer, str]:
    """Check a new customer against all that is there, and write its file; say what was written.

    `warns` of customers that it is much like, unless somebody was asked about them.
    """
    id_, data = str(record["id"]), customer_file(record)
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        from q2c.store.writing import Change

        customer, others = _checked(data, id_, at.tree)
        if warns:
            warn_of_likeness([customer], others)
        told = at.write(Change(created={customer_path(id_): data}), f"Add customer {id_}")
    return customer, told


def _completed(given: dict[str, str]) -> dict[str, str]:
    """Ask for what was not given; where nobody can be asked, name all of it."""
    flags = {key: f"--{key.replace('_', '-')}" for key, value in given.items() if not value}
    if flags and not may_ask():
        raise missing(*flags.values())
    answers = {key: ask(ASKED[key], flag, FORMS.get(key, ".+")) for key, flag in flags.items()}
    return {key: value or answers[key] for key, value in given.items()}


def _contacts(name: str, email: str) -> list[dict[str, object]]:
    person: dict[str, object] = {"name": name, "email": email, "roles": ["orders", "billing"]}
    return [{key: value for key, value in person.items() if value}]


def customer_path(id_: str) -> str:
    """Name the file of a customer."""
    return f"customers/{id_}.yaml"


def customer_file(record: Mapping[str, object]) -> bytes:
    """Write the file of a new customer."""
    from q2c.store.edit import emit

    return f"{MODELINE}{emit(record)}".encode()


def _checked(
    data: bytes,
    id_: str,
    files: Any,  # noqa: ANN401 - a tree of files
) -> tuple[Customer, Iterable[Customer]]:
    """Read what would be written, and check it against all that is there, which it gives too."""
    from q2c.store.identifiers import customer_number_faults
    from q2c.store.records import read_record

    try:
        customer = read_record(data, customer_path(id_), Customer, customer_number_faults)
    except Refused as refused:
        raise Misused(*map(_unplaced, refused.faults)) from None
    _refuse_known(id_, files)
    book = read_book(files)
    faults = list(customer_faults(customer, book))
    if faults:
        raise Invalid(*map(_unplaced, faults))
    return customer, book.customers.values()


def _refuse_known(id_: str, files: Any) -> None:  # noqa: ANN401 - a tree of files
    if id_ in customer_ids(files):
        message = f"There is a customer '{id_}' already."
        raise Stale(Fault("customer-exists", message, remedy=f"Look: q2c customer show {id_}"))


def _unplaced(fault: Fault) -> Fault:
    """Tell a fault of what stands in no file yet."""
    return Fault(fault.code, fault.message, remedy=fault.remedy)


def list_customers(at: At = "") -> None:
    """List the customers.

    Example: q2c customer list
    """
    rows = [
        {
            "id": customer.id,
            "name": customer.name,
            "city": customer.address.city,
            "country": customer.address.country,
            "currency": customer.currency,
            "price_list": customer.price_list,
        }
        for customer in read_customers(tree(at)).values()
    ]
    table(rows, ("id", "name", "city", "country", "currency", "price_list"))


def show_customer(
    id_: Annotated[str, typer.Argument(metavar="ID", help="A customer's id.")], at: At = ""
) -> None:
    """Show one customer, with everything that belongs to it in the order of days.

    Example: q2c customer show fjord-foods
    """
    files = tree(at)
    customer = read_customer(files, id_)
    happened = history(files, id_)
    told = "\n".join([_told(customer), *history_told(happened)])
    say({**fields_of(customer), "history": happened}, told)


def _told(customer: Customer) -> str:
    due = customer.terms.due_days
    rows = [
        ("id", customer.id),
        ("kind", customer.kind),
        ("organisation number", customer.org_number),
        ("VAT number", customer.vat_id),
        ("address", _on_a_line(customer.address)),
        ("invoices to", _on_a_line(customer.invoice_address)),
        ("their reference", customer.reference),
        ("language", customer.language),
        ("currency", customer.currency),
        ("days to pay", "" if due is None else str(due)),
        ("segment", customer.segment),
        ("price list", customer.price_list),
        ("credit limit", _limit(customer.credit_limit)),
        ("order number", "required" if customer.require_po else ""),
        *(("own price", told) for own in customer.prices for told in _own_prices(own)),
        *(("contact", _contact(contact)) for contact in customer.contacts),
    ]
    lines = [f"  {label:20} {value}" for label, value in rows if value]
    return "\n".join([customer.name, *lines, *customer.note.splitlines()])


def _limit(limit: Decimal | None) -> str:
    return "" if limit is None else f"{grouped(limit)}, with VAT"


def _own_prices(own: OwnPrice) -> Iterator[str]:
    """Write a contracted price in each currency, with its period and the days it holds on."""
    words = (
        by_every(own.every) if own.every else "",
        f"from {own.valid_from}" if own.valid_from else "",
        f"to {own.valid_to}" if own.valid_to else "",
    )
    for currency, price in own.price.items():
        yield " ".join(filter(None, (f"{own.product} {grouped(price)} {currency}", *words)))


def _contact(one: Contact) -> str:
    known = (one.name, one.title, one.email, one.phone, ", ".join(one.roles))
    return "  ".join(filter(None, known))


def _on_a_line(address: Address | None) -> str:
    if address is None:
        return ""
    town = f"{address.postal_code} {address.city}"
    parts = (address.street, address.line2, town, address.region, address.country)
    return ", ".join(part for part in parts if part)
