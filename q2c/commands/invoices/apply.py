"""q2c apply: issues what a plan says, exactly that, once."""

from collections.abc import Sequence

from q2c.commands.books import Books, read_books
from q2c.commands.call import At, Commit, DryRun, Message, call
from q2c.commands.desk import desk, tree
from q2c.commands.invoices.issuing import Outcome, inside, issue, sums, unissued
from q2c.commands.invoices.plan import File, counted, load
from q2c.commands.output import check_fields, following, hint, say, table
from q2c.commands.prompt import confirm, typed_back
from q2c.core.billing import Claim, Plan

COLUMNS = ("number", "customer", "total", "currency", "due", "ocr")
NOT_CONFIRMED = 1


def apply(
    file: File,
    *,
    at: At = "",
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> int:
    """Issue the invoices of a plan, each once; after a stop it goes on.

    Example: q2c apply plans/2026-11.json --yes
    """
    check_told()
    inputs = tree(at)
    plan = load(file, inputs if at else None)
    if not (dry_run or call().yes) and not agreed(unissued(plan, books())):
        return NOT_CONFIRMED
    with desk(dry_run=dry_run, commit=commit, message=message) as work:
        own = inside(work.root, file) if not at else ""
        outcome = issue(work, read_books(work.tree), plan, inputs, own)
    tell(plan, outcome, dry_run=dry_run)
    return 0


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
