"""Everything that can be wrong with discount schedules and promotions."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from q2c.core.catalog.discounts import Band, Promotion, Schedule
from q2c.core.catalog.faults.figures import (
    Known,
    percent_faults,
    period_faults,
    price_faults,
    scope_faults,
)
from q2c.core.catalog.products import LARGEST_PRICE
from q2c.core.fault import Fault

HUNDRED = Decimal(100)


def schedule_faults(schedule: Schedule, known: Known) -> Iterator[Fault]:
    """Say everything that is wrong with a discount schedule."""
    yield from scope_faults(schedule, "scope", schedule.scope, known)
    yield from period_faults(schedule, "valid", schedule.valid)
    starts = [band.least for band in schedule.bands]
    if not all(low < high for low, high in pairwise(starts)):
        message = "Bands climb: each 'from' is above the one before."
        remedy = "Write {from: 40, …}, {from: 80, …}."
        yield schedule.fault("bands-order", message, "bands", remedy)
    for number, band in enumerate(schedule.bands):
        yield from _band_faults(schedule, f"bands.{number}", band)
    sliced = schedule.apply == "slices"
    if sliced and (schedule.by != "quantity" or any(band.amount for band in schedule.bands)):
        message = "Slices are parts of a quantity, each with its own percentage."
        remedy = "Write 'by: quantity' and bands with 'percent', or 'apply: whole'."
        yield schedule.fault("band-slices", message, "apply", remedy)


def _band_faults(schedule: Schedule, path: str, band: Band) -> Iterator[Fault]:
    if (band.percent is None) == (not band.amount):
        message = "A band takes off a percentage or an amount, one of them."
        remedy = "Write percent: 5, or amount: {SEK: 50}."
        yield schedule.fault("discount-what", message, path, remedy)
    if band.percent is not None:
        yield from percent_faults(schedule, f"{path}.percent", band.percent, HUNDRED)
    yield from price_faults(schedule, f"{path}.amount", band.amount)
    if not 0 <= band.least < LARGEST_PRICE:
        message = f"A band begins from 0 to below {LARGEST_PRICE:,}."
        yield schedule.fault("bad-quantity", message, f"{path}.from", "Write from: 40.")


def promotion_faults(promotion: Promotion, known: Known) -> Iterator[Fault]:
    """Say everything that is wrong with a promotion."""
    yield from scope_faults(promotion, "scope", promotion.scope, known)
    yield from period_faults(promotion, "valid", promotion.valid)
    yield from price_faults(promotion, "amount", promotion.amount)
    if promotion.percent is not None:
        yield from percent_faults(promotion, "percent", promotion.percent, HUNDRED)
    if (promotion.percent is None) == (not promotion.amount):
        message = "A promotion takes off a percentage or an amount, one of them."
        remedy = "Write percent: 10, or amount: {SEK: 500}."
        yield promotion.fault("discount-what", message, "", remedy)
    if (promotion.lasts == "periods") != (promotion.periods is not None):
        message = "What lasts for some periods says how many, and only such a promotion does."
        remedy = "Write 'duration: periods' and 'periods: 3'."
        path = "periods" if promotion.periods else "duration"
        yield promotion.fault("promotion-periods", message, path, remedy)
    if promotion.exclusive and promotion.amount and promotion.lasts == "once":
        message = (
            "One sum off all lines together takes the place of nothing, so it is not exclusive."
        )
        remedy = "Take 'exclusive' away, or write a percentage."
        yield promotion.fault("promotion-limits", message, "exclusive", remedy)
    most, each = promotion.max_redemptions, promotion.per_customer
    if most and each and each > most:
        message = f"A customer could redeem it {each} times, and all together {most} times."
        remedy = "Let per_customer be at most max_redemptions."
        yield promotion.fault("promotion-limits", message, "per_customer", remedy)


def code_faults(promotions: Iterable[Promotion]) -> Iterator[Fault]:
    """Say which codes belong to two promotions, at the second."""
    first: dict[str, Promotion] = {}
    for promotion in promotions:
        if promotion.code is None:
            continue
        if promotion.code in first:
            holder = first[promotion.code]
            message = f"{promotion.code} is the code of '{holder.id}' already."
            remedy = "Give each promotion a code of its own."
            yield promotion.fault("double-code", message, "code", remedy)
        first.setdefault(promotion.code, promotion)
