"""Everything read from a workspace, as one value that does not change."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from q2c.core.catalog import (
    Catalog,
    PriceList,
    base_faults,
    list_faults,
    own_price_faults,
    reach_faults,
    unknown_currency,
)
from q2c.core.fault import Fault, nearest
from q2c.core.identifier import LONGEST_REFERENCE, digits
from q2c.core.money import CURRENCIES
from q2c.core.party import Company, Customer
from q2c.core.quote import Shelf
from q2c.core.rates import ExchangeRate, exchange_faults
from q2c.core.tax import VatRate, vat_faults


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
    """Say everything that does not fit together in the master data, the catalogue apart."""
    yield from series_faults(book.company)
    yield from price_list_faults(book)
    for customer in book.customers.values():
        yield from customer_faults(customer, book)
    yield from vat_faults(book.vat_rates)
    yield from exchange_faults(book.exchange_rates)


def price_list_faults(book: Book) -> Iterator[Fault]:
    """Say everything that is wrong with the price lists, and whom they are for."""
    for prices in book.lists.values():
        yield from list_faults(prices, book.catalog)
        yield from reach_faults(prices, book.customers)
    yield from base_faults(book.lists)


def customer_faults(customer: Customer, book: Book) -> Iterator[Fault]:
    """Say what a customer names that is not there, and which of its own prices cannot be."""
    if customer.price_list and customer.price_list not in book.lists:
        message = f"There is no price list '{customer.price_list}'."
        remedy = nearest(customer.price_list, book.lists)
        yield customer.fault("unknown-price-list", message, "price_list", remedy)
    if customer.currency and customer.currency not in CURRENCIES:
        yield unknown_currency(customer, customer.currency, "currency")
    yield from own_price_faults(customer, book.catalog)


def series_faults(company: Company) -> Iterator[Fault]:
    """Say where invoice numbers would have more digits than a payment reference can."""
    longest = company.series.invoice.format(year=2026, n=10**9 - 1)
    if len(digits(longest)) > LONGEST_REFERENCE:
        message = f"An invoice number such as {longest} is too long for a payment reference."
        remedy = f"It may have {LONGEST_REFERENCE} digits: shorten what stands before {{year}}."
        yield company.fault("bad-series", message, "series.invoice", remedy)
