"""Everything read from a workspace, as one value that does not change."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby, pairwise
from operator import attrgetter

from msgspec import Struct

from q2c.core.catalog import (
    Bundle,
    Catalog,
    PriceList,
    Product,
    bundle_faults,
    list_faults,
    price_faults,
    product_faults,
    unknown_currency,
    unknown_product,
)
from q2c.core.fault import Fault, nearest
from q2c.core.identifier import LONGEST_REFERENCE
from q2c.core.invoice import ExchangeRate, digits
from q2c.core.money import CURRENCIES
from q2c.core.party import Company, Customer
from q2c.core.quote import Shelf
from q2c.core.tax import VatRate


class Book(Struct, frozen=True, kw_only=True):
    """The master data of a workspace: who sells what to whom, at which prices and rates."""

    company: Company
    customers: Mapping[str, Customer]
    catalog: Catalog
    lists: Mapping[str, PriceList]
    vat_rates: tuple[VatRate, ...]
    exchange_rates: tuple[ExchangeRate, ...]

    @property
    def shelf(self) -> Shelf:
        """What offers are made from."""
        return Shelf(self.catalog, self.lists, self.vat_rates)


def book_faults(book: Book) -> Iterator[Fault]:
    """Say everything that does not fit together in the master data."""
    yield from series_faults(book.company)
    yield from catalog_faults(book.catalog)
    for prices in book.lists.values():
        yield from list_faults(prices, book.catalog)
    for customer in book.customers.values():
        yield from customer_faults(customer, book)
    yield from rate_faults(book)


def series_faults(company: Company) -> Iterator[Fault]:
    """Say where invoice numbers would have more digits than a payment reference can."""
    longest = company.series.invoice.format(year=2026, n=10**9 - 1)
    if len(digits(longest)) > LONGEST_REFERENCE:
        message = f"An invoice number such as {longest} is too long for a payment reference."
        remedy = f"It may have {LONGEST_REFERENCE} digits: shorten what stands before {{year}}."
        yield company.fault("bad-series", message, "series.invoice", remedy)


def catalog_faults(catalog: Catalog) -> Iterator[Fault]:
    """Say everything that is wrong with products and bundles."""
    for product in catalog.products.values():
        yield from product_faults(product)
    for bundle in catalog.bundles.values():
        yield from bundle_faults(bundle, catalog.products)
        if bundle.id in catalog.products:
            message = f"'{bundle.id}' is a product already; ids are unique in the catalogue."
            yield bundle.fault("double-id", message, "id", "Give the bundle another id.")


def double_ids(records: tuple[Product, ...] | tuple[Bundle, ...]) -> Iterator[Fault]:
    """Say which ids are used twice, at the second place."""
    first: dict[str, Product | Bundle] = {}
    for record in records:
        if record.id in first:
            place = first[record.id].place("id")
            message = f"'{record.id}' is used twice; the first is at {place}."
            yield record.fault("double-id", message, "id", "Give one of them another id.")
        first.setdefault(record.id, record)


def customer_faults(customer: Customer, book: Book) -> Iterator[Fault]:
    """Say what a customer names that is not there."""
    if customer.price_list and customer.price_list not in book.lists:
        message = f"There is no price list '{customer.price_list}'."
        remedy = nearest(customer.price_list, book.lists)
        yield customer.fault("unknown-price-list", message, "price_list", remedy)
    if customer.currency and customer.currency not in CURRENCIES:
        yield unknown_currency(customer, customer.currency, "currency")
    for id_, prices in customer.prices.items():
        if id_ not in book.catalog.products:
            yield unknown_product(customer, id_, book.catalog.products, f"prices.{id_}")
        yield from price_faults(customer, f"prices.{id_}", prices)


def rate_faults(book: Book) -> Iterator[Fault]:
    """Say which VAT and exchange rates cannot be."""
    for vat in book.vat_rates:
        if not 0 <= vat.rate < 100:  # noqa: PLR2004 - per cent
            message = "A VAT rate is from 0 to below 100 per cent."
            yield vat.fault("bad-rate", message, "rate", "Write 25 for 25 %.")
        if vat.valid_to and vat.valid_to < vat.valid_from:
            message, remedy = "The last day is before the first.", "Put it on or after valid_from."
            yield vat.fault("bad-period", message, "valid_to", remedy)
    yield from _overlaps(book.vat_rates)
    yield from exchange_faults(book.exchange_rates)


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


def _overlaps(rates: Sequence[VatRate]) -> Iterator[Fault]:
    """Say where two VAT rates hold for the same class on the same day."""
    same = attrgetter("country", "vat")
    for (country, vat), rows in groupby(sorted(rates, key=_by_class), same):
        for earlier, later in pairwise(rows):
            if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
                message = f"{country} has two {vat} rates on {later.valid_from}."
                remedy = "Give the earlier row a valid_to, the day before the later begins."
                yield later.fault("rates-overlap", message, "valid_from", remedy)


def _by_class(rate: VatRate) -> tuple[str, str, date]:
    return rate.country, rate.vat, rate.valid_from
