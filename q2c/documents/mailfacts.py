"""What a mail may say of a document: its number, days and amounts as its language writes them."""

from datetime import date
from typing import TypeAlias

from q2c.core.contract import Contract
from q2c.core.invoice import Invoice
from q2c.core.money import Money
from q2c.core.quote import Priced
from q2c.core.sending import Parcel
from q2c.documents.language import language, long_day, money

Values: TypeAlias = "dict[str, object]"
# Every template may ask for each of these; what a document has not is an empty text.
NAMES = ("number", "title", "date", "total", "due", "reference", "valid_until", "original", "order")


def quote_facts(quote: Priced, code: str) -> dict[str, str]:
    """Say of a quote what it offers, and until when."""
    return facts_of(
        code,
        number=quote.number,
        title=quote.title,
        date=quote.date,
        total=quote.total,
        valid_until=quote.valid_until,
    )


def contract_facts(contract: Contract, code: str) -> dict[str, str]:
    """Say of a contract when it was agreed, and for how much."""
    return facts_of(
        code,
        number=contract.number,
        title=contract.title,
        date=contract.agreed_on,
        total=contract.net,
        order=contract.order,
    )


def invoice_facts(invoice: Invoice, code: str) -> dict[str, str]:
    """Say of an invoice what is to be paid, by when, and with which reference."""
    return facts_of(
        code,
        number=invoice.number,
        title=invoice.title,
        date=invoice.issued_on,
        total=invoice.payable,
        due=invoice.due_on,
        reference=invoice.ocr or invoice.rf or invoice.number,
        original=invoice.original.number if invoice.original else "",
        order=invoice.order,
    )


def facts_of(code: str, **known: str | date | Money) -> dict[str, str]:
    """Write what is known of a document in a language; what is not known is an empty text."""
    lang = language(code)

    def written(value: str | date | Money) -> str:
        if isinstance(value, Money):
            return money(lang, value)
        return long_day(lang, value) if isinstance(value, date) else value

    return dict.fromkeys(NAMES, "") | {name: written(value) for name, value in known.items()}


def examples() -> Values:
    """Give all that the template of a mail may print, so that one can be tried without a mail."""
    seller, buyer = ("name", "contact", "email", "phone", "web"), ("name", "reference")
    return {
        "document": {name: name for name in NAMES},
        "seller": {name: name for name in seller},
        "buyer": {name: name for name in buyer},
        "files": ["file.pdf"],
    }


def values(parcel: Parcel) -> Values:
    """Give all that the template of a mail may print, by name."""
    seller, buyer = parcel.seller, parcel.buyer
    return {
        "document": dict.fromkeys(NAMES, "") | parcel.said,
        "seller": {
            "name": seller.name,
            "contact": seller.reference or seller.name,
            "email": seller.email,
            "phone": seller.phone,
            "web": seller.web,
        },
        "buyer": {"name": buyer.name, "reference": buyer.reference},
        "files": list(parcel.files),
    }
