"""Everything that can be wrong with a product by itself."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from q2c.core.catalog.faults.figures import (
    LARGEST_PERCENT,
    Known,
    climb,
    percent_faults,
    price_faults,
    quantity_faults,
    scope_faults,
    tiers_order,
)
from q2c.core.catalog.faults.metered import metered_faults
from q2c.core.catalog.faults.working import working_faults
from q2c.core.catalog.products import (
    BILLS,
    LARGEST_QUANTITY,
    PERCENTAGES,
    TIERED,
    Model,
    Product,
)
from q2c.core.fault import Fault
from q2c.core.period import by_every
from q2c.core.trace import Sourced

LARGEST_MARKUP = Decimal(100_000)
Fields = tuple[str, ...]


class Shape(Struct, frozen=True):
    """The fields of a charge model: those it needs, those it may have, the same of its tiers."""

    needs: Fields
    may: Fields = ()
    tier_needs: Fields = ()
    tier_may: Fields = ()


SHAPES: dict[Model, Shape] = {
    "per-unit": Shape(("price",), ("frequencies",)),
    "flat": Shape(("price",), ("frequencies",)),
    "package": Shape(("price", "package_size"), ("frequencies", "free_units")),
    "graduated": Shape(("tiers",), ("frequencies",), ("unit_price",), ("flat",)),
    "volume": Shape(("tiers",), ("frequencies",), ("unit_price",), ("flat",)),
    "block": Shape(("tiers",), ("frequencies",), ("flat",), ("unit_price",)),
    "percentage": Shape(("percent",), ("percent_of",)),
    "graduated-percentage": Shape(("tiers",), ("percent_of",), ("percent",), ("flat",)),
    "cost-plus": Shape(("cost", "markup")),
}
# What only some models have; fixed, minimum, maximum and cost go with any of them.
SHAPED = (
    *("price", "tiers", "frequencies", "package_size", "free_units"),
    *("percent", "percent_of", "markup"),
)
TIER_SHAPED = ("unit_price", "flat", "percent")
MONEY = ("price", "fixed", "minimum", "maximum", "cost", "floor")
EXAMPLES = {
    "price": "price: {SEK: …}",
    "tiers": "tiers: [{up_to: 10, …}, {…}]",
    "package_size": "package_size: 100",
    "percent": "percent: 18",
    "cost": "cost: {SEK: …}",
    "markup": "markup: 40",
    "unit_price": "unit_price: {SEK: …}",
    "flat": "flat: {SEK: …}",
}


def product_faults(product: Product) -> Iterator[Fault]:
    """Say everything that is wrong with a product by itself."""
    yield from _shape_faults(product)
    yield from _figures(product)
    yield from _tier_faults(product)
    yield from _currency_faults(product)
    yield from _charge_faults(product)
    yield from _frequency_faults(product)
    yield from _terms_faults(product)
    yield from metered_faults(product)
    yield from working_faults(product)


def naming_faults(product: Product, known: Known) -> Iterator[Fault]:
    """Say what a product names that is not there."""
    if product.percent_of is None:
        return
    yield from scope_faults(product, "percent_of", product.percent_of, known)
    if product.id in product.percent_of.products:
        message = f"'{product.id}' would be a percentage of itself."
        remedy = "Take it out of percent_of."
        yield product.fault("percent-of", message, "percent_of.products", remedy)


def _said(record: Struct, name: str) -> bool:
    """Say whether somebody wrote a field."""
    value = getattr(record, name)
    return value is not None and value not in ((), {})


def _shape_faults(product: Product) -> Iterator[Fault]:
    """Say which fields the charge model lacks, and which it has no use for."""
    shape, kind = SHAPES[product.model], f"A {product.model} product"
    for name in shape.needs:
        if not _said(product, name):
            yield _lacking(product, name, f"{kind} has '{name}', and '{product.id}' has none.")
    for name in SHAPED:
        if _said(product, name) and name not in (*shape.needs, *shape.may):
            message = f"{kind} has no '{name}'."
            remedy = f"Take it away, or write the model that it belongs to: {_models(name)}."
            yield product.fault("model-price", message, name, remedy)
    if product.model in PERCENTAGES and product.floor:
        message = "A percentage has no price of a unit that a floor could bound."
        yield product.fault("model-price", message, "floor", "Write a 'minimum' in its place.")


def _lacking(record: Sourced, name: str, message: str, path: str = "") -> Fault:
    remedy = f"Write  {EXAMPLES[name] if isinstance(record, Product) else f'{name}: 5'}"
    if name == "package_size":
        return record.fault("package-size", message, path, remedy)
    if name == "tiers":
        return record.fault("tiers-order", message, path, remedy)
    return record.fault("no-price", message, path, remedy)


def _models(name: str) -> str:
    found = [model for model, shape in SHAPES.items() if name in (*shape.needs, *shape.may)]
    return " or ".join(found)


def _figures(product: Product) -> Iterator[Fault]:
    """Say which figures of a product cannot be."""
    for name in MONEY:
        yield from price_faults(product, name, getattr(product, name))
    for every, prices in product.frequencies.items():
        yield from price_faults(product, f"frequencies.{every}", prices)
    if product.percent is not None:
        yield from percent_faults(product, "percent", product.percent)
    if product.markup is not None:
        yield from percent_faults(product, "markup", product.markup, LARGEST_MARKUP)
    if product.package_size is not None:
        yield from quantity_faults(product, "package_size", product.package_size)
    if product.free_units is not None and not 0 <= product.free_units < LARGEST_QUANTITY:
        message = f"Free units are from 0 to below {LARGEST_QUANTITY:,}."
        yield product.fault("bad-quantity", message, "free_units", "Write free_units: 100.")
    for currency, least in product.minimum.items():
        if currency in product.maximum and least > product.maximum[currency]:
            message = f"The minimum in {currency} is above the maximum."
            path = f"minimum.{currency}"
            yield product.fault("price-bounds", message, path, "Lower it, or raise the maximum.")


def _tier_faults(product: Product) -> Iterator[Fault]:
    if product.model not in TIERED or not product.tiers:
        return
    if not climb(tier.up_to for tier in product.tiers):
        yield tiers_order(product)
    for number, tier in enumerate(product.tiers):
        path = f"tiers.{number}"
        yield from price_faults(product, f"{path}.unit_price", tier.unit_price)
        yield from price_faults(product, f"{path}.flat", tier.flat)
        if tier.percent is not None:
            yield from percent_faults(product, f"{path}.percent", tier.percent, LARGEST_PERCENT)
        yield from tier_shape_faults(product, product.model, tier, path)
        needed, other = product.by_tier(tier), tier.flat
        if product.model == "block":
            other = tier.unit_price
        yield from _lacks(product, f"{path}.flat", other, needed)


def tier_shape_faults(record: Sourced, model: Model, tier: Struct, path: str) -> Iterator[Fault]:
    """Say which fields a tier of a charge model lacks, and which it has no use for."""
    shape = SHAPES[model]
    for name in shape.tier_needs:
        if not _said(tier, name):
            yield _lacking(record, name, f"A tier of a {model} product has '{name}'.", path)
    for name in TIER_SHAPED:
        if _given(tier, name) and name not in (*shape.tier_needs, *shape.tier_may):
            message = f"A tier of a {model} product has no '{name}'."
            yield record.fault("model-price", message, f"{path}.{name}", "Take it away.")


def _given(tier: Struct, name: str) -> bool:
    """Say whether a field of a tier is written; in a list nothing and 0 are the same."""
    return _said(tier, name) and getattr(tier, name) != 0


def _currency_faults(product: Product) -> Iterator[Fault]:
    """Say where a figure is left out in a currency that the product is priced in."""
    if product.model in PERCENTAGES:
        return
    for name in ("fixed", "minimum", "maximum"):
        needed = dict.fromkeys(product.currencies(), Decimal(0))
        yield from _lacks(product, name, getattr(product, name), needed)


def _lacks(
    product: Product, path: str, given: Mapping[str, Decimal], needed: Mapping[str, Decimal]
) -> Iterator[Fault]:
    if given and (lacking := needed.keys() - given.keys()):
        names = ", ".join(sorted(lacking))
        message = f"'{path.rpartition('.')[2]}' has no figure in {names}, and the price has."
        remedy = "Write one for each currency, 0 where none is owed."
        yield product.fault("no-price", message, path, remedy)


def _charge_faults(product: Product) -> Iterator[Fault]:
    if (product.charge == "recurring") != (product.every is not None):
        yield product.fault(
            "recurring-every",
            "A recurring product says how often it is charged, and only such a product does.",
            "every" if product.every else "charge",
            "Write 'charge: recurring' and 'every: month' (week, quarter, year, 2 months …).",
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
    if (product.charge == "usage") != (product.meter is not None):
        yield product.fault(
            "usage-meter",
            "What is charged by usage names its meter, and only such a product does.",
            "meter" if product.meter else "charge",
            "Write 'charge: usage' and 'meter: scans', or the like.",
        )
    if product.percent_of is not None and product.charge in {"usage", "hourly"}:
        message = f"A percentage of other lines is known when they are; it is not {product.charge}."
        remedy = "Write 'charge: one-off' or 'charge: recurring'."
        yield product.fault("percent-of", message, "charge", remedy)


def _terms_faults(product: Product) -> Iterator[Fault]:
    """Say which terms of what recurs are written of a product that does not."""
    usual = {"trial": "0", "free": "0", "proration": "days"}
    for name, value in usual.items():
        if product.charge != "recurring" and getattr(product, name) != value:
            message = f"'{product.id}' does not recur, so it has no '{name}'."
            yield product.fault("recurring-terms", message, name, "Take it away.")


def _frequency_faults(product: Product) -> Iterator[Fault]:
    if product.frequencies and product.charge != "recurring":
        message = "Only a recurring product has prices by the length of its billing period."
        remedy = "Take 'frequencies' away, or write 'charge: recurring'."
        yield product.fault("frequency-price", message, "frequencies", remedy)
    if product.every and product.every in product.frequencies:
        message = f"The price {by_every(product.every)} stands in 'price', not in 'frequencies'."
        path = f"frequencies.{product.every}"
        yield product.fault("frequency-price", message, path, "Keep one of the two.")
