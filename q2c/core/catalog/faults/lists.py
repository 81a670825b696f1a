"""Everything that can be wrong with price lists, and with the prices of a customer's own."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter

from q2c.core.catalog.catalog import Catalog
from q2c.core.catalog.faults.figures import (
    LARGEST_PERCENT,
    climb,
    figure_faults,
    percent_faults,
    period_faults,
    price_faults,
    tiers_order,
    unknown_currency,
    unknown_product,
)
from q2c.core.catalog.faults.products import tier_shape_faults
from q2c.core.catalog.lists import ListTier, PriceList
from q2c.core.catalog.products import LARGEST_PRICE, PERCENTAGES, TIERED, Product
from q2c.core.fault import Fault, nearest
from q2c.core.money import CURRENCIES
from q2c.core.party import Customer, OwnPrice
from q2c.core.period import Every, by_every

ALL = Decimal(100)
CATALOG = "catalog"  # what a list is made from that is made from the catalogue


def list_faults(prices: PriceList, catalog: Catalog) -> Iterator[Fault]:
    """Say everything that is wrong with a price list among the products there are."""
    for id_ in (*prices.prices, *prices.tiers, *prices.frequencies):
        yield from _line_faults(prices, id_, catalog)
    for id_, price in prices.prices.items():
        yield from figure_faults(prices, f"prices.{id_}", price)
    for id_, tiers in prices.tiers.items():
        yield from _tiers_faults(prices, id_, tiers, catalog.products.get(id_))
    for id_, by_period in prices.frequencies.items():
        yield from _frequency_faults(prices, id_, by_period, catalog.products.get(id_))
    yield from period_faults(prices, "valid", prices.valid)
    if prices.currency not in CURRENCIES:
        yield unknown_currency(prices, prices.currency, "currency")
    yield from _adjust_faults(prices)


def _line_faults(prices: PriceList, id_: str, catalog: Catalog) -> Iterator[Fault]:
    """Say that a product is not there, or has its price elsewhere in the list."""
    where = next(n for n in ("prices", "tiers", "frequencies") if id_ in getattr(prices, n))
    path = f"{where}.{id_}"
    product = catalog.products.get(id_)
    if product is None:
        yield unknown_product(prices, id_, catalog.products, path)
    elif product.model == "percentage":
        message = f"'{id_}' is a percentage, and not a price that a list could have."
        yield prices.fault("model-price", message, path, "Take it out of the list.")
    elif where != "frequencies" and (product.model in TIERED) != (id_ in prices.tiers):
        home = "tiers" if product.model in TIERED else "prices"
        message = f"'{id_}' is {product.model}: its prices stand under '{home}'."
        yield prices.fault("model-price", message, path, f"Move it to '{home}'.")


def _tiers_faults(
    prices: PriceList, id_: str, tiers: tuple[ListTier, ...], product: Product | None
) -> Iterator[Fault]:
    if not climb(tier.up_to for tier in tiers):
        yield tiers_order(prices, f"tiers.{id_}")
    for number, tier in enumerate(tiers):
        path = f"tiers.{id_}.{number}"
        if tier.unit_price is not None:
            yield from figure_faults(prices, f"{path}.unit_price", tier.unit_price)
        yield from figure_faults(prices, f"{path}.flat", tier.flat)
        if tier.percent is not None:
            yield from percent_faults(prices, f"{path}.percent", tier.percent, LARGEST_PERCENT)
        if product and product.model in TIERED:
            yield from tier_shape_faults(prices, product.model, tier, path)


def _frequency_faults(
    prices: PriceList, id_: str, by_period: Mapping[Every, Decimal], product: Product | None
) -> Iterator[Fault]:
    path = f"frequencies.{id_}"
    for every, price in by_period.items():
        yield from figure_faults(prices, f"{path}.{every}", price)
    if product and product.every is None:
        message = f"'{id_}' does not recur, so it has no price by the length of a period."
        yield prices.fault("frequency-price", message, path, "Write its price under 'prices'.")
    if product and product.every and product.every in by_period:
        message = f"'{id_}' is charged {by_every(product.every)} as it is."
        remedy = "Write that price under 'prices' or 'tiers'."
        yield prices.fault("frequency-price", message, f"{path}.{product.every}", remedy)


def _adjust_faults(prices: PriceList) -> Iterator[Fault]:
    if prices.adjust is None:
        return
    if prices.base is None:
        message = "An adjustment needs a base that it adjusts."
        yield prices.fault("list-base", message, "adjust", "Write base: catalog, or another list.")
    if not -ALL < prices.adjust.percent <= LARGEST_PERCENT:
        message = f"An adjustment is above -100 and at most {LARGEST_PERCENT:,} per cent."
        yield prices.fault("bad-percent", message, "adjust.percent", "Write 2.5 for 2.5 % more.")
    if not 0 <= prices.adjust.round_to < LARGEST_PRICE:
        message = "A step to round to is not below 0."
        yield prices.fault("bad-price", message, "adjust.round_to", "Write 10 for whole tens.")


def base_faults(lists: Mapping[str, PriceList]) -> Iterator[Fault]:
    """Say which lists are made from one that is not there, of another currency, or themselves."""
    for prices in lists.values():
        yield from _base_faults(prices, lists)
    above = {id_: one.base for id_, one in lists.items() if one.base in lists}
    for cycle in _cycles(above):
        message = f"The list would be made from itself: {' > '.join(cycle)}."
        remedy = "Make one of them from the catalogue."
        yield lists[cycle[0]].fault("list-base", message, "base", remedy)


def _base_faults(prices: PriceList, lists: Mapping[str, PriceList]) -> Iterator[Fault]:
    if prices.base is None or prices.base == CATALOG:
        return
    base = lists.get(prices.base)
    if base is None:
        message = f"There is no price list '{prices.base}' to make this one from."
        remedy = nearest(prices.base, (*lists, CATALOG))
        yield prices.fault("unknown-price-list", message, "base", remedy)
    elif base.currency != prices.currency:
        message = f"'{base.id}' is in {base.currency}, so no list in {prices.currency} comes of it."
        yield prices.fault("list-base", message, "base", "Take one of the same currency.")


def _cycles(above: Mapping[str, str | None]) -> Iterator[list[str]]:
    left = {id_: {base} for id_, base in above.items()}
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            around = [str(id_) for id_ in reversed(error.args[1])]
            yield around
            left.pop(around[0])
        else:
            return


def reach_faults(prices: PriceList, customers: Mapping[str, Customer]) -> Iterator[Fault]:
    """Say which customers a price list is for that are not there."""
    for number, id_ in enumerate(prices.customers):
        if id_ not in customers:
            message = f"There is no customer '{id_}'."
            path = f"customers.{number}"
            yield prices.fault("unknown-customer", message, path, nearest(id_, customers))


def own_price_faults(customer: Customer, catalog: Catalog) -> Iterator[Fault]:
    """Say which of a customer's own prices cannot be, or are of no product that could have one."""
    for number, own in enumerate(customer.prices):
        path = f"prices.{number}"
        yield from price_faults(customer, f"{path}.price", own.price)
        if own.valid_from and own.valid_to and own.valid_to < own.valid_from:
            message, remedy = "The last day is before the first.", "Put it on or after valid_from."
            yield customer.fault("bad-period", message, f"{path}.valid_to", remedy)
        yield from _own_product_faults(customer, own, path, catalog)


def _own_product_faults(
    customer: Customer, own: OwnPrice, path: str, catalog: Catalog
) -> Iterator[Fault]:
    product = catalog.products.get(own.product)
    if product is None:
        yield unknown_product(customer, own.product, catalog.products, f"{path}.product")
    elif product.model in PERCENTAGES:
        message = f"'{own.product}' is a percentage, and not a price that could be its own."
        remedy = "Take it away; a promotion or a schedule may lower it."
        yield customer.fault("model-price", message, f"{path}.product", remedy)
    elif own.every and product.every is None:
        message = f"'{own.product}' does not recur, so it has no price {by_every(own.every)}."
        yield customer.fault("frequency-price", message, f"{path}.every", "Take 'every' away.")
