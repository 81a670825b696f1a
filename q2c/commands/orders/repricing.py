"""q2c order reprice: a price change is made of every line that it is about."""

from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from q2c.commands.call import Commit, DryRun, Message, call
from q2c.commands.desk import Desk, desk
from q2c.commands.orders.changed import said
from q2c.commands.orders.recording import Recorded, marked, recorded, written
from q2c.commands.output import hint, table
from q2c.core.subscription.repricing import PriceChange, Repriced, repriced
from q2c.store.changes import read_changes
from q2c.store.ledger import read_ledger
from q2c.store.master import read_customers
from q2c.store.orders import read_orders
from q2c.store.pricechanges import read_price_change
from q2c.store.tree import Tree

COLUMNS = (
    *(
        "line",
        "customer",
        "name",
        "state",
        "told",
        "period_was",
        "period",
        "monthly",
        "currency",
        "from",
    ),
    "why",
)
SHORT = ("line", "customer", "period_was", "period", "currency", "outcome")


def reprice(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A price change: price-changes/2027.yaml.")
    ],
    *,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Make a price change of every line that it is about, each once.

    Lines that keep the older price are listed with the reason. A second run changes nothing.

    Example: q2c order reprice price-changes/2027.yaml --dry-run
    """
    with desk(dry_run=dry_run, commit=commit, message=message) as work:
        change = read_price_change(work.tree, file)
        found = list(_found(work.tree, change))
        made = _made(work, found)
        done = written(work, list(made.values()), f"Change prices by {change.id}") if made else ""
    rows = [_row(one, made.get(one.order.ref(one.line))) for one in found]
    table(rows, SHORT if call().mode == "text" else COLUMNS)
    hint(done or f"{change.id} leaves nothing to change.")


def _found(files: Tree, change: PriceChange) -> Iterator[Repriced]:
    """Give the lines that a price change is about, of all customers there are."""
    customers = read_customers(files)
    for order in read_orders(files).values():
        if order.customer in customers:
            buyer = customers[order.customer]
            yield from repriced(change, order, read_changes(files, order.number), buyer)


def _made(work: Desk, found: Iterable[Repriced]) -> dict[str, Recorded]:
    """Check the changes that are still to be made, and work out what each does."""
    mark, keys = marked(work), read_ledger(work.tree).by_key
    return {
        one.order.ref(one.line): recorded(work.tree, one.order, [one.change], mark, keys)[0]
        for one in found
        if one.change
    }


def _row(one: Repriced, made: Recorded | None) -> dict[str, object]:
    state = "changed" if made else "kept" if one.kept else "done"
    return {
        "line": one.order.ref(one.line),
        "customer": one.order.customer,
        "name": one.line.name,
        "state": state,
        "outcome": one.kept or state,
        "told": said(one.order, made.change) if made else "",
        "period_was": made.effect.was if made else None,
        "period": made.effect.now if made else None,
        "monthly": made.effect.monthly if made else None,
        "currency": one.order.currency,
        "from": made.change.date if made else None,
        "why": one.kept,
    }
