"""What is due of an order line through a day: each charge type falls due in a way of its own."""

from collections.abc import Collection, Iterator

from q2c.core.billing.beyond import due_beyond
from q2c.core.billing.delivered import due_on_delivery, due_on_order
from q2c.core.billing.metered import due_of_use
from q2c.core.billing.milestones import named
from q2c.core.billing.owing import Due, Facts, Placing
from q2c.core.billing.recurring import due_by_period
from q2c.core.order import Order, OrderLine


def due(
    order: Order, line: OrderLine, facts: Facts, billed: Collection[str], at: Placing
) -> Iterator[Due]:
    """Say what is due of an order line through a day and not billed."""
    if line.charge == "recurring":
        yield from due_by_period(order, line, facts, billed, at.through)
    elif line.meter:
        # Use of a period that is not over on the day of the invoice is not known yet.
        over = min(at.through, at.issue_on)
        yield from due_of_use(order, line, facts.readings, billed, over)
    elif line.bill == "on-order":
        yield from due_on_order(order, line, billed, at.through)
    else:
        dues = due_on_delivery(order, line, facts, billed, at)
        yield from named(order, line, dues, facts.deliveries) if line.milestone else dues
    if line.prepaid:
        yield from due_beyond(order, line, facts, billed, at)
