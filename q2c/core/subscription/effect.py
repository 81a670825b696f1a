"""What a change does to the price of a billing period, and to the value by the month."""

from collections.abc import Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.money import Money, rounded
from q2c.core.order import OrderLine
from q2c.core.period import Day, Period, interval
from q2c.core.subscription.changes import Change
from q2c.core.subscription.state import at
from q2c.core.subscription.stretches import Stretch, begins, stretches


class Effect(Struct, frozen=True, kw_only=True):
    """What a whole billing period costs before a change and after it, and by the month.

    Of hours it is the price of one, which has no value by the month.
    """

    was: Money
    now: Money
    monthly_was: Money | None = None
    monthly: Money | None = None


def effect(line: OrderLine, earlier: Sequence[Change], new: Change) -> Effect:
    """Say what a change of a line does on the first day that it is charged for."""
    currency = line.net.currency
    if line.every is None or line.service is None:
        was, now = (
            Money.of(stands(line, known, new.date).line.rate.unit_price, currency)
            for known in (earlier, [*earlier, new])
        )
        return Effect(was=was, now=now)
    day = min(begins(line, new), line.service.last)
    before, after = at(stretches(line, earlier), day), at(stretches(line, [*earlier, new]), day)
    months = interval(line.every).in_months
    return Effect(
        was=_money(before.price, currency),
        now=_money(after.price, currency),
        monthly_was=_money(before.price / months, currency),
        monthly=_money(after.price / months, currency),
    )


def stands(line: OrderLine, earlier: Sequence[Change], day: Day) -> Stretch:
    """Give what holds of a line on a day; of hours, their price."""
    if line.service is not None and line.every is not None:
        return at(stretches(line, earlier), day)
    held = [change for change in earlier if change.rate and change.date <= day]
    last = max(held, key=_day, default=None)
    rate = last.rate if last and last.rate else line.rate
    return Stretch(period=Period(day, day), line=replace(line, rate=rate), price=Fraction(0))


def _day(change: Change) -> Day:
    return change.date


def _money(minor: Fraction, currency: str) -> Money:
    return Money(rounded(minor.numerator, minor.denominator), currency)
