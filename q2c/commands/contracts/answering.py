"""q2c contract offer and decline: given out to be signed, and a party that does not sign."""

from datetime import timedelta
from typing import Annotated

import typer
from msgspec.structs import replace

from q2c.commands.call import Commit, DateOption, DryRun, Message
from q2c.commands.contracts.recording import course_after, event_of, record
from q2c.commands.contracts.standing import Number, course_of, day_of
from q2c.commands.desk import desk, stamp
from q2c.commands.output import check_fields, following, say
from q2c.commands.quotes.declining import Reason
from q2c.commands.words import read_day
from q2c.core.period import Day
from q2c.core.signature import refuse_undeclinable, refuse_unofferable, waits_for

ExpiresOption = Annotated[
    Day | None,
    typer.Option(
        "--expires",
        parser=read_day,
        metavar="DAY",
        help="The last day for signing.  [contracts.open_days]",
    ),
]


def offer_contract(
    number: Number,
    *,
    expires: ExpiresOption = None,
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Record that a contract was given out to be signed, by which day.

    After that day no signature is taken. Offering it again sets a new day, and reopens what was
    declined.

    Example: q2c contract offer C-2026-0001 --expires 2026-12-18
    """
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        course = course_of(at.tree, number)
        on = day_of(course, day)
        last = expires or on + timedelta(days=course.company.contracts.open_days)
        refuse_unofferable(course.signing, on, last)
        event = replace(event_of("offered", on, stamp(at.root)), expires=last)
        row = {**course_after(course, event).row(on), "expires": last}
        check_fields(row)
        told = record(at, course, event, {}, f"Offer {number} for signing")
    who = " and ".join(waits_for(course.events, course.company.contracts.order))
    say(row, f"Offered {number} for signing until {last}; it waits for {who}.\n{told}")
    if not dry_run:
        following(f"q2c contract sign {number} --p12 FILE")


def decline_contract(  # noqa: PLR0913 - a flag for each thing that is recorded
    number: Number,
    reason: Reason,
    *,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who does not sign.")] = "",
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Record that a party does not sign a contract, and why.

    It takes no more signatures then, until it is offered anew. What was accepted by the quote is
    agreed all the same.

    Example: q2c contract decline C-2026-0002 --reason "The term is too long" --by "Eva Ek"
    """
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        course = course_of(at.tree, number)
        on = day_of(course, day)
        refuse_undeclinable(course.signing, on)
        event = replace(event_of("declined", on, stamp(at.root)), by=by, reason=reason)
        row = {**course_after(course, event).row(on), "by": by, "reason": reason}
        check_fields(row)
        told = record(at, course, event, {}, f"Decline to sign {number}")
    say(row, f"Declined {number}: {reason}\n{told}")
