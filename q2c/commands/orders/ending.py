"""q2c order pause, resume and cancel: what recurs stops for a time, goes on, or ends."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Annotated

import typer

from q2c.commands.call import Commit, DryRun, Message, today
from q2c.commands.desk import desk
from q2c.commands.orders.named import (
    From,
    Note,
    Number,
    Proration,
    SomeLine,
    refuse_once,
    when_of,
)
from q2c.commands.orders.recording import marked, recorded, row, told, written
from q2c.commands.output import say
from q2c.commands.words import read_day
from q2c.core.fault import Fault, Invalid, Misused, Refused
from q2c.core.order import Order, OrderLine
from q2c.core.subscription import Change, When, changes_of, checked, slots
from q2c.store.changes import read_changes
from q2c.store.master import read_company
from q2c.store.orders import read_order
from q2c.store.tree import Tree


def pause_order(  # noqa: PLR0913 - a flag for each thing that is recorded
    number: Number,
    first: From,
    *,
    last: Annotated[
        date | None,
        typer.Option(
            "--to", parser=read_day, metavar="DAY", help="The last day of it.  [until resumed]"
        ),
    ] = None,
    line: SomeLine = "",
    proration: Proration = None,
    note: Note = "",
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Pause what recurs: paused days cost nothing, and those invoiced are given back.

    Example: q2c order pause O-2026-0001 --line 1 --from 2027-01-01 --to 2027-02-28
    """

    def paused(of: OrderLine, _day: date) -> Change:
        when = when_of(of, proration)
        return Change(kind="pause", date=first, until=last, line=of.id, proration=when, note=note)

    _each(number, line, paused, f"Pause {number} from {first}", (dry_run, commit, message))


def resume_order(  # noqa: PLR0913 - a flag for each thing that is recorded
    number: Number,
    first: From,
    *,
    line: SomeLine = "",
    note: Note = "",
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Resume what is paused, or take back a cancellation, from a day on.

    Example: q2c order resume O-2026-0001 --line 1 --from 2027-02-01
    """

    def resumed(of: OrderLine, _day: date) -> Change:
        return Change(kind="resume", date=first, line=of.id, note=note)

    _each(number, line, resumed, f"Resume {number} from {first}", (dry_run, commit, message))


def cancel_order(  # noqa: PLR0913 - a flag for each thing that is recorded
    number: Number,
    *,
    first: Annotated[
        date | None,
        typer.Option("--from", parser=read_day, metavar="DAY", help="The first day without it."),
    ] = None,
    now: Annotated[bool, typer.Option("--now", help="Today is the first day without it.")] = False,
    at_end: Annotated[
        bool, typer.Option("--at-period-end", help="It ends with the billing period of today.")
    ] = False,
    no_credit: Annotated[
        bool, typer.Option("--no-credit", help="The billing period of the day is paid in full.")
    ] = False,
    line: SomeLine = "",
    note: Note = "",
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Cancel what recurs, from a day on; what was invoiced of the days after is given back.

    Example: q2c order cancel O-2026-0001 --line 2 --at-period-end
    """
    if [first is not None, now, at_end].count(True) != 1:
        message_ = "Say when it ends, in one way."
        remedy = "Give --from DAY, --now or --at-period-end."
        raise Misused(Fault("usage", message_, remedy=remedy))

    def cancelled(of: OrderLine, day: date) -> Change:
        ends = _after_period(of, day) if at_end else first or day
        when: When = "none" if no_credit else "prorated"
        return Change(kind="cancel", date=ends, line=of.id, proration=when, note=note)

    _each(number, line, cancelled, f"Cancel {number}", (dry_run, commit, message))


def _after_period(line: OrderLine, day: date) -> date:
    """Give the first day after the billing period that a day lies in."""
    starts = (slot.service.first for slot in slots(line))
    later = next((start for start in starts if start > day), None)
    if later is None:
        message = f"Line {line.id} is in its last billing period on {day}, and ends with it."
        raise Invalid(Fault("change-nothing", message, remedy="Nothing needs to be done."))
    return later


def _each(
    number: str,
    line: str,
    make: Callable[[OrderLine, date], Change],
    subject: str,
    how: tuple[bool, bool | None, str],
) -> None:
    """Record a change of one line, or of every line that recurs and can be changed so."""
    dry_run, commit, message = how
    with desk(dry_run=dry_run, commit=commit, message=message) as work:
        order, mark = read_order(work.tree, number), marked(work)
        day = today(read_company(work.tree).time_zone)
        if line:
            refuse_once(order, order.line(line))
            found = recorded(work.tree, order, [make(order.line(line), day)], mark)
        else:
            asked = list(_possible(work.tree, order, make, day))
            found = recorded(work.tree, order, asked, mark)
        done = written(work, found, subject)
    say({"changes": [row(one) for one in found]}, "\n".join([*told(found), done]))


def _possible(
    files: Tree, order: Order, make: Callable[[OrderLine, date], Change], day: date
) -> Iterator[Change]:
    """Give the change of every line that allows it; refuse with the reasons where none does."""
    earlier, faults, some = read_changes(files, order.number), list[Fault](), False
    for line in _recurring(order):
        try:
            yield checked(order, changes_of(earlier, line.id), make(line, day))
            some = True
        except Refused as refused:
            faults += refused.faults
    goes_on = any(fault.code == "resumed-later" for fault in faults)
    if not some or goes_on:  # the others are over, or do not recur so; this one would go on
        raise Invalid(*faults)


def _recurring(order: Order) -> Sequence[OrderLine]:
    found = [line for line in order.lines if line.charge == "recurring" and line.service]
    if not found:
        message = f"Nothing of {order.number} recurs."
        remedy = "Give back what was invoiced by a credit: q2c invoice credit"
        raise Invalid(Fault("not-recurring", message, remedy=remedy))
    return found
