"""What is sold: products, their prices and price lists, and bundles."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from itertools import pairwise
from typing import Annotated, Literal

from msgspec import Meta, Struct

from q2c.core.fault import Fault
from q2c.core.money import CURRENCIES
from q2c.core.party import CurrencyCode, Id, LongText, Text
from q2c.core.period import Alignment, Every
from q2c.core.trace import Sourced

Model = Literal["flat", "graduated", "volume", "package"]
Charge = Literal["one-off", "recurring", "hourly"]
Bill = Literal["on-order", "on-delivery", "in-advance", "in-arrears"]
VatClass = Literal["standard", "reduced", "low", "exempt"]
Prices = dict[CurrencyCode, Decimal]
LARGEST = Decimal(10) ** 12
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


def climb(bounds: Iterable[Decimal | None]) -> bool:
    """Say whether upper ends of tiers climb from above nothing, only the last one open."""
    ends = list(bounds)
    if not ends or ends[-1] is not None:
        return False
    closed = [end for end in ends[:-1] if end is not None]
    return len(closed) == len(ends) - 1 and all(a < b for a, b in pairwise([Decimal(0), *closed]))


def product_faults(product: Product) -> Iterator[Fault]:
    """Say everything that is wrong with a product by itself."""
    if product.model in {"graduated", "volume"}:
        if product.price:
            yield product.fault(
                "model-price",
                f"A {product.model} product is priced by its tiers, not by 'price'.",
                "price",
                "Take 'price' away, or write 'model: flat'.",
            )
        if not climb(tier.up_to for tier in product.tiers):
            yield _tiers_order(product)
    else:
        if not product.price:
            yield product.fault(
                "no-price", f"'{product.id}' has no price.", "", "Write price: {SEK: …}."
            )
        if product.tiers:
            yield product.fault(
                "model-price",
                f"A {product.model} product has a 'price' and no tiers.",
                "tiers",
                "Write 'model: graduated' or 'model: volume', or take the tiers away.",
            )
    yield from _package_faults(product)
    yield from _charge_faults(product)
    yield from price_faults(product, "price", product.price)
    for number, tier in enumerate(product.tiers):
        yield from price_faults(product, f"tiers.{number}.unit_price", tier.unit_price)
        yield from price_faults(product, f"tiers.{number}.flat", tier.flat)


def _tiers_order(record: Sourced, path: str = "tiers") -> Fault:
    message = "Tiers climb: each 'up_to' is above the one before, and only the last has none."
    return record.fault("tiers-order", message, path, "Write {up_to: 10, …}, {up_to: 50, …}, {…}.")


def _package_faults(product: Product) -> Iterator[Fault]:
    if product.model == "package" and (product.package_size is None or product.package_size <= 0):
        yield product.fault(
            "package-size",
            "A package product says how many units are in a package.",
            "package_size",
            "Write package_size: 100.",
        )
    if product.model != "package" and product.package_size is not None:
        yield product.fault(
            "package-size",
            "'package_size' belongs to 'model: package'.",
            "package_size",
            "Write 'model: package', or take it away.",
        )


def _charge_faults(product: Product) -> Iterator[Fault]:
    if (product.charge == "recurring") != (product.every is not None):
        yield product.fault(
            "recurring-every",
            "A recurring product says how often it is charged, and only such a product does.",
            "every" if product.every else "charge",
            "Write 'charge: recurring' and 'every: month' (quarter, half-year, year).",
        )
    if product.bill and product.bill not in BILLS[product.charge]:
        allowed = " or ".join(BILLS[product.charge])
        yield product.fault(
            "bill-when",
            f"A product with charge {product.charge} cannot be billed {product.bill}.",
            "bill",
            f"Write {allowed}.",
        )
    if product.revenue and (product.revenue.method == "over-time") != (
        product.charge == "recurring"
    ):
        yield product.fault(
            "revenue-method",
            "Revenue over time needs a service period, and only what recurs has one.",
            "revenue.method",
            "Write over-time for a recurring product; point-in-time or output for another.",
        )
    if (product.vat == "exempt") != bool(product.vat_exemption):
        yield product.fault(
            "vat-exemption",
            "An exempt product names the rule that exempts it, and only such a product does.",
            "vat_exemption" if product.vat_exemption else "vat",
            "Write vat: exempt and vat_exemption with the paragraph.",
        )


def price_faults(record: Sourced, path: str, prices: Mapping[str, Decimal]) -> Iterator[Fault]:
    """Say which prices have no known currency, are negative or too large to be meant."""
    for currency, price in prices.items():
        if currency not in CURRENCIES:
            yield record.fault(
                "no-such-currency",
                f"There is no currency '{currency}'.",
                f"{path}.{currency}",
                "Write a code of ISO 4217, such as SEK or EUR.",
            )
        yield from _figure_faults(record, f"{path}.{currency}", price)


def _figure_faults(record: Sourced, path: str, price: Decimal) -> Iterator[Fault]:
    if not 0 <= price < LARGEST:
        message = f"A price is from 0 to below {LARGEST:,}, not {price:f}."
        yield record.fault("bad-price", message, path)


def bundle_faults(bundle: Bundle, products: Mapping[str, Product]) -> Iterator[Fault]:
    """Say everything that is wrong with a bundle among the products there are."""
    yield from price_faults(bundle, "price", bundle.price)
    if not bundle.price:
        yield bundle.fault("no-price", f"'{bundle.id}' has no price.", "price")
    for number, item in enumerate(bundle.items):
        path = f"items.{number}"
        if item.product not in products:
            yield unknown_product(bundle, item.product, products, f"{path}.product")
        elif missing := set(bundle.price) - products[item.product].currencies():
            names = ", ".join(sorted(missing))
            message = f"'{item.product}' has no price in {names}, so the bundle cannot be split."
            yield bundle.fault("no-price", message, f"{path}.product")
        if item.quantity <= 0:
            yield bundle.fault("bad-quantity", "A quantity is above 0.", f"{path}.quantity")


def unknown_product(record: Sourced, id: str, known: Iterable[str], path: str) -> Fault:  # noqa: A002 - the word users write
    """Say that a record names a product that is not there."""
    message = f"There is no product '{id}'."
    return record.fault("unknown-product", message, path, nearest(id, known))


def nearest(name: str, known: Iterable[str]) -> str:
    """Suggest the most similar of the names there are, or name some of them."""
    names = sorted(known)
    if close := get_close_matches(name, names, 1):
        return f"Did you mean '{close[0]}'?"
    shown = ", ".join(names[:8])
    return f"There are: {shown}{' …' if len(names) > len(names[:8]) else ''}." if names else ""


def list_faults(prices: PriceList, catalog: Catalog) -> Iterator[Fault]:
    """Say everything that is wrong with a price list among the products there are."""
    for id_ in (*prices.prices, *prices.tiers):
        path = f"prices.{id_}" if id_ in prices.prices else f"tiers.{id_}"
        if id_ not in catalog.products:
            yield unknown_product(prices, id_, catalog.products, path)
            continue
        tiered = catalog.products[id_].model in {"graduated", "volume"}
        if tiered != (id_ in prices.tiers):
            where = "under 'tiers'" if tiered else "under 'prices'"
            message = f"'{id_}' is {catalog.products[id_].model}: its prices stand {where}."
            yield prices.fault("model-price", message, path)
    for id_, price in prices.prices.items():
        yield from _figure_faults(prices, f"prices.{id_}", price)
    for id_, tiers in prices.tiers.items():
        if not climb(tier.up_to for tier in tiers):
            yield _tiers_order(prices, f"tiers.{id_}")
        for number, tier in enumerate(tiers):
            yield from _figure_faults(prices, f"tiers.{id_}.{number}.unit_price", tier.unit_price)
            yield from _figure_faults(prices, f"tiers.{id_}.{number}.flat", tier.flat)
    if prices.valid.last and prices.valid.last < prices.valid.first:
        yield prices.fault("bad-period", "The last day is before the first.", "valid.to")
    if prices.currency not in CURRENCIES:
        yield prices.fault(
            "no-such-currency", f"There is no currency '{prices.currency}'.", "currency"
        )
