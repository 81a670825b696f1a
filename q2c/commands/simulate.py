"""q2c simulate: the business run forward month by month, without a file being touched."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

import typer
from msgspec import Struct

from q2c.commands.books import Books, read_books
from q2c.commands.call import At, call, today
from q2c.commands.desk import stamp, tree
from q2c.commands.forward import Step, forward, months_until, with_prices
from q2c.commands.invoices.billing import refuse_unknown
from q2c.commands.invoices.outstanding import read_world, with_use
from q2c.commands.output import hint, table
from q2c.commands.words import read_month_word
from q2c.core.billing import deposit_line
from q2c.core.fault import Fault, Misused
from q2c.core.invoice import Invoice
from q2c.core.money import Money
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
    """What is invoiced and earned under one name in one currency; credits count against it."""

    name: str
    currency: str
    documents: int = 0
    net: int = 0
    vat: int = 0
    revenue: int = 0

    def __add__(self, other: "Row") -> "Row":
        return Row(
            name=self.name,
            currency=self.currency,
            documents=self.documents + other.documents,
            net=self.net + other.net,
            vat=self.vat + other.vat,
            revenue=self.revenue + other.revenue,
        )

    def money(self, minor: int) -> Money:
        """Write an amount of the row."""
        return Money(minor, self.currency)


def simulate(*, until: Until, by: By = "month", customer: Customer = "", at: At = "") -> None:
    """Run the business forward: what every month through the last would invoice.

    Nothing is written. With --at the files are those of a branch, a price rise for one, and
    each row says how it differs from the files as they are.

    Example: q2c simulate --until 2027-03
    """
    here, files = tree(), tree(at)
    books = read_books(here)
    refuse_unknown(customer, customer_ids(files))
    steps = _run(files, books, until, customer)
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
    world = with_prices(read_world(files, customer))
    world = with_use(world, files, books.ledger.by_key, until.last)
    return list(forward(world, books, months, stamp(call().root), files))


def _rows(steps: Sequence[Step], by: str) -> dict[tuple[str, str], Row]:
    """Add up what was invoiced and earned by month, customer or order line, and by currency."""
    found: dict[tuple[str, str], Row] = {}
    for step in steps:
        for one in _of(step, by):
            key = (one.name, one.currency)
            found[key] = found[key] + one if key in found else one
    return found


def _of(step: Step, by: str) -> Iterator[Row]:
    month = month_key(step.month.first)
    for document in step.documents:
        name = month if by == "month" else document.customer
        yield from _by_line(document) if by == "line" else [_whole(document, name)]
    for entry in step.earned:
        for posting in entry.postings:
            if posting.role == "revenue":
                names = {"month": month, "customer": entry.party, "line": posting.line}
                yield Row(name=names[by], currency=posting.currency, revenue=-posting.amount)


def _whole(document: Invoice, name: str) -> Row:
    sign = 1 if document.kind == "invoice" else -1
    return Row(
        name=name,
        currency=document.currency,
        documents=1,
        net=sign * document.claimed.minor,
        vat=sign * document.claimed_tax.minor,
    )


def _by_line(document: Invoice) -> Iterator[Row]:
    """Give a row for each line, and one for what a final invoice deducts."""
    sign = 1 if document.kind == "invoice" else -1
    taken = [(deposit_line(document.order), -one.net) for one in document.deposits]
    for name, net in [*((line.source, line.net) for line in document.lines), *taken]:
        yield Row(name=name, currency=document.currency, documents=1, net=sign * net.minor)


def _columns(by: str, *, compared: bool) -> tuple[str, ...]:
    figures = ("net",) if by == "line" else ("net", "vat")
    beside = ("usual", "difference") if compared else ()
    return (by, "documents", *figures, *beside, "revenue", "currency")


def _told(
    key: tuple[str, str],
    row: Row | None,
    usual: dict[tuple[str, str], Row] | None,
    by: str,
) -> dict[str, object]:
    name, currency = key
    none = Row(name=name, currency=currency)
    one = row or none
    told: dict[str, object] = {
        by: name,
        "documents": one.documents,
        "net": one.money(one.net),
        "vat": one.money(one.vat),
        "revenue": one.money(one.revenue),
        "currency": currency,
    }
    if usual is not None:
        now = usual.get(key, none).net
        told |= {"usual": one.money(now), "difference": one.money(one.net - now)}
    return told


def _closing(steps: Sequence[Step]) -> Iterator[str]:
    """Say what all months come to, and what is held at the end."""
    rows = [row for step in steps for row in _of(step, "customer")]
    for currency in sorted({row.currency for row in rows}):
        mine = [row for row in rows if row.currency == currency]
        net, documents = sum(row.net for row in mine), sum(row.documents for row in mine)
        earned = Money(sum(row.revenue for row in mine), currency)
        told = f"{Money(net, currency)} invoiced without VAT, {earned} earned"
        yield f"{len(steps)} months, {documents} documents: {told}"
    for held in steps[-1].held:
        yield f"  held: {held.order}  {held.customer}  [{held.code}] {held.message}"
    yield "Nothing was written."
