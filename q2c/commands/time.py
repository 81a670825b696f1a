"""q2c time: working time from time sheets."""

import os
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from q2c.commands.call import At, Commit, DryRun, Message
from q2c.commands.desk import Desk, desk, stamp, tree
from q2c.commands.order import stamped_delivery
from q2c.commands.output import check_fields, following, say, table
from q2c.core.fault import Fault, Unknown
from q2c.core.money import grouped
from q2c.core.order import Delivery
from q2c.core.usage import TimeRow, as_deliveries
from q2c.store.orders import (
    Delivered,
    all_deliveries,
    delivery_lines,
    events_path,
    order_path,
    read_deliveries,
    read_order,
    read_orders,
)

if TYPE_CHECKING:
    from q2c.store.writing import Change


def import_time(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A time sheet in CSV.")],
    *,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Record the hours of a time sheet as deliveries of their orders.

    Columns: date, order, line, person, hours, note, in any order; line and note may be
    missing. Rows that were recorded before are left out, so importing again adds nothing.

    Example: q2c time import time-sheets/2026-11.csv
    """
    from q2c.exchange.timesheet import read_rows

    data = _received(file)
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        name = os.path.relpath(file.absolute(), at.root)
        rows = read_rows(data, name)
        orders = read_orders(at.tree)
        earlier = all_deliveries(at.tree, sorted({row.order for row in rows} & {*orders}))
        new = as_deliveries(rows, orders, earlier)
        count = sum(map(len, new.values()))
        known = len(rows) - count
        hours = sum((one.quantity for found in new.values() for one in found), Decimal(0))
        row = {"file": name, "rows": len(rows), "recorded": count, "known": known, "hours": hours}
        check_fields(row)
        told = "Nothing was written."
        if count:
            change = _change(at, _kept(at, file, data, rows), data, new, earlier)
            also = [order_path(order) for order, found in new.items() if found]
            told = at.write(change, f"Import {count} rows of {file.name}", also)
    recorded = f"{count} recorded ({grouped(hours.normalize())} hours)"
    say(row, f"{len(rows)} rows: {recorded}, {known} known before.\n{told}")
    if not dry_run:
        following("q2c time show")


def _received(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}."
        raise Unknown(Fault("no-time-sheet", message, remedy="Look at the path.")) from None


def _kept(at: Desk, file: Path, data: bytes, rows: Sequence[TimeRow]) -> str:
    """Name the place for the file as received; a later one of the same name gets a number."""
    month = f"{max(row.date for row in rows):%Y-%m}"
    names = [
        f"{file.stem}{file.suffix}",
        *(f"{file.stem}-{n}{file.suffix}" for n in range(2, 1000)),
    ]
    paths = (f"time/{month}/{name.lstrip('.')}" for name in names)
    return next(path for path in paths if not at.tree.exists(path) or at.tree.read(path) == data)


def _change(
    at: Desk,
    kept: str,
    data: bytes,
    new: dict[str, list[Delivery]],
    earlier: dict[str, tuple[Delivered, ...]],
) -> "Change":
    from q2c.store.writing import Change

    mark = stamp(at.root)
    lines = {
        events_path(order): delivery_lines(
            earlier[order], [stamped_delivery(one, mark) for one in found]
        )
        for order, found in new.items()
        if found
    }
    return Change(created={kept: data}, appended=lines)


def show_time(
    order: Annotated[str, typer.Option("--order", metavar="ORDER", help="Only of one.")] = "",
    at: At = "",
) -> None:
    """List the hours that are recorded.

    Example: q2c time show
    """
    files = tree(at)
    orders = {order: read_order(files, order)} if order else read_orders(files)
    rows = [
        {
            "date": one.date,
            "order": number,
            "line": one.line,
            "person": one.person,
            "hours": one.quantity,
            "note": one.note,
        }
        for number, known in orders.items()
        for one in read_deliveries(files, number)
        if known.line(one.line).charge == "hourly"
    ]
    rows.sort(key=lambda row: (str(row["date"]), str(row["order"])))
    table(rows, ("date", "order", "line", "person", "hours", "note"))
