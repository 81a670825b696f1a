"""Steps of a price: tiers that nobody reaches, totals that fall, bands that are hidden."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from q2c.core.catalog import (
    LARGEST_QUANTITY,
    PERCENTAGES,
    TIERED,
    Band,
    ListTier,
    PriceList,
    Product,
    Schedule,
    Tier,
)
from q2c.core.money import EXACT, Money, grouped
from q2c.core.pricing import Rate, cost
from q2c.core.review.finding import Finding, Wares, catalogue_rate, list_rate, warning

# Quantities just above a bound: a whole unit, and parts of one where it is measured.
WHOLE = (Decimal(1),)
PARTS = tuple(map(Decimal, ("1", "0.1", "0.01", "0.001")))
MEASURED = frozenset({"hourly", "usage"})
FALLING = frozenset({"volume", "block"})


def step_findings(wares: Wares) -> Iterator[Finding]:
    """Say which tiers and bands of products, lists and schedules do not do what they say."""
    for product in wares.catalog.products.values():
        if product.model in TIERED:
            yield from _beyond(product, "tiers", product.tiers)
        if product.model in FALLING:
            rates = (catalogue_rate(product, code, wares) for code in _home_first(product, wares))
            found = [rate for rate in rates if rate]
            yield from _falling(product, "tiers", found, _above(product))
    for prices in wares.lists.values():
        for id_, tiers in prices.tiers.items():
            yield from _beyond(prices, f"tiers.{id_}", tiers)
            product = wares.catalog.products[id_]
            if product.model in FALLING and (rate := list_rate(product, prices, wares)):
                yield from _falling(prices, f"tiers.{id_}", [rate], _above(product))
    for schedule in wares.catalog.schedules:
        yield from _band_findings(schedule)


def _home_first(product: Product, wares: Wares) -> list[str]:
    known = product.currencies() if product.model not in PERCENTAGES else ()
    return sorted(known, key=lambda code: (code != wares.home, code))


def _beyond(
    record: Product | PriceList, path: str, tiers: Sequence[Tier | ListTier]
) -> Iterator[Finding]:
    for number, tier in enumerate(tiers[:-1], start=1):
        if tier.up_to is not None and tier.up_to >= LARGEST_QUANTITY:
            message = f"No quantity reaches this tier: they are below {LARGEST_QUANTITY:,}."
            remedy = "Take it away, or lower the bound before it."
            yield warning(record.fault("tier-unreachable", message, f"{path}.{number}", remedy))
            return


def _above(product: Product) -> tuple[Decimal, ...]:
    return PARTS if product.charge in MEASURED else WHOLE


def _falling(
    record: Product | PriceList, path: str, rates: list[Rate], above: tuple[Decimal, ...]
) -> Iterator[Finding]:
    """Say at which bounds a total falls, each once, in the first currency where it does."""
    told: set[int] = set()
    for rate in rates:
        for number, tier in enumerate(rate.tiers[:-1]):
            if number in told or tier.up_to is None:
                continue
            before = cost(rate, tier.up_to)
            beyond = (EXACT.add(tier.up_to, step) for step in above)
            fallen = next((more for more in beyond if cost(rate, more) < before), None)
            if fallen is None:
                continue
            told.add(number)
            after = cost(rate, fallen)
            message = (
                f"More costs less: {grouped(tier.up_to)} cost {_money(before, rate)}, "
                f"{grouped(fallen)} cost {_money(after, rate)}."
            )
            remedy = "Choose 'model: graduated', or leave it where it is meant."
            place = f"{path}.{number + 1}"
            yield warning(record.fault("total-falls", message, place, remedy))


def _money(amount: Decimal, rate: Rate) -> Money:
    return Money.of(amount, rate.currency)


def _band_findings(schedule: Schedule) -> Iterator[Finding]:
    for number, band in enumerate(schedule.bands):
        path = f"bands.{number}"
        if schedule.by == "quantity" and band.least >= LARGEST_QUANTITY:
            message = f"No quantity reaches this band: they are below {LARGEST_QUANTITY:,}."
            remedy = "Take it away, or lower its 'from'."
            yield warning(schedule.fault("tier-unreachable", message, path, remedy))
        better = next((one for one in schedule.bands[:number] if _hides(one, band)), None)
        if better:
            message = (
                f"The band from {grouped(band.least)} takes off no more than "
                f"the one from {grouped(better.least)}."
            )
            remedy = "Let discounts grow with the bands, or take it away."
            yield warning(schedule.fault("band-hidden", message, path, remedy))


def _hides(earlier: Band, later: Band) -> bool:
    if earlier.percent is not None and later.percent is not None:
        return later.percent <= earlier.percent
    shared = earlier.amount.keys() & later.amount.keys()
    return any(later.amount[code] <= earlier.amount[code] for code in shared)
