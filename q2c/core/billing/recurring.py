"""What recurs: a charge for each billing period, in advance or in arrears."""

from collections.abc import Collection, Iterator
from datetime import date
from fractions import Fraction

from msgspec import Struct

from q2c.core.billing.owing import Due, Facts
from q2c.core.money import Money
from q2c.core.order import Order, OrderLine
from q2c.core.period import Free, Period, billing_periods, common, interval, part_of
from q2c.core.trace import Step, mixed


def due_by_period(
    order: Order, line: OrderLine, _facts: Facts, billed: Collection[str], through: date
) -> Iterator[Due]:
    """Claim each billing period that has begun, or ended, and is not billed."""
    for part in instalments(line):
        key = f"{order.ref(line)}:{part.service.first}..{part.service.last}"
        ready = part.service.last if line.bill == "in-arrears" else part.service.first
        if ready > through:
            return  # as are all after it
        if key not in billed:
            yield Due(
                keys=(key,),
                quantity=line.quantity,
                net=part.net,
                supplied=part.service,
                service=part.service,
                steps=(*line.steps, part.step),
            )


class Instalment(Struct, frozen=True):
    """The part of a recurring line that falls on one billing period."""

    service: Period
    net: Money
    step: Step


def instalments(line: OrderLine) -> Iterator[Instalment]:
    """Split a recurring line over its billing periods; the parts add up to what was agreed.

    A whole period costs one of those that are `paid`; a period that the service covers in part
    costs the part that the line's `proration` makes it, a free one nothing. Each is the rounded
    amount through its end less the rounded amount before it; the last takes what is left.
    """
    assert line.every is not None, line
    assert line.service is not None, line
    every, free = interval(line.every), line.free or Free()
    periods = list(billing_periods(line.service, every, line.align, line.anchor))
    sum_, billed = Fraction(0), Money(0, line.net.currency)
    for number, whole in enumerate(periods):
        service, charged = whole.within(line.service), not free.covers(number, len(periods))
        sum_ += part_of(whole, service, line.proration) if charged else 0
        through = line.net if whole is periods[-1] else line.net.share(sum_ / (line.paid or 1))
        net = through - billed
        yield Instalment(service, net, _step(line, whole, net, charged=charged))
        billed = through


def _step(line: OrderLine, whole: Period, net: Money, *, charged: bool) -> Step:
    assert line.service is not None, line
    part = f"{common(whole, line.service)} of {whole.days} days of {whole}"
    how = "" if line.proration == "days" else f", counted by '{line.proration}'"
    over = f" over {mixed(line.paid)} periods" if line.paid > 1 else ""
    rule = f"{line.net}{over}: {part}{how}" if charged else f"free of charge: {part}"
    return Step(rule, "", line.net.amount, net.amount)
