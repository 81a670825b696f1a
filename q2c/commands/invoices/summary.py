"""The page that whoever approves a month end reads: as PDF, or for a browser."""

from pathlib import Path
from typing import Annotated

import typer

from q2c.commands.books import Books
from q2c.commands.desk import frozen_look, save
from q2c.commands.invoices.moving import month_before
from q2c.commands.invoices.planmarkdown import plan_markdown
from q2c.commands.invoices.planned import Beside
from q2c.core.billing import Plan
from q2c.core.fault import Fault, Misused
from q2c.core.party import seller_of
from q2c.store.tree import Tree

SummaryFile = Annotated[
    Path | None,
    typer.Option(
        "--summary", metavar="FILE", help="Write a page to approve the plan by: .pdf, .html or .md."
    ),
]


def summarise(plan: Plan, found: Beside, files: Tree, books: Books, out: Path) -> str:
    """Write the summary of a plan, and say so; refuse an ending that is neither."""
    if out.suffix == ".md":
        return save(out, plan_markdown(plan, found.moved, found.notes).encode())
    from q2c.documents.summary import Summary, summary_pdf, summary_sheet
    from q2c.documents.webpage import page_of

    if out.suffix not in (".pdf", ".html"):
        message = f"A summary is a .pdf, .html or .md file, not '{out.suffix or out.name}'."
        raise Misused(Fault("usage", message, remedy=f"Name it {out.stem}.pdf."))
    look = frozen_look(files, books.company.language).look
    what = Summary(
        plan=plan,
        moved=tuple(found.moved),
        before=month_before(plan),
        seller=seller_of(books.company),
    )
    pdf = out.suffix == ".pdf"
    return save(out, summary_pdf(what, look) if pdf else page_of(summary_sheet(what, look), look))
