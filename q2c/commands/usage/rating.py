"""q2c usage rate: what use costs, the whole way from events to the amount."""

from typing import Annotated

import typer

from q2c.commands.books import read_books
from q2c.commands.call import At, Through, call, today
from q2c.commands.desk import tree
from q2c.commands.output import say, table
from q2c.commands.plain import Row
from q2c.commands.steps import steps_told
from q2c.commands.usage.gathering import readings_of
from q2c.commands.usage.showing import Month, counted_through, told_group
from q2c.core.billing.rating import Rated, rated, rated_steps
from q2c.core.money import Money, grouped
from q2c.core.order import Order, OrderLine
from q2c.store.orders import read_order, read_orders

COLUMNS = ("line", "from", "to", "group", "quantity", "amount")
Explain = Annotated[bool, typer.Option("--explain", help="Tell the way from events to amounts.")]


def rate_usage(
    *,
    order: Annotated[str, typer.Option("--order", metavar="ORDER", help="Of which order.")],
    period: Month = None,
    explain: Explain = False,
    through: Through = None,
    at: At = "",
) -> None:
    """Say what the use of an order costs, period by period, whether or not it was invoiced.

    Use of a period that is not over costs what it would if no more came.

    Example: q2c usage rate --order O-2026-0001 --period 2026-11 --explain
    """
    files = tree(at)
    asked, orders = read_order(files, order), [*read_orders(files).values()]
    day = counted_through(through, period, today(read_books(files).company.time_zone, through))
    found = readings_of(files, orders, day)
    known = [
        (line, one)
        for line in asked.lines
        if line.meter
        for one in rated(line, [r for r in found.get(order, ()) if r.line == line.id])
        if period is None or one.reading.period.last in period
    ]
    rows = [_row(asked, line, one) for line, one in known]
    if explain and call().mode in ("text", "tsv") and not call().fields:
        say({"order": order}, "\n".join(_told(asked, line, one) for line, one in known))
    else:
        table(rows, COLUMNS)


def _row(order: Order, line: OrderLine, one: Rated) -> Row:
    reading = one.reading
    return {
        "line": order.ref(line),
        "meter": reading.unit,
        "from": reading.period.first,
        "to": reading.period.last,
        "group": told_group(reading),
        "quantity": reading.quantity,
        "events": reading.events,
        "prepaid": reading.covered,
        "amount": _amount(line, one),
        "steps": tuple(rated_steps(line, one)),
    }


def _amount(line: OrderLine, one: Rated) -> Money:
    return one.net - Money.of(one.reading.paid, line.net.currency)


def _told(order: Order, line: OrderLine, one: Rated) -> str:
    """Write out how the events of a reading became an amount."""
    group = told_group(one.reading)
    head = f"{order.ref(line)}  {line.name}{f', {group}' if group else ''}"
    amount = _amount(line, one)
    told = f"{head}   {one.reading.period}   {grouped(amount.amount)} {amount.currency}"
    return "\n".join([told, *steps_told([*rated_steps(line, one)])])
