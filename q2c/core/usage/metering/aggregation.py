"""Aggregation: many events as one quantity; sums are exact, whatever their order."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from q2c.core.money import EXACT, added

TWELVE = Decimal("1e-12")  # a weighted sum is cut to so many decimals, half away from zero
Level = tuple[int, Decimal]  # from a time on, so much


class Tally(Struct, frozen=True, kw_only=True):
    """What some events of one import come to, of a customer on a day with the same labels.

    `last` is the quantity of the latest event, `at` its time.
    """

    paper: int
    customer: str
    order: str
    day: int
    labels: tuple[str, ...]
    events: int
    total: Decimal
    largest: Decimal
    at: int
    last: Decimal


def summed(tallies: Iterable[Tally]) -> Decimal:
    """Add up the quantities."""
    return added(one.total for one in tallies)


def counted(tallies: Iterable[Tally]) -> Decimal:
    """Count the events."""
    return Decimal(sum(one.events for one in tallies))


def largest(tallies: Iterable[Tally]) -> Decimal:
    """Give the largest quantity; of no events it is 0."""
    return max((one.largest for one in tallies), default=Decimal(0))


def latest(tallies: Iterable[Tally]) -> Decimal:
    """Give the quantity of the latest event; of two at the same time the larger one."""
    found = max(tallies, key=lambda one: (one.at, one.last), default=None)
    return found.last if found else Decimal(0)


BY_TALLY = {"sum": summed, "count": counted, "max": largest, "last": latest}


def levels_of(changes: Iterable[Level]) -> list[Level]:
    """Turn changes into the levels that they lead to, from none on."""
    levels, level = list[Level](), Decimal(0)
    for at, change in changes:
        level = EXACT.add(level, change)
        levels.append((at, level))
    return levels


def weighted(levels: Sequence[Level], start: int, end: int, until: int = 0) -> Decimal:
    """Weigh levels by the part of a time in which they hold: 20 for half of it are 10.

    The level before the start holds on; before the first it is 0. Only what holds `until` a time
    before the end counts, where one is given.
    """
    assert start < end, (start, end)
    whole, end = end - start, until or end
    sum_, level, since = Fraction(0), Decimal(0), start
    for at, new in levels:
        if at >= end:
            break
        if at > since:
            sum_ += Fraction(level) * (at - since)
            since = at
        level = new
    sum_ += Fraction(level) * (end - since)
    share = sum_ / whole
    exact = EXACT.divide(Decimal(share.numerator), Decimal(share.denominator))
    return EXACT.add(exact.quantize(TWELVE, context=EXACT).normalize(EXACT), Decimal(0))
