"""What payment codes hold, each only where its rules allow it.

Swish for amounts in SEK, EPC069-12 for amounts in EUR, the seller's payment link for the rest;
the Swiss QR-bill has a module of its own.
"""

from typing import Final
from urllib.parse import quote

from msgspec import Struct

from q2c.core.identifier import qr_iban
from q2c.core.invoice import Invoice
from q2c.core.money import Money
from q2c.core.party import Party, Seller, compact
from q2c.core.tax import EU
from q2c.documents.partial import due_first

LARGEST: Final = Money(99_999_999_999, "EUR")
# So many letters may be in a name, and so many bytes of UTF-8 that all lines fit 331.
NAME_LETTERS, NAME_BYTES = 70, 210
TEXT_LETTERS: Final = 140
MESSAGE_LETTERS: Final = 50  # of a Swish payment, as its app shows them
# Where the schemes of SEPA reach; outside the EEA a transfer also names the bank.
EEA: Final = EU | {"IS", "LI", "NO"}
SEPA: Final = EEA | set("AD AL CH GB MC MD ME MK RS SM VA".split())


class Code(Struct, frozen=True):
    """What a code holds, and the word in the language files that says what it is for."""

    label: str
    payload: str


class Owed(Struct, frozen=True, kw_only=True):
    """What is to be paid, to whom and by whom; `number` is of the document that asks for it.

    What has no reference of its own, such as a reminder of several invoices, has none here.
    """

    seller: Seller
    buyer: Party
    amount: Money
    number: str
    ocr: str = ""
    rf: str = ""


def owed_on(invoice: Invoice) -> Owed | None:
    """Give what an invoice asks for; nothing of a credit note, or where all is free."""
    due = due_first(invoice)
    if invoice.kind != "invoice" or due.minor <= 0:
        return None
    return Owed(
        seller=invoice.seller,
        buyer=invoice.buyer,
        amount=due,
        number=invoice.number,
        ocr=invoice.ocr,
        rf=invoice.rf,
    )


def payment_code(invoice: Invoice) -> Code | None:
    """Give the code of an invoice, if there is one for it."""
    owed = owed_on(invoice)
    return code_for(owed) if owed else None


def code_for(owed: Owed) -> Code | None:
    """Give the code that fits the currency and the seller's accounts, if there is one."""
    bank, currency = owed.seller.bank, owed.amount.currency
    if currency == "SEK" and bank.swish and owed.buyer.address.country == "SE":
        return Code("pay_swish", swish(bank.swish, owed.amount, owed.ocr or owed.number))
    if currency == "EUR" and owed.amount.minor <= LARGEST.minor and takes_sepa(owed.seller):
        return Code("pay_epc", epc(owed))
    if bank.pay_link:
        return Code("pay_link", pay_link(owed))
    return None


def takes_sepa(seller: Seller) -> bool:
    """Say whether a SEPA transfer reaches a seller's account (EPC069-12; EPC409-09 for where).

    A Swiss QR-IBAN takes QR-bills alone.
    """
    iban, bic = compact(seller.bank.iban), seller.bank.bic
    country = iban[:2]
    return country in SEPA and not qr_iban(iban) and bool(bic or country in EEA)


def swish(payee: str, amount: Money, message: str) -> str:
    """Write a Swish payment whose payee, amount and message the payer cannot change.

    The amount has a decimal comma and the message is URL-encoded.
    """
    assert amount.currency == "SEK", amount
    comma = f"{amount.amount:f}".replace(".", ",")
    return f"C{compact(payee)};{comma};{quote(message[:MESSAGE_LETTERS], safe='')};0"


def epc(owed: Owed) -> str:
    """Write a SEPA credit transfer (EPC069-12, version 002, UTF-8).

    It holds a reference or a text, never both; lines at the end that would be empty are left out.
    """
    seller, due = owed.seller, owed.amount
    assert due.currency == "EUR", due
    remittance = (owed.rf,) if owed.rf else ("", owed.number[:TEXT_LETTERS])
    lines = (
        "BCD",
        "002",
        "1",
        "SCT",
        compact(seller.bank.bic),
        _cut(seller.name, NAME_LETTERS, NAME_BYTES),
        compact(seller.bank.iban),
        f"EUR{due.amount:f}",
        "",
        *remittance,
    )
    return "\n".join(lines)


def _cut(text: str, letters: int, size: int) -> str:
    return text[:letters].encode()[:size].decode(errors="ignore")


def pay_link(owed: Owed) -> str:
    """Fill the seller's web address for payments, each gap URL-encoded."""
    told = {
        "number": owed.number,
        "amount": f"{owed.amount.amount:f}",
        "currency": owed.amount.currency,
        "ocr": owed.ocr,
        "rf": owed.rf,
        "customer": owed.buyer.id,
    }
    link = owed.seller.bank.pay_link
    return link.format(**{name: quote(text, safe="") for name, text in told.items()})
