"""Metered use in the catalogue: how what a meter counts is billed, and what is granted of it."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from q2c.core.catalog.tiers import Prices, Tier
from q2c.core.party import Id, Name
from q2c.core.period import Alignment, Every, Length

Window = Literal["period", "year", "term"]


class GroupPrice(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The price of use whose properties have these values; in tiers where the product has them."""

    match: Annotated[dict[Name, Name], Meta(min_length=1)]
    price: Prices = {}
    tiers: tuple[Tier, ...] = ()
    percent: Decimal | None = None


class Least(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is owed at least in each billing period, in each year, or over the whole term."""

    amount: Prices
    per: Window = "period"


class Metered(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """How use is billed: by which periods, and over which time free units and tiers run.

    Tiers begin anew in each `period` unless they `accumulate` over a year or the term. Use is
    priced group by group where `by_group` has prices; what matches none has the product's.
    """

    every: Every = "month"
    align: Alignment = "calendar"
    accumulate: Window = "period"
    by_group: tuple[GroupPrice, ...] = ()
    commitment: Least | None = None


class Granted(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Credits that are sold ahead of use: units of a meter, or an amount where none is named.

    Each unit sold grants so much: of what recurs in each billing period, otherwise once.
    `expires` says for how long what is granted once can be used; of what is left after a billing
    period, at most `rollover` moves on into the next.
    """

    meter: Id | None = None
    quantity: Decimal = Decimal(1)
    expires: Length | None = None
    rollover: Decimal | None = None
