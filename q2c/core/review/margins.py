"""Margins: prices under the cost or the floor, by themselves or after the deepest discount."""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from q2c.core.catalog import PERCENTAGES, PriceList, Product, Schedule
from q2c.core.fault import Fault
from q2c.core.money import EXACT, grouped
from q2c.core.party import Customer
from q2c.core.pricing import Rate
from q2c.core.review.finding import (
    Finding,
    Wares,
    catalogue_rate,
    lines_of,
    list_rate,
    warning,
)
from q2c.core.trace import shown

HUNDRED = Decimal(100)
Holder = Product | PriceList | Customer


class Offered(Struct, frozen=True):
    """The lowest price of a unit that a rate has, and the record and path where it stands."""

    product: Product
    record: Holder
    path: str
    currency: str
    price: Decimal


def margin_findings(wares: Wares) -> Iterator[Finding]:
    """Say which prices are under cost or floor, in the catalogue, in lists and of customers."""
    open_ones = [one for one in wares.catalog.schedules if _still_holds(one, wares)]
    for offer in _offered(wares):
        deepest = _deepest(offer, open_ones)
        for kind, limits in (("cost", offer.product.cost), ("floor", offer.product.floor)):
            limit = limits.get(offer.currency)
            if limit is None:
                continue
            if offer.price < limit:
                yield warning(_told(offer, kind, limit, ""))
            elif deepest and deepest[1] < limit:
                off = f", less the deepest discount of {deepest[0].id}"
                yield warning(_told(offer, kind, limit, off, deepest[1]))


def _still_holds(schedule: Schedule, wares: Wares) -> bool:
    last = schedule.valid.last if schedule.valid else None
    return last is None or last >= wares.day


def _offered(wares: Wares) -> Iterator[Offered]:
    """Yield every price there is of what has a cost or a floor."""
    bounded = {
        product.id: product
        for product in wares.catalog.products.values()
        if (product.cost or product.floor) and product.active
    }
    for product in bounded.values():
        for code in sorted({*product.cost, *product.floor}):
            rate = catalogue_rate(product, code, wares)
            yield from _lowest(product, product, _path(product, code), rate)
    for prices in wares.lists.values():
        lines = bounded if prices.base else lines_of(prices) & bounded.keys()
        for id_ in sorted(lines):
            path = f"tiers.{id_}" if id_ in prices.tiers else f"prices.{id_}"
            rate = list_rate(bounded[id_], prices, wares)
            yield from _lowest(bounded[id_], prices, path, rate)
    for customer in wares.customers.values():
        for number, own in enumerate(customer.prices):
            if (sold := bounded.get(own.product)) and not own.every:
                for code, price in own.price.items():
                    path = f"prices.{number}.price.{code}"
                    yield Offered(sold, customer, path, code, _by_unit(sold, price))


def _path(product: Product, currency: str) -> str:
    if product.tiers:
        return "tiers"
    return "markup" if product.model == "cost-plus" else f"price.{currency}"


def _lowest(product: Product, record: Holder, path: str, rate: Rate | None) -> Iterator[Offered]:
    if rate is None or product.model in PERCENTAGES:
        return
    if rate.tiers:
        units = [tier.unit_price for tier in rate.tiers if product.model != "block"]
        units += [
            tier.flat / tier.up_to for tier in rate.tiers if product.model == "block" and tier.up_to
        ]
    else:
        units = [_by_unit(product, rate.unit_price)]
    if units:
        yield Offered(product, record, path, rate.currency, min(units))


def _by_unit(product: Product, price: Decimal) -> Decimal:
    return price / product.package_size if product.package_size else price


def _deepest(offer: Offered, schedules: list[Schedule]) -> tuple[Schedule, Decimal] | None:
    """Give the schedule that takes most off a price, and what is left after its best band."""
    found = [
        (schedule, _left(offer, schedule))
        for schedule in schedules
        if schedule.scope.covers(offer.product.id, offer.product.family or "")
    ]
    return min(found, key=lambda pair: pair[1], default=None)


def _left(offer: Offered, schedule: Schedule) -> Decimal:
    percent = max((band.percent or Decimal(0) for band in schedule.bands), default=Decimal(0))
    amount = max(band.amount.get(offer.currency, Decimal(0)) for band in schedule.bands)
    kept = EXACT.multiply(offer.price, 1 - percent / HUNDRED)
    return min(kept, EXACT.subtract(offer.price, amount))


def _told(
    offer: Offered, kind: str, limit: Decimal, off: str, price: Decimal | None = None
) -> Fault:
    left = offer.price if price is None else price
    whose = f" in '{offer.record.id}'" if offer.record is not offer.product else ""
    comes_to = f"{grouped(shown(left))} {offer.currency} a unit{off}"
    under = f"under its {kind} of {grouped(shown(limit))}"
    message = f"'{offer.product.id}'{whose} comes to {comes_to}: {under}."
    if kind == "cost":
        remedy = "Raise the price, or put the cost right."
        return offer.record.fault("under-cost", message, offer.path, remedy)
    remedy = "Raise the price or lower the floor; else each sale needs an approval."
    return offer.record.fault("under-floor", message, offer.path, remedy)
