"""q2c why: how an amount came about, from the invoice line back to the price in its file."""

from collections.abc import Iterator
from typing import Annotated

import typer
from msgspec import Struct

from q2c.commands.books import Books, read_books
from q2c.commands.call import At, call
from q2c.commands.desk import tree
from q2c.commands.invoices.labels import label_of
from q2c.commands.links import COLUMNS, Link, rows, told, with_commits
from q2c.commands.output import say, table
from q2c.commands.quotelinks import (
    based_on,
    chosen_steps,
    from_commit,
    quote_links,
    quote_of,
    quoted,
    sold_as,
    vat_link,
)
from q2c.core.claim import LINE
from q2c.core.fault import Fault, Unknown, nearest
from q2c.core.invoice import Invoice, InvoiceLine
from q2c.core.money import Money
from q2c.core.order import Order, OrderLine
from q2c.core.posting import NONE, line_balances
from q2c.core.quote import Line, Priced
from q2c.core.trace import Step
from q2c.store import orders, quotes
from q2c.store.invoices import read_invoice
from q2c.store.tree import Tree


class Shelves(Struct, frozen=True):
    """What the answers are looked up in, and the versions of quotes that were read for them."""

    files: Tree
    books: Books
    read: dict[str, tuple[Priced, str]]


def why(
    ref: Annotated[
        str, typer.Argument(metavar="REF", help="An invoice, order or quote, or a line: F-…/1.")
    ],
    *,
    at: At = "",
) -> None:
    """Say how an amount came about, back to the price and the commit it stood in.

    A price that reads otherwise in the files of today is told to have moved on since.

    Example: q2c why F-2026-0001/1
    """
    files = tree(at)
    links = with_commits(files, list(_links(Shelves(files, read_books(files), {}), ref)))
    if call().mode == "csv" or call().fields:
        table([row for link in links for row in rows(link)], COLUMNS)
    else:
        text = "\n".join(line for link in links for line in told(link))
        say({"ref": ref, "links": links}, text)


def _links(shelves: Shelves, ref: str) -> Iterator[Link]:
    """Find what a reference names, and follow it back."""
    number, _, line = ref.partition("/")
    files = shelves.files
    if number in shelves.books.ledger.by_number:
        yield from _invoice(shelves, read_invoice(files, shelves.books.records, number), line)
    elif number in orders.numbers(files, "orders"):
        order = orders.read_order(files, number)
        for one in [order.line(line)] if line else order.lines:
            yield from _order_line(shelves, order, one, alone=bool(line))
    elif number in quotes.quote_numbers(files):
        version, _, rest = line.rpartition("/")
        bare = line[:1] == "v" and not version
        quote, path = quote_of(files, number, line if bare else version)
        yield from quote_links(quote, path, "" if bare else rest)
    else:
        known = [*shelves.books.ledger.by_number, *orders.numbers(files, "orders")]
        message = f"There is no invoice, order or quote {number}."
        raise Unknown(
            Fault(
                "unknown-reference",
                message,
                remedy=nearest(number, [*known, *quotes.quote_numbers(files)]),
            )
        )


def _invoice(shelves: Shelves, invoice: Invoice, line: str) -> Iterator[Link]:
    """Follow a line of an invoice, or all of them and what they add up to."""
    chosen = [one for one in invoice.lines if line in ("", one.id)]
    if not chosen:
        ids = ", ".join(one.id for one in invoice.lines)
        message = f"{invoice.number} has no line '{line}'."
        raise Unknown(Fault("no-such-line", message, remedy=f"It has the lines {ids}."))
    for one in chosen:
        yield from _invoice_line(shelves, invoice, one, alone=bool(line))
    if not line:
        yield from _totals(invoice)


