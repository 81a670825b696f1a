"""Working time in the catalogue: how hours are rounded, and what is prepaid."""

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from q2c.core.party import CurrencyCode
from q2c.core.period import Length

How = Literal["up", "nearest", "down"]
Per = Literal["entry", "day"]


class Rounding(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Hours are charged in whole steps, each entry by itself or a person's day as one."""

    step: Decimal
    how: How = "up"
    per: Per = "entry"


class Prepaid(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Hours that are paid before they are worked, and the price of each hour beyond them.

    What recurs grants `hours` for each unit in each billing period, of which at most `rollover`
    may be saved for the next. Hours billed with the order are granted once, and `expires` says
    for how long; their own price holds beyond them where `overage` has none.
    """

    hours: Decimal | None = None
    expires: Length | None = None
    rollover: Decimal | None = None
    overage: dict[CurrencyCode, Decimal] = {}
