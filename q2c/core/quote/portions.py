"""Portions: how much of what recurs falls on which days, so that the parts add up to the whole."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from fractions import Fraction

from q2c.core.period import ONE_DAY, Day, Period, months_after


def elapsed(service: Period, day: Day) -> Fraction:
    """Say how many months of a service have passed through a day.

    Months are counted from its first day; of a month that is not over, its days over all its days.
    """
    if day < service.first:
        return Fraction(0)
    first, after = service.first, min(day, service.last) + ONE_DAY
    whole = max((after.year - first.year) * 12 + after.month - first.month - 1, 0)
    while months_after(first, whole + 1) <= after:
        whole += 1
    start = months_after(first, whole)
    if start == after:
        return Fraction(whole)
    month = months_after(first, whole + 1) - start
    return whole + Fraction((after - start).days, month.days)


def portion(service: Period, days: Period) -> Fraction:
    """Say which part of a service falls on some days; of all days together it is 1."""
    if days.first <= service.first and service.last <= days.last:
        return Fraction(1)
    passed = elapsed(service, days.last) - elapsed(service, days.first - ONE_DAY)
    return passed / elapsed(service, service.last)


def turns(days: Iterable[Day], starts: Sequence[Day]) -> set[int]:
    """Say before which periods something turns, if it turns on some days.

    `starts` are the first days of the periods, and the day after the last. What turns within a
    period turns before it and after it.
    """
    found: set[int] = set()
    for day in set(days):
        at = bisect_left(starts, day)
        found |= {at} if starts[at : at + 1] == [day] else {at - 1, at}
    return {at for at in found if 0 < at < len(starts) - 1}
