"""q2c invoice: issued at once, shown, drawn again, credited."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from q2c.commands.books import Books, read_books
from q2c.commands.call import At, Commit, DateOption, DryRun, Message, Through, call, today
from q2c.commands.desk import Desk, read_look, save, tree
from q2c.commands.invoices import apply, outcome, plan, planned
from q2c.commands.invoices.issuing import Manner, Outcome, issue
from q2c.commands.invoices.plan import Customer
from q2c.commands.invoices.pushing import (
    BranchName,
    Push,
    Remote,
    Ways,
    files_of,
    kept,
    source,
)
from q2c.commands.invoices.rebasing import rebased
from q2c.commands.invoices.uncommitted import warn_uncommitted
from q2c.commands.output import hint, table
from q2c.commands.prompt import may_ask, missing
from q2c.core.billing import Plan
from q2c.core.money import Money
from q2c.core.receivable import OpenItem, next_due, open_items, overdue
from q2c.store.invoices import read_dues, read_invoice
from q2c.store.tree import Tree

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="An invoice: F-2026-0001.")]
LIST = ("number", "date", "due", "customer", "total", "open", "overdue", "currency", "state")
SHORT = tuple(name for name in LIST if name not in {"date", "overdue"})  # fits 80 columns
HELD = 4  # the exit status where a person has to see to something first
UNPAID = ("open", "overdue")


def run_invoices(  # noqa: PLR0913 - a flag for each
    *,
    through: Through = None,
    customer: Customer = "",
    day: DateOption = None,
    at: At = "",
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
    push: Push = False,
    remote: Remote = "origin",
    branch: BranchName = "",
) -> int:
    """Show what is due, ask, and issue it.

    What is held is told and left out; where all of it is, the exit status is 4.

    Example: q2c invoice run --through 2026-11-20 --yes --commit
    """
    outcome.check_told()
    ways = Ways(
        dry_run=dry_run, commit=commit, message=message, push=push, remote=remote, branch=branch
    )
    inputs = tree(at) if at or not push else None
    shown = None
    if not (call().yes or dry_run):
        if not may_ask():
            raise missing("--yes")
        files = files_of(ways)
        known = read_books(files)
        shown = plan.decide(inputs or files, known, through, day, customer)
        planned.tell(shown, planned.beside(shown, inputs or files, known))
        if not apply.agreed(*apply.totals_of(shown, files, known)):
            return apply.NOT_CONFIRMED

    manner = Manner(tell=len if push else outcome.tell_rows)

    def act(work: Desk) -> tuple[Plan, Outcome]:
        books, files = read_books(work.tree), source(work, inputs)
        ready = shown or plan.decide(files, books, through, day, customer)
        now = rebased(ready, books).plan if push else ready
        done = issue(work, books, now, files, manner=manner)
        if not push:
            warn_uncommitted(work, ready, done)
        return ready, done

    (ready, done), pushed = kept(act, ways)
    if call().yes:
        planned.tell_left(ready)
    if push:
        outcome.tell_rows(done.issued)
    done = replace(done, written=(*done.written, *pushed))
    outcome.tell_outcome(ready, done, dry_run=dry_run)
    return done.status or (HELD if ready.held and not done.issued and not done.already else 0)


def list_invoices(
    *,
    only_open: Annotated[
        bool, typer.Option("--open", help="Only those that are not settled.")
    ] = False,
    customer: Annotated[
        str, typer.Option("--customer", metavar="ID", help="Only those of this customer.")
    ] = "",
    at: At = "",
) -> None:
    """List invoices and credit notes, with what is open on each.

    Example: q2c invoice list
    """
    files = tree(at)
    books = read_books(files)
    rows = [
        row
        for row in _rows(files, books)
        if customer in ("", row["customer"]) and (not only_open or row["state"] in UNPAID)
    ]
    table(rows, SHORT if call().mode == "text" else LIST)


def _rows(files: Tree, books: Books) -> Iterator[dict[str, object]]:
    """Give a row for every document; how it stands follows from entries and the day."""
    items, dues = open_items(books.records), read_dues(files, books.records)
    now = today(books.company.time_zone)
    for number, entry in books.ledger.by_number.items():
        item, due = items.get(number), dues.get(number)
        claim = entry.postings[0]
        late = overdue(item, due, now) if item and due else None
        yield {
            "number": number,
            "date": entry.date,
            "due": next_due(item, due) if item and due else None,
            "customer": entry.party,
            "total": Money(claim.amount, claim.currency),
            "open": item.open if item else None,
            "currency": claim.currency,
            "overdue": late,
            "state": standing(item, late) if item else "credit",
            "credits": "" if item else claim.item,
        }


def standing(item: OpenItem, late: Money | None) -> str:
    """Say how an invoice stands, of which so much should have been paid by now."""
    if item.settled:
        return "settled" if item.open.minor == 0 else "overpaid"
    return "overdue" if late and late.minor else "open"


def render_invoice(
    number: Number,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write the PDF.")],
    at: At = "",
) -> None:
    """Draw an issued invoice or credit note again, from what it was issued with.

    Example: q2c invoice render F-2026-0001 --out copy.pdf
    """
    from q2c.commands.invoices.making import pdf_of

    files = tree(at)
    found = read_invoice(files, read_books(files).records, number)
    hint(save(out, pdf_of(found, read_look(files, found.look))))
