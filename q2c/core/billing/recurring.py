"""What recurs: a charge for each billing period, in advance or in arrears."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from fractions import Fraction

from msgspec import Struct

from q2c.core.billing.owing import Due, Facts
from q2c.core.billing.revising import due_when_changed
from q2c.core.money import Money
from q2c.core.order import Order, OrderLine
from q2c.core.period import Period
from q2c.core.subscription import Slot, changes_of, periods_of, slots
from q2c.core.subscription.wording import Tongue, free_told
from q2c.core.trace import Step, mixed


def due_by_period(
    order: Order, line: OrderLine, facts: Facts, billed: Collection[str], through: date
) -> Iterator[Due]:
    """Claim each billing period that has begun, or ended, and is not billed.

    Of a line that was changed also what a period that was billed costs more or less by now.
    """
    changes = changes_of(facts.changes, line.id)
    if changes:
        at = (through, Tongue(order.language, facts.units))
        yield from due_when_changed(line, order.ref(line), changes, billed, at)
        return
    if not any(key not in billed for key in _ready(order, line, periods_of(line), through)):
        return  # most lines on most days, so nothing is worked out for them
    parts = list(instalments(line))
    keys = _ready(order, line, (part.service for part in parts), through)
    for part, key in zip(parts, keys, strict=False):
        if key not in billed:
            yield Due(
                keys=(key,),
                quantity=line.quantity,
                net=part.net,
                supplied=part.service,
                service=part.service,
                text=free_told(part.slot, order.language),
                steps=(*line.steps, part.step),
            )


def _ready(
    order: Order, line: OrderLine, services: Iterable[Period], through: date
) -> Iterator[str]:
    """Name the charges of the billing periods that have begun, or ended, one after another."""
    for service in services:
        ready = service.last if line.bill == "in-arrears" else service.first
        if ready > through:
            return  # as are all after it
        yield f"{order.ref(line)}:{service.first}..{service.last}"


class Instalment(Struct, frozen=True):
    """The part of a recurring line that falls on one billing period."""

    slot: Slot
    net: Money
    step: Step

    @property
    def service(self) -> Period:
        """The days that it is for."""
        return self.slot.service


def instalments(line: OrderLine) -> Iterator[Instalment]:
    """Split a recurring line over its billing periods; the parts add up to what was agreed.

    A whole period costs one of those that are `paid`; a period that the service covers in part
    costs the part that the line's `proration` makes it, a free one nothing. Each is the rounded
    amount through its end less the rounded amount before it; the last takes what is left.
    """
    sum_, billed, paid = Fraction(0), Money(0, line.net.currency), line.paid or 1
    found = slots(line)
    for slot in found:
        sum_ += slot.weight
        through = line.net if slot is found[-1] else line.net.share(sum_ / paid)
        net = through - billed
        yield Instalment(slot, net, _step(line, slot, net))
        billed = through


def _step(line: OrderLine, slot: Slot, net: Money) -> Step:
    part = f"{slot.service.days} of {slot.whole.days} days of {slot.whole}"
    how = "" if line.proration == "days" else f", counted by '{line.proration}'"
    over = f" over {mixed(line.paid)} periods" if line.paid > 1 else ""
    rule = f"{line.net}{over}: {part}{how}" if slot.charged else f"free of charge: {part}"
    return Step(rule, "", line.net.amount, net.amount)
