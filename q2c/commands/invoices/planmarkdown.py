"""A plan as Markdown, for a merge request or the summary of a CI job."""

from collections.abc import Sequence

from q2c.commands.invoices.issuing import sums
from q2c.commands.invoices.moving import month_before
from q2c.commands.invoices.planned import (
    LARGEST,
    categories,
    counted,
    due_rows,
    signed,
    sums_signed,
    why,
)
from q2c.commands.markdown import plain, table
from q2c.core.billing import Plan
from q2c.core.invoice import Invoice
from q2c.core.measure import Movement
from q2c.core.posting import month_key

SHOWN = 50  # rows; a host cuts a summary that is too long


def plan_markdown(plan: Plan, moved: Sequence[Movement], notes: Sequence[Invoice | None]) -> str:
    """Write a plan as Markdown: what is due, its VAT, what changed and why, what waits."""
    parts = [
        f"### Invoices through {plan.through}",
        _counts(plan),
        *_due(plan, notes),
        *table(("VAT", "Base", "VAT"), _vat(plan), right=2),
        *_changes(plan, moved),
        *table(("Left for a later run", "Customer", "Why"), _skipped(plan), right=0),
        *table(("Held", "Customer", "Why"), _held(plan), right=0),
    ]
    return "\n\n".join(parts) + "\n"


def _counts(plan: Plan) -> str:
    credit = f", {counted(len(plan.credits), 'credit note')}" if plan.credits else ""
    count = f"{counted(len(plan.claims))} to issue on {plan.issue_on}{credit}"
    amount = f": {sums([claim.to_pay for claim in plan.claims])}" if plan.claims else ""
    return f"**{plain(count + amount)}**, {len(plan.held)} held."


def _due(plan: Plan, notes: Sequence[Invoice | None]) -> list[str]:
    rows = due_rows(plan, notes)
    heads = ("Order", "Customer", "Net", "VAT", "Total")
    cells = [[_cell(row.get(head.lower())) for head in heads] for row in rows[:SHOWN]]
    more = [f"… and {len(rows) - SHOWN} more."] if len(rows) > SHOWN else []
    return [*table(heads, cells, right=3), *more]


def _cell(value: object) -> str:
    return plain("" if value is None else str(value))


def _vat(plan: Plan) -> list[Sequence[str]]:
    return [(plain(label), str(row.base), str(row.vat)) for label, row in categories(plan)]


def _changes(plan: Plan, moved: Sequence[Movement]) -> list[str]:
    if not moved or all(one.why in {"new", "deposit"} for one in moved):
        return []
    head = f"Beside {month_key(month_before(plan).first)}: {sums_signed([m.change for m in moved])}"
    rows = [
        (
            plain(one.customer),
            plain(f"{one.source} {one.name}"),
            plain(why(one)),
            signed(one.change),
        )
        for one in moved[:LARGEST]
    ]
    return [plain(head), *table(("Customer", "Line", "Why", "Change"), rows, right=1)]


def _skipped(plan: Plan) -> list[Sequence[str]]:
    return [(*map(plain, (" ".join(s.orders), s.customer, s.message)),) for s in plan.skipped]


def _held(plan: Plan) -> list[Sequence[str]]:
    return [(*map(plain, (h.order, h.customer, f"{h.message} {h.remedy}")),) for h in plan.held]
