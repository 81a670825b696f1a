"""q2c invoice credit, void and reissue: what was issued is taken back, in whole or in part."""

from decimal import Decimal
from typing import Annotated

import typer

from q2c.commands.books import read_books
from q2c.commands.call import Commit, DateOption, DryRun, Message
from q2c.commands.desk import Desk, stamp
from q2c.commands.invoices.apply import NOT_CONFIRMED
from q2c.commands.invoices.crediting import Asked, Said, credit, creditable
from q2c.commands.invoices.drawing import Drawn
from q2c.commands.invoices.invoice import Number
from q2c.commands.invoices.issuing import write
from q2c.commands.invoices.pushing import BranchName, Push, Remote, Ways, files_of, kept
from q2c.commands.output import check_fields, following, hint, say
from q2c.commands.prompt import typed_back
from q2c.commands.words import read_quantity
from q2c.core.invoice import Invoice
from q2c.core.receivable import open_items
from q2c.store.tree import Tree

Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it is credited.")]
ALL = Asked()


def credit_invoice(  # noqa: PLR0913 - a flag for each
    number: Number,
    *,
    reason: Reason,
    line: Annotated[
        list[str] | None,
        typer.Option("--line", metavar="N[:AMOUNT]", help="This line, or so much of it."),
    ] = None,
    quantity: Annotated[
        Decimal | None,
        typer.Option("--qty", parser=read_quantity, metavar="NUMBER", help="Units of the line."),
    ] = None,
    percent: Annotated[
        Decimal | None,
        typer.Option(
            "--percent", parser=read_quantity, metavar="NUMBER", help="Per cent of each line."
        ),
    ] = None,
    rebill: Annotated[
        bool, typer.Option("--rebill", help="Let the next run invoice the same again.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Credit the same once more on the same day.")
    ] = False,
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
    push: Push = False,
    remote: Remote = "origin",
    branch: BranchName = "",
) -> int:
    """Credit an invoice, whole or by line; the credit note names it.

    With --rebill the invoice was wrong and not what was agreed: what is credited becomes due
    again, and the next invoice run takes it up. The same words again on the same day add nothing.

    Example: q2c invoice credit F-2026-0001 --line 1 --reason "Agreed rebate" --yes
    """
    ways = Ways(
        dry_run=dry_run, commit=commit, message=message, push=push, remote=remote, branch=branch
    )
    asked = Asked(lines=tuple(line or ()), quantity=quantity, percent=percent)
    said = Said(day=day, reason=reason, rebill=rebill, again=again)
    status, _ = _credited(number, asked, said, ways, "Credit")
    return status


def void_invoice(
    number: Number,
    *,
    reason: Reason,
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> int:
    """Void an invoice that never went out; its number stays, what it charged is due again.

    A credit note of all of it says so. One that was paid or credited is credited, not voided.

    Example: q2c invoice void F-2026-0002 --reason "Issued too early" --yes
    """
    ways = Ways(dry_run=dry_run, commit=commit, message=message)
    said = Said(day=day, reason=reason, rebill=True, void=True)
    status, _ = _credited(number, ALL, said, ways, "Void")
    return status


def reissue_invoice(
    number: Number,
    *,
    reason: Reason,
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> int:
    """Credit an invoice that is wrong; the next run issues it anew and names it.

    Put right what was wrong before that run: an address, a reference, the order.

    Example: q2c invoice reissue F-2026-0003 --reason "Wrong reference" --yes
    """
    ways = Ways(dry_run=dry_run, commit=commit, message=message)
    said = Said(day=day, reason=reason, rebill=True)
    status, customer = _credited(number, ALL, said, ways, "Reissue")
    if customer and not dry_run:
        following(f"q2c invoice run --customer {customer}")
    return status


def _credited(number: str, asked: Asked, said: Said, ways: Ways, what: str) -> tuple[int, str]:
    """Make a credit note and write it; give the exit status, and whose it is if it was made."""
    files = files_of(ways)
    books = read_books(files)
    creditable(files, books, number)
    if not ways.dry_run and not typed_back(f"{what} {number}?", number):
        hint("Nothing was credited.")
        return NOT_CONFIRMED, ""

    def act(work: Desk) -> tuple[Drawn | Invoice, str]:
        books = read_books(work.tree)
        note = credit(work, books, number, asked, said)
        if isinstance(note, Invoice):
            return note, ""
        check_fields(note.row)
        _, written = write(work, books, [note], stamp(work.root, work.tree.commit))
        return note, written

    (note, written), pushed = kept(act, ways)
    if isinstance(note, Invoice):
        _tell_known(note, number)
        return 0, ""
    verb = "voids" if said.void else "credits"
    say(note.row, f"{note.invoice.number} {verb} {note.invoice.payable} of {number}.")
    for told in filter(None, (written, *pushed)):
        hint(told)
    _tell_paid(number, said, files_of(ways))
    return 0, note.invoice.customer


def _tell_paid(number: str, said: Said, files: Tree) -> None:
    """Say where the money is that was paid for an invoice which is billed anew."""
    item = open_items(read_books(files).records).get(number)
    if said.rebill and item is not None and item.open.minor < 0:
        hint(
            f"{-item.open} that was paid for {number} stays on it, and goes to no other invoice by "
            "itself: pay it back, or agree with the customer to set it off against the new one."
        )


def _tell_known(note: Invoice, number: str) -> None:
    """Say that the same was credited before on the day."""
    text = f"{number} is credited already by {note.number}: {note.total}, {note.reason}."
    say({"number": note.number, "credited": False}, text)
    hint("To credit as much once more, add --again.")
