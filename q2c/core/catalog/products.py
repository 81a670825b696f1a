"""Products: what is sold, how a quantity of it becomes a price, and what can be chosen with it."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from q2c.core.catalog.metered import Granted, Metered
from q2c.core.catalog.tiers import Prices, Tier
from q2c.core.catalog.working import Prepaid, Rounding
from q2c.core.money import CURRENCIES
from q2c.core.party import Id, LongText, Name, Text
from q2c.core.period import Alignment, Every, FreePeriods, Proration, Trial
from q2c.core.trace import Sourced

Model = Literal[
    "per-unit",
    "flat",
    "graduated",
    "volume",
    "package",
    "block",
    "percentage",
    "graduated-percentage",
    "cost-plus",
]
Charge = Literal["one-off", "recurring", "hourly", "usage", "milestone", "expense"]
Bill = Literal["on-order", "on-delivery", "in-advance", "in-arrears"]
VatClass = Literal["standard", "reduced", "low", "exempt"]
UNIT = "pcs"  # where a product says no unit
LARGEST_PRICE = Decimal(10) ** 12
LARGEST_QUANTITY = Decimal(10) ** 9
BILLS: dict[str, tuple[Bill, ...]] = {
    "one-off": ("on-order", "on-delivery"),
    "hourly": ("on-delivery", "on-order"),
    "milestone": ("on-delivery", "on-order"),
    "usage": ("on-delivery",),
    "expense": ("on-delivery",),
    "recurring": ("in-advance", "in-arrears"),
}
TIERED = frozenset({"graduated", "volume", "block", "graduated-percentage"})
PERCENTAGES = frozenset({"percentage", "graduated-percentage"})


class Validity(
    Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename={"first": "from", "last": "to"},
):
    """The days on which something holds; no last day is without end."""

    first: date
    last: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


class Scope(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Which lines something is about: of some products or families; of all where none is named."""

    products: tuple[Id, ...] = ()
    families: tuple[Id, ...] = ()

    def covers(self, product: str, family: str) -> bool:
        """Say whether a line of this product and family is one of them."""
        return product in self.products or family in self.families or not self.narrow

    @property
    def narrow(self) -> bool:
        """Say whether it names anything at all."""
        return bool(self.products or self.families)


class Revenue(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """How a product's price becomes revenue.

    `point-in-time` when it is delivered, `over-time` evenly by day of its service period,
    `output` in proportion to the delivered quantity. Left out: over time for what recurs,
    output for hours and usage, at a point in time otherwise.
    """

    method: Literal["point-in-time", "over-time", "output"]


class Choice(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """An option: so much of a product, for each unit of what it belongs to or once for all."""

    product: Id
    quantity: Annotated[Decimal, Meta(description="Units of the product.")] = Decimal(1)
    scales: bool = True
    default: bool = False


class OptionGroup(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """Options of which at least `min` and at most `max` are chosen; the defaults if nobody says."""

    id: Id
    name: Text
    min: Annotated[int, Meta(ge=0, le=100)] = 0
    max: Annotated[int, Meta(ge=1, le=100)] | None = None
    choices: Annotated[tuple[Choice, ...], Meta(min_length=1)]


class Product(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Something that can be quoted, with its charge type and its charge model.

    `price` is for one unit, for one package, or for all of a flat price; `frequencies` has the
    price for other lengths of the billing period than `every`. `percent` is the price of a
    percentage, of the amount that is the quantity or, with `percent_of`, of other lines.
    `minimum` and `maximum` bound what any quantity costs. `cost` is ours for one unit and
    `floor` the lowest unit price without an approval: no customer sees either. `rates` are
    prices of an hour by role or person, where they differ from `price`. What is `metered` is
    billed by the events of its meter, not by deliveries; `grants` are credits for such use.
    """

    id: Id
    name: Text
    description: LongText = ""
    family: Id | None = None
    attributes: dict[Id, Name] = {}
    charge: Charge = "one-off"
    meter: Id | None = None
    metered: Metered | None = None
    grants: Granted | None = None
    unit: Text = UNIT
    model: Model = "per-unit"
    price: Prices = {}
    frequencies: dict[Every, Prices] = {}
    tiers: tuple[Tier, ...] = ()
    package_size: Decimal | None = None
    free_units: Decimal | None = None
    percent: Decimal | None = None
    percent_of: Scope | None = None
    rates: dict[Id, Prices] = {}
    rounding: Rounding | None = None
    prepaid: Prepaid | None = None
    fixed: Prices = {}
    minimum: Prices = {}
    maximum: Prices = {}
    cost: Prices = {}
    markup: Decimal | None = None
    floor: Prices = {}
    every: Every | None = None
    align: Alignment = "anniversary"
    trial: Trial = "0"
    free: FreePeriods = "0"
    proration: Proration = "days"
    bill: Bill | None = None
    supply: Literal["service", "goods"] = "service"
    vat: VatClass = "standard"
    vat_exemption: LongText = ""
    revenue: Revenue | None = None
    options: tuple[OptionGroup, ...] = ()
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
        usual = dict.fromkeys(("hourly", "usage", "expense"), "output")
        return {**usual, "recurring": "over-time"}.get(self.charge, "point-in-time")

    def currencies(self) -> frozenset[str]:
        """Name the currencies in which the catalogue prices it; a mere percentage has all."""
        if self.model == "cost-plus":
            return frozenset(self.cost)
        if self.model in PERCENTAGES:
            sums = (self.fixed, self.minimum, self.maximum, *(tier.flat for tier in self.tiers))
            return CURRENCIES.intersection(*(prices for prices in sums if prices))
        if self.model in TIERED:
            return CURRENCIES.intersection(*(self.by_tier(tier) for tier in self.tiers))
        return frozenset(self.price)

    def by_tier(self, tier: Tier) -> Prices:
        """Give the prices that a tier must have: of a block, or of one unit."""
        return tier.flat if self.model == "block" else tier.unit_price
