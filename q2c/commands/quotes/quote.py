"""q2c quote: offers - listed and drawn."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from q2c.commands.call import At, DateOption, today
from q2c.commands.desk import frozen_look, read_look, save, tree
from q2c.commands.output import say, table, warn
from q2c.commands.quotes.quoting import Asking, approvals_asked, live, state_of, taken
from q2c.core.fault import Refused
from q2c.core.period import Day
from q2c.core.quote import Priced, State, standings, state
from q2c.store.master import read_customer
from q2c.store.quotes import Folder, quote_numbers, read_known, read_quote
from q2c.store.shop import Shop, read_shop
from q2c.store.tree import Tree

Number = Annotated[str, typer.Argument(metavar="QUOTE", help="A quote, such as Q-2026-0001.")]
StateOption = Annotated[State | None, typer.Option("--state", help="Only quotes that stand so.")]
CustomerOption = Annotated[
    str, typer.Option("--customer", metavar="ID", help="Only this customer's.")
]
COLUMNS = ("number", "customer", "title", "total", "valid_until", "state")


def list_quotes(
    *,
    stands: StateOption = None,
    customer: CustomerOption = "",
    at: At = "",
    day: DateOption = None,
) -> None:
    """List the quotes, and how each stands today.

    Example: q2c quote list --state sent
    """
    shop = read_shop(tree(at))
    on = today(shop.company.time_zone, day)
    if customer:
        read_customer(shop.files, customer)  # which refuses one that is not there
    asked = approvals_asked(shop.files)
    numbers = quote_numbers(shop.files)
    rows = [row for number in numbers for row in _rows(shop, number, on, asked)]
    chosen = [
        row
        for row in rows
        if stands in (None, row["state"]) and customer in ("", row.get("customer"))
    ]
    table(chosen, COLUMNS)


def _rows(shop: Shop, number: str, on: Day, asked: Asking) -> Iterator[dict[str, object]]:
    """Give the row of a quote; what cannot be read or priced is told and stops no other."""
    try:
        folder = read_known(shop.files, number)
    except Refused as refused:
        _tell(number, "cannot be read", refused)
        yield {"number": number}
        return
    try:
        quote = taken(folder, live(shop, folder))
        yield _row(folder, quote, state_of(folder, quote, on, asked), on)
    except Refused as refused:
        _tell(number, "cannot be read" if folder.faults else "cannot be priced", refused)
        yield _unpriced(folder, on)


def _tell(number: str, what: str, refused: Refused) -> None:
    fault = refused.faults[0]
    where = f" ({fault.place})" if fault.place else ""
    warn(f"{number} {what}: {fault.message}{where if what == 'cannot be read' else ''}")


def _unpriced(folder: Folder, on: Day) -> dict[str, object]:
    """Give what is known of a quote that has no figures."""
    stands = state(folder.events, date.max, on)
    row: dict[str, object] = {"number": folder.number, "state": stands}
    if draft := folder.draft:
        row |= {"customer": draft.customer, "title": draft.title, "valid_until": draft.valid_until}
    return row


def _row(folder: Folder, quote: Priced, stands: State, on: Day) -> dict[str, object]:
    return {
        "number": folder.number,
        "customer": quote.buyer.id,
        "title": quote.title,
        "total": quote.total,
        "valid_until": quote.valid_until,
        "state": stands,
        "version": quote.version,
        "versions": standings(folder.events, quote.valid_until, on),
        "net": quote.net,
        "tax": quote.tax,
    }


def render_quote(
    number: Number,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the PDF goes.")],
    at: At = "",
) -> None:
    """Draw a quote as a PDF.

    Example: q2c quote render Q-2026-0001 --out quote.pdf
    """
    shop = read_shop(tree(at))
    quote = live(shop, read_quote(shop.files, number))
    say({"number": number, "file": str(out)}, save(out, drawn(shop.files, quote)))


def drawn(files: Tree, quote: Priced) -> bytes:
    """Draw a quote: one that was sent as it was sent, a draft as it would look today."""
    from q2c.documents.quote import quote_pdf

    look = read_look(files, quote.look) if quote.look else frozen_look(files, quote.language).look
    return quote_pdf(quote, look)
