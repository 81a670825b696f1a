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
from q2c.commands.desk import Desk, desk, tree
from q2c.commands.invoices.giving import notes_of
from q2c.commands.invoices.issuing import (
    Manner,
    Outcome,
    inside,
    issue,
    prepared,
    sums,
    unissued,
    unissued_notes,
)
from q2c.commands.invoices.outcome import check_told, tell_outcome, tell_rows, tell_shard
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
from q2c.commands.invoices.rebasing import rebased
from q2c.commands.invoices.shards import Shard, Shards, draw_shard, read_shard
from q2c.commands.invoices.uncommitted import warn_uncommitted
from q2c.commands.output import hint
from q2c.commands.prompt import confirm, typed_back
from q2c.core.billing import Plan
from q2c.core.fault import Fault, Misused
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
Part = Annotated[
    Shard | None,
    typer.Option(
        "--shard", parser=read_shard, metavar="I/N", help="Only draw this part, into --out."
    ),
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="With --shard: a new folder.")
]
Drawn = Annotated[
    list[Path] | None,
    typer.Option("--from", metavar="DIR", help="Take what a shard drew; give it for each."),
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
    shard: Part = None,
    out: Out = None,
    drawn: Drawn = None,
) -> int:
    """Issue the invoices of a plan, each once; after a stop it goes on.

    A claim that cannot be issued is left out and told; the exit status is then 1, and the next
    apply tries it again. With --push they are numbered on the ledger of a remote's branch,
    committed and pushed there; where another run was faster, it is done again from the branch
    as that run left it. With --shard nothing is issued: a part is drawn for a run --from it.

    Example: q2c apply plans/2026-11.json --yes
    """
    check_told()
    _check_shard(shard, out, others=(push, dry_run, commit, drawn))
    ways = Ways(
        dry_run=dry_run, commit=commit, message=message, push=push, remote=remote, branch=branch
    )
    inputs = tree(at) if at or not push else None
    with opened(file, inputs if at else None) as (claims, own):
        if shard and out and inputs:
            return render(claims, inputs, shard, out, workers)
        shelf = Shards(claims.plan, drawn) if drawn else None
        tell = len if push else tell_rows  # what is not pushed yet is not issued
        manner = Manner(workers=workers, fail_fast=fail_fast, tell=tell, shelf=shelf)
        if not (dry_run or call().yes) and not agreed(*open_totals(claims, ways)):
            return NOT_CONFIRMED

        def act(work: Desk) -> tuple[Outcome, list[str]]:
            known, files = read_books(work.tree), source(work, inputs)
            if not push:
                done = issue(work, known, claims, files, own, manner)
                warn_uncommitted(work, claims, done)
                return done, []
            ready = rebased(whole(claims), known)
            return issue(work, known, ready.plan, files, own, manner), ready.told

        (outcome, moved), pushed = kept(act, ways)
    if push:
        tell_rows(outcome.issued)
    taken = [shelf.told(outcome.issued)] if shelf else []
    told = (*outcome.written, *taken, *moved, *pushed)
    tell_outcome(claims.plan, replace(outcome, written=told), dry_run=dry_run)
    return outcome.status


def _check_shard(shard: Shard | None, out: Path | None, *, others: Sequence[object]) -> None:
    if bool(shard) != bool(out) or (shard and any(others)):
        message = "--shard draws a part into --out, and does nothing else."
        remedy = "Give both, without --push, --dry-run, --commit and --from."
        raise Misused(Fault("usage", message, remedy=remedy))


def render(claims: Claims, inputs: Tree, shard: Shard, out: Path, workers: int | None) -> int:
    """Draw a part of a plan into a folder, and say what came of it; nothing is issued."""
    with desk(dry_run=True) as work:
        ready = prepared(work, read_books(work.tree), claims, inputs)
        count, failed = draw_shard(claims, ready, shard, out, workers)
    failed = [*ready.failed * (shard.place == 1), *failed]  # each is told by one shard
    tell_shard(shard, count, failed, out)
    return 1 if failed else 0


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


def open_totals(claims: Claims, ways: Ways) -> tuple[list[Money], list[Money]]:
    """Give what the claims that are not issued yet come to, and what the credit notes."""
    files = files_of(ways)
    known = read_books(files)
    plan = rebased(whole(claims), known).plan if ways.push else claims
    return totals_of(plan, files, known)


def totals_of(claims: Plan | Claims, files: Tree, known: Books) -> tuple[list[Money], list[Money]]:
    """Give the same of a plan, by the books."""
    plan = claims if isinstance(claims, Plan) else claims.plan
    given, left = notes_of(plan, files, known), unissued_notes(plan, known)
    back = [note.payable if (note := given[n]) else plan.credits[n].net for n in left]
    return [claim.to_pay for claim in unissued(claims, known)], back


def books() -> Books:
    """Read the books as they are now, whatever revision the files are read at."""
    return read_books(tree())


def agreed(totals: Sequence[Money], notes: Sequence[Money] = ()) -> bool:
    """Show count and total, and ask whether to issue; more than one asks for the count.

    Credit notes are counted with the invoices, and go off the total.
    """
    count = len(totals) + len(notes)
    if not count:
        return True
    kinds = [counted(len(totals))] if totals else []
    if notes:
        kinds.append(counted(len(notes), "credit note"))
    what = f"{' and '.join(kinds)}, {sums([*totals, *(-note for note in notes)])}"
    if count == 1:
        said = confirm(f"Issue {what}?")
    else:
        said = typed_back(f"Issue {what} in all?", str(count))
    if not said:
        hint("Nothing was issued.")
    return said
