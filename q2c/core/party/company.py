"""The seller: its bank and number series, its terms, how it invoices, its accounts."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from q2c.core.fault import Fault, nearest
from q2c.core.money import Money
from q2c.core.party.forms import (
    CurrencyCode,
    Days,
    ElectronicAddress,
    Id,
    LanguageCode,
    Name,
    SeriesPattern,
)
from q2c.core.party.place import Address
from q2c.core.trace import Sourced


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
