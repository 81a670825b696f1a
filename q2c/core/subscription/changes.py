"""Changes: what is agreed otherwise from a day on, for a line that recurs."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from q2c.core.period import Day
from q2c.core.pricing import Rate
from q2c.core.trace import Step

ChangeKind = Literal["quantity", "price", "plan", "pause", "resume", "cancel", "close"]
When = Literal["prorated", "none", "next-period"]


class Change(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is otherwise of an order line from a day on; kept in `orders/O-…/changes.jsonl`.

    `date` is the first day of the new terms, `until` the last day of a pause that has one. What
    is not said stays as it was. With `discounted` what came off the line comes off the new rate as
    well. `proration` says how the billing period is charged that the day lies in: by its days,
    or as it was; a change for the `next-period` also holds only from there. `key` names what made
    the change, so that it is made once. What is closed is owed as far as it was delivered.
    """

    kind: ChangeKind
    date: Day
    until: Day | None = None
    line: str
    quantity: Decimal | None = None
    rate: Rate | None = None
    discounted: bool = False
    product: str = ""
    family: str = ""
    name: str = ""
    text: str = ""
    unit: str = ""
    proration: When = "prorated"
    key: str = ""
    note: str = ""
    steps: tuple[Step, ...] = ()
    recorded: str = ""
    recorded_by: str = ""
    commit: str = ""
    program: str = ""


def changes_of(changes: Iterable[Change], line: str) -> tuple[Change, ...]:
    """Give the changes of a line, in the order they were recorded."""
    return tuple(change for change in changes if change.line == line)
