"""Drafts that people edit, and the priced versions that are frozen."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from q2c.core.catalog import Bill, Charge, VatClass
from q2c.core.money import Money, total
from q2c.core.party import CurrencyCode, Id, Name, Note, Party, Seller
from q2c.core.period import Alignment, Day, Every, Period
from q2c.core.pricing import Rate
from q2c.core.tax import Supply, Treatment, VatTotal
from q2c.core.trace import Sourced, Step

Length = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{1,3} ?(months?|m|years?|y)$",
        extra_json_schema={
            "x-fault": "bad-term",
            "x-say": "A term is a number of months or years",
            "x-remedy": "Write 12 months, or 2 years.",
        },
    ),
]


class DraftLine(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What a person asks for: a product or a bundle, and how much of it."""

    product: Id | None = None
    bundle: Id | None = None
    quantity: Decimal = Decimal(1)
    text: Note = ""
    term: Length | None = None


class Draft(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A quote before it is sent: `quotes/Q-…/quote.yaml`, free to edit."""

    customer: Id
    date: Day
    valid_until: Day
    starts: Day | None = None
    term: Length | None = None
    currency: CurrencyCode | None = None
    title: Name | None = None
    lines: Annotated[tuple[DraftLine, ...], Meta(min_length=1, max_length=10_000)]
    note: Note = ""


class Line(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A priced line: what is sold, at which price, and how that came about.

    `net` is for the whole of it: quantity times price, over all periods of what recurs.
    `service` is the term of what recurs; `bundle` names the bundle whose price it shares.
    """

    id: str
    product: str
    name: str
    text: str = ""
    quantity: Decimal
    unit: str
    charge: Charge
    bill: Bill
    rate: Rate
    times: int = 1
    net: Money
    every: Every | None = None
    align: Alignment = "anniversary"
    service: Period | None = None
    supply: Supply = "service"
    vat: VatClass = "standard"
    vat_exemption: str = ""
    treatment: Treatment
    revenue: str
    bundle: str = ""
    bundle_name: str = ""
    steps: tuple[Step, ...] = ()


class Priced(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A quote with every figure worked out, ready to be shown or frozen.

    `number` is the quote's, `version` 0 while it is a draft. `look` is the SHA-256 of the
    frozen look it is drawn with, `commit` the revision its inputs came from, `program` the
    version of q2c.
    """

    number: str
    version: int = 0
    date: Day
    valid_until: Day
    starts: Day
    term: str = ""
    currency: str
    language: str
    title: str = ""
    seller: Seller
    buyer: Party
    lines: tuple[Line, ...]
    vat: tuple[VatTotal, ...]
    due_days: int
    note: str = ""
    look: str = ""
    commit: str = ""
    program: str = ""

    @property
    def net(self) -> Money:
        """The sum of the lines, without VAT."""
        return total((line.net for line in self.lines), self.currency)

    @property
    def tax(self) -> Money:
        """The VAT of all categories and rates."""
        return total((row.vat for row in self.vat), self.currency)

    @property
    def total(self) -> Money:
        """What is to be paid, with VAT."""
        return self.net + self.tax

    @property
    def ref(self) -> str:
        """How later documents name this version: `Q-2026-0001/v1`."""
        return f"{self.number}/v{self.version}"
