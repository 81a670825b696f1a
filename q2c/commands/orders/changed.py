"""q2c order changes: what was agreed otherwise of an order, and how that is told."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from q2c.commands.call import At
from q2c.commands.desk import tree
from q2c.commands.orders.named import Number
from q2c.commands.output import table
from q2c.core.money import Money, grouped
from q2c.core.order import Order
from q2c.core.pricing import Rate
from q2c.core.subscription import Change, changes_of, effect
from q2c.store.changes import read_changes
from q2c.store.orders import read_order

COLUMNS = (
    *(
        "date",
        "until",
        "order",
        "line",
        "kind",
        "told",
        "period",
        "monthly",
        "currency",
        "proration",
    ),
    *("note", "key", "recorded", "recorded_by", "commit"),
)
SHORT = ("date", "line", "kind", "told", "period", "currency", "note")


def list_changes(number: Number, *, at: At = "") -> None:
    """List what was changed of an order, by its day, and what a billing period costs by it.

    Example: q2c order changes O-2026-0001
    """
    from q2c.commands.call import call

    files = tree(at)
    rows = sorted(_rows(read_order(files, number), read_changes(files, number)), key=_day)
    table(rows, SHORT if call().mode == "text" else COLUMNS)


def _day(row: dict[str, object]) -> str:
    return str(row["date"])


def _rows(order: Order, changes: Sequence[Change]) -> Iterator[dict[str, object]]:
    for place, change in enumerate(changes):
        line = order.line(change.line)
        found = effect(line, changes_of(changes[:place], line.id), change)
        yield {
            "date": change.date,
            "until": change.until,
            "order": order.number,
            "line": line.id,
            "kind": change.kind,
            "told": said(order, change),
            "period": found.now,
            "monthly": found.monthly,
            "currency": line.net.currency,
            "proration": change.proration,
            "note": change.note,
            "key": change.key,
            "recorded": change.recorded,
            "recorded_by": change.recorded_by,
            "commit": change.commit,
        }


def change_told(order: Order, change: Change) -> str:
    """Write a change in a line: its day, its line, and what it is."""
    parts = (f"from {change.date}  {change.line}  {said(order, change)}", change.note)
    return "  ".join(part for part in parts if part)


def said(order: Order, change: Change) -> str:
    """Say what a change is: `13 licence`, `at 210`, `paused to 2026-12-31`."""
    line = order.line(change.line)
    words = {"pause": "paused", "resume": "resumed", "cancel": "cancelled", "close": "closed"}
    parts = (
        words.get(change.kind, ""),
        f"to {change.until}" if change.until else "",
        change.name and f"now {change.name}",
        _units(change.quantity, change.unit or line.unit),
        _price(change.rate) if change.rate else "",
        f"({change.key})" if change.key else "",
    )
    return " ".join(part for part in parts if part)


def _units(quantity: Decimal | None, unit: str) -> str:
    return "" if quantity is None else f"{grouped(quantity)} {unit}"


def _price(rate: Rate) -> str:
    if rate.tiers:
        return "at the tiers of its product"
    rounded = Money.of(rate.unit_price, rate.currency).amount
    return f"at {grouped(rounded if rounded == rate.unit_price else rate.unit_price)}"
