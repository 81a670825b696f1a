"""The ledger as a journal for hledger, strict checks included."""

from collections.abc import Iterator

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
# What would end a description, begin a comment or close a code.
_SIGNS = str.maketrans({";": ",", "|": "/", "(": "[", ")": "]"})


def hledger(source: Source) -> str:
    """Write the entries as an hledger journal: accounts declared, foreign amounts at cost."""
    return joined(_lines(source))


def _lines(source: Source) -> Iterator[str]:
    yield f"; {one_line(source.company.name)}: exported from the ledger of q2c, do not edit"
    for currency in currencies(source):
        yield f"commodity {_sample(currency)} {currency}"
    for name, number in accounts(source).items():
        yield f"account {name}  ; account: {number}"
    for entry in source.posted:
        yield ""
        yield from _transaction(entry, source)


def _sample(currency: str) -> str:
    return f"1000.{'0' * decimals(currency)}"


def _transaction(entry: Entry, source: Source) -> Iterator[str]:
    code, party, said = (
        _plain(text) for text in (code_of(entry), party_of(entry, source.names), said_of(entry))
    )
    yield f"{entry.date} * ({code}) {party} | {said}  ; id: {_tag(entry.id)}"
    for posting in entry.postings:
        yield from _posting(posting, source)


def _posting(posting: Posting, source: Source) -> Iterator[str]:
    facts = ", ".join(f"{name}: {_tag(text)}" for name, text in facts_of(posting))
    for part in sums(posting, source.company.currency):
        cost = f" @@ {number_of(part.cost)}" if part.cost else ""
        line = f"    {account_name(posting):<{WIDTH}}  {number_of(part.amount):>18}{cost}"
        yield f"{line}  ; {facts}" if facts else line


def _plain(text: str) -> str:
    return one_line(text).translate(_SIGNS)


def _tag(text: str) -> str:
    """Write the value of a tag; a comma would end it."""
    return one_line(text).replace(",", " ")
