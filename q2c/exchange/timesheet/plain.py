"""Time sheets as plain CSV: who worked how long on what, or paid for what, on which day."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from q2c.core.fault import Fault, Invalid, Place, Refused, nearest
from q2c.core.money import CURRENCIES, Money
from q2c.core.usage import TimeRow
from q2c.exchange.sheet import decoded, records
from q2c.exchange.timesheet.cells import (
    Order,
    Reading,
    bad_cell,
    bad_date,
    bad_hours,
    order_of,
    read_day,
    read_hours,
)

COLUMNS = (
    *("date", "order", "line", "person", "hours", "note"),
    *("client", "project", "task", "start", "billable", "id", "amount", "currency", "receipt"),
)
NAMED = ("order", "client", "project", "task")
_HEAD = "The first line names the columns: date,order,line,person,hours,note"
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,4})?")
_NO = frozenset({"no", "false", "0"})
Cells = Mapping[str, str]


def read_plain(data: bytes, how: Reading) -> list[TimeRow]:
    """Read rows whose columns may stand in any order; only day, person and work are needed."""
    found = records(decoded(data, how.name), how.name)
    head = next(found, (1, list[str]()))[1]
    _check_head(head, how.name)
    rows, faults, known = list[TimeRow](), list[Fault](), list[tuple[Place, Cells]]()
    for line, cells in found:
        place = Place(how.name, line)
        if len(cells) == len(head):
            known.append((place, dict(zip(head, cells, strict=True))))
        else:
            faults.append(_length(head, cells, place))
    order = order_of(((place, row["date"]) for place, row in known), how.dates)
    for place, row in known:
        try:
            rows.append(_row(row, place, order))
        except Refused as refused:
            faults += refused.faults
    if faults:
        raise Invalid(*sorted(faults, key=lambda fault: fault.place or Place(how.name)))
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
    needed = ["date", "person"]
    needed += [] if {*NAMED} & {*head} else ["order"]
    needed += [] if "amount" in head else ["hours"]
    faults += [
        Fault("missing-column", f"The column '{column}' is missing.", place, _HEAD)
        for column in needed
        if column not in head
    ]
    if faults:
        raise Invalid(*faults)


def _length(head: Sequence[str], cells: Sequence[str], place: Place) -> Fault:
    message = f"The row has {len(cells)} cells; the first line names {len(head)} columns."
    return Fault("row-length", message, place, "Put a text that has a comma in quotation marks.")


def _row(row: Cells, place: Place, order: Order) -> TimeRow:
    faults = [*_cell_faults(row, place, order)]
    if faults:
        raise Invalid(*faults)
    day, hours = read_day(row["date"], order), read_hours(row.get("hours") or "0")
    assert day and hours is not None, row  # noqa: PT018 - else the row has faults
    amount = row.get("amount", "")
    return TimeRow(
        date=day,
        order=row.get("order", ""),
        line=row.get("line", ""),
        person=row["person"],
        hours=hours,
        note=row.get("note", ""),
        client=row.get("client", ""),
        project=row.get("project", ""),
        task=row.get("task", ""),
        start=row.get("start", ""),
        id=row.get("id", ""),
        billable=row.get("billable", "").lower() not in _NO,
        paid=Money.of(Decimal(amount), row["currency"]) if amount else None,
        receipt=row.get("receipt", "") if amount else "",
        place=place,
    )


def _cell_faults(row: Cells, place: Place, order: Order) -> Iterator[Fault]:
    for column in _empty(row):
        yield Fault("empty-cell", f"The row has no {column}.", place, "Fill the cell.")
    if row["date"] and read_day(row["date"], order) is None:
        yield bad_date(row["date"], place)
    if row.get("hours"):
        hours = read_hours(row["hours"])
        if not hours:
            yield bad_hours(row["hours"], place)
    if amount := row.get("amount", ""):
        yield from _amount_faults(amount, row, place)
    for column, cell in row.items():
        if fault := bad_cell(column, cell, place):
            yield fault


def _empty(row: Cells) -> Iterator[str]:
    if not row["date"]:
        yield "date"
    if not any(row.get(column) for column in NAMED):
        yield "order"
    if not row["person"]:
        yield "person"
    if not row.get("hours") and not row.get("amount"):
        yield "hours"


def _amount_faults(amount: str, row: Cells, place: Place) -> Iterator[Fault]:
    if not _AMOUNT.fullmatch(amount) or not Decimal(amount):
        message = f"'{amount}' is not what something cost."
        yield Fault("bad-amount", message, place, "Write one above 0 such as 1450.50.")
    if row.get("hours"):
        message = "A row has hours or an amount, and this one has both."
        yield Fault("hours-or-amount", message, place, "Make two rows of it.")
    if row.get("currency", "") not in CURRENCIES:
        message = f"'{row.get('currency', '')}' is no currency."
        yield Fault("no-such-currency", message, place, "Write a code of ISO 4217: SEK, EUR …")
