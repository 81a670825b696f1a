"""Money in CII: how to pay, VAT, allowances and charges, totals."""

import re

from q2c.core.einvoice.cii.parties import PAYEE
from q2c.core.einvoice.cii.values import day, period
from q2c.core.einvoice.group import Group
from q2c.core.einvoice.table import (
    Branch,
    Leaf,
    Part,
    also,
    at,
    each,
    fixed,
    has,
    told,
    under,
    within,
)

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}")


def is_iban(text: str) -> bool:
    """Say whether an account is written as an IBAN is, blanks or not."""
    return _IBAN.fullmatch("".join(text.split()).upper()) is not None


def _iban(group: Group) -> bool:
    return is_iban(str(group.get("BT-84", "")))


def _other_account(group: Group) -> bool:
    return not _iban(group)


PAYMENT_MEANS = Branch(  # BG-16, once for each account
    name="ram:SpecifiedTradeSettlementPaymentMeans",
    group="BG-17",
    inner=("BT-84", "BT-85", "BT-86"),
    only=has("BT-81"),
    parts=(
        at("ram:TypeCode", "BT-81"),
        at("ram:Information", "BT-82"),
        within(  # BG-18
            "ram:ApplicableTradeSettlementFinancialCard",
            at("ram:ID", "BT-87"),
            at("ram:CardholderName", "BT-88"),
        ),
        within(
            "ram:PayerPartyDebtorFinancialAccount",
            at("ram:IBANID", "BT-91"),
            also("ram:ProprietaryID", "BT-91"),
        ),
        within(
            "ram:PayeePartyCreditorFinancialAccount",
            Leaf(name="ram:IBANID", term="BT-84", only=_iban),
            at("ram:AccountName", "BT-85"),
            Leaf(name="ram:ProprietaryID", term="BT-84", only=_other_account),
        ),
        at("ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID", "BT-86"),
    ),
)


def tax_category(path: str, code: str, percent: str) -> Part:
    """Place a VAT category."""
    return within(
        path,
        fixed("ram:TypeCode", "VAT"),
        at("ram:CategoryCode", code),
        at("ram:RateApplicablePercent", percent, "number"),
    )


def allowance(group: str, terms: str, *category: Part) -> Part:
    """Place what is taken off or charged: percent, base amount, amount, code and reason."""
    percent, base, amount, code, reason = terms.split()
    return each(
        "ram:SpecifiedTradeAllowanceCharge",
        group,
        told(
            "ram:ChargeIndicator/udt:Indicator",
            "false" if group in ("BG-20", "BG-27") else "true",
        ),
        at("ram:CalculationPercent", percent, "number"),
        at("ram:BasisAmount", base, "number"),
        at("ram:ActualAmount", amount, "number"),
        at("ram:ReasonCode", code),
        at("ram:Reason", reason),
        *category,
    )


VAT = Branch(
    name="ram:ApplicableTradeTax",
    group="BG-23",
    inner=tuple("BT-116 BT-117 BT-118 BT-119 BT-120 BT-121".split()),
    only=has("BT-118"),
    parts=(
        at("ram:CalculatedAmount", "BT-117", "number"),
        fixed("ram:TypeCode", "VAT"),
        at("ram:ExemptionReason", "BT-120"),
        at("ram:BasisAmount", "BT-116", "number"),
        at("ram:CategoryCode", "BT-118"),
        at("ram:ExemptionReasonCode", "BT-121"),
        within("ram:TaxPointDate", Leaf(name="udt:DateString", term="BT-7", form="day")),
        at("ram:DueDateTypeCode", "BT-8", "vat-date"),
        at("ram:RateApplicablePercent", "BT-119", "number"),
    ),
)


TOTALS = within(  # BG-22
    "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
    at("ram:LineTotalAmount", "BT-106", "number"),
    at("ram:ChargeTotalAmount", "BT-108", "number"),
    at("ram:AllowanceTotalAmount", "BT-107", "number"),
    at("ram:TaxBasisTotalAmount", "BT-109", "number"),
    at("ram:TaxTotalAmount", "BT-110", "amount"),
    Leaf(name="ram:TaxTotalAmount", term="BT-111", form="number", agrees=("currencyID", "BT-6")),
    at("ram:RoundingAmount", "BT-114", "number"),
    at("ram:GrandTotalAmount", "BT-112", "number"),
    at("ram:TotalPrepaidAmount", "BT-113", "number"),
    at("ram:DuePayableAmount", "BT-115", "number"),
)


SETTLEMENT = within(
    "ram:ApplicableHeaderTradeSettlement",
    at("ram:CreditorReferenceID", "BT-90"),
    at("ram:PaymentReference", "BT-83"),
    at("ram:TaxCurrencyCode", "BT-6"),
    at("ram:InvoiceCurrencyCode", "BT-5"),
    PAYEE,
    PAYMENT_MEANS,
    VAT,
    period("BT-73", "BT-74"),  # BG-14
    allowance(
        "BG-20",
        "BT-94 BT-93 BT-92 BT-98 BT-97",
        tax_category("ram:CategoryTradeTax", "BT-95", "BT-96"),
    ),
    allowance(
        "BG-21",
        "BT-101 BT-100 BT-99 BT-105 BT-104",
        tax_category("ram:CategoryTradeTax", "BT-102", "BT-103"),
    ),
    within(
        "ram:SpecifiedTradePaymentTerms",
        at("ram:Description", "BT-20"),
        day("ram:DueDateDateTime", "BT-9"),
        at("ram:DirectDebitMandateID", "BT-89"),
    ),
    TOTALS,
    each(
        "ram:InvoiceReferencedDocument",
        "BG-3",
        at("ram:IssuerAssignedID", "BT-25"),
        under(
            "ram:FormattedIssueDateTime/qdt:DateTimeString",
            Leaf(name="qdt:DateTimeString", term="BT-26", form="day"),
        ),
    ),
    at("ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID", "BT-19"),
)
