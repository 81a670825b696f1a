"""q2c apply: issues what a plan says, exactly that, once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated

import typer
from msgspec.structs import replace

from q2c.commands.books import Books, read_books
from q2c.commands.call import At, Commit, DryRun, Message, call
from q2c.commands.desk import Desk, tree
from q2c.commands.invoices.issuing import Manner, Outcome, inside, issue, sums, unissued
from q2c.commands.invoices.outcome import check_told, tell_outcome, tell_rows
from q2c.commands.invoices.plan import File
from q2c.commands.invoices.planned import counted
from q2c.commands.invoices.pushing import (
    BranchName,
    Push,
    Remote,
    Ways,
    files_of,
    kept,
    source,
)
from q2c.commands.invoices.rebasing import Rebased, rebased
from q2c.commands.output import hint
from q2c.commands.prompt import confirm, typed_back
from q2c.core.money import Money
from q2c.store.planfile import Claims, read_claims, whole
from q2c.store.tree import Tree, refuse_missing

NOT_CONFIRMED = 1
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", min=1, metavar="N", help="Draw in so many processes.  [all processors]"
    ),
]
FailFast = Annotated[
    bool, typer.Option("--fail-fast", help="Stop at the first claim that cannot be issued.")
]


def apply(  # noqa: PLR0913 - a flag for each
    file: File,
    *,
    at: At = "",
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
    push: Push = False,
    remote: Remote = "origin",
    branch: BranchName = "",
    workers: Workers = None,
    fail_fast: FailFast = False,
) -> int:
    """Issue the invoices of a plan, each once; after a stop it goes on.

    A claim that cannot be issued is left out and told; the exit status is then 1, and the next
    apply tries it again. With --push they are numbered on the ledger of a remote's branch,
    committed and pushed there; where another run was faster, it is done again from the branch
    as that run left it.

    Example: q2c apply plans/2026-11.json --yes
    """
    check_told()
    ways = Ways(
        dry_run=dry_run, commit=commit, message=message, push=push, remote=remote, branch=branch
    )
    manner = Manner(workers=workers, fail_fast=fail_fast, tell=len if push else tell_rows)
    inputs = tree(at) if at or not push else None
    with opened(file, inputs if at else None) as (claims, own):
        if not (dry_run or call().yes) and not agreed(open_totals(claims, ways)):
            return NOT_CONFIRMED

        def act(work: Desk) -> tuple[Rebased | None, Outcome]:
            known = read_books(work.tree)
            ready = rebased(whole(claims), known) if push else None
            plan = ready.plan if ready else claims
            return ready, issue(work, known, plan, source(work, inputs), own, manner)

        (ready, outcome), pushed = kept(act, ways)
    if push:
        tell_rows(outcome.issued)
    told = (*outcome.written, *(ready.told if ready else ()), *pushed)
    tell_outcome(claims.plan, replace(outcome, written=told), dry_run=dry_run)
    return outcome.status


@contextmanager
def opened(file: Path, files: Tree | None) -> Iterator[tuple[Claims, str]]:
    """Open a plan, from a revision if that has it; and name the file that is to be committed."""
    name = inside(call().root, file)
    if files is not None and name and files.exists(name):
        with TemporaryFile() as copy:
            copy.write(files.read(name))
            copy.seek(0)
            yield read_claims(copy, name), ""
        return
    if not file.is_file():
        refuse_missing(str(file))
    with file.open("rb") as found:
        yield read_claims(found, str(file)), name


def open_totals(claims: Claims, ways: Ways) -> list[Money]:
    """Give the totals of the claims that are not invoices yet, where they are to be issued."""
    known = read_books(files_of(ways))
    plan = rebased(whole(claims), known).plan if ways.push else claims
    return [claim.payable for claim in unissued(plan, known)]


def books() -> Books:
    """Read the books as they are now, whatever revision the files are read at."""
    return read_books(tree())


def agreed(totals: Sequence[Money]) -> bool:
    """Show count and total, and ask whether to issue; more than one asks for the count."""
    if not totals:
        return True
    amount, count = sums(totals), len(totals)
    if count == 1:
        said = confirm(f"Issue 1 invoice, {amount}?")
    else:
        said = typed_back(f"Issue {counted(count)}, {amount} in all?", str(count))
    if not said:
        hint("Nothing was issued.")
    return said
