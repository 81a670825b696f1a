"""Orders and their lines as parameters, and what several changes of them ask for."""

from datetime import date
from typing import Annotated, Literal

import typer

from q2c.commands.words import read_day, read_note
from q2c.core.order import Order, OrderLine
from q2c.core.subscription import Change, When, checked

Number = Annotated[str, typer.Argument(metavar="ORDER", help="An order, such as O-2026-0001.")]
SomeLine = Annotated[
    str, typer.Option("--line", metavar="N", help="The order's line.  [all that recur]")
]
From = Annotated[
    date, typer.Option("--from", parser=read_day, metavar="DAY", help="The first day of it.")
]
Note = Annotated[
    str, typer.Option("--note", parser=read_note, metavar="TEXT", help="What was agreed.")
]
Proration = Annotated[
    Literal["prorated", "none", "next-period"] | None,
    typer.Option(
        "--proration",
        help="Charge the period by its days, leave it as it was, or wait for the next.  [prorated]",
    ),
]


def refuse_once(order: Order, line: OrderLine) -> None:
    """Refuse what does not recur before anything is worked out of it."""
    if line.service is None or line.every is None:
        checked(order, (), Change(kind="cancel", date=order.agreed_on, line=line.id))


def when_of(line: OrderLine, asked: When | None) -> When:
    """Say how the period is charged in which something changes: as asked, or as the line says."""
    return asked or ("none" if line.proration in {"full", "none"} else "prorated")
