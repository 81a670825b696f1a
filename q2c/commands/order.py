"""q2c order: what is to be delivered, and what has been."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated

import typer
from msgspec.structs import replace

from q2c.commands.call import At, Commit, DateOption, DryRun, Message, today
from q2c.commands.desk import Stamp, desk, stamp, tree
from q2c.commands.output import check_fields, laid_out, say, table
from q2c.commands.plain import fields_of
from q2c.commands.visible import WIDE
from q2c.commands.words import read_number
from q2c.core.billing import delivery_key
from q2c.core.catalog import PERCENTAGES
from q2c.core.fault import Fault, Stale
from q2c.core.money import Money, grouped
from q2c.core.order import (
    Delivery,
    Order,
    OrderLine,
    OrderState,
    checked,
    order_state,
    quantity_through,
)
from q2c.store.ledger import read_ledger
from q2c.store.master import read_company
from q2c.store.orders import (
    all_deliveries,
    delivery_lines,
    events_path,
    order_path,
    read_deliveries,
    read_order,
    read_orders,
)
from q2c.store.tree import Tree

Number = Annotated[str, typer.Argument(metavar="ORDER", help="An order, such as O-2026-0001.")]


def list_orders(*, at: At = "", day: DateOption = None) -> None:
    """List the orders, and whether they are executed.

    Example: q2c order list
    """
    files = tree(at)
    on, orders = today(read_company(files).time_zone, day), read_orders(files)
    deliveries = all_deliveries(files, [*orders])
    rows = [
        {
            "number": order.number,
            "customer": order.customer,
            "title": order.title,
            "agreed_on": order.agreed_on,
            "net": order.net,
            "po": order.po,
            "contract": order.contract,
            "source": order.source,
            "state": order_state(order, deliveries[order.number], on),
        }
        for order in orders.values()
    ]
    table(rows, ("number", "customer", "title", "agreed_on", "net", "state"))


def show_order(number: Number, *, at: At = "", day: DateOption = None) -> None:
    """Show an order: its lines, and what was delivered of them.

    Example: q2c order show O-2026-0001
    """
    files = tree(at)
    order, deliveries = read_order(files, number), read_deliveries(files, number)
    delivered = {line.id: quantity_through(deliveries, line.id, date.max) for line in order.lines}
    stands = order_state(order, deliveries, today(read_company(files).time_zone, day))
    row = {**fields_of(order), "net": order.net, "state": stands, "delivered": delivered}
    say({**row, "deliveries": list(deliveries)}, _told(order, deliveries, stands))


def _told(order: Order, deliveries: Sequence[Delivery], stands: OrderState) -> str:
    facts = (
        order.customer,
        f"agreed on {order.agreed_on}",
        f"contract {order.contract}",
        f"from {order.source}",
        order.po and f"order number {order.po}",
    )
    heads = ("#", "product", "ordered", "delivered", "billed", "net")
    rows = [_line_cells(line, deliveries) for line in order.lines]
    lines = laid_out(heads, rows, (True, False, True, True, False, True), WIDE)
    told = ["  ".join([f"{order.number} ({stands})", *filter(None, facts)]), order.title]
    told += [f"  {line}" for line in lines]
    told += [_delivery_told(order, delivery) for delivery in deliveries]
    return "\n".join(line for line in told if line)


def _line_cells(line: OrderLine, deliveries: Sequence[Delivery]) -> tuple[str, ...]:
    done = _done(line, deliveries)
    return (
        line.id,
        line.name,
        _ordered(line),
        f"to {line.service.last}" if line.service else done,
        line.bill,
        grouped(line.net.amount),
    )


def _ordered(line: OrderLine) -> str:
    """Write how much was ordered: units, or the amount that a percentage is of."""
    if line.rate.model in PERCENTAGES:
        return f"of {grouped(Money.of(line.quantity, line.net.currency).amount)}"
    return f"{grouped(line.quantity)} {line.unit}"


def _done(line: OrderLine, deliveries: Sequence[Delivery]) -> str:
    return grouped(quantity_through(deliveries, line.id, date.max).normalize())


def _delivery_told(order: Order, delivery: Delivery) -> str:
    line = order.line(delivery.line)
    what = f"{delivery.date}  {delivery.line}  {grouped(delivery.quantity)} {line.unit}"
    return "  ".join(part for part in (what, delivery.person, delivery.note) if part)


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
        asked = Delivery(date=on, line=line, quantity=quantity, note=note, person=person)
        new = stamped_delivery(checked(order, earlier, asked), stamp(at.root))
        if quantity < 0:
            _refuse_billed(at.tree, order, order.line(line), earlier, quantity)
        check_fields(new)
        lines = {events_path(number): delivery_lines(earlier, [new])}
        subject = f"Deliver {quantity:f} of {order.ref(order.line(line))}"
        told = at.write(Change(appended=lines), subject, [order_path(number)])
    say(new, f"{_so_far(order, order.line(line), [*earlier, new])}\n{told}")


def stamped_delivery(delivery: Delivery, mark: Stamp) -> Delivery:
    """Write into a delivery who recorded it, when and how."""
    return replace(
        delivery,
        recorded=mark.recorded,
        recorded_by=mark.by,
        commit=mark.commit,
        program=mark.program,
    )


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
    whole = f"{_done(line, deliveries)} of {grouped(line.quantity)} {line.unit}"
    beyond = quantity_through(deliveries, line.id, date.max) - line.quantity
    more = f", {grouped(beyond.normalize())} more than ordered" if beyond > 0 else ""
    return f"{order.ref(line)} {line.name}: {whole} delivered{more}."
