"""Price lists: prices in one currency for a time, and for whom they hold."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from q2c.core.catalog.products import Validity
from q2c.core.party import CurrencyCode, Id, Text
from q2c.core.period import Every
from q2c.core.trace import Sourced


class ListTier(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A tier of a price list, in the list's currency."""

    up_to: Decimal | None = None
    unit_price: Decimal | None = None
    flat: Decimal = Decimal(0)
    percent: Decimal | None = None


class Adjust(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """How a list's prices are made from its base: so many per cent more, rounded to a step.

    A unit price of 1 450 adjusted by 2.5 and rounded to 10 is 1 490; below 0 is a reduction.
    """

    percent: Decimal = Decimal(0)
    round_to: Annotated[Decimal, Meta(description="The step that prices are rounded to.")] = (
        Decimal(0)
    )


class PriceList(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Prices in one currency for a time: `prices/<id>.yaml`; they beat the catalogue's.

    It holds for the customers that name it, for those it names by id or by segment, or for
    everyone. What it does not price itself comes from `base`, another list or `catalog`,
    adjusted. `frequencies` has prices for other billing periods than the product's own.
    """

    id: Id
    name: Text = ""
    currency: CurrencyCode
    valid: Validity
    customers: tuple[Id, ...] = ()
    segments: tuple[Id, ...] = ()
    everyone: bool = False
    base: Id | None = None
    adjust: Adjust | None = None
    prices: dict[Id, Decimal] = {}
    frequencies: dict[Id, dict[Every, Decimal]] = {}
    tiers: dict[Id, tuple[ListTier, ...]] = {}
