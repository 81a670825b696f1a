"""q2c usage import: events of use, taken in once."""

import os
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from q2c.commands.books import Books, read_books
from q2c.commands.call import Commit, DryRun, Message, today
from q2c.commands.desk import Desk, desk, stamp
from q2c.commands.output import following, hint, table
from q2c.commands.plain import Row
from q2c.commands.received import received
from q2c.commands.usage.gathering import index_of, owners_of
from q2c.core.fault import Fault, Invalid, Place
from q2c.core.order import Order
from q2c.core.usage.metering import (
    Admission,
    Days,
    Late,
    Meter,
    admitted,
    billed_periods,
    by_events,
    settled_of,
    spots_of,
)
from q2c.store.master import customer_ids
from q2c.store.orders import read_orders
from q2c.store.usage import (
    IMPORTS,
    METERS,
    Import,
    Moved,
    import_line,
    kept_name,
    read_imports,
    read_meters,
)

if TYPE_CHECKING:
    from q2c.store.usage.index import Added

COLUMNS = ("file", "rows", "events", "known", "from", "to", "moved")


def import_usage(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Events, in any format.")],
    *,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Take in files of events: CSV, JSON lines or Parquet.

    Columns: id, time with its zone, customer or order, meter, quantity; others are properties.
    An event counts once, by its id or else by all it says, over all files: importing again adds
    nothing. A file in which anything is wrong is not taken in at all.

    Example: q2c usage import usage-files/2026-11.csv
    """
    rows = []
    for file in files:
        data = received(file)
        with desk(dry_run=dry_run, commit=commit, message=message) as at:
            rows.append(_taken(at, file, data))
    table(rows, COLUMNS)
    if not dry_run:
        following("q2c usage show")


def _taken(at: Desk, file: Path, data: bytes) -> Row:
    """Take in one file: read and check all of it, write it down, and keep it in the index."""
    from q2c.exchange.usagefile import Faults, read_events
    from q2c.store.writing import Change

    books, imports, meters = read_books(at.tree), read_imports(at.tree), read_meters(at.tree)
    name, digest = os.path.relpath(file.absolute(), at.root), sha256(data).hexdigest()
    if same := next((one for one in imports if one.sha256 == digest), None):
        return _row(name, same, events=0, kept=f"known as {same.file}")
    orders, zone = [*read_orders(at.tree).values()], books.company.time_zone
    with index_of(at.tree, imports, meters, orders) as index, index.adding() as keep:
        index.forget(after=len(imports))
        number, faults = len(imports) + 1, Faults(name)
        events = read_events(data, name, Days(zone), faults, owners_of(orders))
        added = index.add(number, name, events)
        rules = _rules(at, books, meters, orders, added)
        wrong, late = admitted(added.seen, name, rules)
        _refuse([*faults.found, *added.faults, *wrong])
        new = _import(at, file, data, added, late)
        if not added.events:
            return _row(name, new, events=0, kept="nothing new")
        record, line = import_line(imports, new)
        change = Change(created={new.file: data}, appended={IMPORTS: line})
        told = at.write(change, f"Import {added.events} events of {file.name}", [METERS])
        hint(told)
        if at.writer is not None:
            index.note(number, record)
            keep()
        return _row(name, new, events=added.events, kept=new.file)


def _rules(
    at: Desk, books: Books, meters: Sequence[Meter], orders: Sequence[Order], added: "Added"
) -> Admission:
    """Gather what decides whether the events are taken in."""
    billed = books.ledger.by_key
    now = today(books.company.time_zone)
    last = date.fromordinal(added.last) if added.last else now
    stems = {key.rpartition("@")[0]: record.number for key, record in billed.items()}
    return Admission(
        customers=frozenset(customer_ids(at.tree)),
        meters=by_events(meters),
        spots=spots_of(orders),
        billed=billed_periods(settled_of(billed), stems),
        through=max(now, last),
    )


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise Invalid(*sorted(faults, key=lambda fault: fault.place or Place("")))


def _import(at: Desk, file: Path, data: bytes, added: "Added", late: Sequence[Late]) -> Import:
    """Make the record of an import."""
    first, last = date.fromordinal(added.first or 1), date.fromordinal(added.last or 1)
    mark = stamp(at.root)
    return Import(
        file=kept_name(at.tree, file.name, data, first),
        sha256=sha256(data).hexdigest(),
        rows=added.rows,
        events=added.events,
        first=first,
        last=last,
        moved=tuple(_moved(one) for one in late),
        recorded=mark.recorded,
        recorded_by=mark.by,
        commit=mark.commit,
        program=mark.program,
    )


def _moved(one: Late) -> Moved:
    return Moved(one.line, one.period.first, one.period.last, one.counted)


def _row(name: str, one: Import, *, events: int, kept: str) -> Row:
    return {
        "file": name,
        "rows": one.rows,
        "events": events,
        "known": one.rows - events,
        "from": one.first if events else None,
        "to": one.last if events else None,
        "moved": len(one.moved),
        "kept": kept,
    }
