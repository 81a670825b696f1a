"""What can be wrong with a figure, a period or a name, wherever in the catalogue it stands."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct

from q2c.core.catalog.bundles import Bundle
from q2c.core.catalog.catalog import Catalog
from q2c.core.catalog.products import (
    LARGEST_PRICE,
    LARGEST_QUANTITY,
    Choice,
    Product,
    Scope,
    Validity,
)
from q2c.core.fault import Fault, nearest
from q2c.core.money import CURRENCIES
from q2c.core.trace import Sourced

LARGEST_PERCENT = Decimal(1000)


class Known(Struct, frozen=True):
    """The names that other parts of a catalogue may use."""

    products: Mapping[str, Product]
    bundles: Mapping[str, Bundle]
    families: frozenset[str]

    def __contains__(self, id_: object) -> bool:
        return id_ in self.products or id_ in self.bundles or id_ in self.families

    def __iter__(self) -> Iterator[str]:
        yield from (*self.products, *self.bundles, *self.families)


def known_in(catalog: Catalog) -> Known:
    """Name everything in a catalogue that can be named."""
    named = {product.family for product in catalog.products.values()}
    named |= {bundle.family for bundle in catalog.bundles.values()}
    families = frozenset(filter(None, named))
    return Known(catalog.products, catalog.bundles, families)


def climb(bounds: Iterable[Decimal | None]) -> bool:
    """Say whether upper ends of tiers climb from above nothing, only the last one open."""
    ends = list(bounds)
    if not ends or ends[-1] is not None:
        return False
    closed = [end for end in ends[:-1] if end is not None]
    return len(closed) == len(ends) - 1 and all(a < b for a, b in pairwise([Decimal(0), *closed]))


def tiers_order(record: Sourced, path: str = "tiers") -> Fault:
    """Say that tiers do not follow one another."""
    message = "Tiers climb: each 'up_to' is above the one before, and only the last has none."
    return record.fault("tiers-order", message, path, "Write {up_to: 10, …}, {up_to: 50, …}, {…}.")


def price_faults(record: Sourced, path: str, prices: Mapping[str, Decimal]) -> Iterator[Fault]:
    """Say which prices have no known currency, are negative or too large to be meant."""
    for currency, price in prices.items():
        if currency not in CURRENCIES:
            yield unknown_currency(record, currency, f"{path}.{currency}")
        yield from figure_faults(record, f"{path}.{currency}", price)


def figure_faults(record: Sourced, path: str, price: Decimal) -> Iterator[Fault]:
    """Say that a price is negative or too large to be meant, if it is."""
    if not 0 <= price < LARGEST_PRICE:
        message = f"A price is from 0 to below {LARGEST_PRICE:,}, not {price:,f}."
        yield record.fault("bad-price", message, path, "Write the price of one unit.")


def quantity_faults(record: Sourced, path: str, quantity: Decimal) -> Iterator[Fault]:
    """Say that a quantity is not above nothing or too large to be meant, if it is so."""
    if not 0 < quantity < LARGEST_QUANTITY:
        message = f"A quantity is above 0 and below {LARGEST_QUANTITY:,}, not {quantity:,f}."
        yield record.fault("bad-quantity", message, path, "Write how many units are meant.")


def percent_faults(
    record: Sourced, path: str, percent: Decimal, most: Decimal = LARGEST_PERCENT
) -> Iterator[Fault]:
    """Say that a percentage is negative or more than it can be, if it is."""
    if not 0 <= percent <= most:
        message = f"A percentage is from 0 to {most:,} here, not {percent:,f}."
        yield record.fault("bad-percent", message, path, "Write 18 for 18 %.")


def period_faults(record: Sourced, path: str, valid: Validity | None) -> Iterator[Fault]:
    """Say that a period ends before it begins, if it does."""
    if valid and valid.last and valid.last < valid.first:
        message, remedy = "The last day is before the first.", "Put 'to' on or after 'from'."
        yield record.fault("bad-period", message, f"{path}.to", remedy)


def choice_faults(record: Sourced, path: str, choice: Choice, known: Known) -> Iterator[Fault]:
    """Say that a choice is of no product there is, or of no quantity that can be."""
    if choice.product not in known.products:
        yield unknown_product(record, choice.product, known.products, f"{path}.product")
    yield from quantity_faults(record, f"{path}.quantity", choice.quantity)


def scope_faults(record: Sourced, path: str, scope: Scope, known: Known) -> Iterator[Fault]:
    """Say which products and families of a scope are not there."""
    for number, id_ in enumerate(scope.products):
        if id_ not in known.products:
            yield unknown_product(record, id_, known.products, f"{path}.products.{number}")
    for number, id_ in enumerate(scope.families):
        if id_ not in known.families:
            message = f"No product or bundle is of a family '{id_}'."
            remedy = nearest(id_, known.families) or f"Write  family: {id_}  at the products."
            yield record.fault("unknown-family", message, f"{path}.families.{number}", remedy)


def unknown_product(record: Sourced, id_: str, known: Iterable[str], path: str) -> Fault:
    """Say that a record names a product that is not there."""
    message = f"There is no product '{id_}'."
    return record.fault("unknown-product", message, path, nearest(id_, known))


def unknown_currency(record: Sourced, code: str, path: str) -> Fault:
    """Say that a record names a currency that is not there."""
    message, remedy = f"There is no currency '{code}'.", "Write a code of ISO 4217: SEK, EUR …"
    return record.fault("no-such-currency", message, path, remedy)
