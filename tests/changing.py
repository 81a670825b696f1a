"""A subscription that changes, and a ledger of nothing but keys: for tests of what is due of it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from msgspec import Struct

from q2c.core.billing import Due, Facts
from q2c.core.billing.recurring import due_by_period
from q2c.core.order import Order, OrderLine
from q2c.core.subscription import Change
from tests.values import day, flat_rate, order


def change(kind: str, on: str, **more: object) -> Change:
    """Give a change of line 1 from a day on; `quantity` and `price` as text."""
    said = dict(more)
    if "quantity" in said:
        said["quantity"] = Decimal(str(said["quantity"]))
    if "price" in said:
        said["rate"] = flat_rate(str(said.pop("price")))
    if "until" in said:
        said["until"] = day(str(said["until"]))
    return Change(kind=kind, date=day(on), line="1", **said)  # type: ignore[arg-type]  # named in tests


class Row(Struct):
    """A line of an invoice, and what was credited of it under which keys."""

    keys: tuple[str, ...]
    net: int
    credited: int = 0
    given: tuple[str, ...] = ()


class Account:
    """What was billed and given back of one line, by key."""

    def __init__(self, line: OrderLine) -> None:
        self.order: Order = order(line)
        self.changes: list[Change] = []
        self.rows: list[Row] = []

    @property
    def keys(self) -> set[str]:
        """All keys in the ledger."""
        return {key for row in self.rows for key in (*row.keys, *row.given)}

    def record(self, *changes: Change) -> None:
        """Record changes."""
        self.changes += changes

    def due(self, through: date) -> list[Due]:
        """Say what is due through a day."""
        facts = Facts(changes=tuple(self.changes))
        (line,) = self.order.lines
        return list(due_by_period(self.order, line, facts, self.keys, through))

    def run(self, through: str | date) -> list[Due]:
        """Bill and give back what is due through a day, each key once and no more than billed."""
        found = self.due(day(through) if isinstance(through, str) else through)
        for one in found:
            assert self.keys.isdisjoint(one.keys), one.keys
            if one.net.minor >= 0:
                assert not one.reduces
                self.rows.append(Row(one.keys, one.net.minor))
            else:
                (row,) = (row for row in self.rows if one.reduces in row.keys)
                row.credited -= one.net.minor
                assert row.credited <= row.net, one
                row.given += one.keys
        return found

    def rebill(self, number: int) -> None:
        """Credit all that is left of a row because its invoice was wrong.

        Its charges are due again, and so is what was given back of them.
        """
        some = [row for row in self.rows if row.credited < row.net]
        if some:
            self.rows.remove(some[number % len(some)])

    @property
    def net(self) -> int:
        """What was billed and not given back, in minor units."""
        return sum(row.net - row.credited for row in self.rows)


def seen(found: Iterable[Due]) -> list[str]:
    """Write what is due, one line each: key, amount."""
    return [f"{one.keys[0].partition(':')[2]} {one.net.amount}" for one in found]
