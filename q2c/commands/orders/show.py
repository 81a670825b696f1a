"""What is shown of orders: their lines, and how far they are."""

from collections.abc import Sequence
from datetime import date

from q2c.commands.call import At, DateOption, today
from q2c.commands.desk import tree
from q2c.commands.orders.changed import change_told
from q2c.commands.orders.named import Number
from q2c.commands.output import laid_out, say, table
from q2c.commands.plain import fields_of
from q2c.commands.recurs import terms_told
from q2c.commands.visible import WIDE
from q2c.core.billing import come
from q2c.core.catalog import PERCENTAGES
from q2c.core.money import Money, grouped
from q2c.core.order import (
    Delivery,
    Order,
    OrderLine,
    OrderState,
    quantity_through,
)
from q2c.core.subscription import Change, order_state
from q2c.store.changes import all_changes, read_changes
from q2c.store.master import read_company
from q2c.store.orders import all_deliveries, read_deliveries, read_order, read_orders


def list_orders(*, at: At = "", day: DateOption = None) -> None:
    """List the orders, and whether they are executed.

    Example: q2c order list
    """
    files = tree(at)
    on, orders = today(read_company(files).time_zone, day), read_orders(files)
    deliveries, changes = all_deliveries(files, [*orders]), all_changes(files, [*orders])
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
            "state": order_state(
                order, come(order, deliveries[order.number]), changes[order.number], on
            ),
        }
        for order in orders.values()
    ]
    table(rows, ("number", "customer", "title", "agreed_on", "net", "state"))


def show_order(number: Number, *, at: At = "", day: DateOption = None) -> None:
    """Show an order: its lines, what was delivered of them, and what was changed.

    Example: q2c order show O-2026-0001
    """
    files = tree(at)
    order, on = read_order(files, number), today(read_company(files).time_zone, day)
    deliveries = come(order, read_deliveries(files, number), on)
    delivered = {line.id: quantity_through(deliveries, line.id, date.max) for line in order.lines}
    changes = read_changes(files, number)
    stands = order_state(order, deliveries, changes, on)
    row = {**fields_of(order), "net": order.net, "state": stands, "delivered": delivered}
    told = [
        _told(order, deliveries, stands),
        *(change_told(order, one) for one in sorted(changes, key=_day)),
    ]
    say({**row, "deliveries": list(deliveries), "changes": list(changes)}, "\n".join(told))


def _day(change: Change) -> date:
    return change.date


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
    told += [f"{line.id}  {words}" for line in order.lines for words in terms_told(line)]
    told += [_delivery_told(order, delivery) for delivery in deliveries]
    return "\n".join(line for line in told if line)


def _line_cells(line: OrderLine, deliveries: Sequence[Delivery]) -> tuple[str, ...]:
    done, over = done_of(line, deliveries), line.service or line.metering
    last = over.last if over else None
    return (
        line.id,
        line.name,
        _ordered(line),
        f"to {last}" if last else "" if line.metering else done,
        line.bill,
        grouped(line.net.amount),
    )


def _ordered(line: OrderLine) -> str:
    """Write how much was ordered: units, or the amount that a percentage is of."""
    if line.rate.model in PERCENTAGES:
        return f"of {grouped(Money.of(line.quantity, line.net.currency).amount)}"
    return "by use" if line.metering else f"{grouped(line.quantity)} {line.unit}"


def done_of(line: OrderLine, deliveries: Sequence[Delivery]) -> str:
    """Write how much of a line is delivered."""
    return grouped(quantity_through(deliveries, line.id, date.max).normalize())


def _delivery_told(order: Order, delivery: Delivery) -> str:
    line = order.line(delivery.line)
    what = f"{delivery.date}  {delivery.line}  {grouped(delivery.quantity)} {line.unit}"
    return "  ".join(part for part in (what, delivery.person, delivery.note, _by(delivery)) if part)


def _by(delivery: Delivery) -> str:
    return f"by {delivery.tag}" if delivery.tag else ""
