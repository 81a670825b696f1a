"""The nouns of a catalogue: products, bundles and price lists, as their files have them."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from q2c.core.party import CurrencyCode, Id, LongText, Text
from q2c.core.period import Alignment, Every
from q2c.core.trace import Sourced

Model = Literal["flat", "graduated", "volume", "package"]
Charge = Literal["one-off", "recurring", "hourly"]
Bill = Literal["on-order", "on-delivery", "in-advance", "in-arrears"]
VatClass = Literal["standard", "reduced", "low", "exempt"]
Prices = dict[CurrencyCode, Decimal]
LARGEST_PRICE = Decimal(10) ** 12
LARGEST_QUANTITY = Decimal(10) ** 9
BILLS: dict[str, tuple[Bill, ...]] = {
    "one-off": ("on-order", "on-delivery"),
    "hourly": ("on-delivery", "on-order"),
    "recurring": ("in-advance", "in-arrears"),
}


class Tier(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A price up to and including a quantity; the last tier has no upper end.

    `flat` is owed once when the tier is reached.
    """

    up_to: Decimal | None = None
    unit_price: Prices
    flat: Prices = {}


class Revenue(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """How a product's price becomes revenue.

    `point-in-time` when it is delivered, `over-time` evenly by day of its service period,
    `output` in proportion to the delivered quantity. Left out: over time for what recurs,
    output for hours, at a point in time otherwise.
    """

    method: Literal["point-in-time", "over-time", "output"]


class Product(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Something that can be quoted, with its charge type and its charge model."""

    id: Id
    name: Text
    description: LongText = ""
    charge: Charge = "one-off"
    unit: Text = "pcs"
    model: Model = "flat"
    price: Prices = {}
    tiers: tuple[Tier, ...] = ()
    package_size: Decimal | None = None
    every: Every | None = None
    align: Alignment = "anniversary"
    bill: Bill | None = None
    supply: Literal["service", "goods"] = "service"
    vat: VatClass = "standard"
    vat_exemption: LongText = ""
    revenue: Revenue | None = None
    active: bool = True

    @property
    def billed(self) -> Bill:
        """When it is invoiced, as written or as its charge type has it."""
        return self.bill or BILLS[self.charge][0]

    @property
    def recognised(self) -> str:
        """The method by which its price becomes revenue."""
        if self.revenue:
            return self.revenue.method
        usual = {"recurring": "over-time", "hourly": "output"}
        return usual.get(self.charge, "point-in-time")

    def currencies(self) -> set[str]:
        """Name the currencies in which the catalogue prices it."""
        if not self.tiers:
            return set(self.price)
        return set.intersection(*(set(tier.unit_price) for tier in self.tiers))


class BundleItem(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a bundle: so much of a product for one bundle."""

    product: Id
    quantity: Annotated[Decimal, Meta(description="Units of the product in one bundle.")]


class Bundle(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Products sold together at one fixed price, split over them by their own prices."""

    id: Id
    name: Text
    description: LongText = ""
    items: Annotated[tuple[BundleItem, ...], Meta(min_length=1)]
    price: Prices
    active: bool = True


class CatalogFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one catalogue file holds."""

    products: tuple[Product, ...] = ()
    bundles: tuple[Bundle, ...] = ()


class Validity(
    Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}
):
    """The days on which something holds; no last day is without end."""

    first: date
    last: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


class PriceList(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Prices in one currency for a time: `prices/<id>.yaml`; they beat the catalogue's."""

    id: Id
    name: Text = ""
    currency: CurrencyCode
    valid: Validity
    prices: dict[Id, Decimal] = {}
    tiers: dict[Id, tuple["ListTier", ...]] = {}


class ListTier(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A tier of a price list, in the list's currency."""

    up_to: Decimal | None = None
    unit_price: Decimal
    flat: Decimal = Decimal(0)


class Catalog(Struct, frozen=True):
    """All products and bundles by id."""

    products: dict[str, Product]
    bundles: dict[str, Bundle]
