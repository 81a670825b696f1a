"""The ledger as a beancount file."""

import re
from collections.abc import Iterator
from decimal import Decimal

from q2c.core.entry import Entry, Posting
from q2c.core.money import decimals
from q2c.exchange.journal import (
    Source,
    account_name,
    accounts,
    code_of,
    currencies,
    facts_of,
    joined,
    number_of,
    one_line,
    party_of,
    said_of,
    sums,
)

WIDTH = 44


def beancount(source: Source) -> str:
    """Write the entries as a beancount file: accounts opened, invoices as links."""
    return joined(_lines(source))


def _lines(source: Source) -> Iterator[str]:
    yield f'option "title" {_quoted(source.company.name)}'
    home = source.company.currency
    yield f'option "operating_currency" {_quoted(home)}'
    # beancount makes a price for one out of a total cost, and so leaves 10⁻²⁵ of an öre;
    # half of the smallest amount is let pass, a whole one is not.
    yield f'option "inferred_tolerance_default" "{home}:{Decimal(5).scaleb(-decimals(home) - 1):f}"'
    posted = source.posted
    first = posted[0].date if posted else None
    for currency in currencies(source) if first else ():
        yield f"{first} commodity {currency}"
    for name, number in accounts(source).items():
        yield f"{first} open {name}"
        yield f"  account: {_quoted(number)}"
    for entry in posted:
        yield ""
        yield from _transaction(entry, source)


def _transaction(entry: Entry, source: Source) -> Iterator[str]:
    party, said = _quoted(party_of(entry, source.names)), _quoted(said_of(entry))
    yield f"{entry.date} * {party} {said} ^{_link(code_of(entry))}"
    yield f"  id: {_quoted(entry.id)}"
    for posting in entry.postings:
        yield from _posting(posting, source)


def _posting(posting: Posting, source: Source) -> Iterator[str]:
    for part in sums(posting, source.company.currency):
        cost = f" @@ {number_of(part.cost)}" if part.cost else ""
        yield f"  {account_name(posting):<{WIDTH}}  {number_of(part.amount):>18}{cost}"
        for name, text in facts_of(posting):
            yield f"    {name}: {_quoted(text)}"


def _quoted(text: str) -> str:
    escaped = one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _link(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_./-]", "-", text)
