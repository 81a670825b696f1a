"""Contracts: what a customer accepted, with its words, as it was agreed."""

from datetime import date

from msgspec import Struct

from q2c.core.money import Money, total
from q2c.core.party import Party, Seller
from q2c.core.period import Period
from q2c.core.quote import (
    Clause,
    Event,
    Line,
    Payment,
    Priced,
    Reduced,
    StatedRate,
    taxed,
)
from q2c.core.tax import VatTotal
from q2c.core.trace import Paper


class Contract(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """An agreement and its version; never changed once it is made.

    `source` is the quote version that was accepted, `accepted_by` the customer's person,
    `evidence` the SHA-256 of the file that shows it. `words` are the clauses in Markdown as
    they were made from `template`, a file by its SHA-256.
    """

    number: str
    version: int = 1
    source: str
    agreed_on: date
    order: str
    seller: Seller
    buyer: Party
    accepted_by: str
    po: str = ""
    evidence: str = ""
    title: str = ""
    currency: str
    language: str
    prices_include_vat: bool = False
    due_days: int
    term: Period | None = None
    lines: tuple[Line, ...]
    reduced: tuple[Reduced, ...] = ()
    payments: tuple[Payment, ...] = ()
    exchange: StatedRate | None = None
    clauses: tuple[Clause, ...] = ()
    attachments: tuple[Paper, ...] = ()
    note: str = ""
    words: str = ""
    template: str = ""
    template_sha256: str = ""
    look: str = ""
    commit: str = ""
    program: str = ""

    @property
    def vat(self) -> tuple[VatTotal, ...]:
        """The VAT of the lines, by category and rate."""
        return taxed(self.lines, self.currency, inclusive=self.prices_include_vat)

    @property
    def net(self) -> Money:
        """The sum of the lines, without VAT."""
        return total((row.base for row in self.vat), self.currency)


def from_quote(quote: Priced, accepted: Event, number: str, order: str) -> Contract:
    """Make the contract of a quote version that was accepted; its words come after."""
    terms = [line.service for line in quote.counted if line.service]
    whole = Period(min(t.first for t in terms), max(t.last for t in terms)) if terms else None
    return Contract(
        number=number,
        source=quote.ref,
        agreed_on=accepted.date,
        order=order,
        seller=quote.seller,
        buyer=quote.buyer,
        accepted_by=accepted.by,
        po=accepted.po,
        evidence=accepted.files[0][1] if accepted.files else "",
        title=quote.title,
        currency=quote.currency,
        language=quote.language,
        prices_include_vat=quote.prices_include_vat,
        due_days=quote.due_days,
        term=whole,
        lines=quote.counted,
        reduced=quote.reduced,
        payments=quote.payments,
        exchange=quote.exchange,
        clauses=quote.clauses,
        attachments=quote.attachments,
        note=quote.note,
        look=quote.look,
        commit=accepted.commit,
        program=accepted.program,
    )
