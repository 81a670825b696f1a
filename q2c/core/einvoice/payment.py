"""How an invoice is paid, in terms: BT-9, BT-20, BT-81 to BT-86."""

from collections.abc import Iterator, Sequence
from typing import Final

from q2c.core.einvoice.group import Group
from q2c.core.einvoice.phrases import phrase
from q2c.core.einvoice.saying import joined, said, text
from q2c.core.invoice import Invoice
from q2c.core.party import Party, Seller, compact

# UNTDID 4461: credit transfer, SEPA credit transfer, set off between partners.
TRANSFER, SEPA, SET_OFF = "30", "58", "97"
# What stands for the bank of a Swedish account (Peppol BIS Billing 3.0, SE-R-007 to SE-R-010).
BANKGIRO, PLUSGIRO = "SE:BANKGIRO", "SE:PLUSGIRO"
# Whose IBAN a SEPA credit transfer goes to (EPC409-09).
SEPA_COUNTRIES: Final = frozenset(
    """AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT
    NL NO PL PT RO RS SE SI SK SM VA""".split()
)


def payment_terms(invoice: Invoice) -> Group:
    """State how and by when an invoice is paid.

    In kronor to Bankgiro and Plusgiro with the OCR reference; otherwise to the IBAN with the RF
    reference. An e-invoice has one reference and one means of payment (UBL-SR-44, UBL-SR-47).
    """
    if not owed(invoice):
        return said({"BT-20": _terms(invoice), "BT-81": SET_OFF})
    accounts = accounts_of(invoice.seller, invoice.buyer, invoice.currency)
    reference = (invoice.ocr if _giro(accounts) else invoice.rf) or invoice.number
    return said(
        {
            "BT-9": invoice.due_on,
            "BT-20": _terms(invoice),
            "BT-81": means_of(accounts, invoice.currency),
            "BT-83": reference if accounts else "",
            "BG-17": accounts,
        }
    )


def accounts_of(seller: Seller, buyer: Party, currency: str) -> tuple[Group, ...]:
    """State the accounts that are paid to (BG-17): the IBAN too where the buyer is abroad."""
    giros = tuple(_giros(seller)) if currency == "SEK" else ()
    abroad = buyer.address.country != seller.address.country
    return (*giros, *(_iban(seller) if abroad or not giros else ()))


def means_of(accounts: Sequence[Group], currency: str) -> str:
    """Give the code of how the accounts are paid to (BT-81), if there are any."""
    if not accounts:
        return ""
    country = text(accounts[0], "BT-84")[:2]
    sepa = currency == "EUR" and not _giro(accounts) and country in SEPA_COUNTRIES
    return SEPA if sepa else TRANSFER


def _giro(accounts: Sequence[Group]) -> bool:
    return any(text(account, "BT-86") in {BANKGIRO, PLUSGIRO} for account in accounts)


def owed(invoice: Invoice) -> bool:
    """Say whether anything is to be paid."""
    return invoice.kind == "invoice" and invoice.payable.minor > 0


def _giros(seller: Seller) -> Iterator[Group]:
    """Give the Swedish accounts, which are paid in kronor."""
    for number, name in ((seller.bank.bankgiro, BANKGIRO), (seller.bank.plusgiro, PLUSGIRO)):
        if number:
            yield said({"BT-84": compact(number), "BT-85": seller.name, "BT-86": name})


def _iban(seller: Seller) -> Iterator[Group]:
    number, bic = compact(seller.bank.iban).upper(), compact(seller.bank.bic).upper()
    if number:
        yield said({"BT-84": number, "BT-85": seller.name, "BT-86": bic})


def _terms(invoice: Invoice) -> str:
    """Say the terms of payment in the language of the invoice; amounts and days as XML has them."""
    language = invoice.language
    if invoice.kind == "credit-note":
        return phrase("given back", language)
    if not owed(invoice):
        return ""
    days = (invoice.due_on - invoice.issued_on).days
    due = phrase("net", language, days=days) if days > 0 else phrase("at once", language)
    parts = [
        phrase(
            "part", language, amount=f"{part.amount.amount:f} {invoice.currency}", day=part.due_on
        )
        for part in invoice.instalments
    ]
    points = f"{invoice.late_interest_points.normalize():f}"
    return joined((*(parts or [due]), phrase("interest", language, points=points)))
