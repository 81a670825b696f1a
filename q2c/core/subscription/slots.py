"""Slots: the billing periods of a line, and how many whole ones each of them costs."""

from collections.abc import Iterator
from fractions import Fraction

from msgspec import Struct

from q2c.core.order import OrderLine
from q2c.core.period import Free, Period, billing_periods, interval, measured_by, part_of


class Slot(Struct, frozen=True, kw_only=True):
    """A billing period of a line: the whole of it, and its days of service.

    It weighs as many whole billing periods as it costs, and all `before` it so many together.
    """

    whole: Period
    service: Period
    before: Fraction
    weight: Fraction
    charged: bool = True


def slots(line: OrderLine) -> list[Slot]:
    """Give the billing periods of a line; the last weighs what is left of those that are paid.

    A part of one weighs what the line's `proration` makes it, a free one nothing.
    """
    assert line.service is not None, line
    free, before, found = line.free or Free(), Fraction(0), list[Slot]()
    periods = list(_whole_periods(line))
    for number, whole in enumerate(periods):
        service, charged = whole.within(line.service), not free.covers(number, len(periods))
        weight = part_of(whole, service, line.proration) if charged else Fraction(0)
        if whole is periods[-1]:
            weight = line.paid - before
        slot = Slot(whole=whole, service=service, before=before, weight=weight, charged=charged)
        found.append(slot)
        before += weight
    return found


def periods_of(line: OrderLine) -> Iterator[Period]:
    """Yield the days of service in each billing period of a line, which are those of its slots."""
    assert line.service is not None, line
    return (whole.within(line.service) for whole in _whole_periods(line))


def _whole_periods(line: OrderLine) -> Iterator[Period]:
    assert line.every is not None, line
    assert line.service is not None, line
    return billing_periods(line.service, interval(line.every), line.align, line.anchor)


def weight_of(slot: Slot, part: Period, line: OrderLine) -> Fraction:
    """Say how much of a slot's weight falls on some days of it; the days together have all of it.

    Counted as the line counts parts of a billing period, or by days where it does not.
    """
    policy = measured_by(line.proration)
    served = part_of(slot.whole, slot.service, policy)
    if not served:
        return slot.weight * Fraction(part.days, slot.service.days)
    return slot.weight * part_of(slot.whole, part, policy) / served
