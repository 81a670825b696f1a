"""What a draft is priced with: currency, price list, language and terms of a customer."""

from collections.abc import Mapping

from msgspec import Struct

from q2c.core.catalog import Catalog, PriceList, list_faults, own_price_faults, unknown_currency
from q2c.core.fault import Invalid, nearest
from q2c.core.money import CURRENCIES
from q2c.core.party import Company, Customer, Seller, seller_of
from q2c.core.period import Day
from q2c.core.tax import VatRate


class Shelf(Struct, frozen=True):
    """All that is for sale: products, every price list by id, and the VAT rates."""

    catalog: Catalog
    lists: Mapping[str, PriceList]
    vat_rates: tuple[VatRate, ...]


class Offer(Struct, frozen=True, kw_only=True):
    """All that a draft is priced with; of the price lists those that this customer buys by."""

    seller: Seller
    customer: Customer
    catalog: Catalog
    lists: tuple[PriceList, ...]
    vat_rates: tuple[VatRate, ...]
    language: str
    currency: str
    due_days: int


def offered(
    company: Company, customer: Customer, shelf: Shelf, day: Day, currency: str | None = None
) -> Offer:
    """Gather what a customer is offered on: currency, price list, language and terms.

    The customer's own settings come before the company's. Refuses own prices that cannot
    be, and a price list that is not there, has a fault, or does not hold on the day.
    """
    money = currency or customer.currency or company.currency
    if money not in CURRENCIES:
        raise Invalid(unknown_currency(customer, money, "currency"))
    if faults := list(own_price_faults(customer)):
        raise Invalid(*faults)
    due = customer.terms.due_days
    return Offer(
        seller=seller_of(company),
        customer=customer,
        catalog=shelf.catalog,
        lists=_lists(customer, shelf, money, day),
        vat_rates=shelf.vat_rates,
        language=customer.language or company.language,
        currency=money,
        due_days=company.terms.due_days if due is None else due,
    )


def _lists(customer: Customer, shelf: Shelf, currency: str, day: Day) -> tuple[PriceList, ...]:
    if customer.price_list is None:
        return ()
    found = shelf.lists.get(customer.price_list)
    if found is None:
        message = f"There is no price list '{customer.price_list}'."
        remedy = nearest(customer.price_list, shelf.lists)
        raise Invalid(customer.fault("unknown-price-list", message, "price_list", remedy))
    if faults := list(list_faults(found, shelf.catalog)):
        raise Invalid(*faults)
    if found.currency == currency and day not in found.valid:
        message = f"Price list {found.id} does not hold on {day}, and {customer.id} buys by it."
        remedy = f"Give {customer.id} another price_list, or lengthen its validity."
        raise Invalid(found.fault("price-list-expired", message, "valid", remedy))
    return (found,)
