"""The seller and the customers: who they are, where they are, how they pay and are paid."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

from q2c.core.fault import Fault, nearest
from q2c.core.money import Money
from q2c.core.period import Day, Every
from q2c.core.trace import Sourced


def _form(pattern: str, code: str, say: str, remedy: str = "") -> Meta:
    """Describe a form that text must have, and what to say where it has not."""
    told = {"x-fault": code, "x-say": say, "x-remedy": remedy}
    return Meta(pattern=pattern, extra_json_schema=told)


Id = Annotated[
    str,
    _form(
        r"^[a-z0-9][a-z0-9_-]{0,63}$",
        "bad-id",
        "An id has only small letters a-z, digits, - and _, and at most 64 of them",
        "Write one such as fjord-foods.",
    ),
]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Note = Annotated[str, Meta(max_length=10_000)]
CountryCode = Annotated[
    str,
    _form(
        r"^[A-Z]{2}$",
        "bad-country",
        "A country is two capital letters (ISO 3166)",
        "Write SE, FI, DE and the like.",
    ),
]
CurrencyCode = Annotated[
    str,
    _form(
        r"^[A-Z]{3}$",
        "bad-currency",
        "A currency is three capital letters (ISO 4217)",
        "Write SEK, EUR and the like.",
    ),
]
# What documents can be written in: `templates/languages/<code>.toml` has the words of each.
LanguageCode = Literal["sv", "en", "de", "fr", "fi", "nb", "da", "es", "nl", "pl"]
LANGUAGES: tuple[str, ...] = get_args(LanguageCode)
ElectronicAddress = Annotated[
    str,
    _form(
        r"^[0-9A-Z]{2,4}:[^\s:][^\s]{0,60}$",
        "bad-electronic-address",
        "An electronic address is the code of its scheme (EAS), a colon and the address",
        "Write 0007:5599991238, 0088:7300010000001 or EM:faktura@firm.example.",
    ),
]
# What is written beside the PDF of an invoice, and by which rules; the PDF itself holds Factur-X.
EInvoiceFormat = Literal["none", "ubl", "peppol", "xrechnung", "cii", "xrechnung-cii"]
Text = Name | dict[LanguageCode, Name]
LongText = Note | dict[LanguageCode, Note]
Days = Annotated[int, Meta(ge=0, le=365)]
SeriesPattern = Annotated[
    str,
    _form(
        r"^[A-Z0-9-]{0,12}(\{year\}-?)?\{n(:0[1-9])?\}$",
        "bad-series",
        "A number series is capitals, digits and dashes, then {year} and {n:04}",
        'Write one such as "F-{year}-{n:04}".',
    ),
]


def spoken(text: Text | LongText, language: str) -> str:
    """Give a text in a language, else in English, else in the first one there is."""
    if isinstance(text, str):
        return text
    named: Mapping[str, str] = {str(key): said for key, said in text.items()}
    return named.get(language) or named.get("en") or next(iter(named.values()), "")


class Address(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A postal address; `line2` is a box, a floor or a department."""

    street: Name
    line2: Name | None = None
    postal_code: Name
    city: Name
    region: Name | None = None
    country: CountryCode


