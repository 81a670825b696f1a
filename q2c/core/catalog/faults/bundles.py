"""Everything that can be wrong with bundles: their parts, their price, and bundles in bundles."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter

from q2c.core.catalog.bundles import Bundle, BundleItem
from q2c.core.catalog.catalog import Catalog
from q2c.core.catalog.faults.figures import (
    percent_faults,
    price_faults,
    quantity_faults,
    unknown_product,
)
from q2c.core.fault import Fault, nearest
from q2c.core.money import CURRENCIES
from q2c.core.period import by_every

HUNDRED = Decimal(100)
DEEPEST = 10  # bundles within bundles


def bundles_faults(catalog: Catalog) -> Iterator[Fault]:
    """Say everything that is wrong with the bundles of a catalogue."""
    for bundle in catalog.bundles.values():
        yield from bundle_faults(bundle, catalog)
    ordered, cycles = in_order(catalog.bundles)
    for cycle in cycles:
        yield _cycle(catalog.bundles[cycle[0]], cycle)
    if not cycles:
        yield from _whole_faults(catalog, ordered)


def bundle_faults(bundle: Bundle, catalog: Catalog) -> Iterator[Fault]:
    """Say everything that is wrong with a bundle by itself and with what it names."""
    yield from price_faults(bundle, "price", bundle.price)
    if bundle.discount is not None:
        yield from percent_faults(bundle, "discount", bundle.discount, HUNDRED)
    if bool(bundle.price) == (bundle.discount is not None):
        message = "A bundle has a price, or a discount on the sum of its parts, one of them."
        remedy = "Write price: {SEK: …}, or discount: 10; discount: 0 is the plain sum."
        path = "discount" if bundle.price else ""
        yield bundle.fault("bundle-price", message, path, remedy)
    if bundle.every and not bundle.price:
        message = "Only a bundle with a price is charged at a period of its own."
        yield bundle.fault("bundle-every", message, "every", "Take 'every' away; its parts say it.")
    for number, item in enumerate(bundle.items):
        yield from _item_faults(bundle, f"items.{number}", item, catalog)


def _item_faults(bundle: Bundle, path: str, item: BundleItem, catalog: Catalog) -> Iterator[Fault]:
    yield from quantity_faults(bundle, f"{path}.quantity", item.quantity)
    if (item.product is None) == (item.bundle is None):
        message = "A part is a product or a bundle, one of them."
        remedy = "Write product: … or bundle: …."
        yield bundle.fault("bundle-part", message, path, remedy)
        return
    product = catalog.products.get(item.product or "")
    if item.product and product is None:
        yield unknown_product(bundle, item.product, catalog.products, f"{path}.product")
    if product and product.percent_of is not None:
        message = f"'{product.id}' is a percentage of other lines and has no price by itself."
        remedy = "Make it an option of the bundle, or a line beside it."
        yield bundle.fault("percent-of", message, f"{path}.product", remedy)
    if item.bundle and item.bundle not in catalog.bundles:
        message = f"There is no bundle '{item.bundle}'."
        remedy = nearest(item.bundle, catalog.bundles)
        yield bundle.fault("unknown-bundle", message, f"{path}.bundle", remedy)


def in_order(bundles: Mapping[str, Bundle]) -> tuple[list[str], list[list[str]]]:
    """Name bundles so that each stands behind those in it; and the cycles that forbid it."""
    inner = {
        id_: {item.bundle for item in one.items if item.bundle in bundles}
        for id_, one in bundles.items()
    }
    cycles: list[list[str]] = []
    while True:
        try:
            return [str(id_) for id_ in TopologicalSorter(inner).static_order()], cycles
        except CycleError as error:
            around = [str(id_) for id_ in reversed(error.args[1])]
            cycles.append(around)
            inner[around[0]] = inner[around[0]] - {around[1]}


def _cycle(bundle: Bundle, cycle: Sequence[str]) -> Fault:
    number = next(n for n, item in enumerate(bundle.items) if item.bundle == cycle[1])
    message = f"The bundle would be in itself: {' > '.join(cycle)}."
    remedy = "Take one of these parts away."
    return bundle.fault("bundle-cycle", message, f"items.{number}.bundle", remedy)


def _whole_faults(catalog: Catalog, ordered: Sequence[str]) -> Iterator[Fault]:
    """Say which bundles are too deep, in no currency of all their parts, or of other periods."""
    shared: dict[str, frozenset[str]] = {}
    depth: dict[str, int] = {}
    rhythms: dict[str, frozenset[str]] = {}
    for id_ in ordered:
        bundle = catalog.bundles[id_]
        inner = [item.bundle for item in bundle.items if item.bundle in catalog.bundles]
        parts = [p for i in bundle.items if i.product and (p := catalog.products.get(i.product))]
        currencies = [*(part.currencies() for part in parts), *(shared[str(one)] for one in inner)]
        yield from _currency_faults(bundle, CURRENCIES.intersection(*currencies))
        priced = frozenset(bundle.price) or CURRENCIES
        shared[id_] = priced.intersection(*currencies)
        depth[id_] = 1 + max((depth[str(one)] for one in inner), default=0)
        if depth[id_] == DEEPEST + 1:
            message = f"More than {DEEPEST} bundles are in one another here."
            yield bundle.fault("bundle-cycle", message, "items", "Put the parts in one bundle.")
        rhythms[id_] = frozenset(part.every or "" for part in parts).union(
            *(rhythms[str(one)] for one in inner)
        )
        yield from _rhythm_faults(bundle, rhythms[id_])


def _currency_faults(bundle: Bundle, shared: frozenset[str]) -> Iterator[Fault]:
    missing = sorted(set(bundle.price) & CURRENCIES - shared)
    if missing:
        message = f"Not all parts have a price in {', '.join(missing)}, so it cannot be split."
        remedy = "Give each part one, or take that price of the bundle away."
        yield bundle.fault("no-price", message, f"price.{missing[0]}", remedy)
    if not shared and not bundle.price:
        message = f"There is no currency that all parts of '{bundle.id}' have a price in."
        yield bundle.fault("no-price", message, "items", "Give each part one in your currency.")


def _rhythm_faults(bundle: Bundle, rhythms: frozenset[str]) -> Iterator[Fault]:
    if bundle.every and bundle.price and rhythms != {bundle.every}:
        message = f"The bundle is charged {by_every(bundle.every)}, and not all its parts are."
        remedy = "Take 'every' away: the price is then for the whole term."
        yield bundle.fault("bundle-every", message, "every", remedy)
