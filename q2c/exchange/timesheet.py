"""Time sheets as CSV: who worked how long on what, on which day."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from q2c.core.fault import Fault, Invalid, Place, Refused, nearest
from q2c.core.usage import TimeRow
from q2c.exchange.sheet import decoded, records, refuse_large

COLUMNS = ("date", "order", "line", "person", "hours", "note")
NEEDED = ("date", "order", "person", "hours")
LONGEST = 500
LONGEST_DAY = Decimal(24)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HOURS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")


def read_rows(data: bytes, name: str) -> list[TimeRow]:
    """Read the rows of a time sheet, or refuse with everything that is wrong in all of them.

    Columns may stand in any order; `line` and `note` may be missing.
    """
    refuse_large(data, name)
    found = records(decoded(data, name), name)
    head = next(found, (1, list[str]()))[1]
    _check_head(head, name)
    rows: list[TimeRow] = []
    faults: list[Fault] = []
    for line, cells in found:
        try:
            rows.append(_row(head, cells, Place(name, line)))
        except Refused as refused:
            faults += refused.faults
    if faults:
        raise Invalid(*faults)
    return rows


def _check_head(head: Sequence[str], name: str) -> None:
    place = Place(name)
    faults = [
        Fault("unknown-column", f"There is no column '{column}'.", place, nearest(column, COLUMNS))
        for column in head
        if column not in COLUMNS
    ]
    faults += [
        Fault("double-column", f"The column '{column}' is there twice.", place, "Keep one.")
        for column in sorted({column for column in head if head.count(column) > 1})
    ]
    faults += [
        Fault("missing-column", f"The column '{column}' is missing.", place, _HEAD)
        for column in NEEDED
        if column not in head
    ]
    if faults:
        raise Invalid(*faults)


_HEAD = f"The first line names the columns: {','.join(COLUMNS)}"


def _row(head: Sequence[str], cells: Sequence[str], place: Place) -> TimeRow:
    if len(cells) != len(head):
        message = f"The row has {len(cells)} cells; the first line names {len(head)} columns."
        remedy = "Put a text that has a comma in quotation marks."
        raise Invalid(Fault("row-length", message, place, remedy))
    row = dict(zip(head, cells, strict=True))
    faults = list(_cell_faults(row, place))
    if faults:
        raise Invalid(*faults)
    return TimeRow(
        date=date.fromisoformat(row["date"]),
        order=row["order"],
        line=row.get("line", ""),
        person=row["person"],
        hours=Decimal(row["hours"]),
        note=row.get("note", ""),
        place=place,
    )


def _cell_faults(row: Mapping[str, str], place: Place) -> Iterator[Fault]:
    for column in NEEDED:
        if not row[column]:
            yield Fault("empty-cell", f"The row has no {column}.", place, "Fill the cell.")
    if row["date"] and not _is_day(row["date"]):
        message = f"'{row['date']}' is not a day."
        yield Fault("bad-date", message, place, "Write one such as 2026-11-30.")
    if row["hours"] and not _are_hours(row["hours"]):
        message = f"'{row['hours']}' is not a number of hours of one day."
        yield Fault("bad-hours", message, place, "Write one above 0 and up to 24, such as 7.5.")
    for column, cell in row.items():
        if len(cell) > LONGEST or not cell.isprintable():
            message = f"The {column} is longer than {LONGEST} signs, or has some that do not show."
            yield Fault("bad-cell", message, place, "Write it anew, in fewer words.")


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _are_hours(text: str) -> bool:
    return bool(_HOURS.fullmatch(text)) and 0 < Decimal(text) <= LONGEST_DAY
