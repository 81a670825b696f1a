"""q2c payment receipt: what a customer gets for money that came in."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated

import typer

from q2c.commands.books import read_books
from q2c.commands.call import At, DateOption
from q2c.commands.desk import frozen_look, tree
from q2c.commands.ondemand import Out, common, put, spoken_to
from q2c.commands.output import say
from q2c.commands.plain import fields_of
from q2c.commands.words import read_day
from q2c.core.entry import Entry
from q2c.core.fault import Fault, Invalid, Unknown
from q2c.core.money import Money, total
from q2c.core.receivable import open_items
from q2c.documents.receipt import Receipt, Used, receipt_pdf
from q2c.store.tree import Tree

ID = "payment:"


def draw_receipt(
    number: Annotated[
        str, typer.Argument(metavar="NUMBER", help="An invoice that was paid, or a payment's id.")
    ],
    *,
    paid: Annotated[
        date | None,
        typer.Option("--paid", parser=read_day, metavar="DAY", help="The day it was paid on."),
    ] = None,
    day: DateOption = None,
    out: Out = None,
    at: At = "",
) -> None:
    """Draw a receipt of a payment: which invoices it was used for, and what is left of them.

    It refers to the invoices for VAT. An invoice that was paid more than once needs --paid.

    Example: q2c payment receipt F-2026-0001 --paid 2026-11-27
    """
    files = tree(at)
    made, language = receipt_of(files, number, paid, day)
    data = receipt_pdf(made, frozen_look(files, language).look)
    place, told = put(out, f"{made.number}.receipt", data)
    row = {"number": made.number, "customer": made.customer, "paid_on": made.paid_on}
    parts = [fields_of(part) for part in made.parts]
    say({**row, "amount": made.amount, "parts": parts, "over": made.over, **place}, told)


def receipt_of(
    files: Tree, number: str, paid: date | None = None, day: date | None = None
) -> tuple[Receipt, str]:
    """Gather what the receipt of a payment says, and the language that it says it in."""
    records = read_books(files).records
    entry = _payment(records, number, paid)
    customer, language = spoken_to(files, entry.party)
    cash = entry.postings[0]
    amount = Money(cash.amount, cash.currency)
    parts = tuple(_parts(records, entry))
    made = Receipt(
        **common(files, customer, day, invoice=True),
        number=entry.id.removeprefix(ID),
        paid_on=entry.date,
        amount=amount,
        reference=entry.note,
        parts=parts,
        over=amount - total((part.used for part in parts), amount.currency),
    )
    return made, language


def _payment(records: Sequence[Entry], number: str, paid: date | None) -> Entry:
    """Find a payment by its id, or by an invoice that it paid and perhaps its day."""
    known = [one for one in records if one.kind == "payment-received"]
    named = [
        one
        for one in known
        if one.id in (number, f"{ID}{number}") or any(p.item == number for p in one.postings)
    ]
    found = [one for one in named if paid in (None, one.date)]
    if not found:
        on = f" on {paid}" if paid else ""
        message = f"There is no payment of {number}{on} in the ledger."
        days = ", ".join(str(one.date) for one in named)
        remedy = f"It was paid on {days}." if days else "See: q2c payment list."
        raise Unknown(Fault("no-such-payment", message, remedy=remedy))
    if len(found) > 1:
        told = ", ".join(f"{one.id.removeprefix(ID)} of {one.date}" for one in found)
        message = f"{number} was paid more than once."
        remedy = f"Give --paid DAY, or the id of one: {told}."
        raise Invalid(Fault("several-payments", message, remedy=remedy))
    return found[0]


def _parts(records: Sequence[Entry], entry: Entry) -> Iterator[Used]:
    """Give what of a payment was used for which invoice, and what it left to pay then."""
    place = next(at for at, one in enumerate(records) if one.id == entry.id)
    items = open_items(records[: place + 1])
    for posting in entry.postings:
        if posting.role == "receivable":
            item = items[posting.item]
            yield Used(
                number=item.number,
                issued_on=item.issued_on,
                invoiced=item.invoiced,
                used=Money(-posting.amount, posting.currency),
                left=item.open,
            )
