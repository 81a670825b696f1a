"""q2c plan and q2c invoice plan: what a run would issue, shown and kept in a file."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from q2c.commands.books import Books, read_books
from q2c.commands.call import At, Through, call, today
from q2c.commands.desk import refuse_own, save, stamp, tree
from q2c.commands.invoices.billing import planned, refuse_unknown
from q2c.commands.invoices.issuing import inside, sums
from q2c.commands.invoices.outstanding import Asked
from q2c.commands.output import following, hint, say, table
from q2c.commands.words import read_day
from q2c.core.billing import Plan
from q2c.core.fault import Fault, Stale
from q2c.core.money import total
from q2c.core.tax import VatTotal
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
COLUMNS = ("order", "customer", "net", "vat", "total", "currency")
CATEGORIES = {
    "AE": "reverse charge",
    "K": "intra-community",
    "G": "export",
    "E": "exempt",
}


def show_plan(file: File, *, at: At = "") -> None:
    """Show what a plan would issue.

    Example: q2c plan show plans/2026-11.json
    """
    tell(load(file, tree(at) if at else None))


def plan_invoices(
    *,
    through: Through = None,
    issue_on: IssueOn = None,
    customer: Customer = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to keep the plan.")
    ] = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 10 if there is anything to issue.")
    ] = False,
    at: At = "",
) -> int:
    """Show what is due, and keep it as a plan; nothing is issued.

    Example: q2c invoice plan --through 2026-11-30 --out plans/2026-11.json
    """
    books = read_books(tree())
    plan = decide(tree(at), books, through, issue_on, customer)
    if out:
        _refuse_applied(out, books)
    tell(plan, str(out or ""))
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


def tell(plan: Plan, file: str = "") -> None:
    """Say what a plan would issue: its rows as the result, what they add up to beside it."""
    rows = [
        {
            "order": claim.order,
            "customer": claim.customer,
            "lines": len(claim.charges),
            "net": claim.net,
            "vat": claim.tax,
            "total": claim.total,
            "currency": claim.currency,
        }
        for claim in plan.claims
    ]
    if call().mode == "json":
        say(_document(plan, rows, file))
        return
    table(rows, COLUMNS)
    for line in _summary(plan):
        hint(line)


def _document(plan: Plan, rows: Sequence[object], file: str) -> dict[str, object]:
    return {
        "id": plan.id,
        "through": plan.through,
        "issue_on": plan.issue_on,
        "base": plan.base,
        "commit": plan.commit,
        "file": file,
        "claims": rows,
        "vat": [row for _, row in _categories(plan)],
        "held": plan.held,
    }


def _summary(plan: Plan) -> Iterator[str]:
    yield f"{counted(len(plan.claims))} to issue on {plan.issue_on}, {len(plan.held)} held."
    for label, row in _categories(plan):
        yield f"  {row.base} {label}, VAT {row.vat}"
    if plan.claims:
        yield f"  total {sums([claim.total for claim in plan.claims])}"
    yield from _held(plan)


def tell_held(plan: Plan) -> None:
    """Say what is due and cannot be issued, and what to do about it."""
    for line in _held(plan):
        hint(line)


def _held(plan: Plan) -> Iterator[str]:
    if plan.held:
        yield "Held:"
    for held in plan.held:
        yield f"  {held.order}  {held.customer}  [{held.code}] {held.message}"
        if held.remedy:
            yield f"    {held.remedy}"


def counted(number: int) -> str:
    """Count invoices in words."""
    return f"{number} invoice{'' if number == 1 else 's'}"


def label_of(category: str, rate: Decimal) -> str:
    """Say in words how something is taxed."""
    return CATEGORIES.get(category, f"at {rate:f} %")


def _categories(plan: Plan) -> list[tuple[str, VatTotal]]:
    """Add up the VAT of all claims by category, rate and currency."""
    groups: dict[tuple[str, str], list[VatTotal]] = {}
    for claim in plan.claims:
        for row in claim.vat:
            label = label_of(row.category, row.rate)
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
