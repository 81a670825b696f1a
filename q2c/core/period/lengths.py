"""Lengths of time as people write them: terms, trials, billing periods, how many are free."""

import re
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Annotated

from msgspec import Meta, Struct

from q2c.core.period.days import ONE_DAY, Period, months_after, term_of

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

NAMED: dict[str, tuple[int, str]] = {
    "week": (1, "weeks"),
    "month": (1, "months"),
    "quarter": (3, "months"),
    "half-year": (6, "months"),
    "year": (12, "months"),
}

WEEKS_A_YEAR = 52  # as measures by the month count them; bills count the days

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


class Free(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How many billing periods of a service are free of charge: its first, and its last."""

    first: int = 0
    last: int = 0

    def covers(self, number: int, count: int) -> bool:
        """Say whether a billing period is free, counted from 0, of so many that there are."""
        return number < self.first or number >= count - self.last


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


def by_every(every: str) -> str:
    """Say what a price by the billing period is by: `by the month`, `by 2 weeks`."""
    return f"by {every}" if " " in every else f"by the {every}"


@cache
def interval(every: str) -> Interval:
    """Give the length of a billing period by its name: `month`, `2 weeks`, `half-year`."""
    number, unit = NAMED.get(every) or _counted(every)
    return Interval(weeks=number) if unit == "weeks" else Interval(months=number)


def _counted(every: str) -> tuple[int, str]:
    number, _, unit = every.partition(" ")
    return (int(number) * 12, "months") if unit == "years" else (int(number), unit)


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


def last_of(text: str, first: date) -> date | None:
    """Give the last day of a length that begins on a day: 52 weeks from a Monday end on a Sunday.

    Of no length there is none.
    """
    length = read_length(text)
    return length.after(first, 1) - ONE_DAY if length else None


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
