"""q2c invoice preview: what a customer would be invoiced on a day, as a run would have it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from q2c.commands.books import read_books
from q2c.commands.call import At, call, today
from q2c.commands.desk import frozen_look, save, stamp, tree
from q2c.commands.forward import Step, forward, months_until
from q2c.commands.invoices.billing import refuse_unknown
from q2c.commands.invoices.outstanding import read_world, with_use
from q2c.commands.invoices.show import tell_document
from q2c.commands.output import hint, say
from q2c.commands.plain import fields_of
from q2c.commands.words import read_day
from q2c.core.fault import Fault, Misused
from q2c.core.invoice import Invoice
from q2c.core.period import ONE_DAY, Period, month_of
from q2c.store.master import customer_ids
from q2c.store.tree import Tree


def preview_invoice(
    *,
    customer: Annotated[
        str, typer.Option("--customer", metavar="ID", help="Whose invoice it would be.")
    ],
    on: Annotated[
        date | None,
        typer.Option("--on", parser=read_day, metavar="DAY", help="The day.  [today]"),
    ] = None,
    catch_up: Annotated[
        bool, typer.Option("--catch-up", help="As if nothing were invoiced until that day.")
    ] = False,
    pdf: Annotated[
        Path | None, typer.Option("--pdf", metavar="FILE", help="Where to draw it.")
    ] = None,
    at: At = "",
) -> None:
    """Show what a customer would be invoiced on a day; nothing is issued or written.

    The same way as a run goes: what falls due in the months before is invoiced at their ends,
    and what is shown is the rest; with --catch-up it is all on one. It has no number.

    Example: q2c invoice preview --customer kiruna-konst --on 2027-02-20
    """
    files = tree(at)
    books = read_books(files)
    refuse_unknown(customer, customer_ids(files))
    now = today(books.company.time_zone)
    day = on or now
    _refuse_past(day, now)
    world = with_use(read_world(files, customer), files, books.ledger.by_key, day)
    *_, step = forward(world, books, _runs(now, day, catch_up=catch_up), stamp(call().root), files)
    found = [replace(one, number="", ocr="", rf="") for one in step.documents]
    if call().mode == "json":
        told = [{**fields_of(one), "total": one.total, "payable": one.payable} for one in found]
        say({"on": day, "documents": told, "skipped": step.skipped, "held": step.held})
    else:
        for one in found:
            tell_document(one)
        _tell_rest(step, day, found)
    if pdf:
        for number, one in enumerate(found, start=1):
            hint(_drawn(files, one, _named(pdf, number)))


def _refuse_past(day: date, now: date) -> None:
    if day < now:
        message = f"{day} is past; what was invoiced then stands in the ledger."
        raise Misused(Fault("usage", message, remedy="See: q2c invoice list --customer ID"))


def _runs(now: date, day: date, *, catch_up: bool) -> list[Period]:
    """Give the days whose charges each run takes: month after month, the last through the day."""
    first = month_of(day).first
    before = [] if catch_up or first <= now else months_until(now, first - ONE_DAY)
    return [*before, Period(first, day)]


def _tell_rest(step: Step, day: date, found: Sequence[Invoice]) -> None:
    if not found:
        hint(f"Nothing would be invoiced on {day}.")
    for skip in step.skipped:
        hint(f"  {' '.join(skip.orders)}  [{skip.code}] {skip.message}")
    for held in step.held:
        hint(f"  {held.order}  [{held.code}] {held.message}")


def _named(file: Path, number: int) -> Path:
    """Name the file of the first document, and of those after it: `next.pdf`, `next-2.pdf`."""
    return file if number == 1 else file.with_stem(f"{file.stem}-{number}")


def _drawn(files: Tree, invoice: Invoice, file: Path) -> str:
    from q2c.commands.invoices.making import pdf_of

    return save(file, pdf_of(invoice, frozen_look(files, invoice.language).look))
