"""Papers drawn on demand: what each of them says, of little and of much, and nothing more."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from q2c.core.contract import Contract
from q2c.core.money import Money
from q2c.core.order import from_quote
from q2c.core.party import Address, Bank
from q2c.core.quote import Event
from q2c.core.receivable import Interest
from q2c.documents.confirmation import Confirmation, confirmation_pdf
from q2c.documents.deliverynote import Delivered, DeliveryNote, delivery_note_pdf
from q2c.documents.look import Letter, Look, Theme, frozen
from q2c.documents.ondemand import OnDemand
from q2c.documents.receipt import Receipt, Used, receipt_pdf
from q2c.documents.reminder import Overdue, Reminder, reminder_pdf
from tests.made import FJORD, POLAR, SELLER, contract, quote
from tests.reading import pages_of, scanned, text_of

SV, EN = frozen(Theme(), None, "sv"), frozen(Theme(), None, "en")
DAY = date(2027, 1, 15)
COMMON: dict[str, Any] = {
    "made_on": DAY,
    "customer": "fjord-foods",
    "seller": SELLER,
    "buyer": FJORD,
}


def sek(amount: int) -> Money:
    return Money(amount * 100, "SEK")


def all_said(text: str, *said: str) -> bool:
    """Say whether all of this stands in a text; name what does not."""
    assert [one for one in said if one not in text] == [], text
    return True


def confirmation(agreed: Contract | None = None) -> Confirmation:
    accepted = Event(kind="accepted", date=date(2026, 11, 5), version=1, by="Ida Berg", po="4711")
    order = from_quote(quote(), accepted, "O-2026-0001", "C-2026-0001")
    return Confirmation(**COMMON, order=order, contract=agreed or contract(), po="4711")


def test_a_confirmation_has_the_lines_the_totals_and_the_customers_number() -> None:
    text = text_of(confirmation_pdf(confirmation(), EN))
    assert all_said(text, "Order confirmation", "O-2026-0001", "4711", "C-2026-0001")
    assert all_said(text, "Total including VAT", "Rådgivning", "30 days net.")
    assert "signature" not in text.lower()


def note(lines: int = 2, **other: object) -> DeliveryNote:
    some = tuple(
        Delivered(
            line=str(at),
            product=f"item-{at}",
            name=f"Cable {at}",
            unit="pcs",
            ordered=Decimal(10),
            now=Decimal(4),
            before=Decimal(3),
        )
        for at in range(1, lines + 1)
    )
    made = DeliveryNote(
        **COMMON,
        number="O-2026-0001/L2",
        order="O-2026-0001",
        delivered_on=date(2026, 11, 19),
        po="4711",
        lines=some,
    )
    return replace(made, **other)


def test_a_delivery_note_has_quantities_a_place_to_sign_and_no_prices() -> None:
    text = text_of(delivery_note_pdf(note(), EN))
    assert all_said(text, "Delivery note", "O-2026-0001/L2", "Cable 2", "Delivered before: 3")
    assert all_said(text, "Ordered Delivered Outstanding", "10 4 3", "Signature")
    assert "SEK" not in text


def test_goods_go_to_the_delivery_address() -> None:
    dock = Address(street="Kaj 7", postal_code="417 55", city="Göteborg", country="SE")
    text = text_of(delivery_note_pdf(note(buyer=replace(FJORD, delivery=dock)), EN))
    assert all_said(text, "Deliver to", "Kaj 7", "Hamngatan 12")


def test_what_has_no_end_has_nothing_outstanding() -> None:
    (line,) = note(1).lines
    open_ended = replace(note(), lines=(replace(line, ordered=None, before=Decimal(0)),))
    assert open_ended.lines[0].outstanding is None
    assert "Cable 1 pcs 4" in text_of(delivery_note_pdf(open_ended, EN))


def test_a_long_delivery_note_goes_on_on_more_pages_and_is_signed_on_the_last() -> None:
    *before, last = pages_of(delivery_note_pdf(note(80), EN))
    assert len(before) > 1
    assert "Signature" in last
    assert not any("Signature" in page for page in before)


def receipt(**other: object) -> Receipt:
    used = Used(
        number="F-2026-0001",
        issued_on=date(2026, 11, 20),
        invoiced=sek(34_932),
        used=sek(30_000),
        left=sek(4_932),
    )
    made = Receipt(
        **COMMON,
        number="f3d5a0c2b1e49687",
        paid_on=date(2026, 11, 27),
        amount=sek(30_500),
        reference="BG 1127-55",
        parts=(used,),
        over=sek(500),
    )
    return replace(made, **other)


def test_a_receipt_names_the_invoices_and_what_is_left_of_them() -> None:
    text = text_of(receipt_pdf(receipt(), EN))
    assert all_said(text, "Receipt", "BG 1127-55", "F-2026-0001", "34,932.00 30,000.00 4,932.00")
    assert all_said(text, "Paid on account 500.00", "Received SEK 30,500.00", "is no invoice")


def test_a_receipt_of_what_settled_nothing_has_no_table() -> None:
    text = text_of(receipt_pdf(receipt(parts=(), over=sek(30_500)), EN))
    assert "F-2026-0001" not in text
    assert "Received" in text


def late(number: str, amount: int, interest: bool = True, **other: object) -> Overdue:  # noqa: FBT001, FBT002 - a table
    part = Interest(
        first=date(2026, 12, 21),
        last=DAY,
        amount=sek(amount),
        rate=Decimal("10.5"),
        interest=sek(7),
    )
    made = Overdue(
        number=number,
        issued_on=date(2026, 11, 20),
        due_on=date(2026, 12, 20),
        days=26,
        open=sek(amount),
        ocr="2026000105",
        rf="RF3120260001",
        interest=(part,) if interest else None,
    )
    return replace(made, **other)


def reminder(*invoices: Overdue, **other: object) -> Reminder:
    made = Reminder(
        **COMMON,
        pay_by=date(2027, 1, 25),
        currency="SEK",
        invoices=invoices or (late("F-2026-0001", 1000),),
    )
    return replace(made, **other)


def test_a_reminder_says_what_is_late_its_interest_and_how_to_pay_it(tmp_path: Path) -> None:
    pdf = reminder_pdf(reminder(), EN)
    text = text_of(pdf)
    assert all_said(text, "Reminder F-2026-0001", "26", "26 days at 10.5% on SEK 1,000.00")
    assert all_said(text, "Late interest through 15 Jan 2027", "SEK 7.00.", "To pay now")
    assert scanned(pdf, tmp_path) == "C1234567890;1000,00;2026000105;0"


def test_several_invoices_are_paid_together_by_their_numbers(tmp_path: Path) -> None:
    pdf = reminder_pdf(reminder(late("F-2026-0001", 1000), late("F-2026-0002", 500)), SV)
    assert scanned(pdf, tmp_path) == "C1234567890;1500,00;F-2026-0001%20F-2026-0002;0"
    assert all_said(text_of(pdf), "Meddelande", "1 500,00")
    assert "2026000105" not in text_of(pdf)


def test_very_many_invoices_are_paid_by_the_number_of_the_customer(tmp_path: Path) -> None:
    many = (late(f"F-2026-{number:04}", 10) for number in range(1, 31))
    pdf = reminder_pdf(reminder(*many), EN)
    assert scanned(pdf, tmp_path, page=-1) == "C1234567890;300,00;fjord-foods;0"
    assert all_said(pages_of(pdf)[-1], "Message fjord-foods")


def test_interest_that_is_not_known_of_all_is_told_of_none() -> None:
    unknown = late("F-2026-0002", 500, interest=False)
    text = text_of(reminder_pdf(reminder(late("F-2026-0001", 1000), unknown), EN))
    assert "Interest SEK" not in text
    assert "days at" not in text
    assert "Late interest runs until payment" in text


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("look", [SV, EN])
def test_levels_are_said_more_and_more_firmly(level: int, look: Look) -> None:
    text = text_of(reminder_pdf(reminder(level=level), look))
    assert look.language.say(f"reminder_{level}") in text
    assert ("25 Jan 2027" in text or "2027-01-25" in text) is (level == 3)


def test_a_swiss_reminder_has_a_bill_but_none_for_several_by_qr_reference() -> None:
    seller = replace(SELLER, bank=Bank(iban="CH44 3199 9123 0008 8901 2"))
    first, second = (
        replace(late(number, 100), open=Money(10_000, "CHF"), interest=None)
        for number in ("F-2026-0001", "F-2026-0002")
    )
    one = reminder(first, currency="CHF", seller=seller)
    assert "Payment part" in text_of(reminder_pdf(one, EN))
    assert "Payment part" not in text_of(reminder_pdf(replace(one, invoices=(first, second)), EN))


def test_a_letter_of_ones_own_is_markdown_before_the_table() -> None:
    text = text_of(reminder_pdf(reminder(words="Hello **Ida**,\n\n- please pay"), EN))
    assert all_said(text, "Hello Ida,", "please pay")
    assert "past their due date" not in text
    assert text.index("please pay") < text.index("F-2026-0001", 30)


def test_what_the_seller_wants_said_stands_on_its_kind_of_paper() -> None:
    theme = Theme(letter=Letter(receipt="Welcome back."), intro=Letter(reminder="A gentle word."))
    look = frozen(theme, None, "en")
    assert "Welcome back." in text_of(receipt_pdf(receipt(), look))
    text = text_of(reminder_pdf(reminder(), look))
    assert all_said(text, "A gentle word.", "past their due date")
    assert "Welcome back." not in text


def test_a_paper_comes_out_the_same_every_time() -> None:
    assert reminder_pdf(reminder(), EN) == reminder_pdf(reminder(), EN)
    assert isinstance(reminder(buyer=POLAR), OnDemand)
