"""What a change does to the price of a billing period, and to the value by the month."""

from collections.abc import Sequence
from fractions import Fraction

from msgspec import Struct

from q2c.core.money import Money, rounded
from q2c.core.order import OrderLine
from q2c.core.period import interval
from q2c.core.subscription.changes import Change
from q2c.core.subscription.state import at
from q2c.core.subscription.stretches import Stretch, begins, stretches


class Effect(Struct, frozen=True, kw_only=True):
    """How a line stands before a change and after it, and what that comes to in a whole period."""

    before: Stretch
    after: Stretch
    was: Money
    now: Money
    monthly_was: Money
    monthly: Money


def effect(line: OrderLine, earlier: Sequence[Change], new: Change) -> Effect:
    """Say what a change of a line does on the first day that it is charged for."""
    assert line.every is not None, line
    assert line.service is not None, line
    day = min(begins(line, new), line.service.last)
    before, after = at(stretches(line, earlier), day), at(stretches(line, [*earlier, new]), day)
    months = interval(line.every).in_months
    currency = line.net.currency
    return Effect(
        before=before,
        after=after,
        was=_money(before.price, currency),
        now=_money(after.price, currency),
        monthly_was=_money(before.price / months, currency),
        monthly=_money(after.price / months, currency),
    )


def _money(minor: Fraction, currency: str) -> Money:
    return Money(rounded(minor.numerator, minor.denominator), currency)
