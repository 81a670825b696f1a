"""q2c apply: issues what a plan says, exactly that, once."""

from collections.abc import Sequence
from pathlib import Path

from q2c.commands.books import Books, read_books
from q2c.commands.call import At, Commit, DryRun, Message, call
from q2c.commands.desk import Desk, tree
from q2c.commands.invoices.issuing import Outcome, inside, issue, sums, unissued
from q2c.commands.invoices.plan import File, load
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
from q2c.commands.output import check_fields, following, hint, say, table
from q2c.commands.prompt import confirm, typed_back
from q2c.core.billing import Claim, Plan
from q2c.store.tree import Tree

COLUMNS = ("number", "customer", "total", "currency", "due", "ocr")
NOT_CONFIRMED = 1


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
) -> int:
    """Issue the invoices of a plan, each once; after a stop it goes on.

    With --push they are numbered on the ledger of a remote's branch, committed and pushed there;
    where another run was faster, it is done again from the branch as that run left it.

    Example: q2c apply plans/2026-11.json --yes
    """
    check_told()
    ways = Ways(
        dry_run=dry_run, commit=commit, message=message, push=push, remote=remote, branch=branch
    )
    inputs = tree(at) if at or not push else None
    plan, own = chosen(file, inputs if at else None)
    if not (dry_run or call().yes) and not agreed(open_claims(plan, ways)):
        return NOT_CONFIRMED

    def act(work: Desk) -> tuple[Rebased, Outcome]:
        known = read_books(work.tree)
        ready = rebased(plan, known) if push else Rebased(plan=plan)
        return ready, issue(work, known, ready.plan, source(work, inputs), own)

    (ready, outcome), pushed = kept(act, ways)
    tell(plan, outcome, dry_run=dry_run)
    for line in filter(None, (*ready.told, pushed)):
        hint(line)
    return 0


def chosen(file: Path, files: Tree | None) -> tuple[Plan, str]:
    """Read a plan, from a revision if that has it; and name the file that is to be committed."""
    name = inside(call().root, file)
    if files is not None and name and files.exists(name):
        return load(file, files), ""
    return load(file), name


def open_claims(plan: Plan, ways: Ways) -> list[Claim]:
    """Give the claims of a plan that are not invoices yet, where they are to be issued."""
    known = read_books(files_of(ways))
    return unissued(rebased(plan, known).plan if ways.push else plan, known)


def books() -> Books:
    """Read the books as they are now, whatever revision the files are read at."""
    return read_books(tree())


def agreed(claims: Sequence[Claim]) -> bool:
    """Show count and total, and ask whether to issue; more than one asks for the count."""
    if not claims:
        return True
    amount = sums([claim.total for claim in claims])
    count = len(claims)
    if count == 1:
        said = confirm(f"Issue 1 invoice, {amount}?")
    else:
        said = typed_back(f"Issue {counted(count)}, {amount} in all?", str(count))
    if not said:
        hint("Nothing was issued.")
    return said


def check_told() -> None:
    """Refuse --fields that the outcome of a run has not, before anything is issued."""
    summary = ("issued", "already", "held", "ledger_head")
    row = (*COLUMNS, "pdf", "sha256")
    if call().mode == "json":
        check_fields(dict.fromkeys((*summary, "invoices")))
    else:
        check_fields(dict.fromkeys((*row, "type", *summary) if call().mode == "jsonl" else row))


def tell(plan: Plan, outcome: Outcome, *, dry_run: bool) -> None:
    """Say what was issued, and what the run came to."""
    rows = [document.row for document in outcome.issued]
    summary: dict[str, object] = {
        "issued": len(rows),
        "already": outcome.already,
        "held": len(plan.held),
        "ledger_head": outcome.head,
    }
    if call().mode == "json":
        say({**summary, "invoices": rows})
    elif call().mode == "jsonl":
        table([*({"type": "invoice", **row} for row in rows), {"type": "summary", **summary}], ())
    elif rows:
        table(rows, COLUMNS)
    total = sums([document.invoice.total for document in outcome.issued])
    did = "would issue" if dry_run else "issued"
    counts = f"{did} {len(rows)}   already issued {outcome.already}   held {len(plan.held)}"
    if rows or outcome.already or plan.held:
        hint(f"{counts}   {total}" if rows else counts)
    else:
        hint("Nothing is due.")
    for line in outcome.written:
        hint(line)
    if rows and not dry_run:
        following("q2c verify")
