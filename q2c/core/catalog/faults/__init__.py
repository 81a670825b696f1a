"""Everything that can be wrong in a catalogue and its price lists, each fault at its place."""

from collections.abc import Iterable, Iterator, Mapping

from q2c.core.catalog.bundles import Bundle
from q2c.core.catalog.catalog import Catalog, CatalogFile
from q2c.core.catalog.discounts import Promotion, Schedule
from q2c.core.catalog.faults.bundles import bundle_faults, bundles_faults
from q2c.core.catalog.faults.discounts import code_faults, promotion_faults, schedule_faults
from q2c.core.catalog.faults.figures import (
    climb,
    known_in,
    price_faults,
    unknown_currency,
    unknown_product,
)
from q2c.core.catalog.faults.lists import (
    base_faults,
    list_faults,
    own_price_faults,
    reach_faults,
)
from q2c.core.catalog.faults.options import option_faults
from q2c.core.catalog.faults.products import naming_faults, product_faults
from q2c.core.catalog.faults.rules import rule_faults
from q2c.core.catalog.products import Product
from q2c.core.catalog.rules import Rule
from q2c.core.fault import Fault, Place

__all__ = [
    "base_faults",
    "bundle_faults",
    "catalog_faults",
    "climb",
    "double_ids",
    "file_faults",
    "list_faults",
    "own_price_faults",
    "price_faults",
    "product_faults",
    "reach_faults",
    "unknown_currency",
    "unknown_product",
]
Record = Product | Bundle | Rule | Schedule | Promotion


def catalog_faults(catalog: Catalog) -> Iterator[Fault]:
    """Say everything that is wrong with a catalogue: its parts, and what they name."""
    known = known_in(catalog)
    for product in catalog.products.values():
        yield from product_faults(product)
        yield from naming_faults(product, known)
        yield from option_faults(product, known)
    yield from bundles_faults(catalog)
    for bundle in catalog.bundles.values():
        yield from option_faults(bundle, known)
    for rule in catalog.rules:
        yield from rule_faults(rule, known)
    for schedule in catalog.schedules:
        yield from schedule_faults(schedule, known)
    for promotion in catalog.promotions:
        yield from promotion_faults(promotion, known)
    yield from code_faults(catalog.promotions)


def file_faults(files: Mapping[str, CatalogFile]) -> Iterator[Fault]:
    """Say what the files of a catalogue, by name, say twice: an id, or the policy."""
    yield from double_ids(record for file in files.values() for record in _records(file))
    spoken = [name for name, file in files.items() if file.policy]
    for name in spoken[1:]:
        message = f"The policy stands in {spoken[0]} already."
        yield Fault("policy-twice", message, Place(name), "Keep one 'policy' in all files.")


def _records(file: CatalogFile) -> Iterator[Record]:
    yield from file.products
    yield from file.bundles
    yield from file.rules
    yield from file.schedules
    yield from file.promotions


def double_ids(records: Iterable[Record]) -> Iterator[Fault]:
    """Say which ids are used twice, whatever they are of, at the second place."""
    first: dict[str, Record] = {}
    for record in records:
        if record.id in first:
            place = first[record.id].place("id")
            message = f"'{record.id}' is used twice; the first is at {place}."
            yield record.fault("double-id", message, "id", "Give one of them another id.")
        first.setdefault(record.id, record)
