"""Rates that are raised by per cent, or replaced by one price."""

from decimal import ROUND_HALF_UP, Decimal

from msgspec.structs import replace

from q2c.core.catalog import PERCENTAGES
from q2c.core.money import EXACT
from q2c.core.pricing import Rate, each_price

ONE, PER_CENT = Decimal(1), Decimal("0.01")


def raised(rate: Rate, percent: Decimal, round_to: Decimal = Decimal(0)) -> Rate:
    """Raise all prices of a rate by the per cent, rounded to a step where there is one.

    A price that would be rounded to nothing is left as it is raised.
    """
    factor = EXACT.fma(percent, PER_CENT, ONE)

    def more(price: Decimal) -> Decimal:
        exact = EXACT.multiply(price, factor)
        if not round_to or rate.model in PERCENTAGES:
            return _plain(exact)
        steps = EXACT.divide(exact, round_to).quantize(ONE, ROUND_HALF_UP, EXACT)
        return _plain(EXACT.multiply(steps, round_to) if steps else exact)

    return replace(
        each_price(rate, more),
        origin=f"{rate.origin}, {percent:+f} %" if rate.origin else f"{percent:+f} %",
    )


def _plain(number: Decimal) -> Decimal:
    """Take off the noughts that end its decimals: 195.70 is 195.7, and 200 stays 200."""
    return Decimal(f"{number.normalize(EXACT):f}")


def priced_at(rate: Rate, price: Decimal, origin: str, source: str = "") -> Rate:
    """Give one price in place of a rate: of one unit, or of all where one is not priced."""
    whole = rate.model == "flat" or rate.model in PERCENTAGES
    return Rate(
        model="flat" if whole else "per-unit",
        currency=rate.currency,
        unit_price=price,
        origin=origin,
        source=source,
    )
