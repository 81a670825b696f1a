"""q2c time balance: the statement of prepaid hours, grant by grant."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

import typer

from q2c.commands.call import At, call, today
from q2c.commands.desk import tree
from q2c.commands.output import hint, table
from q2c.commands.plain import Row
from q2c.commands.words import read_day
from q2c.core.money import Money, grouped, rounded, total
from q2c.core.order import Order, OrderLine
from q2c.core.prepaid import Grant
from q2c.core.usage.allowance import Standing, drawdown, paid_of
from q2c.store.changes import read_changes
from q2c.store.master import read_company
from q2c.store.orders import read_deliveries, read_order, read_orders
from q2c.store.tree import Tree

COLUMNS = (
    *("line", "from", "to", "opening", "granted", "used", "rolled", "expired", "closing"),
    *("beyond", "deferred"),
)
# What a terminal has room for; the hints below the table tell the rest.
NARROW = ("line", "to", "opening", "granted", "used", "rolled", "expired", "closing")
NONE = Decimal(0)


def balance(
    *,
    customer: Annotated[str, typer.Option("--customer", metavar="ID", help="Only of one.")] = "",
    order: Annotated[str, typer.Option("--order", metavar="ORDER", help="Only of one.")] = "",
    through: Annotated[
        date | None,
        typer.Option("--through", parser=read_day, metavar="DAY", help="Through a day.  [today]"),
    ] = None,
    at: At = "",
) -> None:
    """Show what was granted of prepaid hours, what was worked of them, and what is left.

    Opening is what moved on from the grant before, closing what may still be used; deferred
    is what was paid for that. Opening and granted are used, rolled, expired and closing.

    Example: q2c time balance --customer fjord-foods --through 2026-11-30
    """
    files = tree(at)
    day = today(read_company(files).time_zone, through)
    orders = [read_order(files, order)] if order else [*read_orders(files).values()]
    rows = [
        row
        for one in orders
        if customer in ("", one.customer)
        for line in one.lines
        if line.prepaid
        for row in _rows(files, one, line, day)
    ]
    table(rows, NARROW if call().mode == "text" else COLUMNS)
    for said in _told(rows, day):
        hint(said)


def _told(rows: Sequence[Row], day: date) -> Iterator[str]:
    """Say what is left and what was paid for it, and what was worked beyond, by order line."""
    for name in dict.fromkeys(str(row["line"]) for row in rows):
        mine = [row for row in rows if row["line"] == name]
        left, beyond = _sum(mine, "closing"), _sum(mine, "beyond")
        held = [row["deferred"] for row in mine if isinstance(row["deferred"], Money)]
        paid = f" ({total(held, held[0].currency)})" if left else ""
        more = f", {grouped(beyond)} worked beyond" if beyond else ""
        yield f"{name}: {grouped(left)} hours left on {day}{paid}{more}."


def _sum(rows: Sequence[Row], name: str) -> Decimal:
    found = (row[name] for row in rows)
    return _plain(sum((hours for hours in found if isinstance(hours, Decimal)), NONE))


def _rows(files: Tree, order: Order, line: OrderLine, day: date) -> Iterator[Row]:
    """Give a row for each grant that has begun by a day, or that hours have moved on to."""
    paid = paid_of(order, line, read_changes(files, order.number))
    found = drawdown(paid, line, read_deliveries(files, order.number), day)
    opening = NONE
    for number, one in enumerate(paid):
        if one.grant.first > day and not opening:
            return
        after = paid[number + 1].grant.first if number + 1 < len(paid) else date.max
        first = one.grant.first if number else date.min
        over = (draw.quantity for draw in found.down.over if first <= draw.day < after)
        granted = one.grant.quantity if one.grant.first <= day else NONE
        row = _row(order, line, found, one.grant, opening + granted)
        more = {"opening": opening, "granted": granted, "beyond": sum(over, NONE)}
        yield {**row, **{name: _plain(hours) for name, hours in more.items()}}
        opening = found.down.rolled.get(one.grant.id, NONE)


def _row(order: Order, line: OrderLine, found: Standing, grant: Grant, had: Decimal) -> Row:
    """Say what became of the hours of a grant, those that moved on to it with them."""
    used = sum((row.quantity for row in found.down.rows if row.grant.id == grant.id), NONE)
    rolled = found.down.rolled.get(grant.id, NONE)
    expired = found.down.expired.get(grant.id, NONE)
    closing = had - used - rolled - expired
    held = found.values[grant.id] * Fraction(closing)
    return {
        "customer": order.customer,
        "order": order.number,
        "line": order.ref(line),
        "from": grant.first,
        "to": grant.last,
        "used": _plain(used),
        "rolled": _plain(rolled),
        "expired": _plain(expired),
        "closing": _plain(closing),
        "deferred": Money(rounded(held.numerator, held.denominator), line.net.currency),
    }


def _plain(hours: Decimal) -> Decimal:
    """Give hours without zeros at their end."""
    return hours.normalize() + NONE
