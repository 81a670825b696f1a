"""The nouns of a run: charges and claims, what is held, and the plan that freezes them."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from q2c.core.claim.parts import Deducted, DuePart, Scheduled, deducted, left_of
from q2c.core.money import Money, total
from q2c.core.order import Delivery
from q2c.core.party import EInvoiceFormat, Party, Seller
from q2c.core.period import Period
from q2c.core.tax import Rounding, Treatment, VatTotal, to_steps
from q2c.core.trace import Paper, Step
from q2c.core.usage.worked import TimeReport, Worked


class Charge(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """One line of an invoice to be: what is claimed of an order line, and why.

    `keys` name it for good: the order line with its service period or its deliveries; the
    ledger refuses a key it has. `unit_price` is left out where tiers make it differ; `gross` is
    what it would be without discounts, where it has any. A `percent` is of the quantity, which
    then is an amount. Where prices include VAT, `with_vat` is what was agreed, and so are
    `unit_price` and `gross`.
    `supplied` are the days of supply, which decide the VAT rate; `worked` are the hours for
    the customer's time report.
    """

    source: str
    keys: tuple[str, ...]
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


class Section(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What an invoice of several orders says of one of them."""

    order: str
    contract: str = ""
    po: str = ""
    cost_centre: str = ""
    title: str = ""


class Claim(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """An invoice to be, with everything but its number: the charges of an order, or of several.

    Of several there are `sections`, in the order of their charges; then `order` is empty, and
    so is what they do not have in common. `rounding` is there where it is not that of EN 16931.
    `replaces` names invoices whose charges are due again, `attachments` the files that go with it.
    What is `scheduled` by the payments of an order stands alone: a final claim deducts `deposits`,
    and `instalments` say what is to be paid by which day.
    """

    order: str = ""
    contract: str = ""
    customer: str
    po: str = ""
    cost_centre: str = ""
    title: str = ""
    sections: tuple[Section, ...] = ()
    issue_on: date
    due_days: int
    currency: str
    language: str
    seller: Seller
    buyer: Party
    charges: tuple[Charge, ...]
    vat: tuple[VatTotal, ...]
    rounding: Rounding | None = None
    replaces: tuple[str, ...] = ()
    attachments: tuple[Paper, ...] = ()
    scheduled: Scheduled = ""
    deposits: tuple[Deducted, ...] = ()
    instalments: tuple[DuePart, ...] = ()
    time_report: TimeReport = ""
    einvoice: EInvoiceFormat = "none"

    @property
    def orders(self) -> tuple[str, ...]:
        """The orders whose charges these are."""
        return tuple(section.order for section in self.sections) or (self.order,)

    @property
    def net(self) -> Money:
        """The sum of the charges, without VAT."""
        return total((charge.net for charge in self.charges), self.currency)

    @property
    def tax(self) -> Money:
        """The VAT of all categories and rates."""
        return total((row.vat for row in self.vat), self.currency)

    @property
    def total(self) -> Money:
        """What everything costs, with VAT."""
        return self.net + self.tax

    @property
    def payable(self) -> Money:
        """What is to be paid, after deposits."""
        return self.total - deducted(self.deposits, self.currency)

    @property
    def to_pay(self) -> Money:
        """What is asked for: what is to be paid, in steps of cash where it comes in such."""
        added = to_steps(self.payable, self.rounding) if self.rounding else None
        return self.payable + added if added else self.payable

    @property
    def taxed(self) -> tuple[VatTotal, ...]:
        """What VAT is still to be paid on, by category and rate: all of it but for deposits."""
        return left_of(self.vat, self.deposits)

    @property
    def claimed(self) -> Money:
        """What is claimed by this and nothing before, without VAT."""
        return total((row.base for row in self.taxed), self.currency)

    @property
    def claimed_tax(self) -> Money:
        """The VAT of what is claimed by this and nothing before."""
        return total((row.vat for row in self.taxed), self.currency)


class Hold(Struct, frozen=True, forbid_unknown_fields=True):
    """An order that is due but cannot be invoiced, and why."""

    order: str
    customer: str
    code: str
    message: str
    remedy: str = ""


class CreditPart(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What goes back of a line of an invoice, without VAT.

    Where it follows from what was agreed, `keys` name it for good. `source` is the order line
    that the invoice claimed, `quantity` how many units are given back, `service` which days.
    """

    line: str
    source: str = ""
    amount: Money
    with_vat: Money | None = None
    quantity: Decimal | None = None
    keys: tuple[str, ...] = ()
    service: Period | None = None
    text: str = ""
    steps: tuple[Step, ...] = ()


class CreditClaim(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """A credit note to be: what goes back of an invoice because what was agreed has changed."""

    original: str
    customer: str
    currency: str
    language: str
    reason: str
    parts: tuple[CreditPart, ...]

    @property
    def orders(self) -> tuple[str, ...]:
        """The orders whose charges go back."""
        return tuple(dict.fromkeys(part.source.partition("/")[0] for part in self.parts))

    @property
    def net(self) -> Money:
        """What goes back, without VAT."""
        return total((part.amount for part in self.parts), self.currency)


class Skip(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is due and left for a later run: it comes to nothing, or to less than a minimum."""

    orders: tuple[str, ...]
    customer: str
    code: str
    message: str
    amount: Money


class Arrived(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a plan takes to be delivered of an order by a day or a tag, after so many recorded."""

    order: str
    after: int
    deliveries: tuple[Delivery, ...]


class Plan(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What a run would issue, decided on a ledger head: `plans/<name>.json`.

    `id` is the SHA-256 of the rest, `inputs` the files it was decided on; where it was asked for
    one `customer`, only what this one owes is in it. What has `arrived` is
    recorded with the invoices that it is on. Credit notes are
    issued after the invoices. What is `warned` of is issued all the same.
    """

    id: str = ""
    through: date
    issue_on: date
    customer: str = ""
    base: str
    inputs: tuple[Paper, ...]
    claims: tuple[Claim, ...]
    credits: tuple[CreditClaim, ...] = ()
    arrived: tuple[Arrived, ...] = ()
    skipped: tuple[Skip, ...] = ()
    held: tuple[Hold, ...] = ()
    warned: tuple[Hold, ...] = ()
    commit: str = ""
    program: str = ""
