"""q2c order deliver: goods, hours or milestones are handed over."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated

import typer

from q2c.commands.call import Commit, DateOption, DryRun, Message, today
from q2c.commands.desk import desk, stamp
from q2c.commands.orders.named import Number
from q2c.commands.orders.show import done_of
from q2c.commands.orders.stamping import stamped_delivery
from q2c.commands.output import check_fields, say
from q2c.commands.words import read_number
from q2c.core.billing import coming, delivery_key
from q2c.core.fault import Fault, Stale
from q2c.core.money import grouped
from q2c.core.order import Delivery, Order, OrderLine, checked, quantity_through
from q2c.store.ledger import read_ledger
from q2c.store.master import read_company
from q2c.store.orders import delivery_lines, events_path, order_path, read_deliveries, read_order
from q2c.store.tree import Tree


def deliver(  # noqa: PLR0913 - a flag for each thing that is recorded
    number: Number,
    line: Annotated[str, typer.Option("--line", metavar="N", help="The order's line.")],
    quantity: Annotated[
        Decimal,
        typer.Option(
            "--qty", parser=read_number, metavar="NUMBER", help="How much; -2 takes back 2."
        ),
    ],
    *,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What it was.")] = "",
    person: Annotated[str, typer.Option("--person", metavar="NAME", help="Whose work.")] = "",
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Record a delivery of goods, hours or milestones.

    A negative quantity takes back what was recorded in error and is not invoiced.

    Example: q2c order deliver O-2026-0001 --line 1 --qty 1
    """
    from q2c.store.writing import Change

    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        order, earlier = read_order(at.tree, number), read_deliveries(at.tree, number)
        on = today(read_company(at.tree).time_zone, day)
        come = _come(order, line, earlier, on)
        asked = Delivery(date=on, line=line, quantity=quantity, note=note, person=person)
        new = stamped_delivery(checked(order, [*earlier, *come], asked), stamp(at.root))
        if quantity < 0:
            _refuse_billed(at.tree, order, order.line(line), [*earlier, *come], quantity)
        check_fields(new)
        known = [stamped_delivery(one, stamp(at.root)) for one in come]
        lines = {events_path(number): delivery_lines(earlier, [*known, new])}
        subject = f"Deliver {quantity:f} of {order.ref(order.line(line))}"
        told = at.write(Change(appended=lines), subject, [order_path(number)])
    say(new, f"{_so_far(order, order.line(line), [*earlier, *come, new])}\n{told}")


def _come(order: Order, line: str, earlier: Sequence[Delivery], day: date) -> list[Delivery]:
    """Give what the line's own day has delivered, so that it can be taken back."""
    return [one for one in coming(order, earlier) if one.line == line and one.date <= day]


def _refuse_billed(
    files: Tree, order: Order, line: OrderLine, earlier: Sequence[Delivery], quantity: Decimal
) -> None:
    """Refuse to take back what was invoiced already."""
    billed = read_ledger(files).by_key
    open_ = sum(
        (
            delivery.quantity
            for place, delivery in enumerate(earlier)
            if delivery.line == line.id and delivery_key(order, line, place) not in billed
        ),
        Decimal(0),
    )
    if line.bill == "on-delivery" and open_ + quantity < 0:
        message = (
            f"Only {grouped(open_)} {line.unit} of {order.ref(line)} are not invoiced yet; "
            f"{grouped(-quantity)} cannot be taken back."
        )
        remedy = "Give back what was invoiced by a credit note: q2c invoice credit"
        raise Stale(Fault("delivery-billed", message, remedy=remedy))


def _so_far(order: Order, line: OrderLine, deliveries: Sequence[Delivery]) -> str:
    whole = f"{done_of(line, deliveries)} of {grouped(line.quantity)} {line.unit}"
    beyond = quantity_through(deliveries, line.id, date.max) - line.quantity
    more = f", {grouped(beyond.normalize())} more than ordered" if beyond > 0 else ""
    return f"{order.ref(line)} {line.name}: {whole} delivered{more}."
