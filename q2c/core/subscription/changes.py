"""Changes: what is agreed otherwise from a day on, for a line that recurs."""

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from q2c.core.pricing import Rate

ChangeKind = Literal["quantity", "price", "plan", "pause", "resume", "cancel"]
Proration = Literal["prorated", "none", "next-period"]


class Change(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is otherwise of an order line from a day on; kept in `orders/O-…/changes.jsonl`.

    `date` is the first day of the new terms. What it does not say stays as it was. `proration`
    says whether the billing period that the day lies in is charged by its days, stays as it
    is, or whether the change waits for the next period. Without `credit` what was invoiced
    of the days after stays invoiced.
    """

    kind: ChangeKind
    date: date
    line: str
    quantity: Decimal | None = None
    rate: Rate | None = None
    product: str = ""
    name: str = ""
    proration: Proration = "prorated"
    credit: bool = True
    note: str = ""
    recorded: str = ""
    recorded_by: str = ""
    commit: str = ""
    program: str = ""
