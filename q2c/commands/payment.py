"""q2c payment: money that came in, and the invoices it settles."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated

import typer
from msgspec.structs import replace

from q2c.commands.books import Books, added, read_books
from q2c.commands.call import At, Commit, DateOption, DryRun, Message, today
from q2c.commands.desk import desk, stamp, tree
from q2c.commands.output import check_fields, hint, say, table
from q2c.commands.words import read_amount, read_quantity
from q2c.core.entry import Entry
from q2c.core.fault import Fault, Misused
from q2c.core.money import Money
from q2c.core.rates import rate_on
from q2c.core.receivable import (
    OpenItem,
    Payment,
    Settlement,
    open_items,
    payment_entry,
    payment_id,
    settle,
)
from q2c.store.master import read_exchange_rates
from q2c.store.tree import Tree
from q2c.store.writing import Change

LIST = ("date", "customer", "amount", "currency", "invoices", "over", "reference")
Rate = Annotated[
    Decimal | None,
    typer.Option(
        "--rate", parser=read_quantity, metavar="NUMBER", help="What one unit is in our currency."
    ),
]


def record_payment(  # noqa: PLR0913 - a flag for each
    words: Annotated[
        list[str],
        typer.Argument(metavar="NUMBER... AMOUNT", help="The invoices, then what was paid."),
    ],
    *,
    day: DateOption = None,
    ref: Annotated[
        str, typer.Option("--ref", metavar="TEXT", help="What the bank says of it.")
    ] = "",
    rate: Rate = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Record a payment of one invoice or of several, settled in the order given.

    The same payment again adds nothing. What is over stays the customer's.

    Example: q2c payment record F-2026-0001 30000 --date 2026-11-27 --ref "BG 1127-55"
    """
    with desk(dry_run=dry_run, commit=commit, message=message) as work:
        books = read_books(work.tree)
        payment = _asked(words, books, day, ref)
        if payment_id(payment) in books.ledger.by_id:
            say({"recorded": False}, f"{payment.amount} of {payment.date} is recorded already.")
            hint("If the customer paid as much once more that day, give it another --ref.")
            return
        entry, settled = _settled(_at_rate(payment, rate, books, work.tree), books)
        check_fields(dict.fromkeys(("recorded", "parts", "over")))
        after, lines = added(books, [entry], stamp(work.root))
        told = work.write(Change(appended=lines), f"Record a payment of {entry.party}")
    _tell(settled, open_items(after.records))
    hint(told)


def list_payments(
    *,
    customer: Annotated[
        str, typer.Option("--customer", metavar="ID", help="Only those of this customer.")
    ] = "",
    at: At = "",
) -> None:
    """List what was paid, by whom and for which invoices.

    Example: q2c payment list
    """
    records = read_books(tree(at)).records
    paid = (record for record in records if record.kind == "payment-received")
    table([_row(record) for record in paid if customer in ("", record.party)], LIST)


def _row(entry: Entry) -> dict[str, object]:
    cash, *rest = entry.postings
    over = (-p.amount for p in rest if p.role == "customer-advance")
    return {
        "date": entry.date,
        "customer": entry.party,
        "amount": Money(cash.amount, cash.currency),
        "currency": cash.currency,
        "invoices": [posting.item for posting in rest if posting.item],
        "over": Money(sum(over), cash.currency),
        "reference": entry.note,
        "id": entry.id,
    }


def _asked(words: Sequence[str], books: Books, day: date | None, reference: str) -> Payment:
    """Read the words; an amount without a currency is in that of the first invoice."""
    *numbers, said = words
    if not numbers:
        message = "A payment is of an invoice: name it, then the amount."
        remedy = "Write: q2c payment record F-2026-0001 1250.00"
        raise Misused(Fault("usage", message, remedy=remedy))
    claim = books.ledger.by_number.get(numbers[0])
    currency = claim.postings[0].currency if claim else books.home
    return Payment(
        date=today(books.company.time_zone, day),
        amount=read_amount(said, currency),
        numbers=tuple(numbers),
        reference=reference,
    )


def _at_rate(payment: Payment, stated: Decimal | None, books: Books, files: Tree) -> Payment:
    """Give a payment in another currency the rate that was stated, or that of its day."""
    currency, home = payment.amount.currency, books.home
    if currency == home:
        if stated is not None:
            message = f"The payment is in {home}, so there is no rate to state."
            raise Misused(Fault("no-rate-needed", message, remedy="Leave --rate out."))
        return payment
    if stated is None:
        stated = rate_on(currency, home, payment.date, read_exchange_rates(files)).rate
    return replace(payment, rate=stated)


def _settled(payment: Payment, books: Books) -> tuple[Entry, Settlement]:
    items = open_items(books.records)
    settled = settle(payment, items)
    party = items[payment.numbers[0]].party
    return payment_entry(payment, settled, party, books.records, books.home), settled


def _tell(settled: Settlement, items: Mapping[str, OpenItem]) -> None:
    parts = [
        {"number": number, "paid": part, "open": items[number].open}
        for number, part in settled.parts
    ]
    text = "\n".join(_said(number, items[number]) for number, _ in settled.parts)
    if settled.over.minor:
        text += f"\n{settled.over} is over and stays with the customer as an advance."
    say({"recorded": True, "parts": parts, "over": settled.over}, text.lstrip())


def _said(number: str, item: OpenItem) -> str:
    paid = item.invoiced - item.open
    if item.settled:
        return f"{number} is settled ({paid} of {item.invoiced})."
    return f"{number} is paid in part ({paid} of {item.invoiced}, {item.open} open)."
