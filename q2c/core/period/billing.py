"""Billing periods: the whole ones that cover a service, counted from a day or by the calendar."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from q2c.core.period.days import ONE_DAY, Day, Period
from q2c.core.period.lengths import Interval

Alignment = Literal["calendar", "anniversary"]


def billing_periods(
    service: Period, every: Interval, alignment: Alignment, anchor: Day | None = None
) -> Iterator[Period]:
    """Yield the whole billing periods that cover a service.

    By anniversary they begin on the first day of service and its anniversaries; by
    calendar at the turn of a month, quarter, half-year or year, several months counted from
    January and weeks from Monday. So the first and the last may reach outside the service.
    `anchor` is the day that they are counted from where that is not the first day of this
    service: of a longer one that it is a part of, or of one that it ends with.
    """
    start = anchor or service.first
    if alignment == "calendar":
        start = _turn(start, every)
    number = _begun(start, every, service.first)
    first = every.after(start, number)
    while first <= service.last:
        number += 1
        after = every.after(start, number)
        yield Period(first, after - ONE_DAY)
        first = after


def _turn(day: date, every: Interval) -> date:
    """Give the day of the calendar on which the billing period of a day begins."""
    if every.weeks:
        return day - timedelta(days=day.weekday())
    return date(day.year, (day.month - 1) // every.months * every.months + 1, 1)


def _begun(start: date, every: Interval, day: date) -> int:
    """Count the billing periods from a start until the one that a day lies in; before it, below 0.

    The first guess is by the calendar and one too many at most: a month is over on its anchor day.
    """
    if every.weeks:
        return (day - start).days // (7 * every.weeks)
    number = ((day.year - start.year) * 12 + day.month - start.month) // every.months
    return number if every.after(start, number) <= day else number - 1