class Contact(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A person at a company, in which position, and what the person is asked about."""

    name: Name
    title: Annotated[str, Meta(max_length=100)] = ""
    email: Annotated[str, Meta(max_length=254)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    roles: tuple[Literal["orders", "billing", "signatory", "project", "technical"], ...] = ()


class Bank(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Where the seller is paid; `pay_link` is a web address with gaps for what is to be paid."""

    bankgiro: str = ""
    plusgiro: str = ""
    iban: str = ""
    bic: str = ""
    swish: str = ""
    pay_link: Annotated[str, Meta(max_length=500)] = ""


class Series(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The form of every kind of number; `{year}` is the document's, `{n:04}` counts from 1."""

    quote: SeriesPattern = "Q-{year}-{n:04}"
    contract: SeriesPattern = "C-{year}-{n:04}"
    order: SeriesPattern = "O-{year}-{n:04}"
    invoice: SeriesPattern = "F-{year}-{n:04}"
    credit: SeriesPattern = "K-{year}-{n:04}"


class Terms(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is agreed about paying: days from the invoice, and interest on what is late.

    Interest is in percentage points a year above the reference rate; eight where nothing
    else is agreed (räntelagen 1975:635, 6 §).
    """

    due_days: Days = 30
    late_interest_points: Decimal = Decimal(8)
    quote_valid_days: Days = 30


class CustomerTerms(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """What a customer has agreed otherwise; what is not said is as the seller has it."""

    due_days: Days | None = None


class Billing(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """How the seller invoices, where there is more than one way that is right.

    VAT is rounded once for each `category` and rate (EN 16931), for each `line`, or once for the
    whole `document`; half an öre goes `away` from zero or to the `even` neighbour. With
    `cash_rounding` what is to be paid in the seller's currency is a multiple of it. What comes
    to `zero` waits for the next invoice, or is issued. A customer over its `credit_limit` is
    warned of, or its claims are held.
    """

    vat_rounding: Literal["category", "line", "document"] = "category"
    ties: Literal["away", "even"] = "away"
    cash_rounding: Decimal | None = None
    zero: Literal["skip", "issue"] = "skip"
    credit_limit: Literal["warn", "hold"] = "warn"


SigningOrder = Literal["any", "seller-first", "buyer-first"]


class Contracts(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """How contracts are signed: who comes first, and within how many days.

    Where a `signature` is required nothing of an order is invoiced before both parties signed.
    """

    signature: Literal["optional", "required"] = "optional"
    order: SigningOrder = "any"
    open_days: Days = 30


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


Accounts = dict[str, Annotated[str, Meta(pattern=r"^[0-9A-Za-z:]{1,60}$")]]
# BAS accounts by posting role; output VAT is told apart by rate ("output-vat-25").
BAS: dict[str, str] = {
    "receivable": "1510",
    "contract-asset": "1620",
    "contract-liability": "2970",
    "customer-advance": "2420",
    "output-vat-25": "2611",
    "output-vat-12": "2621",
    "output-vat-6": "2631",
    "output-vat": "2610",
    "revenue": "3001",
    "cash": "1930",
    "exchange-gain": "3960",
    "exchange-loss": "7960",
    "rounding": "3740",
}
_VAT_ROLE = re.compile(r"output-vat-[0-9]{1,2}(\.[0-9]{1,3})?")


class Company(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The seller: `company.yaml`."""

    id: Id
    name: Name
    org_number: str = ""
    vat_id: str = ""
    seat: Name | None = None
    address: Address
    email: Annotated[str, Meta(max_length=254)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    web: Annotated[str, Meta(max_length=200)] = ""
    electronic_address: ElectronicAddress | None = None
    contact: Name | None = None
    bank: Bank = Bank()
    currency: CurrencyCode
    language: LanguageCode = "en"
    time_zone: Annotated[str, Meta(max_length=60)] = "Europe/Stockholm"
    f_tax: bool = False
    series: Series = Series()
    terms: Terms = Terms()
    billing: Billing = Billing()
    contracts: Contracts = Contracts()
    accounts: Accounts = {}
    ocr: Literal["check-digit", "length-and-check-digit"] = "length-and-check-digit"

    def account(self, role: str, rate: str = "") -> str:
        """Give the account of a posting role, the one for its VAT rate where there is one."""
        known = {**BAS, **self.accounts}
        return known.get(f"{role}-{rate}") or known[role]


def billing_faults(company: Company) -> Iterator[Fault]:
    """Say where what is to be paid could not be rounded as it is asked."""
    step = company.billing.cash_rounding
    if step is not None and (step <= 0 or Money.of(step, company.currency).amount != step):
        message = f"{step:f} {company.currency} is no step that amounts come in."
        remedy = "Write 1.00 for whole ones, or 0.05."
        yield company.fault("bad-rounding", message, "billing.cash_rounding", remedy)


def account_faults(company: Company) -> Iterator[Fault]:
    """Say which accounts are of no posting role that there is."""
    for role in company.accounts:
        if role not in BAS and not _VAT_ROLE.fullmatch(role):
            message = f"'{role}' is no posting role, so nothing would go to its account."
            yield company.fault("unknown-role", message, f"accounts.{role}", nearest(role, BAS))


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


class Party(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A party as it stood on the day of a document: copied in, never looked up again.

    `reference` is what the customer wants to find on documents; `contact` a person by name.
    """

    id: str
    name: str
    org_number: str = ""
    vat_id: str = ""
    address: Address
    delivery: Address | None = None
    electronic_address: str = ""
    reference: str = ""
    contact: str = ""
    email: str = ""
    kind: str = "business"


class Seller(Party, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The seller as it stood on the day of a document."""

    seat: str = ""
    phone: str = ""
    web: str = ""
    f_tax: bool = False
    bank: Bank = Bank()
    currency: str = "SEK"


def seller_of(company: Company) -> Seller:
    """Copy what documents say of the seller."""
    return Seller(
        id=company.id,
        name=company.name,
        org_number=company.org_number,
        vat_id=compact(company.vat_id).upper(),
        address=company.address,
        electronic_address=company.electronic_address or "",
        reference=company.contact or "",
        email=company.email,
        seat=company.seat or company.address.city,
        phone=company.phone,
        web=company.web,
        f_tax=company.f_tax,
        bank=company.bank,
        currency=company.currency,
    )


def buyer_of(customer: Customer, *, invoice: bool = False) -> Party:
    """Copy what documents say of a customer; invoices go to the invoice address if there is one."""
    contact = customer.contact("billing" if invoice else "orders")
    address = customer.invoice_address if invoice and customer.invoice_address else customer.address
    return Party(
        id=customer.id,
        name=customer.name,
        org_number=customer.org_number,
        vat_id=compact(customer.vat_id).upper(),
        address=address,
        delivery=customer.delivery_address,
        electronic_address=customer.electronic_address or "",
        reference=customer.reference or (contact.name if contact else ""),
        contact=contact.name if contact and customer.reference else "",
        email=contact.email if contact else "",
        kind=customer.kind,
    )


def compact(identifier: str) -> str:
    """Take spaces, dots and dashes out of an identifier."""
    return "".join(c for c in identifier if c not in " .-")
