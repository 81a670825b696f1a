"""q2c plan and q2c invoice plan: what a run would issue, shown and kept in a file."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from q2c.commands.books import Books, read_books
from q2c.commands.call import At, Through, call, today
from q2c.commands.desk import refuse_own, save, stamp, tree
from q2c.commands.invoices.billing import planned, refuse_unknown
from q2c.commands.invoices.caps import caps_told
from q2c.commands.invoices.issuing import inside
from q2c.commands.invoices.outstanding import Asked
from q2c.commands.invoices.planned import beside, tell
from q2c.commands.invoices.summary import SummaryFile, summarise
from q2c.commands.output import following, hint
from q2c.commands.words import read_day
from q2c.core.billing import Plan
from q2c.core.fault import Fault, Stale
from q2c.store.invoices import read_plan
from q2c.store.master import customer_ids
from q2c.store.papers import frozen
from q2c.store.tree import Tree, refuse_missing

PENDING = 10
File = Annotated[Path, typer.Argument(metavar="FILE", help="A plan, such as plans/2026-11.json.")]
Customer = Annotated[
    str, typer.Option("--customer", metavar="ID", help="Only what this customer owes.")
]
IssueOn = Annotated[
    date | None,
    typer.Option("--issue-on", parser=read_day, metavar="DAY", help="The invoices' date.  [today]"),
]


def show_plan(file: File, *, summary: SummaryFile = None, at: At = "") -> None:
    """Show what a plan would issue.

    Example: q2c plan show plans/2026-11.json --summary november.pdf
    """
    files, books = tree(at), read_books(tree())
    plan = load(file, files if at else None)
    found = beside(plan, files, books)
    tell(plan, found)
    if summary:
        hint(summarise(plan, found, files, books, summary))


def plan_invoices(  # noqa: PLR0913 - a flag for each
    *,
    through: Through = None,
    issue_on: IssueOn = None,
    customer: Customer = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to keep the plan.")
    ] = None,
    summary: SummaryFile = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 10 if there is anything to issue.")
    ] = False,
    at: At = "",
) -> int:
    """Show what is due, and keep it as a plan; nothing is issued.

    Example: q2c invoice plan --through 2026-11-30 --out plans/2026-11.json
    """
    books, files = read_books(tree()), tree(at)
    plan = decide(files, books, through, issue_on, customer)
    if out:
        _refuse_applied(out, books)
    found = beside(plan, files, books)
    tell(plan, found, str(out or ""))
    for said in caps_told(files, plan):
        hint(said)
    if summary:
        hint(summarise(plan, found, files, books, summary))
    if out:
        save(out, frozen(plan))
        hint(f"Wrote {out} (ledger head {plan.base[:12]}). Nothing was issued.")
        following(f"q2c apply {out}")
    return PENDING if exit_code and plan.claims else 0


def load(file: Path, files: Tree | None = None) -> Plan:
    """Read a plan from where the user is, or from a revision."""
    if files is not None and (name := inside(call().root, file)):
        return read_plan(files.read(name), name)
    if not file.is_file():
        refuse_missing(str(file))
    return read_plan(file.read_bytes(), str(file))


def decide(
    files: Tree, books: Books, through: date | None, issue_on: date | None, customer: str
) -> Plan:
    """Plan a run as it was asked for; days that were not said are today."""
    zone = books.company.time_zone
    refuse_unknown(customer, customer_ids(files))
    asked = Asked(through=today(zone, through), issue_on=today(zone, issue_on), customer=customer)
    return planned(files, books, asked, stamp(call().root))


def _refuse_applied(file: Path, books: Books) -> None:
    """Refuse to write over a plan that was applied: it says why invoices are as they are."""
    refuse_own(file)
    known = load(file).id if file.is_file() else ""
    if known and any(record.plan == known for record in books.records):
        message = f"{file} was applied, so it stays as it is."
        raise Stale(Fault("plan-applied", message, remedy="Give --out another name."))
