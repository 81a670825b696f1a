"""q2c simulate: the business run forward month by month, without a file being touched."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

import typer
from msgspec import Struct

from q2c.commands.books import Books, read_books
from q2c.commands.call import At, call, today
from q2c.commands.desk import stamp, tree
from q2c.commands.forward import Step, forward, months_until
from q2c.commands.invoices.billing import refuse_unknown
from q2c.commands.invoices.outstanding import read_world, with_use
from q2c.commands.output import hint, table
from q2c.commands.words import read_month_word
from q2c.core.billing import deposit_line
from q2c.core.fault import Fault, Misused
from q2c.core.invoice import Invoice
from q2c.core.money import Money, total
from q2c.core.period import Period
from q2c.core.posting import month_key
from q2c.store.master import customer_ids
from q2c.store.tree import Tree

FARTHEST = 1200  # months; what is farther off is no forecast
Until = Annotated[
    Period,
    typer.Option("--until", parser=read_month_word, metavar="MONTH", help="The last month."),
]
By = Annotated[
    Literal["month", "customer", "line"],
    typer.Option("--by", help="What a row is of."),
]
Customer = Annotated[str, typer.Option("--customer", metavar="ID", help="Only this customer.")]


class Row(Struct, frozen=True, kw_only=True):
    """What is invoiced under one name in one currency; credits count against it."""

    name: str
    currency: str
    invoices: int
    net: Money
    vat: Money


def simulate(*, until: Until, by: By = "month", customer: Customer = "", at: At = "") -> None:
    """Run the business forward: what every month through the last would invoice.

    Nothing is written. With --at the files are those of a branch, a price rise for one, and
    each row says how it differs from the files as they are.

    Example: q2c simulate --until 2028-12
    """
    books, here = read_books(tree()), tree()
    refuse_unknown(customer, customer_ids(tree(at)))
    steps = _run(tree(at), books, until, customer)
    rows = _rows(steps, by)
    usual = _rows(_run(here, books, until, customer), by) if at else None
    keys = sorted({*rows, *(usual or ())})
    table(
        [_told(key, rows.get(key), usual, by) for key in keys],
        _columns(by, compared=usual is not None),
    )
    for line in _closing(steps):
        hint(line)


def _run(files: Tree, books: Books, until: Period, customer: str) -> list[Step]:
    """Run the files of a tree from this month through another."""
    now = today(books.company.time_zone)
    if until.last < now:
        message = f"{month_key(until.last)} is over on {now}."
        raise Misused(Fault("usage", message, remedy="Name this month or a later one."))
    months = months_until(now, until.last)
    if len(months) > FARTHEST:
        message = f"{len(months)} months are too far to see."
        raise Misused(Fault("usage", message, remedy=f"Run at most {FARTHEST}."))
    world = with_use(read_world(files, customer), files, books.ledger.by_key, until.last)
    return list(forward(world, books, months, stamp(call().root), files))


def _rows(steps: Sequence[Step], by: str) -> dict[tuple[str, str], Row]:
    """Add up what was invoiced by month, customer or order line, and by currency."""
    found: dict[tuple[str, str], Row] = {}
    for step in steps:
        for invoice in step.documents:
            for one in _of(invoice, by, month_key(step.month.first)):
                known = found.get((one.name, one.currency))
                found[one.name, one.currency] = _both(known, one) if known else one
    return found


def _of(invoice: Invoice, by: str, month: str) -> Iterator[Row]:
    sign = 1 if invoice.kind == "invoice" else -1
    count = max(0, sign)
    if by == "line":
        taken = [(deposit_line(invoice.order), -one.net) for one in invoice.deposits]
        for name, amount in [*((line.source, line.net) for line in invoice.lines), *taken]:
            net = Money(sign * amount.minor, invoice.currency)
            none = Money(0, invoice.currency)
            yield Row(name=name, currency=invoice.currency, invoices=count, net=net, vat=none)
        return
    yield Row(
        name=month if by == "month" else invoice.customer,
        currency=invoice.currency,
        invoices=count,
        net=Money(sign * invoice.claimed.minor, invoice.currency),
        vat=Money(sign * invoice.claimed_tax.minor, invoice.currency),
    )


def _net(one: Invoice) -> Money:
    return one.claimed if one.kind == "invoice" else -one.claimed


def _both(one: Row, other: Row) -> Row:
    return Row(
        name=one.name,
        currency=one.currency,
        invoices=one.invoices + other.invoices,
        net=one.net + other.net,
        vat=one.vat + other.vat,
    )


def _columns(by: str, *, compared: bool) -> tuple[str, ...]:
    figures = ("net",) if by == "line" else ("net", "vat")
    return (by, "invoices", *figures, *(("now", "difference") if compared else ()), "currency")


def _told(
    key: tuple[str, str],
    row: Row | None,
    usual: dict[tuple[str, str], Row] | None,
    by: str,
) -> dict[str, object]:
    name, currency = key
    none = Row(
        name=name, currency=currency, invoices=0, net=Money(0, currency), vat=Money(0, currency)
    )
    one = row or none
    told: dict[str, object] = {
        by: name,
        "invoices": one.invoices,
        "net": one.net,
        "vat": one.vat,
        "currency": currency,
    }
    if usual is not None:
        now = usual.get(key, none).net
        told |= {"now": now, "difference": one.net - now}
    return told


def _closing(steps: Sequence[Step]) -> Iterator[str]:
    """Say what all months come to, and what is held at the end."""
    invoices = [invoice for step in steps for invoice in step.documents]
    for currency in sorted({invoice.currency for invoice in invoices}):
        mine = [one for one in invoices if one.currency == currency]
        net = total((_net(one) for one in mine), currency)
        yield f"{len(steps)} months, {len(mine)} documents: {net} without VAT"
    for held in steps[-1].held:
        yield f"  held: {held.order}  {held.customer}  [{held.code}] {held.message}"
    yield "Nothing was written."
