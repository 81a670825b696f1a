"""What payment codes hold: Swish for amounts in SEK, EPC069-12 for amounts in EUR."""

from typing import Final
from urllib.parse import quote

from msgspec import Struct

from q2c.core.invoice import Invoice
from q2c.core.money import Money
from q2c.core.party import compact
from q2c.documents.partial import due_first

LARGEST: Final = Money(99_999_999_999, "EUR")
# So many letters may be in a name, and so many bytes of UTF-8 that all lines fit 331.
NAME_LETTERS, NAME_BYTES = 70, 210


class Code(Struct, frozen=True):
    """What a code holds, and the word in the language files that says what it is for."""

    label: str
    payload: str


def payment_code(invoice: Invoice) -> Code | None:
    """Give the code that fits an invoice's currency and the seller's accounts, if there is one."""
    bank = invoice.seller.bank
    due = due_first(invoice)
    if invoice.kind != "invoice" or due.minor <= 0:
        return None
    if invoice.currency == "SEK" and bank.swish and invoice.buyer.address.country == "SE":
        return Code("pay_swish", swish(bank.swish, due, invoice.ocr or invoice.number))
    if invoice.currency == "EUR" and bank.iban and due.minor <= LARGEST.minor:
        return Code("pay_epc", epc(invoice))
    return None


def swish(payee: str, amount: Money, message: str) -> str:
    """Write a Swish payment whose payee, amount and message the payer cannot change.

    The amount has a decimal comma and the message is URL-encoded.
    """
    assert amount.currency == "SEK", amount
    comma = f"{amount.amount:f}".replace(".", ",")
    return f"C{compact(payee)};{comma};{quote(message, safe='')};0"


def epc(invoice: Invoice) -> str:
    """Write a SEPA credit transfer (EPC069-12, version 002, UTF-8).

    It holds a reference or a text, never both; lines at the end that would be empty are left out.
    """
    seller, due = invoice.seller, due_first(invoice)
    assert due.currency == "EUR", due
    remittance = (invoice.rf,) if invoice.rf else ("", invoice.number)
    lines = (
        "BCD",
        "002",
        "1",
        "SCT",
        compact(seller.bank.bic),
        _cut(seller.name),
        compact(seller.bank.iban),
        f"EUR{due.amount:f}",
        "",
        *remittance,
    )
    return "\n".join(lines)


def _cut(name: str) -> str:
    return name[:NAME_LETTERS].encode()[:NAME_BYTES].decode(errors="ignore")
