"""Findings: what is doubtful about prices, though nothing in it is wrong by itself."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from q2c.core.catalog import Catalog, PriceList, Product
from q2c.core.fault import Fault, Invalid
from q2c.core.party import Customer
from q2c.core.period import Day
from q2c.core.pricing import Market, Rate, rate_of

Severity = Literal["error", "warning"]


class Finding(Struct, frozen=True):
    """Something to look at: an error stops a sale, a warning may be meant."""

    severity: Severity
    fault: Fault


class Wares(Struct, frozen=True, kw_only=True):
    """What is sold, at which lists, to whom, and the day it is looked at.

    `home` is the seller's currency.
    """

    catalog: Catalog
    lists: Mapping[str, PriceList]
    customers: Mapping[str, Customer]
    home: str
    day: Day

    def currency_of(self, customer: Customer) -> str:
        """Give the currency that a customer buys in."""
        return customer.currency or self.home


def error(fault: Fault) -> Finding:
    """Make an error of what is found."""
    return Finding("error", fault)


def warning(fault: Fault) -> Finding:
    """Make a warning of what is found."""
    return Finding("warning", fault)


def catalogue_rate(product: Product, currency: str, wares: Wares) -> Rate | None:
    """Give the catalogue's own price of a product, if it has one in the currency."""
    return _rate(product, Market(customer=None, lists=(), currency=currency, day=wares.day))


def list_rate(product: Product, prices: PriceList, wares: Wares) -> Rate | None:
    """Give the price of a product that a list gives, made from its base if need be."""
    market = Market(
        customer=None,
        lists=(prices,),
        bases=wares.lists,
        currency=prices.currency,
        day=prices.valid.first,
    )
    return _rate(product, market)


def _rate(product: Product, market: Market) -> Rate | None:
    try:
        return rate_of(product, market)
    except Invalid:
        return None


def lines_of(prices: PriceList) -> set[str]:
    """Name the products that a list prices itself."""
    return {*prices.prices, *prices.tiers, *prices.frequencies}


def named(ids: set[str] | list[str], most: int = 4) -> str:
    """Name some of many ids, in the order of the alphabet."""
    known = sorted(ids)
    more = len(known) - most
    return ", ".join(known[:most]) + (f" and {more} more" if more > 0 else "")
