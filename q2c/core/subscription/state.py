"""How an order and its lines stand on a day, with all that was changed of them."""

from collections.abc import Sequence
from datetime import date

from q2c.core.order import Delivery, Order, OrderLine, OrderState, quantity_through
from q2c.core.subscription.changes import Change, changes_of
from q2c.core.subscription.closing import closed
from q2c.core.subscription.stretches import Stretch, stretches


def order_state(
    order: Order, deliveries: Sequence[Delivery], changes: Sequence[Change], day: date
) -> OrderState:
    """Say how far an order is on a day: executed once all is delivered and every service over.

    A line that is closed is done as it is. Where a service is over because it was cancelled, the
    order is cancelled.
    """
    ended = [stands_on(line, changes_of(changes, line.id), day) for line in order.lines]
    cancelled = [one is not None and one.state == "cancelled" for one in ended]
    pairs = zip(order.lines, cancelled, strict=True)
    if not all(
        over or closed(changes, line.id, day) or _done(line, deliveries, day)
        for line, over in pairs
    ):
        return "created"
    return "cancelled" if any(cancelled) else "executed"


def _done(line: OrderLine, deliveries: Sequence[Delivery], day: date) -> bool:
    if line.service:
        return line.service.last <= day
    if line.metering:
        return line.metering.last is not None and line.metering.last <= day
    return quantity_through(deliveries, line.id, day) >= line.quantity


def stands_on(line: OrderLine, changes: Sequence[Change], day: date) -> Stretch | None:
    """Give what holds of a line on a day, of one that was changed: before its service as it begins.

    After its service it stands as it ended.
    """
    if line.service is None or line.every is None or not changes:
        return None
    return at(stretches(line, changes), day)


def at(cut: Sequence[Stretch], day: date) -> Stretch:
    """Give the stretch of a day, or the nearest one outside the service."""
    return next((one for one in cut if day <= one.period.last), cut[-1])
