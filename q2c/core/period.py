"""Days, months and service periods; both ends of a period are days inside it."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Annotated, Literal

from msgspec import Meta, Struct

# Each length has one name: a quarter is no "3 months", so that prices by it are found by name.
_EVERY = (
    r"^(week|month|quarter|half-year|year|([2-9]|[1-4][0-9]|5[0-2]) weeks"
    r"|([245789]|1[013-9]|2[0-3]) months|([2-9]|10) years)$"
)
EVERY = "Write month, quarter, half-year, year, week, or several: 2 months, 4 weeks, 2 years."
Every = Annotated[
    str,
    Meta(
        pattern=_EVERY,
        extra_json_schema={
            "x-fault": "bad-every",
            "x-say": "A billing period is one of the lengths that have a name",
            "x-remedy": EVERY,
        },
    ),
]
Alignment = Literal["calendar", "anniversary"]
Proration = Literal["days", "full", "thirty", "days-of-thirty", "month-parts", "none"]
# Where the parts of a billing period add up to the whole.
ADDITIVE: frozenset[Proration] = frozenset({"days", "thirty", "month-parts"})
NAMED: dict[str, tuple[int, str]] = {
    "week": (1, "weeks"),
    "month": (1, "months"),
    "quarter": (3, "months"),
    "half-year": (6, "months"),
    "year": (12, "months"),
}
WEEKS_A_YEAR = 52  # as measures by the month count them; bills count the days
ONE_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1900, 2999  # days of business; beyond them a calendar comes to its end
Day = date
Length = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{1,3} ?(weeks?|w|months?|m|years?|y)$",
        extra_json_schema={
            "x-fault": "bad-term",
            "x-say": "A term is a number of weeks, months or years",
            "x-remedy": "Write 12 months, 52 weeks, or 2 years.",
        },
    ),
]
Trial = Annotated[
    str,
    Meta(
        pattern=r"^(0|[0-9]{1,3} ?(days?|d|weeks?|w|months?|m))$",
        extra_json_schema={
            "x-fault": "bad-trial",
            "x-say": "A trial is a number of days, weeks or months",
            "x-remedy": "Write 14 days, or 1 month; 0 where there is none.",
        },
    ),
]
FreePeriods = Annotated[
    str,
    Meta(
        pattern=r"^(0|((first|last) )?[0-9]{1,3} periods?)$",
        extra_json_schema={
            "x-fault": "bad-free",
            "x-say": "Free of charge is a number of billing periods, the first or the last ones",
            "x-remedy": "Write 2 periods, or last 1 period; 0 where none is free.",
        },
    ),
]


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


class Free(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How many billing periods of a service are free of charge: its first, and its last."""

    first: int = 0
    last: int = 0

    def covers(self, number: int, count: int) -> bool:
        """Say whether a billing period is free, counted from 0, of so many that there are."""
        return number < self.first or number >= count - self.last


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


def read_months(text: str) -> int | None:
    """Read a length such as `12 months`, `12m`, `1 year` or `2y` as months; else nothing."""
    found = read_length(text)
    return found.months or None if found else None


def read_length(text: str) -> "Interval | None":
    """Read a length of months, years or weeks, such as `12m`, `1 year` or `52 weeks`."""
    match = re.fullmatch(r"([0-9]{1,3}) ?(weeks?|w|months?|m|years?|y)", text)
    if not match or int(match[1]) == 0:
        return None
    if match[2].startswith("w"):
        return Interval(weeks=int(match[1]))
    return Interval(months=int(match[1]) * (12 if match[2].startswith("y") else 1))


def read_trial(text: str, first: date) -> Period | None:
    """Read a trial that begins on a day: `14 days`, `2 weeks`, `1 month`; nothing where none is."""
    match = re.fullmatch(r"([0-9]{1,3}) ?(days?|d|weeks?|w|months?|m)", text)
    if not match or int(match[1]) == 0:
        return None
    number = int(match[1])
    if match[2].startswith("m"):
        return term_of(first, number)
    days = number * (7 if match[2].startswith("w") else 1)
    return Period(first, first + timedelta(days - 1))


def read_free(text: str) -> "Free":
    """Read how many billing periods are free: `2 periods` at the beginning, `last 1 period`."""
    match = re.fullmatch(r"(first |last )?([0-9]{1,3}) periods?", text)
    number = int(match[2]) if match else 0
    return Free(last=number) if match and match[1] == "last " else Free(first=number)


