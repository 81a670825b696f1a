"""Credit limits: which claims take a customer beyond what it may owe."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from q2c.commands.books import Books
from q2c.core.billing import Claim, Hold
from q2c.core.book import Book
from q2c.core.fault import Fault
from q2c.core.money import Money
from q2c.core.party import Customer
from q2c.core.rates import rate_between
from q2c.core.receivable import open_items


def within_limits(
    claims: Sequence[Claim], book: Book, books: Books
) -> tuple[tuple[Claim, ...], tuple[Hold, ...]]:
    """Give the claims that go on, and why others take a customer over its credit limit.

    Where the company only warns of that, all of them go on.
    """
    over = over_limits(claims, book, books)
    holds = tuple(one for some in over.values() for one in some)
    if book.company.billing.credit_limit == "warn":
        return tuple(claims), holds
    return tuple(claim for place, claim in enumerate(claims) if place not in over), holds


def over_limits(claims: Sequence[Claim], book: Book, books: Books) -> dict[int, tuple[Hold, ...]]:
    """Say which claims, by their place, take a customer over its limit.

    What it owes counts, and what the claims before it that are not held make it owe, with VAT.
    Refuses where an amount is in another currency and there is no rate for it.
    """
    limited = {claim.customer for claim in claims if book.customers[claim.customer].credit_limit}
    if not limited:
        return {}
    owed: Counter[tuple[str, str]] = Counter()
    for item in open_items(books.records).values():
        owed[item.party, item.open.currency] += item.open.minor
    over: dict[int, tuple[Hold, ...]] = {}
    for place, claim in enumerate(claims):
        if claim.customer in limited:
            owed[claim.customer, claim.currency] += claim.payable.minor
            customer = book.customers[claim.customer]
            if holds := _holds(claim, customer, _worth(owed, claim, customer, book), book):
                over[place] = holds
                if book.company.billing.credit_limit == "hold":
                    owed[claim.customer, claim.currency] -= claim.payable.minor
    return over


def _worth(owed: Counter[tuple[str, str]], claim: Claim, customer: Customer, book: Book) -> Decimal:
    """Add up what a customer owes in the currency of its limit."""
    own = customer.currency or book.company.currency
    rates = book.exchange_rates
    return sum(
        (
            Money(minor, currency).amount * rate_between(currency, own, claim.issue_on, rates)
            for (party, currency), minor in owed.items()
            if party == customer.id and minor
        ),
        Decimal(0),
    )


def _holds(claim: Claim, customer: Customer, owed: Decimal, book: Book) -> tuple[Hold, ...]:
    limit = customer.credit_limit or Decimal(0)
    if owed <= limit:
        return ()
    own = customer.currency or book.company.currency
    message = (
        f"With {claim.payable} more {customer.id} would owe {Money.of(owed, own)}, "
        f"and its limit is {Money.of(limit, own)}."
    )
    remedy = "Record what is paid, or raise its credit_limit."
    fault = Fault("over-limit", message, remedy=remedy)
    return tuple(
        Hold(one, customer.id, fault.code, fault.message, fault.remedy) for one in claim.orders
    )
