"""What a draft is priced with: currency, price list, language and terms of a customer."""

from collections.abc import Mapping

from msgspec import Struct

from q2c.core.catalog import Catalog, PriceList, list_faults, own_price_faults, unknown_currency
from q2c.core.fault import Invalid, nearest
from q2c.core.money import CURRENCIES
from q2c.core.party import Company, Customer, Seller, seller_of
from q2c.core.period import Day
from q2c.core.quote.rhythm import Running
from q2c.core.tax import VatRate


class Shelf(Struct, frozen=True):
    """All that is for sale: products, every price list by id, and the VAT rates."""

    catalog: Catalog
    lists: Mapping[str, PriceList]
    vat_rates: tuple[VatRate, ...]


class History(Struct, frozen=True, kw_only=True):
    """What was redeemed and ordered before: promotions by id, in all and by this customer."""

    redeemed: Mapping[str, int] = {}
    own: Mapping[str, int] = {}
    orders: int = 0


class Offer(Struct, frozen=True, kw_only=True):
    """All that a draft is priced with.

    `lists` are the price lists that this customer buys by, the first that has a price decides;
    `bases` all there are, for lists that are made from another. `running` has the ordered services
    that lines of the draft end with, by their order lines.
    """

    day: Day
    seller: Seller
    customer: Customer
    catalog: Catalog
    lists: tuple[PriceList, ...]
    bases: Mapping[str, PriceList] = {}
    history: History = History()
    running: Mapping[str, Running] = {}
    vat_rates: tuple[VatRate, ...]
    language: str
    currency: str
    due_days: int


def offered(
    company: Company,
    customer: Customer,
    shelf: Shelf,
    day: Day,
    currency: str | None = None,
    history: History = History(),  # noqa: B008 - it does not change
) -> Offer:
    """Gather what a customer is offered on: currency, price lists, language and terms.

    The customer's own settings come before the company's. Refuses own prices that cannot
    be, and a price list that is not there, has a fault, or does not hold on the day.
    """
    money = currency or customer.currency or company.currency
    if money not in CURRENCIES:
        raise Invalid(unknown_currency(customer, money, "currency"))
    if faults := list(own_price_faults(customer, shelf.catalog)):
        raise Invalid(*faults)
    due = customer.terms.due_days
    return Offer(
        day=day,
        seller=seller_of(company),
        customer=customer,
        catalog=shelf.catalog,
        lists=_lists(customer, shelf, money, day),
        bases=shelf.lists,
        history=history,
        vat_rates=shelf.vat_rates,
        language=customer.language or company.language,
        currency=money,
        due_days=company.terms.due_days if due is None else due,
    )


def _lists(customer: Customer, shelf: Shelf, currency: str, day: Day) -> tuple[PriceList, ...]:
    """Give the lists that hold for a customer: the one it names, then by id, segment, everyone.

    Of lists of the same rank the one that began last comes first.
    """
    named = _named(customer, shelf, currency, day)
    others = [
        prices
        for prices in (shelf.lists[id_] for id_ in shelf.lists)
        if prices.currency == currency and day in prices.valid and _rank(prices, customer)
    ]
    others.sort(key=lambda prices: (-_rank(prices, customer), -prices.valid.first.toordinal()))
    if faults := [fault for one in others for fault in list_faults(one, shelf.catalog)]:
        raise Invalid(*faults)
    return (*named, *(one for one in others if one.id != customer.price_list))


def _rank(prices: PriceList, customer: Customer) -> int:
    """Say how closely a list names a customer: by id 3, by segment 2, as everyone 1, else 0."""
    if customer.id in prices.customers:
        return 3
    if customer.segment in prices.segments:
        return 2
    return int(prices.everyone)


def _named(customer: Customer, shelf: Shelf, currency: str, day: Day) -> tuple[PriceList, ...]:
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
