"""Exchange rates by day, and VAT in the seller's currency at one of them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from msgspec import Struct

from q2c.core.catalog import unknown_currency
from q2c.core.fault import Fault, Invalid
from q2c.core.money import CURRENCIES, Money, exchange
from q2c.core.party import CurrencyCode
from q2c.core.trace import Sourced

FRESH = timedelta(days=31)


class ExchangeRate(
    Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """What one unit of a currency was worth in another on a day, and who says so."""

    currency: CurrencyCode
    into: CurrencyCode
    on: date
    rate: Decimal
    published_by: str


class ExchangeRates(Struct, frozen=True, forbid_unknown_fields=True):
    """What `rates/exchange.yaml` holds."""

    rates: tuple[ExchangeRate, ...]


def exchange_faults(rates: Iterable[ExchangeRate]) -> Iterator[Fault]:
    """Say which exchange rates cannot be, and where two of one day differ."""
    known: dict[tuple[str, str, date], ExchangeRate] = {}
    for rate in rates:
        if rate.rate <= 0:
            remedy = f"Write how many {rate.into} one {rate.currency} is worth."
            yield rate.fault("bad-rate", "An exchange rate is above 0.", "rate", remedy)
        for key, code in (("currency", rate.currency), ("into", rate.into)):
            if code not in CURRENCIES:
                yield unknown_currency(rate, code, key)
        first = known.setdefault((rate.currency, rate.into, rate.on), rate)
        if first.rate != rate.rate:
            message = f"{rate.currency} has two rates into {rate.into} on {rate.on}."
            yield rate.fault("rates-overlap", message, "rate", "Keep the one that was published.")


class HomeVat(Struct, frozen=True, forbid_unknown_fields=True):
    """VAT in the seller's currency, at a stated rate (art. 230): units of it for one of ours."""

    rate: Decimal
    rate_on: date
    source: str
    vat: Money


def rate_on(currency: str, into: str, day: date, rates: Iterable[ExchangeRate]) -> ExchangeRate:
    """Give the latest rate of a day or of the 31 days before it; refuse if there is none."""
    fit = [
        rate
        for rate in rates
        if (rate.currency, rate.into) == (currency, into) and day - FRESH <= rate.on <= day
    ]
    if not fit:
        message = f"There is no rate from {currency} to {into} on {day} or in the 31 days before."
        remedy = "Add one to rates/exchange.yaml with its day and who published it."
        raise Invalid(Fault("no-exchange-rate", message, remedy=remedy))
    return max(fit, key=lambda rate: rate.on)


def rate_between(currency: str, into: str, day: date, rates: Sequence[ExchangeRate]) -> Decimal:
    """Give how much one unit of a currency is worth in another, by a rate in either direction."""
    if currency == into:
        return Decimal(1)
    try:
        return rate_on(currency, into, day, rates).rate
    except Invalid:
        if not any((one.currency, one.into) == (into, currency) for one in rates):
            raise
        return round(1 / rate_on(into, currency, day, rates).rate, 10)


def home_vat(vat: Money, home: str, day: date, rates: Iterable[ExchangeRate]) -> HomeVat | None:
    """Give VAT in the seller's currency too, where the document is in another."""
    if vat.currency == home:
        return None
    found = rate_on(vat.currency, home, day, rates)
    return HomeVat(found.rate, found.on, found.published_by, exchange(vat, found.rate, home))
