"""Prices that include VAT: what they leave without it."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from msgspec.structs import replace

from q2c.core.money import Money
from q2c.core.pricing import Rate, each_price
from q2c.core.quote.lines import Line
from q2c.core.quote.metering import Metering
from q2c.core.quote.working import Working
from q2c.core.tax import VatTotal, vat_inside, vat_totals, without_vat

FINEST = 12  # decimals of a unit price without VAT, so that only amounts are rounded


def taxed(lines: Iterable[Line], currency: str, *, inclusive: bool = False) -> tuple[VatTotal, ...]:
    """Give the VAT of the lines that count, by category and rate; inside of them or on top."""
    counted = [(line.treatment, line.net) for line in lines if line.counts]
    return vat_inside(counted, currency) if inclusive else vat_totals(counted, currency)


def nets(lines: Iterable[Line]) -> list[Money]:
    """Take the VAT out of lines whose prices include it; together they leave what all leave."""
    return without_vat([(line.treatment, line.net) for line in lines])


def rate_without(rate: Rate, percent: Decimal) -> Rate:
    """Take the VAT out of every price of a rate."""
    kept = 100 / (100 + Fraction(percent))
    return each_price(rate, lambda price: _less(price, kept))


def working_without(terms: Working | None, percent: Decimal) -> Working | None:
    """Take the VAT out of the prices of hours, and out of what is charged at most."""
    if terms is None:
        return None
    kept = 100 / (100 + Fraction(percent))
    ahead = terms.prepaid
    return replace(
        terms,
        rates={who: _less(price, kept) for who, price in terms.rates.items()},
        cap=terms.cap and terms.cap.share(kept),
        prepaid=ahead and replace(ahead, overage=_less(ahead.overage, kept)),
    )


def _less(price: Decimal, kept: Fraction) -> Decimal:
    """Take the VAT out of a price; so much of it is kept."""
    exact = Fraction(price) * kept
    return Decimal(round(exact * 10**FINEST)).scaleb(-FINEST).normalize()


def with_vat(cost: Money | None, percent: Decimal) -> Money | None:
    """Add VAT to what only the seller sees, so that it compares with prices that include it."""
    return None if cost is None else cost.share(1 + percent / 100)


def terms_without(terms: Metering | None, percent: Decimal) -> Metering | None:
    """Take the VAT out of the prices of groups, and out of what is owed at least."""
    if terms is None:
        return None
    groups = tuple(replace(one, rate=rate_without(one.rate, percent)) for one in terms.groups)
    least = terms.commitment
    if least is not None:
        kept = 100 / (100 + Fraction(percent))
        least = replace(least, amount=least.amount.share(kept))
    return replace(terms, groups=groups, commitment=least)
