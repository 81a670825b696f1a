"""q2c quote decline and void: an offer that nothing comes of."""

import shlex
from typing import Annotated

import typer
from msgspec.structs import replace

from q2c.commands.call import Commit, DateOption, DryRun, Message, today
from q2c.commands.desk import Desk, desk, stamp
from q2c.commands.output import check_fields, following, hint, say
from q2c.commands.plain import fields_of
from q2c.commands.quotes.quote import Number
from q2c.commands.quotes.quoting import course_of, kept
from q2c.commands.quotes.recording import event_of
from q2c.commands.words import read_name
from q2c.core.quote import Event, latest, state
from q2c.core.quote.moves import refuse_answered, refuse_unvoidable
from q2c.store.master import read_company
from q2c.store.opportunities import opportunity_of
from q2c.store.quotes import Folder, event_line, path_of, read_quote
from q2c.store.writing import Change

Reason = Annotated[
    str, typer.Option("--reason", parser=read_name, metavar="TEXT", help="Why, in a sentence.")
]


def decline_quote(  # noqa: PLR0913 - a flag for each thing that is recorded
    number: Number,
    reason: Reason,
    *,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="The customer's person.")] = "",
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Record that a quote was declined, and why.

    Example: q2c quote decline Q-2026-0008 --reason "Chose a date in spring"
    """
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        on = today(read_company(at.tree).time_zone, day)
        folder = read_quote(at.tree, number)
        refuse_answered(course_of(folder), on)
        event = event_of("declined", latest(folder.events), on, stamp(at.root))
        event = replace(event, by=by, reason=reason)
        row, told = _recorded(at, folder, event, f"Decline {number}")
    say(row, f"Declined {number}: {reason}\n{told}")
    opportunity = opportunity_of(at.tree, number)
    if opportunity and not dry_run:
        following(f"q2c opportunity lost {opportunity} --reason … --note {shlex.quote(reason)}")


def void_quote(
    number: Number,
    reason: Reason,
    *,
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Make a quote void: nothing of it can be accepted, sent or revised any longer.

    What the customer holds is worth nothing then; tell them.

    Example: q2c quote void Q-2026-0008 --reason "The trainer is no longer with us"
    """
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        on = today(read_company(at.tree).time_zone, day)
        folder = read_quote(at.tree, number)
        refuse_unvoidable(course_of(folder), on)
        open_ = state(folder.events, course_of(folder).valid_until, on) == "sent"
        event = event_of("voided", latest(folder.events), on, stamp(at.root))
        row, told = _recorded(at, folder, replace(event, reason=reason), f"Void {number}")
    say(row, f"Made {number} void: {reason}\n{told}")
    if folder.sent and open_:
        hint(f"Tell {folder.sent.buyer.name}: version {folder.sent.version} is no longer open.")
    if not dry_run:
        following(f"q2c quote duplicate {number}")


def _recorded(
    at: Desk, folder: Folder, event: Event, subject: str
) -> tuple[dict[str, object], str]:
    """Add an event to those of a quote; give it by name, and what was written in words."""
    row: dict[str, object] = {"number": folder.number, **fields_of(event)}
    check_fields(row)
    lines = {path_of(folder.number, "events.jsonl"): event_line(folder.events, event)}
    return row, at.write(Change(appended=lines), subject, kept(at.tree, folder))
