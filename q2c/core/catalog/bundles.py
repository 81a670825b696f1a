"""Bundles: products sold together, at one price or at the sum of their parts less a discount."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from q2c.core.catalog.products import OptionGroup
from q2c.core.catalog.tiers import Prices
from q2c.core.party import Id, LongText, Text
from q2c.core.period import Every, Length
from q2c.core.trace import Sourced


class BundleItem(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A part of a bundle: so much of a product or of another bundle.

    For each bundle, or once however many bundles there are if it does not scale. What recurs
    runs for its own `term`, else for that of the quote: a year of licence is a year.
    """

    product: Id | None = None
    bundle: Id | None = None
    quantity: Annotated[Decimal, Meta(description="Units of the part.")] = Decimal(1)
    scales: bool = True
    term: Length | None = None


class Bundle(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Products sold together; what is agreed is split over them by their stand-alone prices.

    `price` is for one bundle: over the whole term, or for each period if it has an `every`,
    which all its parts then share. Without a price it costs the sum of its parts less
    `discount` per cent. Options come on top, at their own prices.
    """

    id: Id
    name: Text
    description: LongText = ""
    family: Id | None = None
    items: Annotated[tuple[BundleItem, ...], Meta(min_length=1)]
    options: tuple[OptionGroup, ...] = ()
    price: Prices = {}
    discount: Decimal | None = None
    every: Every | None = None
    active: bool = True
