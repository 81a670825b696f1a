"""What stands in the cells of time sheets: days in every order of their parts, and durations."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from q2c.core.fault import Fault, Invalid, Place

LONGEST = 500
LONGEST_DAY = Decimal(24)
DAY_FAULT = "Write one such as 2026-11-30."
_YEAR = r"((?:19|2[01])\d\d)"  # a day of any other is a slip, and no calendar has those at its ends
_DAY = re.compile(_YEAR + r"([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_TURNED = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2" + _YEAR, re.ASCII)
_HOURS = re.compile(r"\d{1,3}(\.\d{1,6})?", re.ASCII)
_CLOCKED = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_YEAR_END = 12  # a number above it is no month
Order = Literal["dmy", "mdy", ""]


class Reading(Struct, frozen=True, kw_only=True):
    """How a file is read: its name, the time zone, whose time it is, the order of its days."""

    name: str
    zone: str = "UTC"
    person: str = ""
    dates: Order = ""


def order_of(days: Iterable[tuple[Place, str]], dates: Order) -> Order:
    """Say in which order days are written; refuse a file in which that could be either."""
    open_: tuple[Place, str] | None = None
    for place, text in days:
        match = _TURNED.fullmatch(text)
        if not match or dates:
            continue
        first, second = int(match[1]), int(match[3])
        if first > _YEAR_END or second > _YEAR_END:
            return "dmy" if first > _YEAR_END else "mdy"
        if first != second:
            open_ = open_ or (place, text)
    if open_:
        message = f"'{open_[1]}' can be read in two ways, and no other day of the file says which."
        remedy = "Say it with --dates: dmy for day first, mdy for month first."
        raise Invalid(Fault("which-dates", message, open_[0], remedy))
    return dates


def read_day(text: str, order: Order) -> date | None:
    """Read a day, the year first or, in that order, last; anything else is nothing."""
    if match := _DAY.fullmatch(text):
        year, month, day = match[1], match[3], match[4]
    elif match := _TURNED.fullmatch(text):
        year, month, day = match[4], match[3], match[1]
        if order == "mdy":
            month, day = day, month
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_hours(text: str) -> Decimal | None:
    """Read hours of a day, as 7.5 or as 7:30:00; anything else is nothing."""
    if _HOURS.fullmatch(text):
        hours = Decimal(text)
    elif match := _CLOCKED.fullmatch(text):
        hours = of_seconds(int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0))
    else:
        return None
    return hours if hours <= LONGEST_DAY else None


def of_seconds(seconds: int) -> Decimal:
    """Write seconds as hours, with six decimals at most."""
    millionths = round(Fraction(seconds * 10**6, 3600))
    return Decimal(millionths).scaleb(-6).normalize() + Decimal(0)


def bad_date(text: str, place: Place) -> Fault:
    """Say that something is no day."""
    return Fault("bad-date", f"'{text}' is not a day.", place, DAY_FAULT)


def bad_hours(text: str, place: Place | None) -> Fault:
    """Say that something is no number of hours of a day."""
    message = f"'{text}' is not a number of hours of one day."
    return Fault("bad-hours", message, place, "Write one above 0 and up to 24, such as 7.5.")


def bad_cell(column: str, text: str, place: Place | None) -> Fault | None:
    """Say that a cell is too long or holds what does not show, if it is so."""
    if len(text) <= LONGEST and text.isprintable():
        return None
    message = f"The {column} is longer than {LONGEST} signs, or has some that do not show."
    return Fault("bad-cell", message, place, "Write it anew, in fewer words.")


def refuse_nobody(how: Reading, program: str) -> None:
    """Refuse a file that does not say whose time it is when the command does not either."""
    if not how.person:
        message = f"A {program} file does not say whose time it is."
        raise Invalid(Fault("person-needed", message, Place(how.name), "Add  --person NAME"))
