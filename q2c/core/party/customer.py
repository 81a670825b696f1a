"""A customer: what was agreed with it, how it is invoiced and how documents reach it."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from q2c.core.party.forms import (
    CurrencyCode,
    Days,
    EInvoiceFormat,
    ElectronicAddress,
    Id,
    LanguageCode,
    Name,
    Note,
)
from q2c.core.party.place import Address, Contact
from q2c.core.period import Day, Every
from q2c.core.trace import Sourced


class CustomerTerms(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """What a customer has agreed otherwise; what is not said is as the seller has it."""

    due_days: Days | None = None


GroupBy = Literal["order", "contract", "customer", "po", "cost-centre"]


class Invoicing(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """How a customer is invoiced: what goes on one invoice, from which sum on, and with what.

    Less than the `minimum`, in the customer's currency and without VAT, waits until there is
    more. While `hold` says why, nothing is invoiced. `attachments` are files of the workspace;
    a `time_report` has the hours that an invoice is for. `po` has purchase order numbers that
    came after the acceptance, by order. `einvoice` is the format of the e-invoice that is written
    beside the PDF.
    """

    group_by: GroupBy = "order"
    minimum: Decimal | None = None
    hold: Annotated[str, Meta(max_length=1000)] = ""
    attachments: tuple[Name, ...] = ()
    time_report: Literal["none", "pdf", "csv"] = "none"
    po: dict[Annotated[str, Meta(pattern=r"^O-\d{4}-\d{4,}$")], Name] = {}
    einvoice: EInvoiceFormat = "none"


MailAddress = Annotated[str, Meta(max_length=320)]


class Sending(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """How documents reach a customer: by which way, to whom, and in which language they are told.

    Without `to` they go to the contact whose part a document is. What goes by `peppol` and is no
    e-invoice is mailed.
    """

    by: Literal["email", "peppol", "folder", "letter"] = "email"
    to: tuple[MailAddress, ...] = ()
    cc: tuple[MailAddress, ...] = ()
    language: LanguageCode | None = None


class OwnPrice(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A price contracted with a customer, from a day and to a day where it says so.

    It is for one unit of the product (of a tiered one as well) in each billing period of `every`,
    else of the product's own.
    """

    product: Id
    price: dict[CurrencyCode, Decimal]
    every: Every | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    note: Note = ""

    def holds(self, day: Day) -> bool:
        """Say whether it is the price on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


class Customer(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A customer: `customers/<id>.yaml`.

    `prices` are contracted; they beat every price list. Price lists and discounts may be for
    a `segment`. `credit_limit` is in the customer's currency, VAT included.
    """

    id: Id
    name: Name
    kind: Literal["business", "public", "consumer"] = "business"
    org_number: str = ""
    vat_id: str = ""
    address: Address
    invoice_address: Address | None = None
    delivery_address: Address | None = None
    electronic_address: ElectronicAddress | None = None
    reference: Name | None = None
    language: LanguageCode | None = None
    currency: CurrencyCode | None = None
    terms: CustomerTerms = CustomerTerms()
    price_list: Id | None = None
    segment: Id | None = None
    prices: tuple[OwnPrice, ...] = ()
    credit_limit: Decimal | None = None
    contacts: tuple[Contact, ...] = ()
    require_po: bool = False
    invoicing: Invoicing = Invoicing()
    sending: Sending = Sending()
    note: Note = ""

    def contact(self, role: str) -> Contact | None:
        """Give the first contact with a role."""
        return next((contact for contact in self.contacts if role in contact.roles), None)
