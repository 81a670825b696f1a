"""q2c customer note: what was said and done with a customer."""

from typing import Annotated, cast, get_args

import typer

from q2c.commands.call import Commit, DateOption, DryRun, Message, today
from q2c.commands.desk import desk, stamp
from q2c.commands.output import check_fields, following, say
from q2c.commands.plain import fields_of
from q2c.commands.words import read_note
from q2c.core.fault import Fault, Misused
from q2c.core.pipeline import Activity, Kind
from q2c.store.activities import activities_path, activity_line, read_activities
from q2c.store.master import read_company, read_customer
from q2c.store.writing import Change

KINDS = get_args(Kind)


def note_customer(  # noqa: PLR0913 - a flag for each thing that is recorded
    id_: Annotated[str, typer.Argument(metavar="CUSTOMER", help="A customer's id.")],
    text: Annotated[
        str, typer.Argument(parser=read_note, metavar="TEXT", help="What to remember.")
    ],
    *,
    kind: Annotated[
        str, typer.Option("--kind", metavar="|".join(KINDS), help="What it was.  [note]")
    ] = "note",
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Write down what was said or done with a customer.

    Example: q2c customer note fjord-foods "They want a quote for 2027" --kind call
    """
    _refuse_odd(text, kind)
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        read_customer(at.tree, id_)
        mark = stamp(at.root)
        activity = Activity(
            date=today(read_company(at.tree).time_zone, day),
            kind=cast("Kind", kind),
            text=text,
            recorded=mark.recorded,
            recorded_by=mark.by,
            program=mark.program,
        )
        row = {"customer": id_, **fields_of(activity)}
        check_fields(row)
        line = activity_line(read_activities(at.tree, id_), activity)
        told = at.write(Change(appended={activities_path(id_): line}), f"Note about {id_}")
    say(row, f"{activity.date}  {id_}  {kind}: {text}\n{told}")
    if not dry_run:
        following(f"q2c customer show {id_}")


def _refuse_odd(text: str, kind: str) -> None:
    if kind not in KINDS:
        message = f"There is no kind '{kind}'."
        raise Misused(Fault("usage", message, remedy=f"Choose from: {', '.join(KINDS)}."))
    if not text:
        raise Misused(Fault("usage", "The note says nothing.", remedy="Write what to remember."))
