"""q2c time show: the hours and expenses that are recorded."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated

import typer
from msgspec import Struct

from q2c.commands.call import At, call
from q2c.commands.desk import tree
from q2c.commands.output import hint, table
from q2c.commands.plain import Row
from q2c.commands.words import read_day
from q2c.core.money import Money, grouped
from q2c.core.order import Delivery, Order, OrderLine
from q2c.core.usage import Staff
from q2c.core.usage.staff import folded
from q2c.store.orders import read_deliveries, read_order, read_orders
from q2c.store.timemap import read_staff
from q2c.store.tree import Tree

COLUMNS = ("date", "order", "line", "person", "hours", "note")


class Wanted(Struct, frozen=True, kw_only=True):
    """Which rows are wanted: of whom, of which project, on which days."""

    person: str
    project: str
    first: date
    last: date

    def has(self, one: Delivery) -> bool:
        """Say whether a delivery is one of them."""
        mine = self.person in ("", folded(one.person), one.staff)
        ours = self.project in ("", folded(one.project))
        return mine and ours and self.first <= one.date <= self.last


def show_time(  # noqa: PLR0913 - a flag for each thing that rows are chosen by
    *,
    order: Annotated[str, typer.Option("--order", metavar="ORDER", help="Only of one.")] = "",
    person: Annotated[str, typer.Option("--person", metavar="NAME", help="Only of one.")] = "",
    project: Annotated[str, typer.Option("--project", metavar="NAME", help="Only of one.")] = "",
    first: Annotated[
        date | None, typer.Option("--from", parser=read_day, metavar="DAY", help="From a day.")
    ] = None,
    last: Annotated[
        date | None, typer.Option("--to", parser=read_day, metavar="DAY", help="Through a day.")
    ] = None,
    inside: Annotated[
        bool, typer.Option("--inside", help="What the hours cost us, which no customer sees.")
    ] = False,
    at: At = "",
) -> None:
    """List the hours and expenses that are recorded.

    Example: q2c time show --person "Maja Lind" --from 2026-11-01 --to 2026-11-30
    """
    files = tree(at)
    wanted = Wanted(
        person=folded(person),
        project=folded(project),
        first=first or date.min,
        last=last or date.max,
    )
    staff = read_staff(files) if inside else Staff()
    orders = {order: read_order(files, order)} if order else read_orders(files)
    rows = list(_rows(files, orders, wanted, staff))
    rows.sort(key=lambda row: (str(row["date"]), str(row["order"])))
    spent = any(row["amount"] for row in rows)
    projects = len({row["project"] for row in rows}) > 1
    # A terminal has room for what differs; a program gets the same columns each time.
    whole = call().mode != "text"
    shown = {"project": whole or projects, "amount": whole or spent, "cost": inside}
    more = [name for name, there in shown.items() if there]
    table(rows, (*COLUMNS[:-1], *more, "note"))
    hours = sum((row["hours"] for row in rows if isinstance(row["hours"], Decimal)), Decimal(0))
    if rows:
        hint(f"{grouped(round(hours, 2).normalize())} hours")


def _rows(files: Tree, orders: dict[str, Order], wanted: Wanted, staff: Staff) -> Iterator[Row]:
    for number, known in orders.items():
        for one in read_deliveries(files, number):
            line = known.line(one.line)
            if (line.takes_hours or line.charge == "expense") and wanted.has(one):
                yield _row(known, line, one, staff)


def _row(order: Order, line: OrderLine, one: Delivery, staff: Staff) -> Row:
    spent = line.charge == "expense"
    person = staff.by_name.get(folded(one.staff or one.person)) if staff.people else None
    cost = person.cost_on(one.date, order.currency) if person and not spent else None
    return {
        "date": one.date,
        "order": order.number,
        "line": one.line,
        "person": one.person,
        "role": one.role,
        "project": one.project,
        "hours": None if spent else one.quantity,
        "amount": Money.of(one.quantity, order.currency) if spent else None,
        "paid": one.paid,
        "receipt": one.receipt.path if one.receipt else "",
        "cost": None if cost is None else Money.of(cost * one.quantity, order.currency),
        "note": one.note,
    }
