"""A plan in words: what is due, held and skipped, what it adds up to, and what changed and why."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from q2c.commands.books import Books
from q2c.commands.call import call
from q2c.commands.invoices.giving import notes_of
from q2c.commands.invoices.issuing import sums
from q2c.commands.invoices.labels import label_of
from q2c.commands.invoices.moving import changes, month_before
from q2c.commands.output import hint, say, table
from q2c.core.billing import Claim, CreditClaim, Hold, Plan
from q2c.core.invoice import Invoice
from q2c.core.measure import Movement
from q2c.core.money import Money, total
from q2c.core.posting import month_key
from q2c.core.tax import VatTotal
from q2c.store.tree import Tree

COLUMNS = ("order", "customer", "net", "vat", "total", "currency")
EVERYTHING = ("state", *COLUMNS, "lines", "code", "message")
LARGEST = 8  # changes that are told one by one
WHY = {
    "new": "new",
    "again": "not invoiced in that month",
    "ended": "ended",
    "waiting": "not due now",
    "stopped": "held",
    "later": "left for a later run",
    "credited": "credited",
    "deposit": "deposits",
    "deducted": "deducted",
    "usage": "usage",
    "quantity": "quantity",
    "price": "price",
    "quantity-price": "quantity and price",
    "days": "part of a period",
    "periods": "more or fewer periods",
    "quantity-days": "quantity and days",
}


class Beside(Struct, frozen=True):
    """What is told of a plan beside what stands in it: what changed since, its credit notes."""

    moved: Sequence[Movement]
    notes: Sequence[Invoice | None]


def beside(plan: Plan, files: Tree, books: Books) -> Beside:
    """Work out what a plan changes beside the month before, and the credit notes it would make."""
    return Beside(changes(plan, files, books), notes_of(plan, files, books))


def tell(plan: Plan, found: Beside, file: str = "") -> None:
    """Say what a plan would issue: its rows as the result, what they add up to beside it."""
    moved, notes = found.moved, found.notes
    if call().mode == "json":
        say(_document(plan, moved, file, notes))
    elif call().mode in ("csv", "jsonl"):
        table([*due_rows(plan, notes), *_waiting(plan)], EVERYTHING)
    else:
        table(due_rows(plan, notes), COLUMNS)
        for line in (*_summary(plan, notes), *_changes_told(plan, moved), *_left(plan)):
            hint(line)


def due_rows(plan: Plan, notes: Sequence[Invoice | None]) -> list[dict[str, object]]:
    """Give a row for every invoice and credit note that a plan would issue; `notes` are these."""
    rows: list[dict[str, object]] = [
        {
            "state": "due",
            "order": " ".join(claim.orders),
            "customer": claim.customer,
            "lines": len(claim.charges),
            "net": claim.claimed,
            "vat": claim.claimed_tax,
            "total": claim.to_pay,
            "currency": claim.currency,
        }
        for claim in plan.claims
    ]
    rows += [
        {
            "state": "credit",
            "order": f"credit of {one.original}",
            "customer": one.customer,
            "lines": len(one.parts),
            "net": -one.net,
            "vat": -note.tax if note else None,
            "total": -note.payable if note else None,
            "currency": one.currency,
            "message": one.reason,
        }
        for one, note in zip(plan.credits, notes, strict=True)
    ]
    return rows


def _waiting(plan: Plan) -> Iterator[dict[str, object]]:
    for skip in plan.skipped:
        yield {
            "state": "zero" if skip.code == "zero" else "skipped",
            "order": " ".join(skip.orders),
            "customer": skip.customer,
            "net": skip.amount,
            "currency": skip.amount.currency,
            "code": skip.code,
            "message": skip.message,
        }
    for held in plan.held:
        yield {
            "state": "held",
            "order": held.order,
            "customer": held.customer,
            "code": held.code,
            "message": held.message,
        }


def _document(
    plan: Plan, moved: Sequence[Movement], file: str, notes: Sequence[Invoice | None]
) -> dict[str, object]:
    rows = due_rows(plan, notes)
    given = [row for row in rows if row["state"] == "credit"]
    return {
        "id": plan.id,
        "through": plan.through,
        "issue_on": plan.issue_on,
        "base": plan.base,
        "commit": plan.commit,
        "file": file,
        "claims": [row for row in rows if row["state"] == "due"],
        "credits": [
            {**_fields(one), "vat": row["vat"], "total": row["total"]}
            for one, row in zip(plan.credits, given, strict=True)
        ],
        "skipped": plan.skipped,
        "vat": [row for _, row in categories(plan)],
        "held": plan.held,
        "warned": plan.warned,
        "against": month_key(month_before(plan).first),
        "changes": [{**_fields(one), "change": one.change} for one in moved],
    }


def _fields(one: Movement | CreditClaim) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__struct_fields__}


def _summary(plan: Plan, given: Sequence[Invoice | None]) -> Iterator[str]:
    notes = f", {counted(len(plan.credits), 'credit note')}" if plan.credits else ""
    yield f"{counted(len(plan.claims))} to issue on {plan.issue_on}{notes}, {len(plan.held)} held."
    for label, row in categories(plan):
        yield f"  {row.base} {label}, VAT {row.vat}"
    if plan.claims:
        yield f"  total {sums([claim.to_pay for claim in plan.claims])}"
    if plan.credits:
        told = [note.payable for note in given if note]
        whole = f", {sums(told)} with it" if len(told) == len(plan.credits) else ""
        yield f"  credited {sums([one.net for one in plan.credits])} without VAT{whole}"


def _changes_told(plan: Plan, moved: Sequence[Movement]) -> Iterator[str]:
    """Tell the largest changes one by one, and what the others come to."""
    if not moved or all(one.why in {"new", "deposit"} for one in moved):
        return
    month = month_key(month_before(plan).first)
    yield f"Invoiced beside {month}: {sums_signed([one.change for one in moved])}"
    for one in moved[:LARGEST]:
        yield f"  {signed(one.change)}  {one.customer}  {one.source} {one.name}: {why(one)}"
    if rest := moved[LARGEST:]:
        yield f"  {sums_signed([one.change for one in rest])}  in {len(rest)} smaller changes"


def why(one: Movement) -> str:
    """Say in words why an order line is invoiced otherwise."""
    part = f", {signed(one.by_price)} by price" if one.by_price else ""
    return WHY[one.why] + part


def signed(amount: Money) -> str:
    """Write a change with its sign."""
    return f"{amount}" if amount.minor < 0 else f"+{amount}"


def sums_signed(amounts: Sequence[Money]) -> str:
    """Add up changes in each of their currencies."""
    currencies = sorted({amount.currency for amount in amounts})
    parts = (total((a for a in amounts if a.currency == c), c) for c in currencies)
    return ", ".join(signed(part) for part in parts)


def _left(plan: Plan) -> Iterator[str]:
    yield from _skipped(plan)
    yield from _told("Issued all the same:", plan.warned)
    yield from _told("Held:", plan.held)


def _skipped(plan: Plan) -> Iterator[str]:
    if plan.skipped:
        yield "Left for a later run:"
    for skip in plan.skipped:
        yield f"  {' '.join(skip.orders)}  {skip.customer}  [{skip.code}] {skip.message}"


def tell_left(plan: Plan) -> None:
    """Say what is due and left out or doubtful, and what to do about it."""
    for line in _left(plan):
        hint(line)


def _told(title: str, holds: Sequence[Hold]) -> Iterator[str]:
    if holds:
        yield title
    for held in holds:
        yield f"  {held.order}  {held.customer}  [{held.code}] {held.message}"
        if held.remedy:
            yield f"    {held.remedy}"


def counted(number: int, what: str = "invoice") -> str:
    """Count invoices, or something else, in words."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def categories(plan: Plan) -> list[tuple[str, VatTotal]]:
    """Add up the VAT of all claims by category, rate and currency."""
    groups: dict[tuple[str, str], list[VatTotal]] = {}
    for claim in plan.claims:
        for label, row in _labelled(claim):
            groups.setdefault((label, claim.currency), []).append(row)
    return [
        (
            label,
            VatTotal(
                category=rows[0].category,
                rate=rows[0].rate,
                base=total((row.base for row in rows), currency),
                vat=total((row.vat for row in rows), currency),
            ),
        )
        for (label, currency), rows in sorted(groups.items())
    ]


def _labelled(claim: Claim) -> Iterator[tuple[str, VatTotal]]:
    for row in claim.taxed:
        yield label_of(row.category, row.rate), row
