"""What every plain-text journal says of an entry: its words, its account names, its amounts."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from q2c.core.entry import Entry, Kind, Posting, Role
from q2c.core.money import Money
from q2c.core.party import Company

NAMES: dict[Role, str] = {
    "receivable": "Assets:Receivable",
    "contract-asset": "Assets:Contract-Assets",
    "cash": "Assets:Cash",
    "output-vat": "Liabilities:Output-VAT",
    "contract-liability": "Liabilities:Contract-Liabilities",
    "customer-advance": "Liabilities:Customer-Advances",
    "revenue": "Income:Revenue",
    "exchange-gain": "Income:Exchange-Gains",
    "exchange-loss": "Expenses:Exchange-Losses",
    "rounding": "Income:Rounding",
}
KINDS: dict[Kind, str] = {
    "invoice-issued": "Invoice",
    "credit-note-issued": "Credit note",
    "payment-received": "Payment",
    "revenue-recognised": "Revenue",
    "contract-balances-netted": "Contract balances netted",
}


class Sum(Struct, frozen=True):
    """A line of a journal: an amount, and what it cost in the company's currency."""

    amount: Money
    cost: Money | None = None


class Source(Struct, frozen=True, kw_only=True):
    """What is exported: the entries, whose they are, and the names of the customers."""

    company: Company
    entries: Sequence[Entry]
    names: Mapping[str, str]

    @property
    def posted(self) -> list[Entry]:
        """The entries that move anything, by date and then as they were recorded."""
        return sorted((e for e in self.entries if e.postings), key=lambda entry: entry.date)


def rate_of(posting: Posting) -> str:
    """Give the VAT rate that a posting belongs to as text: `25`; empty where there is none."""
    return _short(posting.vat.rate) if posting.vat else ""


def _short(number: Decimal) -> str:
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


def account_name(posting: Posting) -> str:
    """Name the account of a posting in words; VAT has one for each rate."""
    name = NAMES[posting.role]
    rate = rate_of(posting).replace(".", "-") if posting.role == "output-vat" else ""
    return f"{name}:{rate}" if rate else name


def account_number(posting: Posting, company: Company) -> str:
    """Give the account of a posting in the company's own plan; VAT has one for each rate.

    Revenue has one for all: it is posted without knowing at which rate it was invoiced.
    """
    rate = rate_of(posting) if posting.role == "output-vat" else ""
    return company.account(posting.role, rate)


def accounts(source: Source) -> dict[str, str]:
    """Give every account that is used, with its number in the company's plan, by name."""
    used = {
        account_name(posting): account_number(posting, source.company)
        for entry in source.posted
        for posting in entry.postings
    }
    return dict(sorted(used.items()))


def currencies(source: Source) -> list[str]:
    """List the currencies that are used, the company's own among them."""
    used = {posting.currency for entry in source.posted for posting in entry.postings}
    return sorted({*used, source.company.currency})


def sums(posting: Posting, home: str) -> Iterator[Sum]:
    """Give what a posting adds to its account.

    A foreign amount carries its cost in the company's currency. An exchange difference is
    a sum in that currency alone, as is what rounding left of a balance of nothing.
    """
    amount = Money(posting.amount, posting.currency)
    if posting.book is None or posting.currency == home:
        yield Sum(amount)
    elif posting.amount * posting.book > 0:
        yield Sum(amount, Money(abs(posting.book), home))
    else:
        if posting.amount:
            yield Sum(amount, Money(0, home))
        if posting.book or not posting.amount:
            yield Sum(Money(posting.book, home))


def code_of(entry: Entry) -> str:
    """Give what a book-keeper looks an entry up by: an invoice's number, or an order line."""
    named = (part for p in entry.postings for part in (p.item, p.line) if part)
    return entry.number or next(named, entry.id)


def party_of(entry: Entry, names: Mapping[str, str]) -> str:
    """Give the customer's name, or the id where the customer's file is gone."""
    return one_line(names.get(entry.party, entry.party))


def said_of(entry: Entry) -> str:
    """Say in words what happened."""
    what = KINDS.get(entry.kind, entry.kind)
    return one_line(f"{what} {entry.note}".strip())


def facts_of(posting: Posting) -> Iterator[tuple[str, str]]:
    """Name what a posting belongs to: invoice, order line, days of service."""
    if posting.item:
        yield "item", one_line(posting.item)
    if posting.line:
        yield "line", one_line(posting.line)
    if posting.service:
        yield "service", f"{posting.service.first}/{posting.service.last}"


def one_line(text: str) -> str:
    """Put a text on one line, whatever it holds: it can end no line and begin no other."""
    flat = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    return " ".join(flat.split())


def number_of(money: Money) -> str:
    """Write an amount as journals read it: `-1450.00 SEK`."""
    return f"{money.amount:f} {money.currency}"


def totals(source: Source) -> dict[tuple[str, str], Decimal]:
    """Add up every account and currency, as the journal's reader must find them."""
    found: dict[tuple[str, str], Decimal] = {}
    for entry in source.posted:
        for posting in entry.postings:
            for part in sums(posting, source.company.currency):
                place = account_name(posting), part.amount.currency
                found[place] = found.get(place, Decimal(0)) + part.amount.amount
    return found


def joined(lines: Iterable[str]) -> str:
    """Make a text of lines."""
    return "".join(f"{line}\n" for line in lines)
