"""Money in UBL: how to pay, allowances and charges, VAT and totals."""

from collections.abc import Iterable

from q2c.core.einvoice.table import (
    Branch,
    Leaf,
    Part,
    at,
    each,
    fixed,
    has,
    told,
    within,
)


def payment_means(due: Iterable[Part]) -> Part:
    """Place how to pay: once for each account, of which a credit note's first has the day."""
    return Branch(  # BG-16
        name="cac:PaymentMeans",
        group="BG-17",
        inner=("BT-84", "BT-85", "BT-86"),
        once=("BT-9", "BT-82"),
        only=has("BT-81"),
        parts=(
            at("cbc:PaymentMeansCode", "BT-81", name="BT-82"),
            *due,
            at("cbc:PaymentID", "BT-83"),
            within(  # BG-18
                "cac:CardAccount",
                at("cbc:PrimaryAccountNumberID", "BT-87"),
                fixed("cbc:NetworkID", "NA"),
                at("cbc:HolderName", "BT-88"),
            ),
            within(
                "cac:PayeeFinancialAccount",
                at("cbc:ID", "BT-84"),
                at("cbc:Name", "BT-85"),
                at("cac:FinancialInstitutionBranch/cbc:ID", "BT-86"),
            ),
            within(  # BG-19
                "cac:PaymentMandate",
                at("cbc:ID", "BT-89"),
                at("cac:PayerFinancialAccount/cbc:ID", "BT-91"),
            ),
        ),
    )


TERMS_OF_PAYMENT = at("cac:PaymentTerms/cbc:Note", "BT-20")


def tax_category(path: str, code: str, percent: str, *reasons: Part) -> Part:
    """Place a VAT category."""
    return within(
        path,
        at("cbc:ID", code),
        at("cbc:Percent", percent, "number"),
        *reasons,
        fixed("cac:TaxScheme/cbc:ID", "VAT"),
    )


def allowance(group: str, terms: str, *category: Part) -> Part:
    """Place what is taken off or charged: code, reason, percent, amount and base amount."""
    code, reason, percent, amount, base = terms.split()
    return each(
        "cac:AllowanceCharge",
        group,
        told("cbc:ChargeIndicator", "false" if group in ("BG-20", "BG-27") else "true"),
        at("cbc:AllowanceChargeReasonCode", code),
        at("cbc:AllowanceChargeReason", reason),
        at("cbc:MultiplierFactorNumeric", percent, "number"),
        at("cbc:Amount", amount, "amount"),
        at("cbc:BaseAmount", base, "amount"),
        *category,
    )


ALLOWANCES = (
    allowance(
        "BG-20",
        "BT-98 BT-97 BT-94 BT-92 BT-93",
        tax_category("cac:TaxCategory", "BT-95", "BT-96"),
    ),
    allowance(
        "BG-21",
        "BT-105 BT-104 BT-101 BT-99 BT-100",
        tax_category("cac:TaxCategory", "BT-102", "BT-103"),
    ),
)


def totals(path: str) -> Part:
    """Place the totals of a document."""
    return within(  # BG-22
        path,
        at("cbc:LineExtensionAmount", "BT-106", "amount"),
        at("cbc:TaxExclusiveAmount", "BT-109", "amount"),
        at("cbc:TaxInclusiveAmount", "BT-112", "amount"),
        at("cbc:AllowanceTotalAmount", "BT-107", "amount"),
        at("cbc:ChargeTotalAmount", "BT-108", "amount"),
        at("cbc:PrepaidAmount", "BT-113", "amount"),
        at("cbc:PayableRoundingAmount", "BT-114", "amount"),
        at("cbc:PayableAmount", "BT-115", "amount"),
    )


TOTALS = (
    within(
        "cac:TaxTotal",
        at("cbc:TaxAmount", "BT-110", "amount"),
        each(
            "cac:TaxSubtotal",
            "BG-23",
            at("cbc:TaxableAmount", "BT-116", "amount"),
            at("cbc:TaxAmount", "BT-117", "amount"),
            tax_category(
                "cac:TaxCategory",
                "BT-118",
                "BT-119",
                at("cbc:TaxExemptionReasonCode", "BT-121"),
                at("cbc:TaxExemptionReason", "BT-120"),
            ),
        ),
    ),
    within(
        "cac:TaxTotal",
        Leaf(name="cbc:TaxAmount", term="BT-111", form="number", agrees=("currencyID", "BT-6")),
    ),
    totals("cac:LegalMonetaryTotal"),
)
