"""q2c time import: the rows of a time sheet become deliveries of their orders."""

import os
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct

from q2c.commands.call import Commit, DryRun, Message
from q2c.commands.desk import Desk, desk, stamp
from q2c.commands.orders.stamping import stamped_delivery
from q2c.commands.output import check_fields, following, say
from q2c.commands.plain import Row
from q2c.core.fault import Fault, Invalid, Misused, Refused, Unknown
from q2c.core.money import Money, exchange, grouped
from q2c.core.order import Delivery
from q2c.core.rates import rate_between
from q2c.core.trace import Paper
from q2c.core.usage import TimeRow, Yard, as_deliveries
from q2c.core.usage.time import Exchanging
from q2c.store.master import read_company, read_exchange_rates
from q2c.store.orders import (
    Delivered,
    all_deliveries,
    delivery_lines,
    events_path,
    order_path,
    read_orders,
)
from q2c.store.papers import paper, plain_name
from q2c.store.timemap import read_projects, read_staff
from q2c.store.tree import Tree

if TYPE_CHECKING:
    from q2c.exchange.timesheet.cells import Order as DayOrder
    from q2c.store.writing import Change

PROGRAMS = ("toggl", "harvest", "clockify", "timewarrior", "timeclock", "timedot", "csv")
DATES = ("dmy", "mdy")


def import_time(  # noqa: PLR0913 - a flag for each thing that a file does not say
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A time sheet.")],
    *,
    program: Annotated[
        str, typer.Option("--as", metavar="PROGRAM", help=f"{', '.join(PROGRAMS)}.  [found out]")
    ] = "",
    dates: Annotated[
        str, typer.Option("--dates", metavar="ORDER", help="dmy or mdy, where days could be both.")
    ] = "",
    person: Annotated[
        str, typer.Option("--person", metavar="NAME", help="Whose time, where a file has no names.")
    ] = "",
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Record the hours and expenses of a time sheet as deliveries of their orders.

    Reads the detailed reports of Toggl, Harvest and Clockify, the export of timewarrior,
    hledger's timeclock and timedot, and CSV with the columns date, order, line, person, hours,
    note. projects.yaml says which order a client, project or task is, staff.yaml who somebody
    is. Rows that were recorded before are left out, so importing again adds nothing.

    Example: q2c time import time-sheets/2026-11.csv
    """
    _refuse_other("--as", program, PROGRAMS)
    _refuse_other("--dates", dates, DATES)
    data = received(file)
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        name = os.path.relpath(file.absolute(), at.root)
        asked = Asked(program=program, dates=dates, person=person)
        rows = _rows(at.tree, data, name, asked)
        worked = [row for row in rows if row.billable and (row.hours or row.paid)]
        month = month_of_rows(worked or rows) if rows else ""
        papers, created = kept_receipts(at.tree, month, _receipts(file, worked))
        new, earlier = _decided(at.tree, worked, papers)
        row = _row(name, rows, worked, new)
        check_fields(row)
        told = "Nothing was written."
        if row["recorded"]:
            created[free_name(at.tree, f"time/{month}/", file, data)] = data
            change = delivery_change(at, created, new, earlier)
            also = [order_path(order) for order, found in new.items() if found]
            told = at.write(change, f"Import {row['recorded']} rows of {file.name}", also)
    say(row, f"{_counts(row)}\n{told}")
    if not dry_run:
        following("q2c time show")


def _refuse_other(flag: str, word: str, known: Sequence[str]) -> None:
    if word and word not in known:
        remedy = f"Choose from: {', '.join(known)}."
        raise Misused(Fault("usage", f"{flag} is not '{word}'.", remedy=remedy))


def received(file: Path) -> bytes:
    """Read a file of another program; refuse one that cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}."
        raise Unknown(Fault("no-time-sheet", message, remedy="Look at the path.")) from None


class Asked(Struct, frozen=True, kw_only=True):
    """What the command says of a file that the file itself may not."""

    program: str
    dates: str
    person: str


def _rows(files: Tree, data: bytes, name: str, asked: Asked) -> list[TimeRow]:
    from q2c.exchange.timesheet import Reading, read_rows

    zone = read_company(files).time_zone
    dates: DayOrder = "dmy" if asked.dates == "dmy" else "mdy" if asked.dates else ""
    return read_rows(
        data, Reading(name=name, zone=zone, person=asked.person, dates=dates), asked.program
    )


