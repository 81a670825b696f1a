"""Entries: the ledger's dated facts, each with postings that balance."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from q2c.core.period import Period
from q2c.core.trace import Paper

Role = Literal[
    "receivable",
    "output-vat",
    "contract-liability",
    "contract-asset",
    "revenue",
    "cash",
    "customer-advance",
    "exchange-gain",
    "exchange-loss",
    "rounding",
]
Kind = Literal[
    "genesis",
    "invoice-issued",
    "credit-note-issued",
    "payment-received",
    "revenue-recognised",
    "contract-balances-netted",
]


class Vat(Struct, frozen=True, forbid_unknown_fields=True):
    """The VAT category (EN 16931) and rate in per cent that a posting belongs to."""

    category: str
    rate: Decimal


class Posting(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Minor units on a role, debit positive; account numbers come at export.

    `book` is the same amount in the company's currency where `currency` is another;
    `item` the invoice it belongs to, `line` the order line, `service` the days of service.
    """

    role: Role
    amount: int
    currency: str
    book: int | None = None
    item: str = ""
    line: str = ""
    service: Period | None = None
    vat: Vat | None = None

    @property
    def booked(self) -> int:
        """The amount in minor units of the company's currency."""
        return self.amount if self.book is None else self.book


class Entry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A fact: what happened, on which day; the same fact always has the same id.

    `number` is the document's, `keys` the charges it settles, `released` those that a credit
    note makes due again, `plan` the plan it came from,
    `period` the posting period (`2026-11`), `recorded` when it was written (UTC, seconds).
    """

    id: str
    kind: Kind
    date: date
    period: str
    postings: tuple[Posting, ...] = ()
    party: str = ""
    number: str = ""
    documents: tuple[Paper, ...] = ()
    keys: tuple[str, ...] = ()
    released: tuple[str, ...] = ()
    plan: str = ""
    note: str = ""
    recorded: str = ""
    by: str = ""
    commit: str = ""
    program: str = ""
    chain: str = ""


def balanced(postings: Iterable[Posting], home: str) -> bool:
    """Say whether postings sum to zero in every currency, and in the company's own.

    One in a foreign currency that does not say its value in the company's balances nothing.
    """
    sums: Counter[str] = Counter()
    for posting in postings:
        if posting.book is None and posting.currency != home:
            return False
        sums[posting.currency] += posting.amount
        sums[f"in {home}"] += posting.booked
    return not any(sums.values())


def balances(entries: Iterable[Entry]) -> Counter[tuple[Role, str]]:
    """Add up every role and currency, in minor units, debit positive."""
    sums: Counter[tuple[Role, str]] = Counter()
    for entry in entries:
        for posting in entry.postings:
            sums[posting.role, posting.currency] += posting.amount
    return sums
