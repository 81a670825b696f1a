"""Invoices and credit notes, complete in themselves, and whether one adds up."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from q2c.core.claim import Deducted, DuePart, Scheduled, Section, deducted, left_of
from q2c.core.fault import Fault
from q2c.core.money import Money, total, zero
from q2c.core.party import EInvoiceFormat, Party, Seller
from q2c.core.period import Period
from q2c.core.rates import HomeVat
from q2c.core.tax import EN_16931, Rounding, Treatment, VatTotal, to_steps, vat_of
from q2c.core.trace import Paper, Step
from q2c.core.usage.worked import TimeReport, Worked


class InvoiceLine(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """What is claimed, or credited; `source` is the order line, `credits` the invoice line.

    `unit_price` is without discounts; where there are any, `gross` is the price before them. A
    `percent` is of the quantity, which then is an amount. Where prices include VAT, `with_vat` is
    what was agreed, and so are `unit_price` and `gross`.
    """

    id: str
    source: str
    credits: str = ""
    keys: tuple[str, ...] = ()
    product: str
    name: str
    text: str = ""
    quantity: Decimal
    unit: str
    unit_price: Decimal | None = None
    percent: Decimal | None = None
    gross: Money | None = None
    net: Money
    with_vat: Money | None = None
    service: Period | None = None
    supplied: Period
    treatment: Treatment
    worked: tuple[Worked, ...] = ()
    steps: tuple[Step, ...] = ()


class Original(Struct, frozen=True, forbid_unknown_fields=True):
    """The invoice that a credit note changes (Directive 2006/112/EC art. 219)."""

    number: str
    issued_on: date


class Invoice(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """An invoice or a credit note with everything it used: `invoices/2026/F-….json`.

    Amounts of a credit note are positive: it says what is given back; with `rebill` its
    charges are due again, with `void` the invoice was never sent. `replaces` names the
    invoices that were credited because they were wrong, `attachments` the files that go with it,
    `einvoice` the format of the XML beside it.
    `rounding` is there where it is not that of EN 16931, `rounded` what
    is added so that what is to be paid comes in steps of cash (BT-114). An invoice of several
    orders has `sections` and no `order`. `ocr` and `rf` are the payment references; `home` is
    there when the currency is not the seller's; `in_words` is what is to be paid, where the
    language says it so. A final invoice has everything in its lines and
    in `vat`, and deducts `deposits`; with `instalments` it is due on several days, on `due_on`
    for the first time.
    """

    kind: Literal["invoice", "credit-note"] = "invoice"
    number: str
    issued_on: date
    due_on: date
    original: Original | None = None
    reason: str = ""
    rebill: bool = False
    void: bool = False
    replaces: tuple[str, ...] = ()
    order: str = ""
    contract: str = ""
    po: str = ""
    cost_centre: str = ""
    title: str = ""
    sections: tuple[Section, ...] = ()
    customer: str
    seller: Seller
    buyer: Party
    currency: str
    language: str
    lines: tuple[InvoiceLine, ...]
    vat: tuple[VatTotal, ...]
    rounding: Rounding | None = None
    rounded: Money | None = None
    scheduled: Scheduled = ""
    deposits: tuple[Deducted, ...] = ()
    instalments: tuple[DuePart, ...] = ()
    home: HomeVat | None = None
    ocr: str = ""
    rf: str = ""
    late_interest_points: Decimal = Decimal(8)
    in_words: str = ""
    look: str = ""
    attachments: tuple[Paper, ...] = ()
    time_report: TimeReport = ""
    einvoice: EInvoiceFormat = "none"
    plan: str = ""
    commit: str = ""
    program: str = ""

    @property
    def orders(self) -> tuple[str, ...]:
        """The orders whose lines these are."""
        return tuple(section.order for section in self.sections) or (self.order,)

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
        """What everything costs, with VAT; for a credit note what is given back."""
        return self.net + self.tax

    @property
    def payable(self) -> Money:
        """What is to be paid, or given back, after deposits and as it is rounded for cash."""
        left = self.total - deducted(self.deposits, self.currency)
        return left + self.rounded if self.rounded else left

    @property
    def taxed(self) -> tuple[VatTotal, ...]:
        """What VAT is owed on by this document, by category and rate: all but that of deposits."""
        return left_of(self.vat, self.deposits)

    @property
    def claimed(self) -> Money:
        """What is claimed by this and nothing before, without VAT."""
        return total((row.base for row in self.taxed), self.currency)

    @property
    def claimed_tax(self) -> Money:
        """The VAT of what is claimed by this and nothing before."""
        return total((row.vat for row in self.taxed), self.currency)

    @property
    def supplied(self) -> Period:
        """The days of supply of all lines."""
        days = [line.supplied for line in self.lines]
        return Period(min(day.first for day in days), max(day.last for day in days))

    @property
    def path(self) -> str:
        """Where its files stand in the workspace, without their ending."""
        return f"invoices/{self.issued_on.year}/{self.number}"


def faults_of(invoice: Invoice) -> Iterator[Fault]:
    """Say where a document does not add up: its VAT rows against its lines, its total.

    For a credit note that completes a full credit, the VAT of a row may differ from the
    rate times its base by less than one minor unit a credit note; it is not checked here.
    """
    rounding = invoice.rounding or EN_16931
    expected = vat_of(invoice.lines, invoice.currency, rounding)
    mine = {(r.category, r.rate, r.reason): r for r in invoice.vat}
    for row in expected:
        found = mine.pop((row.category, row.rate, row.reason), None)
        wrong_vat = found and invoice.kind == "invoice" and not _taxed(invoice, found, row)
        if found is None or found.base != row.base or wrong_vat:
            message = (
                f"{invoice.number}: the VAT at {row.rate:f} % ({row.category}) does not add up."
            )
            yield Fault("does-not-add-up", message, remedy=_ANEW)
    for row in mine.values():
        if row.base != zero(invoice.currency) or row.vat != zero(invoice.currency):
            message = f"{invoice.number} has VAT at {row.rate:f} % on no line."
            yield Fault("does-not-add-up", message, remedy=_ANEW)
    parts = total((part.amount for part in invoice.instalments), invoice.currency)
    if invoice.instalments and parts != invoice.payable:
        message = f"{invoice.number}: its instalments come to {parts}, and it to {invoice.payable}."
        yield Fault("does-not-add-up", message, remedy=_ANEW)
    exact = invoice.payable - (invoice.rounded or zero(invoice.currency))
    if invoice.kind == "invoice" and rounded_of(exact, rounding) != invoice.rounded:
        message = f"{invoice.number}: {invoice.payable} is not what {exact} is rounded to."
        yield Fault("does-not-add-up", message, remedy=_ANEW)


def rounded_of(amount: Money, rounding: Rounding) -> Money | None:
    """Say what is added to an amount so that it comes in steps of cash, or nothing."""
    added = to_steps(amount, rounding)
    return added if added.minor else None


def _taxed(invoice: Invoice, row: VatTotal, expected: VatTotal) -> bool:
    """Say whether a row has its VAT; that of a deposit, an amount with VAT, is what is over."""
    slack = len(invoice.lines) if invoice.scheduled == "deposit" else 0
    return abs(row.vat.minor - expected.vat.minor) <= slack


_ANEW = "Bring it back from git as it was issued; if it was issued so, credit it and bill again."
