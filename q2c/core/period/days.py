"""Days, months and service periods; both ends of a period are days inside it."""

import re
from calendar import monthrange
from datetime import date, timedelta

from msgspec import Struct

ONE_DAY = timedelta(days=1)

FIRST_YEAR, LAST_YEAR = 1900, 2999  # days of business; beyond them a calendar comes to its end

Day = date


class Period(Struct, frozen=True, order=True):
    """Whole days from the first to the last, both inside."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def within(self, other: "Period") -> "Period":
        """Give the days of it that another has as well; there must be some."""
        return Period(max(self.first, other.first), min(self.last, other.last))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


def common(one: Period, other: Period) -> int:
    """Count the days that two periods share."""
    return max(0, (min(one.last, other.last) - max(one.first, other.first)).days + 1)


def clamped(year: int, month: int, day: int) -> date:
    """Give that day of the month, or the month's last day where it is shorter."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def months_after(start: date, months: int) -> date:
    """Give the same day a number of months later, or the last day of a month that is shorter.

    31 January, a month later 28 February, two months later 31 March: always counted from the
    start, never chained.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return clamped(year, month + 1, start.day)


def month_of(day: date) -> Period:
    """Give the calendar month a day lies in."""
    return Period(day.replace(day=1), clamped(day.year, day.month, 31))


def term_of(start: date, months: int) -> Period:
    """Give the days of a term: twelve months from 1 December end on 30 November."""
    return Period(start, months_after(start, months) - ONE_DAY)


def read_month(text: str) -> Period | None:
    """Read `2026-11`, of the years 1900 to 2999; anything else is nothing."""
    match = re.fullmatch(r"(19[0-9]{2}|2[0-9]{3})-(0[1-9]|1[0-2])", text)
    return month_of(date(int(match[1]), int(match[2]), 1)) if match else None
