"""The schedule of what is earned by days: straight over the service, anew from each change on.

A change of the days to come is prospective (IFRS 15.21a): what was earned before it stays.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from q2c.core.order import OrderLine
from q2c.core.period import ONE_DAY, Period, common
from q2c.core.subscription import Change, begins, prices, stretches

Part = tuple[Period, Fraction]  # days, and what is earned straight over them in minor units


def schedule(line: OrderLine, service: Period, changes: Sequence[Change]) -> list[Part]:
    """Say which days earn how much of a line; in all it is what the line costs with its changes."""
    held = [(service, Fraction(line.net.minor))]
    firsts = {begins(line, change) for change in changes}
    for first in sorted(day for day in firsts if day in service):
        known = [change for change in changes if begins(line, change) <= first]
        held = _changed(held, prices(line, stretches(line, known)), first, service.last)
    return held


def earned_in(held: Iterable[Part], days: Period) -> Fraction:
    """Add up what is earned in some days."""
    parts = (Fraction(price * common(own, days), own.days) for own, price in held)
    return sum(parts, Fraction(0))


def _changed(
    held: Sequence[Part], priced: Sequence[tuple[Period, int]], first: date, last: date
) -> list[Part]:
    """Keep what is earned before a day, and spread the rest over the days that are left.

    They share it as they share the price. Where none of them costs anything, as when all is
    cancelled, the rest is earned on the day itself.
    """
    whole = Fraction(sum(price for _, price in priced))
    before = (
        []
        if first == held[0][0].first
        else _within(held, Period(held[0][0].first, first - ONE_DAY))
    )
    left = whole - sum((price for _, price in before), Fraction(0))
    after = _within(((own, Fraction(price)) for own, price in priced), Period(first, last))
    weight = sum((price for _, price in after), Fraction(0))
    if not weight:
        return [*before, (Period(first, first), left)]
    return [*before, *((own, left * price / weight) for own, price in after)]


def _within(parts: Iterable[Part], days: Period) -> list[Part]:
    """Cut parts to some days."""
    inside = ((own, price) for own, price in parts if common(own, days))
    return [
        (own.within(days), Fraction(price * common(own, days), own.days)) for own, price in inside
    ]
