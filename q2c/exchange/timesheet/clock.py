"""Time sheets in plain text, as hledger reads them: clocked in and out, or dots."""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from q2c.core.fault import Fault, Invalid, Place
from q2c.core.usage import TimeRow
from q2c.exchange.sheet import decoded
from q2c.exchange.timesheet.cells import (
    LONGEST_DAY,
    Reading,
    bad_cell,
    bad_date,
    bad_hours,
    of_seconds,
    read_day,
    refuse_nobody,
)

_CLOCKED = re.compile(
    r"([ioO]) (\d{4}[-/.]\d{1,2}[-/.]\d{1,2}) (\d{1,2}:\d\d(?::\d\d)?)(?:[+-]\d{4})?(?: +(.*))?",
    re.ASCII,
)
_DAY_LINE = re.compile(r"(?:\*+ +)?(\d{4}[-/.]\d{1,2}[-/.]\d{1,2})(?:\s+(.*))?", re.ASCII)
_AMOUNT = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)(s|m|h)?", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "": 3600}
_QUARTER = Decimal("0.25")
_LAST_MINUTE = 59
_IN = "Write  i 2026-11-30 09:00:00 client:project:task  note"
_OUT = "Clock out first:  o 2026-11-30 17:00:00"


def read_clock(data: bytes, how: Reading) -> list[TimeRow]:
    """Read sessions from clocking in to clocking out; they count on the day they began."""
    refuse_nobody(how, "timeclock")
    rows, faults = list[TimeRow](), list[Fault]()
    begun: tuple[datetime, str, Place] | None = None
    for place, line in _lines(data, how):
        match = _CLOCKED.fullmatch(line)
        moment = _moment(match[2], match[3], how) if match else None
        if not match or moment is None:
            message = f"'{line[:40]}' does not clock in or out."
            faults.append(Fault("bad-timeclock", message, place, _IN))
        elif (match[1] == "i") == (begun is not None):
            faults.append(_twice(place, begun=begun is not None))
        elif begun is None:
            begun = moment, match[4] or "", place
        else:
            worked = of_seconds(int(moment.timestamp() - begun[0].timestamp()))
            row = _row(how, begun[1], begun[2], begun[0], worked)
            faults += _faults(row)
            rows.append(row)
            begun = None
    if begun:
        message = "The last session has no end."
        faults.append(Fault("still-running", message, begun[2], _OUT))
    if faults:
        raise Invalid(*faults)
    return rows


def _twice(place: Place, *, begun: bool) -> Fault:
    """Say that somebody clocked in twice, or out twice."""
    if begun:
        return Fault("bad-timeclock", "Nobody clocked out before.", place, _OUT)
    return Fault("bad-timeclock", "Nobody clocked in before.", place, _IN)


def read_dots(data: bytes, how: Reading) -> list[TimeRow]:
    """Read days with an account and its dots or hours on each line; a dot is a quarter."""
    refuse_nobody(how, "timedot")
    rows, faults = list[TimeRow](), list[Fault]()
    day: datetime | None = None
    for place, line in _lines(data, how):
        if match := _DAY_LINE.fullmatch(line):
            day = _moment(match[1], "0:00", how)
            faults += [] if day else [bad_date(match[1], place)]
            continue
        if line.startswith("*"):
            continue  # a heading of an outline
        account, hours, note = _dotted(line)
        if day is None or hours is None:
            faults.append(bad_hours(line.partition("  ")[2].strip() or line, place))
            continue
        row = _row(how, f"{account}  {note}", place, day, hours)
        faults += _faults(row)
        rows.append(replace(row, start=""))
    if faults:
        raise Invalid(*faults)
    return rows


def _lines(data: bytes, how: Reading) -> Iterator[tuple[Place, str]]:
    """Give the lines that say something, each with its place."""
    for number, line in enumerate(decoded(data, how.name).splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith((";", "#")):
            yield Place(how.name, number), line.strip()


def _moment(day: str, time: str, how: Reading) -> datetime | None:
    """Read a moment by the clocks of the company's time zone."""
    found = read_day(day, "")
    hour, minute, second = (int(part) for part in f"{time}:0".split(":")[:3])
    if found is None or hour >= LONGEST_DAY or max(minute, second) > _LAST_MINUTE:
        return None
    return datetime(
        found.year, found.month, found.day, hour, minute, second, tzinfo=ZoneInfo(how.zone)
    )


def _dotted(line: str) -> tuple[str, Decimal | None, str]:
    """Take a line of dots apart: the account, the hours, the note; no hours where none can be."""
    said, _, note = line.partition(";")
    account, _, amount = said.partition("  ")
    written = amount.replace(" ", "")
    if written and not written.strip("."):
        return account, len(written) * _QUARTER, note.strip()
    match = _AMOUNT.fullmatch(written)
    if not match:
        return account, None, note.strip()
    hours = of_seconds(round(Fraction(match[1]) * _SECONDS[match[2] or ""]))
    return account, hours if hours <= LONGEST_DAY else None, note.strip()


def _row(how: Reading, said: str, place: Place, at: datetime, hours: Decimal) -> TimeRow:
    """Make a row of `client:project:task  note`; one name alone is a project, two have a client."""
    account, _, note = said.partition("  ")
    names = [name.strip() for name in account.split(":") if name.strip()]
    project = names[min(len(names), 2) - 1] if names else ""
    return TimeRow(
        date=at.date(),
        person=how.person,
        hours=hours,
        note=note.partition(";")[0].strip() or note.partition(";")[2].strip(),
        client=names[0] if len(names) > 1 else "",
        project=project,
        task=":".join(names[2:]),
        tags=tuple(names),
        start=f"{at:%H:%M:%S}",
        place=place,
    )


def _faults(row: TimeRow) -> list[Fault]:
    if not 0 <= row.hours <= LONGEST_DAY:
        return [bad_hours(f"{row.hours:f}", row.place)]
    said = (("note", row.note), *(("account", name) for name in row.tags))
    return [fault for key, text in said if (fault := bad_cell(key, text, row.place))]
