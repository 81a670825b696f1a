"""Steps ahead: what a larger quantity, amount or term would bring: the next tier or discount."""

from collections.abc import Iterable, Iterator
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from q2c.core.catalog import Model, Schedule
from q2c.core.money import EXACT
from q2c.core.party import spoken
from q2c.core.pricing import Rate
from q2c.core.quote.lines import Line, Priced
from q2c.core.quote.offer import Offer
from q2c.core.quote.reducing import Measure, in_force

ZERO = Decimal(0)


class NextTier(Struct, frozen=True, kw_only=True):
    """The tier that begins above a quantity: its unit price, and what reaching it costs at once.

    Of packages it is the next one: `flat` is the price of a package.
    """

    above: Decimal
    model: Model
    unit_price: Decimal = ZERO
    flat: Decimal = ZERO


class NextBand(Struct, frozen=True, kw_only=True):
    """The band of a schedule that is not reached yet, and from which figure on it holds.

    `together` says that the lines in its scope are added up, `slices` that it is for what lies
    above `least` alone. It takes off `percent`, or `amount` a unit in each billing period.
    """

    name: str
    by: Literal["quantity", "amount", "term"]
    least: Decimal
    percent: Decimal = ZERO
    amount: Decimal = ZERO
    together: bool = False
    slices: bool = False


def next_tier(rate: Rate, quantity: Decimal) -> NextTier | None:
    """Give the tier that comes after the one that a quantity reaches; of the last one, nothing."""
    if rate.model == "package":
        return _next_package(rate, quantity)
    for tier, after in zip(rate.tiers, rate.tiers[1:], strict=False):
        if tier.up_to is not None and quantity <= tier.up_to:
            return NextTier(
                above=tier.up_to, model=rate.model, unit_price=after.unit_price, flat=after.flat
            )
    return None


def _next_package(rate: Rate, quantity: Decimal) -> NextTier:
    """Give the package that is started above what is free and what is paid for already."""
    assert rate.package_size is not None, rate
    paid = max(EXACT.subtract(quantity, rate.free_units), ZERO)
    started = EXACT.divide(paid, rate.package_size).to_integral_value(ROUND_CEILING)
    above = EXACT.fma(started, rate.package_size, rate.free_units)
    return NextTier(above=above, model="package", flat=rate.unit_price)


def next_band(schedule: Schedule, figure: Decimal, offer: Offer) -> NextBand | None:
    """Give the first band that a figure does not reach; of the last one, nothing."""
    for band in schedule.bands:
        if band.least > figure:
            return NextBand(
                name=spoken(schedule.name, offer.language) or schedule.id,
                by=schedule.by,
                least=band.least,
                percent=band.percent or ZERO,
                amount=band.amount.get(offer.currency, ZERO),
                together=schedule.across == "quote",
                slices=schedule.apply == "slices",
            )
    return None


def bands_ahead(line: Line, quote: Priced, offer: Offer) -> Iterator[NextBand]:
    """Give the bands that a priced line has not reached, one of each schedule it is in."""
    for schedule in offer.catalog.schedules:
        if _looked_at(line, schedule) and in_force(schedule, offer):
            members = [line]
            if schedule.across == "quote":
                members = [one for one in quote.counted if _looked_at(one, schedule)]
            found = next_band(schedule, _measure(members, quote).by(schedule.by), offer)
            if found:
                yield found


def _looked_at(line: Line, schedule: Schedule) -> bool:
    """Say whether a line is in a schedule; parts of bundles and percentages of others never are."""
    if line.bundle or line.percent_of or (schedule.by == "term" and not line.every):
        return False
    return schedule.scope.covers(line.product, line.family)


def _measure(members: Iterable[Line], quote: Priced) -> Measure:
    """Add up what a schedule looks at; of the spans of one line the largest quantity counts."""
    largest: dict[tuple[int, str], Decimal] = {}
    amount, months = ZERO, Fraction(0)
    for line in members:
        key = (line.part, line.product)
        largest[key] = max(largest.get(key, ZERO), line.quantity)
        amount = EXACT.add(amount, line.gross.amount)
        months = max(months, _term(line, quote))
    return Measure(sum(largest.values(), ZERO), amount, months)


def _term(line: Line, quote: Priced) -> Fraction:
    """Count the months of the whole line that a span is of."""
    key = (line.part, line.product)
    months = (one.months for one in quote.lines if (one.part, one.product) == key)
    return sum(months, Fraction(0))
