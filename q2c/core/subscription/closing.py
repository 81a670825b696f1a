"""Closing: nothing more is delivered on account of an order, so what it comes to is settled."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from q2c.core.fault import Fault, Invalid
from q2c.core.order import Delivery, Order, OrderLine, quantity_through
from q2c.core.subscription.changes import Change


def closed(changes: Iterable[Change], line: str, day: date) -> bool:
    """Say whether nothing more is delivered of a line, by a day."""
    return any(one.kind == "close" and one.line == line and one.date <= day for one in changes)


def closing(
    order: Order,
    deliveries: Sequence[Delivery],
    changes: Sequence[Change],
    day: date,
    reason: str,
) -> list[Change]:
    """Close the lines of an order that are owed as delivered, where less was than agreed.

    Refuses where a line with a fixed price is not delivered: that was agreed as a whole.
    """
    if day < order.agreed_on:
        message = f"{order.number} was agreed on {order.agreed_on}; {day} lies before."
        raise Invalid(Fault("change-outside", message, remedy="Give the day with --date."))
    left = [line for line in order.lines if _is_left(line, deliveries, day)]
    fixed = [_undelivered(order, line) for line in left if not line.open_ended]
    if fixed:
        raise Invalid(*fixed)
    open_ = [line for line in left if not closed(changes, line.id, day)]
    if not open_:
        message = f"Nothing of {order.number} waits to be delivered on account by {day}."
        remedy = "What recurs ends with its term, or by q2c order cancel."
        raise Invalid(Fault("nothing-open", message, remedy=remedy))
    return list(_closed(open_, day, reason))


def _closed(lines: Iterable[OrderLine], day: date, reason: str) -> Iterator[Change]:
    for line in lines:
        yield Change(kind="close", date=day, line=line.id, note=reason)


def _is_left(line: OrderLine, deliveries: Sequence[Delivery], day: date) -> bool:
    """Say whether less of a line is delivered than was agreed; what runs by days is not."""
    if line.charge == "recurring" or line.service or line.metering or line.prepaid or line.grants:
        return False
    return quantity_through(deliveries, line.id, day) < line.quantity


def _undelivered(order: Order, line: OrderLine) -> Fault:
    message = f"{order.ref(line)} {line.name} has a fixed price and is not delivered."
    remedy = f"Deliver it first: q2c order deliver {order.number} --line {line.id} --qty NUMBER"
    return Fault("not-delivered", message, remedy=remedy)
