"""Receipts: money that came in, and the invoices that it was used for."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from q2c.core.money import Money
from q2c.documents.draw import drawn
from q2c.documents.language import Language, amount, day, money
from q2c.documents.look import Look
from q2c.documents.ondemand import OnDemand, sheet_of
from q2c.documents.sheet import Column, Fact, Row, Sheet, Sums, Table


class Used(Struct, frozen=True, kw_only=True):
    """So much of a payment was used for an invoice, and what it left to pay of it."""

    number: str
    issued_on: date
    invoiced: Money
    used: Money
    left: Money


class Receipt(OnDemand, frozen=True, kw_only=True):
    """What a receipt says; `number` is the payment's in the ledger, `over` stays with us."""

    number: str
    paid_on: date
    amount: Money
    reference: str = ""
    parts: tuple[Used, ...]
    over: Money


def receipt_pdf(receipt: Receipt, look: Look) -> bytes:
    """Draw a receipt."""
    return drawn(receipt_sheet(receipt, look), look)


def receipt_sheet(receipt: Receipt, look: Look) -> Sheet:
    """Write out everything that a receipt says."""
    lang = look.language
    return sheet_of(
        receipt,
        look,
        "receipt",
        title=lang.say("receipt"),
        number=receipt.number,
        told=_facts(lang, receipt),
        text=lang.say("receipt_text") if receipt.parts else "",
        notes=[Fact(lang.say("vat_total"), lang.say("receipt_vat"))],
        table=_table(lang, receipt) if receipt.parts else None,
        sums=Sums(totals=tuple(_totals(lang, receipt))),
    )


def _facts(lang: Language, receipt: Receipt) -> Iterator[tuple[str, str]]:
    yield "document_date", day(lang, receipt.made_on)
    yield "paid_on", day(lang, receipt.paid_on)
    yield "bank_text", receipt.reference
    yield "customer_number", receipt.customer
    yield "your_reference", receipt.buyer.reference
    yield "our_reference", receipt.seller.reference


def _table(lang: Language, receipt: Receipt) -> Table:
    currency = receipt.amount.currency
    return Table(
        columns=(
            Column(lang.say("column_invoice"), gives_way=True),
            Column(lang.say("column_issued")),
            Column(lang.say("column_with_vat", currency=currency), right=True),
            Column(lang.say("column_used", currency=currency), right=True),
            Column(lang.say("column_left", currency=currency), right=True),
        ),
        rows=tuple(
            Row(
                cells=(
                    part.number,
                    day(lang, part.issued_on),
                    *(amount(lang, one) for one in (part.invoiced, part.used, part.left)),
                )
            )
            for part in receipt.parts
        ),
    )


def _totals(lang: Language, receipt: Receipt) -> Iterator[Fact]:
    if receipt.over.minor:
        yield Fact(lang.say("on_account"), amount(lang, receipt.over))
    yield Fact(lang.say("received"), money(lang, receipt.amount))
