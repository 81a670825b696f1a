"""Hours beyond the prepaid ones: worked hours draw what was granted, and the rest is charged."""

from collections.abc import Collection, Iterator

from msgspec.structs import replace

from q2c.core.billing.delivered import Keyed, by_vat, parted
from q2c.core.billing.owing import Due, Facts, Placing
from q2c.core.billing.phrases import BEYOND, HOUR
from q2c.core.order import Delivery, Order, OrderLine
from q2c.core.party import spoken
from q2c.core.pricing import Rate
from q2c.core.trace import Step
from q2c.core.usage.allowance import Standing, drawdown, overage, paid_of
from q2c.core.usage.hours import NOTHING, span_of
from q2c.core.usage.worked import worked_of


def due_beyond(
    order: Order, line: OrderLine, facts: Facts, billed: Collection[str], at: Placing
) -> Iterator[Due]:
    """Claim the hours beyond the prepaid ones, less those that were claimed before.

    A charge names all hours that led to it, so that the next one begins after them; where they
    are all prepaid there is nothing to charge, and they are looked at again.
    """
    before, fresh = parted(order, line, facts.deliveries, billed, at.through)
    paid = paid_of(order, line, facts.changes)
    known: list[Delivery] = [*before]
    waiting = list[Keyed]()
    already = drawdown(paid, line, before)
    for group in by_vat(fresh, line, at):
        waiting += group
        known += [one for _, one in group]
        now = drawdown(paid, line, known)
        if now.beyond > already.beyond:
            yield _part(order, line, waiting, already, now)
            already, waiting = now, []


def _part(order: Order, line: OrderLine, mine: list[Keyed], before: Standing, now: Standing) -> Due:
    assert line.prepaid is not None, line
    earlier, all_ = overage(line, before.beyond), overage(line, now.beyond)
    hours = now.beyond - before.beyond
    price = line.prepaid.overage
    worked = sum((one.quantity for _, one in mine), NOTHING)
    rule = f"{worked:f} h worked, of which {hours:f} h beyond the prepaid, at {price:f}"
    rate = Rate(model="per-unit", currency=line.net.currency, unit_price=price)
    unit = line.unit if line.charge == "hourly" else spoken(HOUR, order.language)
    return Due(
        keys=tuple(key for key, _ in mine),
        quantity=hours,
        net=all_ - earlier,
        supplied=span_of(one for _, one in mine),
        text=spoken(BEYOND, order.language),
        line=replace(line, rate=rate, unit=unit),
        worked=worked_of(one for _, one in mine),
        steps=(Step(rule, "", earlier.amount, all_.amount),),
    )