class Interval(Struct, frozen=True):
    """The length of a billing period: so many months, or so many weeks."""

    months: int = 0
    weeks: int = 0

    def after(self, start: date, number: int) -> date:
        """Give the day on which a period begins, counted from the first; never chained."""
        if self.weeks:
            return start + timedelta(weeks=self.weeks * number)
        return months_after(start, self.months * number)

    def over(self, other: "Interval") -> int:
        """Say how many times another it is; 0 where that is no whole number."""
        if self.months and other.months:
            return 0 if self.months % other.months else self.months // other.months
        if self.weeks and other.weeks:
            return 0 if self.weeks % other.weeks else self.weeks // other.weeks
        return 0

    @property
    def in_months(self) -> Fraction:
        """Say how many months it is where things are measured by the month: 52 weeks are 12."""
        return Fraction(self.weeks * 12, WEEKS_A_YEAR) if self.weeks else Fraction(self.months)

    def __str__(self) -> str:
        number, unit = (self.weeks, "week") if self.weeks else (self.months, "month")
        return f"{number} {unit}{'' if number == 1 else 's'}" if number else ""


def is_every(word: str) -> bool:
    """Say whether a word names the length of a billing period."""
    return re.fullmatch(_EVERY, word) is not None


@cache
def interval(every: str) -> Interval:
    """Give the length of a billing period by its name: `month`, `2 weeks`, `half-year`."""
    number, unit = NAMED.get(every) or _counted(every)
    return Interval(weeks=number) if unit == "weeks" else Interval(months=number)


def _counted(every: str) -> tuple[int, str]:
    number, _, unit = every.partition(" ")
    return (int(number) * 12, "months") if unit == "years" else (int(number), unit)


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


def part_of(whole: Period, service: Period, policy: Proration = "days") -> Fraction:
    """Say which part of a whole billing period a service covers; each policy counts its own way.

    `days` over the days of the whole period; `thirty` with 30 days in every month (30/360); by
    `month-parts` every calendar month is one, and of it days over its days. With these the parts of
    any cut add up to the whole. With `days-of-thirty` each day is a thirtieth of a month, but a
    part is no more than the whole (actual/360); with `full` a part costs a whole period, with
    `none` nothing.
    """
    if not common(whole, service):
        return Fraction(0)
    inside = whole.within(service)
    if inside == whole or policy == "full":
        return Fraction(1)
    if policy == "none":
        return Fraction(0)
    if policy == "days":
        return Fraction(inside.days, whole.days)
    if policy == "days-of-thirty":
        months = max(1, round(_between(whole, _thirtieths)))
        return min(Fraction(inside.days, 30 * months), Fraction(1))
    passed = PASSED[policy]
    return _between(inside, passed) / _between(whole, passed)


def extent(
    service: Period,
    every: Interval,
    alignment: Alignment,
    anchor: Day | None = None,
    policy: Proration = "days",
    free: Free = Free(),  # noqa: B008 - it does not change
) -> Fraction:
    """Count the billing periods that a service covers: parts as a policy has it, free ones not."""
    periods = list(billing_periods(service, every, alignment, anchor))
    parts = (
        part_of(whole, service, policy)
        for number, whole in enumerate(periods)
        if not free.covers(number, len(periods))
    )
    return sum(parts, Fraction(0))


def measured_by(policy: Proration) -> Proration:
    """Give the policy by which the length of a service is measured: by its own if parts add up."""
    return policy if policy in ADDITIVE else "days"


def _between(days: Period, passed: Callable[[date], Fraction]) -> Fraction:
    return passed(days.last) - passed(days.first - ONE_DAY)


def _thirtieths(day: date) -> Fraction:
    """Say how many months have passed through a day, where each has 30 days.

    The 31st adds nothing, and the last of February what is left of the 30.
    """
    last = day == clamped(day.year, day.month, 31)
    return day.year * 12 + day.month + Fraction(30 if last else min(day.day, 30), 30)


def _month_parts(day: date) -> Fraction:
    """Say how many months have passed through a day, each counted by its own days."""
    days = monthrange(day.year, day.month)[1]
    return day.year * 12 + day.month + Fraction(day.day, days)


PASSED: dict[str, Callable[[date], Fraction]] = {
    "thirty": _thirtieths,
    "month-parts": _month_parts,
}
