"""Time sheets of timewarrior: intervals in JSON, from one moment to another, with tags."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

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
    refuse_nobody,
)

_START = re.compile(r'(?<!\\)"start"\s*:')
_MOMENT = re.compile(r"(19|2[01])[0-9]{6}T[0-9]{6}Z")
_FORM = "%Y%m%dT%H%M%SZ"


class _Interval(Struct):
    """What `timew export` says of an interval; its number changes and is not read."""

    start: str
    end: str = ""
    tags: tuple[str, ...] = ()
    annotation: str = ""


def read_intervals(data: bytes, how: Reading) -> list[TimeRow]:
    """Read intervals; the day is that of the company's time zone when they began."""
    text = decoded(data, how.name)
    try:
        found = msgspec.json.decode(text, type=tuple[_Interval, ...])
    except (msgspec.DecodeError, RecursionError) as error:
        message = f"The intervals cannot be read: {str(error).rstrip('.')}."
        remedy = "Write them anew:  timew export > FILE"
        raise Invalid(Fault("bad-json", message, Place(how.name), remedy)) from None
    refuse_nobody(how, "timewarrior")
    starts = [text.count("\n", 0, match.start()) + 1 for match in _START.finditer(text)]
    zone, rows, faults = ZoneInfo(how.zone), list[TimeRow](), list[Fault]()
    for number, one in enumerate(found):
        place = Place(how.name, starts[number] if number < len(starts) else 1)
        wrong = _faults(one, place)
        faults += wrong
        if not wrong:
            rows.append(_row(one, how, zone, place))
    if faults:
        raise Invalid(*faults)
    return rows


def _moment(text: str) -> datetime | None:
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.strptime(text, _FORM).replace(tzinfo=UTC)
    except ValueError:
        return None


def _faults(one: _Interval, place: Place) -> list[Fault]:
    start, end = _moment(one.start), _moment(one.end)
    if start is None:
        return [bad_date(one.start, place)]
    if not one.end:
        message = f"The interval that began {one.start} has no end."
        return [Fault("still-running", message, place, "Stop it first:  timew stop")]
    if end is None or not start <= end <= start + timedelta(hours=int(LONGEST_DAY)):
        return [bad_hours(f"{one.start} to {one.end}", place)]
    told: Sequence[tuple[str, str]] = (
        ("annotation", one.annotation),
        *(("tag", t) for t in one.tags),
    )
    return [fault for key, said in told if (fault := bad_cell(key, said, place))]


def _row(one: _Interval, how: Reading, zone: ZoneInfo, place: Place) -> TimeRow:
    start, end = _moment(one.start), _moment(one.end)
    assert start and end, one  # noqa: PT018 - else the interval was refused
    return TimeRow(
        date=start.astimezone(zone).date(),
        person=how.person,
        hours=of_seconds(int((end - start).total_seconds())),
        note=one.annotation,
        tags=one.tags,
        start=one.start,
        place=place,
    )
