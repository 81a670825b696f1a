"""q2c send: every issued document, by the way that its customer wishes, once."""

from pathlib import Path
from typing import Annotated

import typer

from q2c.commands.call import Commit, DryRun, Message
from q2c.commands.sending.carrying import Asked, carried
from q2c.commands.sending.ways import read_channel
from q2c.core.fault import Fault, Misused
from q2c.core.sending import Kind

Numbers = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NUMBER]...", help="Documents: F-2026-0001, Q-2026-0001, C-2026-0001."),
]
PlanFile = Annotated[
    Path | None, typer.Option("--plan", metavar="FILE", help="Every invoice of this plan.")
]
To = Annotated[
    str,
    typer.Option(
        "--to", metavar="WAY", help="folder, eml, smtp or outbox.  [as the customer wishes]"
    ),
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Where files go.  [outgoing/]")
]
Again = Annotated[bool, typer.Option("--again", help="Send also what was sent, or may have been.")]


def send(  # noqa: PLR0913 - a flag for each
    numbers: Numbers = None,
    *,
    plan: PlanFile = None,
    to: To = "",
    out: Out = None,
    again: Again = False,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> int:
    """Send issued documents to their customers, each once.

    A quote goes in the version that was sent last, a contract as it was signed. What was sent
    before is passed over; where nobody knows whether it was, --again sends it. The customer's
    file says by which way it goes; --to says it for this time.

    Example: q2c send F-2026-0001 --to eml
    """
    asked = _asked(numbers, plan, to, out, again=again)
    return carried(asked, dry_run=dry_run, commit=commit, message=message)


def send_invoices(  # noqa: PLR0913 - a flag for each
    numbers: Numbers = None,
    *,
    plan: PlanFile = None,
    to: To = "",
    out: Out = None,
    again: Again = False,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> int:
    """Send invoices and credit notes, by number or all of a plan, each once.

    Example: q2c invoice send --plan plans/2026-11.json --to eml
    """
    kinds: tuple[Kind, ...] = ("invoice", "credit-note")
    asked = _asked(numbers, plan, to, out, again=again, kinds=kinds)
    return carried(asked, dry_run=dry_run, commit=commit, message=message)


def send_contracts(  # noqa: PLR0913 - a flag for each
    numbers: Numbers = None,
    *,
    to: To = "",
    out: Out = None,
    again: Again = False,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> int:
    """Send contracts, signed where they were, each once.

    Example: q2c contract send C-2026-0001 --to folder --out handover
    """
    asked = _asked(numbers, None, to, out, again=again, kinds=("contract",))
    return carried(asked, dry_run=dry_run, commit=commit, message=message)


def _asked(
    numbers: list[str] | None,
    plan: Path | None,
    to: str,
    out: Path | None,
    *,
    again: bool,
    kinds: tuple[Kind, ...] = (),
) -> Asked:
    if bool(numbers) == bool(plan):
        message = "Name documents, or the plan whose invoices are to go; not both."
        raise Misused(Fault("usage", message, remedy="Such as: q2c send F-2026-0001"))
    named = tuple(dict.fromkeys(numbers or ()))
    channel = read_channel(to)
    return Asked(numbers=named, plan=plan, to=channel, out=out, again=again, kinds=kinds)
