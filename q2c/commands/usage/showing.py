"""q2c usage list, show and balance: what was taken in, what it comes to, and what is prepaid."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated

import typer

from q2c.commands.books import read_books
from q2c.commands.call import At, Through, today
from q2c.commands.desk import tree
from q2c.commands.output import table
from q2c.commands.plain import Row
from q2c.commands.usage.gathering import readings_of
from q2c.commands.words import read_month_word
from q2c.core.billing.prepaying import drawdowns
from q2c.core.order import Order
from q2c.core.period import Period
from q2c.core.prepaid import Drawdown, Grant
from q2c.core.usage.metering import Reading
from q2c.store.orders import read_orders
from q2c.store.usage import read_imports

NONE = Decimal(0)
IMPORTED = ("recorded", "file", "rows", "events", "from", "to")
READ = ("line", "meter", "from", "to", "group", "quantity", "invoiced")
GRANTED = ("grant", "unit", "from", "to", "granted", "used", "rolled", "expired", "left")
Customer = Annotated[str, typer.Option("--customer", metavar="ID", help="Only of one.")]
Ordered = Annotated[str, typer.Option("--order", metavar="ORDER", help="Only of one.")]
Month = Annotated[
    Period | None,
    typer.Option(
        "--period", parser=read_month_word, metavar="MONTH", help="Only periods of a month."
    ),
]


def list_imports(at: At = "") -> None:
    """List the files of events that were taken in.

    Example: q2c usage list
    """
    rows = [
        {
            "recorded": one.recorded[:10],
            "file": one.file,
            "rows": one.rows,
            "events": one.events,
            "from": one.first,
            "to": one.last,
            "moved": len(one.moved),
            "sha256": one.sha256,
            "recorded_by": one.recorded_by,
        }
        for one in read_imports(tree(at))
    ]
    table(rows, IMPORTED)


def show_usage(  # noqa: PLR0913 - an option for each way to choose
    *,
    customer: Customer = "",
    order: Ordered = "",
    meter: Annotated[str, typer.Option("--meter", metavar="ID", help="Only of one.")] = "",
    period: Month = None,
    by_group: Annotated[
        bool, typer.Option("--by-group", help="Also where groups have no prices of their own.")
    ] = False,
    through: Through = None,
    at: At = "",
) -> None:
    """Show what events come to, by order line, billing period and group.

    Invoiced is how much of the quantity was charged; use of a period that is not over counts
    through the day.

    Example: q2c usage show --period 2026-11
    """
    files = tree(at)
    books = read_books(files)
    orders = [*read_orders(files).values()]
    day = counted_through(through, period, today(books.company.time_zone, through))
    found = readings_of(files, orders, day, books.ledger.by_key, grouped=by_group)
    rows = [
        _reading(one, reading)
        for one in orders
        for reading in found.get(one.number, ())
        if customer in ("", one.customer)
        and order in ("", one.number)
        and meter in ("", reading.unit)
        and (period is None or reading.period.last in period)
    ]
    table(rows, READ)


def counted_through(stated: date | None, period: Period | None, now: date) -> date:
    """Count through the end of a period that is asked for, unless a day is stated."""
    return period.last if period and stated is None else now


def _reading(order: Order, reading: Reading) -> Row:
    return {
        "customer": order.customer,
        "line": f"{order.number}/{reading.line}",
        "meter": reading.unit,
        "from": reading.period.first,
        "to": reading.period.last,
        "through": reading.through,
        "group": told_group(reading),
        "quantity": reading.quantity,
        "aggregation": reading.aggregation,
        "events": reading.events,
        "late": reading.late,
        "prepaid": reading.covered,
        "invoiced": reading.billed,
        "files": ", ".join(reading.papers),
    }


def told_group(reading: Reading) -> str:
    """Say which use is meant: `region: eu`."""
    return ", ".join(f"{name}: {value}" for name, value in reading.group)


def balance(*, customer: Customer = "", through: Through = None, at: At = "") -> None:
    """Show what was granted ahead of use, what was used of it, and what is left.

    Granted and what moved on from the grant before are used, rolled, expired and left.

    Example: q2c usage balance --customer fjord-foods
    """
    files = tree(at)
    books = read_books(files)
    orders = [*read_orders(files).values()]
    day = today(books.company.time_zone, through)
    found = readings_of(files, orders, day, books.ledger.by_key)
    rows: list[Row] = []
    for name in sorted({order.customer for order in orders}):
        if customer in ("", name):
            own = [order for order in orders if order.customer == name]
            for grants, down in drawdowns(own, found, day):
                rows += _grants(name, grants, down)
    table(rows, GRANTED)


def _grants(customer: str, grants: Iterable[Grant], down: Drawdown) -> Iterator[Row]:
    for one in grants:
        used = sum((row.quantity for row in down.rows if row.grant.id == one.id), NONE)
        yield {
            "customer": customer,
            "grant": one.id,
            "unit": one.unit,
            "from": one.first,
            "to": one.last,
            "granted": one.quantity,
            "used": used,
            "rolled": down.rolled.get(one.id, NONE),
            "expired": down.expired.get(one.id, NONE),
            "left": down.left.get(one.id, NONE),
        }
