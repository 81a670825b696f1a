"""Credit: what a customer owes and will owe, in the currency of its limit, with a quote's rate."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

import msgspec
from msgspec import Struct

from q2c.core.approval.watched import Credit
from q2c.core.contract import Contract
from q2c.core.money import Money
from q2c.core.quote import Priced
from q2c.core.rates import rate_between
from q2c.core.receivable import owed_by
from q2c.core.subscription import changes_of, closed, prices, stretches
from q2c.core.usage.hours import worth_of
from q2c.store.changes import all_changes
from q2c.store.ledger import read_ledger
from q2c.store.master import read_company, read_customer, read_exchange_rates
from q2c.store.orders import (
    contract_path,
    numbers,
    read_contract,
    read_deliveries,
    read_order,
)
from q2c.store.tree import Tree


def credit_of(tree: Tree, quote: Priced) -> Credit:
    """Add up what the buyer of a quote owes and will owe without it, and find its limit.

    Refuses where an amount is in another currency and there is no rate for it.
    """
    customer = read_customer(tree, quote.buyer.id)
    money = customer.currency or read_company(tree).currency
    rates = read_exchange_rates(tree)
    contracts = list(_contracts(tree, customer.id))
    changed = dict(_changed(tree, [contract.order for contract in contracts]))
    owed = owed_by(customer.id, read_ledger(tree).records, contracts, changed)
    exact = (
        amount.amount * rate_between(currency, money, quote.date, rates)
        for currency, amount in owed.items()
    )
    return Credit(
        owed=round(sum(exact, Decimal(0)), 2),
        limit=customer.credit_limit,
        rate=rate_between(quote.currency, money, quote.date, rates),
    )


def _contracts(tree: Tree, customer: str) -> Iterator[Contract]:
    """Read the contracts of a customer; of the others only whose they are.

    Refuses one that cannot be read: it may be this customer's, and then more is owed.
    """
    named = [(f"{contract_path(number)}.json", number) for number in numbers(tree, "contracts")]
    decode = msgspec.json.Decoder(_Bought).decode
    for (_, raw), (_, number) in zip(tree.read_all(name for name, _ in named), named, strict=True):
        try:
            other = decode(raw).buyer.id != customer
        except (msgspec.DecodeError, UnicodeDecodeError):
            other = False
        if not other:
            yield read_contract(tree, number)


def _changed(tree: Tree, orders: Iterable[str]) -> Iterator[tuple[str, Money]]:
    """Say what the lines of some orders come to that were changed after they were agreed."""
    for number, changes in all_changes(tree, orders).items():
        order = read_order(tree, number) if changes else None
        for line in order.lines if order else ():
            own = changes_of(changes, line.id)
            if own and line.service:
                found = prices(line, stretches(line, own))
                minor = sum(price for _, price in found)
                yield f"{number}/{line.id}", Money(minor, line.net.currency)
            elif closed(own, line.id, date.max):  # no more is owed than was delivered
                mine = [one for one in read_deliveries(tree, number) if one.line == line.id]
                yield f"{number}/{line.id}", worth_of(line, mine, own)


class _Buyer(Struct):
    id: str


class _Bought(Struct):
    """What is needed of a contract to know whose it is."""

    buyer: _Buyer