def _decided(
    files: Tree, rows: Sequence[TimeRow], receipts: Mapping[str, Paper]
) -> tuple[dict[str, list[Delivery]], dict[str, tuple[Delivered, ...]]]:
    """Turn rows into what is new of them, by order, with what was recorded before."""
    orders = read_orders(files)
    # Rows of projects may be recorded for an order that their project was for before.
    asked = {row.order for row in rows} if all(row.order for row in rows) else {*orders}
    earlier = all_deliveries(files, sorted(asked & {*orders}))
    yard = Yard(
        orders=orders,
        staff=read_staff(files),
        projects=read_projects(files),
        exchanged=exchanging(files),
        receipts=receipts,
    )
    return as_deliveries(rows, yard, earlier), earlier


def _row(
    name: str,
    rows: Sequence[TimeRow],
    worked: Sequence[TimeRow],
    new: Mapping[str, Sequence[Delivery]],
) -> Row:
    found = [one for some in new.values() for one in some]
    return {
        "file": name,
        "rows": len(rows),
        "recorded": len(found),
        "known": len(worked) - len(found),
        "left_out": len(rows) - len(worked),
        "hours": sum((one.quantity for one in found if one.paid is None), Decimal(0)),
        "expenses": sum(one.paid is not None for one in found),
    }


def exchanging(files: Tree) -> Exchanging:
    """Give what exchanges an amount into another currency, by the published rates of a day."""
    home = read_company(files).currency
    rates = read_exchange_rates(files)

    def exchanged(paid: Money, into: str, day: date) -> Money:
        rate = rate_between(paid.currency, home, day, rates) * rate_between(home, into, day, rates)
        return exchange(paid, rate, into)

    return exchanged


def _receipts(file: Path, rows: Sequence[TimeRow]) -> dict[str, bytes]:
    """Read the receipts that rows name, beside their file; refuse those that are not there."""
    found: dict[str, bytes] = {}
    faults: list[Fault] = []
    for row in rows:
        if row.receipt and row.receipt not in found:
            try:
                found[row.receipt] = _receipt(file.parent.resolve(), row)
            except Refused as refused:
                faults += refused.faults
    if faults:
        raise Invalid(*faults)
    return found


def _receipt(folder: Path, row: TimeRow) -> bytes:
    """Read a receipt; who sends a time sheet does not choose among all files of this machine."""
    path = (folder / row.receipt).resolve()
    why = "it is not in the folder of the time sheet"
    if path.is_relative_to(folder):
        try:
            return path.read_bytes()
        except OSError as error:
            why = str(error.strerror)
    message = f"The receipt {row.receipt} cannot be read: {why}."
    remedy = "Put it beside the time sheet, or into a folder there."
    raise Invalid(Fault("no-receipt", message, row.place, remedy))


def kept_receipts(
    files: Tree, month: str, found: Mapping[str, bytes]
) -> tuple[dict[str, Paper], dict[str, bytes]]:
    """Name the places of receipts: as papers by the name they came with, and as files."""
    papers, created = dict[str, Paper](), dict[str, bytes]()
    for name, data in found.items():
        path = free_name(files, f"time/{month}/receipts/", Path(name), data, created)
        papers[name], created[path] = paper(path, data), data
    return papers, created


def _counts(row: Row) -> str:
    hours, expenses = row["hours"], row["expenses"]
    assert isinstance(hours, Decimal), row
    what = [f"{grouped(round(hours, 2).normalize())} hours"] if hours or not expenses else []
    what += [f"{expenses} expense{'' if expenses == 1 else 's'}"] if expenses else []
    rows = "1 row" if row["rows"] == 1 else f"{row['rows']} rows"
    told = f"{rows}: {row['recorded']} recorded ({', '.join(what)})"
    left = f", {row['left_out']} not billable or without time" if row["left_out"] else ""
    return f"{told}, {row['known']} known before{left}."


def month_of_rows(rows: Sequence[TimeRow]) -> str:
    """Name the month of the last row."""
    return f"{max(row.date for row in rows):%Y-%m}"


def free_name(
    files: Tree, folder: str, file: Path, data: bytes, also: Mapping[str, bytes] | None = None
) -> str:
    """Name a file in a folder so that no other one is written over; a later one gets a number."""
    names = [file.name, *(f"{file.stem}-{n}{file.suffix}" for n in range(2, 1000))]
    paths = (f"{folder}{plain_name(name)}" for name in names)
    known = also or {}
    return next(
        path
        for path in paths
        if known.get(path, data) == data and (not files.exists(path) or files.read(path) == data)
    )


def delivery_change(
    at: Desk,
    created: dict[str, bytes],
    new: Mapping[str, Sequence[Delivery]],
    earlier: Mapping[str, Sequence[Delivered]],
) -> "Change":
    """Make the change that records deliveries, with the files they rest on."""
    from q2c.store.writing import Change

    mark = stamp(at.root)
    lines = {
        events_path(order): delivery_lines(
            earlier.get(order, ()), [stamped_delivery(one, mark) for one in found]
        )
        for order, found in new.items()
        if found
    }
    return Change(created=created, appended=lines)