def _invoice_line(
    shelves: Shelves, invoice: Invoice, line: InvoiceLine, *, alone: bool
) -> Iterator[Link]:
    number, _, id_ = line.source.partition("/")
    order = orders.read_order(shelves.files, number)
    agreed = None if id_ == LINE else order.line(id_)
    what = "credited" if line.credits else "invoiced"
    price = line.unit_price
    each = f" at {price:f}" if price is not None else ""
    days = f", {line.service}" if line.service else ""
    yield Link(
        ref=f"{invoice.number}/{line.id}",
        what=f"{what} on {invoice.issued_on}",
        text=f"{_amount(line)}{each}{days}{from_commit(invoice.commit)}",
        amount=line.net,
        path=f"{invoice.path}.json",
        steps=line.steps[len(agreed.steps) if agreed else 0 :],
    )
    yield Link(
        ref=f"{invoice.number}/{line.id}",
        what="taxed",
        text=f"VAT {label_of(line.treatment.category, line.treatment.rate)}",
        steps=line.treatment.steps,
    )
    if line.credits:
        yield Link(ref=line.credits, what="credits", text=invoice.reason)
    if agreed:
        yield from _order_line(shelves, order, agreed, alone=alone)
    else:
        yield _schedule(order)


def _schedule(order: Order) -> Link:
    """Say what was agreed of paying: a deposit is of the whole order and not of a line."""
    count = len(order.payments)
    return Link(
        ref=order.number,
        what=f"agreed on {order.agreed_on}",
        text=f"payments in {count} part{'' if count == 1 else 's'}, from {order.source}",
        path=orders.order_path(order.number),
    )


def _totals(invoice: Invoice) -> Iterator[Link]:
    for row in invoice.vat:
        yield vat_link(invoice.number, row)
    if home := invoice.home:
        tax = invoice.claimed_tax
        rule = f"{tax} at {home.rate:f}, the rate of {home.rate_on} by {home.source}"
        step = Step(rule, "", tax.amount, home.vat.amount)
        text = f"in {home.vat.currency}"
        yield Link(ref=invoice.number, what="VAT", text=text, amount=home.vat, steps=(step,))
    said = f"{invoice.net} + VAT {invoice.tax}"
    yield Link(ref=invoice.number, what="total", text=said, amount=invoice.total)
    for one in invoice.deposits:
        said = f"deposit of {one.issued_on}, {one.net} + VAT {one.tax}"
        yield Link(ref=one.number, what="deducted", text=said, amount=-one.total)
    if invoice.deposits:
        said = f"{invoice.claimed} + VAT {invoice.claimed_tax}"
        yield Link(ref=invoice.number, what="to pay", text=said, amount=invoice.payable)
    for part in invoice.instalments:
        text = f"by {part.due_on}"
        yield Link(ref=invoice.number, what="instalment", text=text, amount=part.amount)


def _order_line(shelves: Shelves, order: Order, line: OrderLine, *, alone: bool) -> Iterator[Link]:
    """Follow an order line: what was agreed, what became of it, and the quote it came from.

    Who asks for one line is also led to those that it is a percentage of.
    """
    quote, path, offered = _offered(shelves, line)
    yield Link(
        ref=order.ref(line),
        what=f"agreed on {order.agreed_on}",
        text=_amount(line),
        amount=line.net,
        path=orders.order_path(order.number),
        steps=chosen_steps(line, offered),
    )
    yield from _revenue(shelves, order, line)
    if order.contract in orders.numbers(shelves.files, "contracts"):
        contract = orders.read_contract(shelves.files, order.contract)
        yield Link(
            ref=contract.number,
            what="contract",
            text=f"accepted by {contract.accepted_by}",
            path=f"{orders.contract_path(contract.number)}.json",
        )
    yield quoted(quote, offered, path)
    if alone:
        yield from based_on(sold_as(quote, order), offered, path)


def _offered(shelves: Shelves, line: OrderLine) -> tuple[Priced, str, Line]:
    """Give the quote that an order line came from, its path, and the line as it was offered."""
    source, _, id_ = line.source.rpartition("/")
    if source not in shelves.read:
        number, _, version = source.partition("/")
        shelves.read[source] = quote_of(shelves.files, number, version)
    quote, path = shelves.read[source]
    return quote, path, next(one for one in quote.lines if one.id == id_)


def _revenue(shelves: Shelves, order: Order, line: OrderLine) -> Iterator[Link]:
    earned = line_balances(shelves.books.records).get(("revenue", order.ref(line)), NONE)
    amount = Money(-earned.amount, order.currency)
    yield Link(
        ref=order.ref(line),
        what="revenue",
        text=f"of {line.net} is recognised to date",
        amount=amount,
    )


def _amount(line: InvoiceLine | OrderLine) -> str:
    return f"{line.name} {line.quantity:f} {line.unit}".rstrip()
