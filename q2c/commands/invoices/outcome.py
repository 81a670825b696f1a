"""What came of a run: told when it has ended, and as JSON lines while it goes on."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import asdict, replace

from q2c.commands.call import call
from q2c.commands.invoices.drawing import Row
from q2c.commands.invoices.issuing import Failure, Outcome, sums
from q2c.commands.invoices.shards import Shard
from q2c.commands.output import check_fields, following, hint, say, table
from q2c.commands.telling import fields, tell
from q2c.core.billing import Plan
from q2c.core.fault import Fault

COLUMNS = ("number", "customer", "total", "currency", "due", "ocr")
SUMMARY = ("issued", "already", "failed", "left", "held", "ledger_head")
FAILED = ("orders", "customer", "code", "message", "file", "line", "column", "hint")


def check_told() -> None:
    """Refuse --fields that the outcome of a run has not, before anything is issued."""
    row = (*COLUMNS, "pdf", "sha256")
    if call().mode == "json":
        check_fields(dict.fromkeys((*SUMMARY, "invoices")))
    elif call().mode == "jsonl":
        check_fields(dict.fromkeys((*row, "type", *FAILED, *SUMMARY)))
    else:
        check_fields(dict.fromkeys(row))


def tell_rows(rows: Sequence[Row]) -> None:
    """Say as JSON lines what was issued, as soon as it is written; otherwise nothing yet."""
    if call().mode == "jsonl":
        table([{"type": "invoice", **asdict(row)} for row in rows], ())
        sys.stdout.flush()


def tell_outcome(plan: Plan, outcome: Outcome, *, dry_run: bool) -> None:
    """Say what was issued and what was not, and what the run came to."""
    failed = [row for failure in outcome.failed for row in _failed(failure)]
    summary: dict[str, object] = {
        "issued": len(outcome.issued),
        "already": outcome.already,
        "failed": failed,
        "left": outcome.left,
        "held": len(plan.held),
        "ledger_head": outcome.head,
    }
    if call().mode == "json":
        say({**summary, "invoices": outcome.issued})
    elif call().mode == "jsonl":
        last = {"type": "summary", **summary, "failed": len(outcome.failed)}
        table([*({"type": "failed", **row} for row in failed), last], ())
    elif outcome.issued:
        table(outcome.issued, COLUMNS)
    _tell_failed(outcome.failed)
    _count(plan, outcome, dry_run=dry_run)


def _count(plan: Plan, outcome: Outcome, *, dry_run: bool) -> None:
    did = "would issue" if dry_run else "issued"
    counts = (
        (did, len(outcome.issued), True),
        ("failed", len(outcome.failed), False),
        ("not tried", outcome.left, False),
        ("already issued", outcome.already, True),
        ("held", len(plan.held), True),
    )
    if any(count for _, count, _ in counts):
        told = "   ".join(f"{what} {count}" for what, count, always in counts if count or always)
        total = sums([row.amount for row in outcome.issued])
        hint(f"{told}   {total}" if outcome.issued else told)
    else:
        hint("Nothing is due.")
    for line in outcome.written:
        hint(line)
    if outcome.failed:
        hint("What failed is still due: put it right, then apply this plan again, or a new one.")
    elif outcome.issued and not dry_run:
        following("q2c verify")


def tell_shard(shard: Shard, drawn: int, failed: Sequence[Failure], out: Path) -> None:
    """Say what came of a part of a plan that was drawn into a folder."""
    rows = [row for failure in failed for row in _failed(failure)]
    facts = {"shard": str(shard), "drawn": drawn, "failed": rows, "folder": str(out)}
    documents = "1 document" if drawn == 1 else f"{drawn} documents"
    say(facts, f"Drew {documents}, part {shard}, into {out}. Nothing was issued.")
    _tell_failed(failed)


def _tell_failed(failed: Sequence[Failure]) -> None:
    if failed and not call().machine:
        tell([one for failure in failed for one in _named(failure)])


def _failed(failure: Failure) -> Iterator[dict[str, object]]:
    """Give what failed as programs read it, a row for each reason."""
    for fault in failure.faults:
        yield {"orders": failure.orders, "customer": failure.customer, **fields(fault)}


def _named(failure: Failure) -> Iterator[Fault]:
    """Say in the reasons what is not issued because of them."""
    for fault in failure.faults:
        which = f"{', '.join(failure.orders)} ({failure.customer})"
        yield replace(fault, message=f"{which} was not issued: {fault.message}")
