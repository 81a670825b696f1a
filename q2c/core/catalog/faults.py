"""Everything that can be wrong with products, bundles and price lists."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from q2c.core.catalog.bundles import Bundle
from q2c.core.catalog.catalog import Catalog
from q2c.core.catalog.lists import PriceList
from q2c.core.catalog.products import (
    BILLS,
    LARGEST_PRICE,
    LARGEST_QUANTITY,
    TIERED,
    Product,
)
from q2c.core.fault import Fault, nearest
from q2c.core.money import CURRENCIES
from q2c.core.party import Customer
from q2c.core.trace import Sourced


def climb(bounds: Iterable[Decimal | None]) -> bool:
    """Say whether upper ends of tiers climb from above nothing, only the last one open."""
    ends = list(bounds)
    if not ends or ends[-1] is not None:
        return False
    closed = [end for end in ends[:-1] if end is not None]
    return len(closed) == len(ends) - 1 and all(a < b for a, b in pairwise([Decimal(0), *closed]))


def catalog_faults(catalog: Catalog) -> Iterator[Fault]:
    """Say everything that is wrong with products and bundles."""
    for product in catalog.products.values():
        yield from product_faults(product)
    for bundle in catalog.bundles.values():
        yield from bundle_faults(bundle, catalog.products)
        if bundle.id in catalog.products:
            message = f"'{bundle.id}' is a product already; ids are unique in the catalogue."
            yield bundle.fault("double-id", message, "id", "Give the bundle another id.")


def double_ids(records: tuple[Product, ...] | tuple[Bundle, ...]) -> Iterator[Fault]:
    """Say which ids are used twice, at the second place."""
    first: dict[str, Product | Bundle] = {}
    for record in records:
        if record.id in first:
            place = first[record.id].place("id")
            message = f"'{record.id}' is used twice; the first is at {place}."
            yield record.fault("double-id", message, "id", "Give one of them another id.")
        first.setdefault(record.id, record)


def product_faults(product: Product) -> Iterator[Fault]:
    """Say everything that is wrong with a product by itself."""
    yield from _tiered_faults(product) if product.model in TIERED else _priced_faults(product)
    yield from _package_faults(product)
    yield from _charge_faults(product)
    yield from price_faults(product, "price", product.price)
    for number, tier in enumerate(product.tiers):
        yield from price_faults(product, f"tiers.{number}.unit_price", tier.unit_price)
        yield from price_faults(product, f"tiers.{number}.flat", tier.flat)


def _tiered_faults(product: Product) -> Iterator[Fault]:
    if product.price:
        yield product.fault(
            "model-price",
            f"A {product.model} product is priced by its tiers, not by 'price'.",
            "price",
            "Take 'price' away, or write 'model: flat'.",
        )
    if not climb(tier.up_to for tier in product.tiers):
        yield _tiers_order(product)
    for number, tier in enumerate(product.tiers):
        if tier.flat and (lacking := tier.unit_price.keys() - tier.flat.keys()):
            names = ", ".join(sorted(lacking))
            message = f"The tier has a unit price in {names} and no flat fee."
            remedy = "Write one for each currency, 0 where none is owed."
            yield product.fault("no-price", message, f"tiers.{number}.flat", remedy)


def _priced_faults(product: Product) -> Iterator[Fault]:
    if not product.price:
        message = f"'{product.id}' has no price."
        yield product.fault("no-price", message, "", "Write price: {SEK: …}.")
    if product.tiers:
        yield product.fault(
            "model-price",
            f"A {product.model} product has a 'price' and no tiers.",
            "tiers",
            "Write 'model: graduated' or 'model: volume', or take the tiers away.",
        )


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
            yield unknown_currency(record, currency, f"{path}.{currency}")
        yield from _figure_faults(record, f"{path}.{currency}", price)


def own_price_faults(customer: Customer) -> Iterator[Fault]:
    """Say which of a customer's own prices cannot be."""
    for number, own in enumerate(customer.prices):
        yield from price_faults(customer, f"prices.{number}.price", own.price)


def _figure_faults(record: Sourced, path: str, price: Decimal) -> Iterator[Fault]:
    if not 0 <= price < LARGEST_PRICE:
        message = f"A price is from 0 to below {LARGEST_PRICE:,}, not {price:f}."
        yield record.fault("bad-price", message, path, "Write the price of one unit.")


def bundle_faults(bundle: Bundle, products: Mapping[str, Product]) -> Iterator[Fault]:
    """Say everything that is wrong with a bundle among the products there are."""
    yield from price_faults(bundle, "price", bundle.price)
    if not bundle.price:
        message = f"'{bundle.id}' has no price."
        yield bundle.fault("no-price", message, "price", "Write price: {SEK: …}.")
    for number, item in enumerate(bundle.items):
        path = f"items.{number}"
        if item.product not in products:
            yield unknown_product(bundle, item.product, products, f"{path}.product")
        elif missing := set(bundle.price) - products[item.product].currencies():
            names = ", ".join(sorted(missing))
            message = f"'{item.product}' has no price in {names}, so the bundle cannot be split."
            remedy = "Give the product one, or take that price of the bundle away."
            yield bundle.fault("no-price", message, f"{path}.product", remedy)
        if not 0 < item.quantity < LARGEST_QUANTITY:
            message = f"A quantity is above 0 and below {LARGEST_QUANTITY:,}."
            remedy = "Write how many units are in one bundle."
            yield bundle.fault("bad-quantity", message, f"{path}.quantity", remedy)


def unknown_product(record: Sourced, id_: str, known: Iterable[str], path: str) -> Fault:
    """Say that a record names a product that is not there."""
    message = f"There is no product '{id_}'."
    return record.fault("unknown-product", message, path, nearest(id_, known))


def unknown_currency(record: Sourced, code: str, path: str) -> Fault:
    """Say that a record names a currency that is not there."""
    message, remedy = f"There is no currency '{code}'.", "Write a code of ISO 4217: SEK, EUR …"
    return record.fault("no-such-currency", message, path, remedy)


def list_faults(prices: PriceList, catalog: Catalog) -> Iterator[Fault]:
    """Say everything that is wrong with a price list among the products there are."""
    for id_ in (*prices.prices, *prices.tiers):
        path = f"prices.{id_}" if id_ in prices.prices else f"tiers.{id_}"
        if id_ not in catalog.products:
            yield unknown_product(prices, id_, catalog.products, path)
            continue
        tiered = catalog.products[id_].model in TIERED
        if tiered != (id_ in prices.tiers):
            where = "tiers" if tiered else "prices"
            message = f"'{id_}' is {catalog.products[id_].model}: its prices stand under '{where}'."
            yield prices.fault("model-price", message, path, f"Move it to '{where}'.")
    for id_, price in prices.prices.items():
        yield from _figure_faults(prices, f"prices.{id_}", price)
    for id_, tiers in prices.tiers.items():
        if not climb(tier.up_to for tier in tiers):
            yield _tiers_order(prices, f"tiers.{id_}")
        for number, tier in enumerate(tiers):
            yield from _figure_faults(prices, f"tiers.{id_}.{number}.unit_price", tier.unit_price)
            yield from _figure_faults(prices, f"tiers.{id_}.{number}.flat", tier.flat)
    if prices.valid.last and prices.valid.last < prices.valid.first:
        message, remedy = "The last day is before the first.", "Put 'to' on or after 'from'."
        yield prices.fault("bad-period", message, "valid.to", remedy)
    if prices.currency not in CURRENCIES:
        yield unknown_currency(prices, prices.currency, "currency")
