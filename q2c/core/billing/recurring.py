"""What recurs: a charge for each billing period, in advance or in arrears."""

from collections.abc import Collection, Iterator
from datetime import date
from fractions import Fraction

from msgspec import Struct

from q2c.core.billing.owing import Due, Facts
from q2c.core.money import Money
from q2c.core.order import Order, OrderLine
from q2c.core.period import MONTHS, Period, billing_periods, common
from q2c.core.trace import Step


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

    A whole period costs one of the agreed `times`; a period that the service covers in part
    costs by its days over the days of the whole period. Each part is the rounded amount
    through its end less the rounded amount before it; the last takes what is left.
    """
    assert line.every is not None, line
    assert line.service is not None, line
    periods = list(billing_periods(line.service, MONTHS[line.every], line.align, line.anchor))
    sum_, billed = Fraction(0), Money(0, line.net.currency)
    for whole in periods:
        days = common(whole, line.service)
        service = Period(max(whole.first, line.service.first), min(whole.last, line.service.last))
        sum_ += Fraction(days, whole.days)
        through = line.net if whole is periods[-1] else line.net.share(sum_ / line.times)
        part = f"{days} of {whole.days} days of {whole}"
        over = f" over {line.times} periods" if line.times > 1 else ""
        rule = f"{line.net}{over}: {part}"
        net = through - billed
        yield Instalment(service, net, Step(rule, "", line.net.amount, net.amount))
        billed = through
