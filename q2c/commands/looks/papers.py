"""Made-up papers that are drawn on demand, with the most that they may have to hold: by kind."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from q2c.commands.looks.samples import DAY, LONG, MONTH, SCRIPTS, Sample, contract_of, quote_of
from q2c.core.money import Money, zero
from q2c.core.order import from_quote
from q2c.core.quote import Event
from q2c.core.receivable import Account, Aged, Movement
from q2c.documents.confirmation import Confirmation, confirmation_pdf
from q2c.documents.deliverynote import Delivered, DeliveryNote, delivery_note_pdf
from q2c.documents.look import Kind
from q2c.documents.receipt import Receipt, Used, receipt_pdf
from q2c.documents.reminder import Overdue, Reminder, reminder_pdf
from q2c.documents.statement import Statement, statement_pdf

QUANTITY: Final = Decimal("12345.678")


def _common(sample: Sample) -> dict[str, Any]:
    made = {"made_on": DAY, "customer": sample.buyer.id}
    return {**made, "seller": sample.seller, "buyer": sample.buyer}


def _money(sample: Sample) -> Money:
    return Money.of(sample.size * 1000, sample.currency)


def _numbers(sample: Sample) -> list[str]:
    return [f"F-2026-{number:04}" for number in range(1, sample.lines + 1)]


def _confirmation(sample: Sample) -> Confirmation:
    agreed = contract_of(sample)
    accepted = Event(kind="accepted", date=DAY, version=1, by=sample.buyer.reference[:100])
    order = from_quote(quote_of(sample), accepted, agreed.order, agreed.number)
    return Confirmation(**_common(sample), order=order, contract=agreed, po=agreed.po)


def _delivery_note(sample: Sample) -> DeliveryNote:
    line = Delivered(
        line="1",
        product="product",
        name=LONG if sample.extreme else "Kabel",
        text=SCRIPTS if sample.extreme else "",
        unit="licens per namngiven användare" if sample.extreme else "st",
        ordered=QUANTITY * 2,
        now=QUANTITY,
        notes=(SCRIPTS,) if sample.extreme else (),
    )
    return DeliveryNote(
        **_common(sample),
        number="O-2026-0001/L1",
        order="O-2026-0001",
        delivered_on=DAY,
        title=SCRIPTS,
        lines=(line,) * sample.lines,
    )


def _reminder(sample: Sample) -> Reminder:
    late = (
        Overdue(number=number, issued_on=DAY, due_on=DAY, days=9999, open=_money(sample))
        for number in _numbers(sample)
    )
    return Reminder(
        **_common(sample), level=3, pay_by=DAY, currency=sample.currency, invoices=tuple(late)
    )


def _statement(sample: Sample) -> Statement:
    owed = _money(sample)
    moved = tuple(
        Movement(date=DAY, kind="invoice", number=number, amount=owed, balance=owed)
        for number in _numbers(sample)
    )
    items = tuple(
        Aged(number=number, issued_on=DAY, due_on=DAY, open=owed, days=9999)
        for number in _numbers(sample)
    )
    account = Account(
        currency=sample.currency,
        opening=zero(sample.currency),
        movements=moved,
        closing=owed,
        items=items,
        advance=owed,
    )
    return Statement(**_common(sample), days=MONTH, accounts=(account, account))


def _receipt(sample: Sample) -> Receipt:
    paid = _money(sample)
    parts = tuple(
        Used(number=number, issued_on=DAY, invoiced=paid, used=paid, left=paid)
        for number in _numbers(sample)
    )
    return Receipt(
        **_common(sample),
        number="f3d5a0c2b1e49687",
        paid_on=DAY,
        amount=paid,
        reference=SCRIPTS,
        parts=parts,
        over=paid,
    )


# How a sample of each kind of paper is drawn.
PAPERS: Final[dict[Kind, Callable[[Sample], bytes]]] = {
    "order_confirmation": lambda sample: confirmation_pdf(_confirmation(sample), sample.look),
    "delivery_note": lambda sample: delivery_note_pdf(_delivery_note(sample), sample.look),
    "reminder": lambda sample: reminder_pdf(_reminder(sample), sample.look),
    "statement": lambda sample: statement_pdf(_statement(sample), sample.look),
    "receipt": lambda sample: receipt_pdf(_receipt(sample), sample.look),
}
