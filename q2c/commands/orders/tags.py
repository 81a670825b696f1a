"""q2c order tags: which git tags milestones wait for, and which were found."""

from collections.abc import Iterator
from typing import Annotated

import typer

from q2c.commands.call import At, call
from q2c.commands.desk import tree
from q2c.commands.output import hint, table
from q2c.core.order import Delivery, Order, OrderLine
from q2c.store.master import read_company
from q2c.store.orders import read_deliveries, read_order, read_orders
from q2c.store.tags import Tags

SHORT = ("line", "pattern", "tag", "date", "commit", "state")
COLUMNS = (*SHORT[:1], "name", "repository", *SHORT[1:], "signed", "signer", "why")
ABBREVIATED = 12


def tags(
    number: Annotated[str, typer.Argument(metavar="[ORDER]", help="Only of this order.")] = "",
    *,
    at: At = "",
) -> None:
    """Show the git tags that milestones fall due by, and those that were found.

    Example: q2c order tags
    """
    files = tree(at)
    orders = [read_order(files, number)] if number else [*read_orders(files).values()]
    found = Tags(files, read_company(files).time_zone)
    rows = [
        row for order in orders for row in _rows(order, found, read_deliveries(files, order.number))
    ]
    table(rows, SHORT if call().mode == "text" else COLUMNS)
    for row in rows:
        if row["why"] and call().mode == "text":
            hint(f"{row['line']}: {row['why']}")


def _rows(order: Order, found: Tags, recorded: tuple[Delivery, ...]) -> Iterator[dict[str, object]]:
    for line in order.lines:
        if line.milestone and line.milestone.tag:
            yield _row(order, line, found, [one for one in recorded if one.line == line.id])


def _row(order: Order, line: OrderLine, found: Tags, recorded: list[Delivery]) -> dict[str, object]:
    """Say how a milestone stands: delivered, due, waiting for a tag, or held up by something."""
    assert line.milestone, line
    assert line.milestone.tag, line
    asked = line.milestone.tag
    seen = None if recorded else found.seen(order, asked)
    tag = recorded[-1].tag if recorded else seen and seen.tag
    day = recorded[-1].date if recorded else seen and seen.day
    waiting = "held" if seen and seen.fault else "waiting"
    return {
        "line": order.ref(line),
        "name": line.name,
        "repository": asked.repository or ".",
        "pattern": asked.pattern,
        "tag": tag.name if tag else "",
        "date": day,
        "commit": tag.commit[:ABBREVIATED] if tag else "",
        "state": "delivered" if recorded else "due" if tag else waiting,
        "signed": asked.signed,
        "signer": tag.signer if tag else "",
        "why": seen.why if seen else "",
    }
