"""Payment codes: what they hold, and that a telephone reads it from the page."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.invoice import Invoice
from q2c.core.money import Money
from q2c.core.party import Bank
from q2c.documents.invoice import invoice_pdf
from q2c.documents.look import Theme, frozen
from q2c.documents.payment_codes import Code, Owed, epc, owed_on, payment_code, swish
from tests.made import FJORD, POLAR, SELLER, credit_note, invoice, invoice_line, untaxed
from tests.reading import scanned

SV, EN = frozen(Theme(), None, "sv"), frozen(Theme(), None, "en")
IN_EUR = invoice(
    [
        invoice_line(1, net=Money(37_500, "EUR"), treatment=untaxed("reverse-charge", "en")),
    ],
    currency="EUR",
    buyer=POLAR,
)


def owed(of: Invoice) -> Owed:
    """Give what an invoice asks for."""
    found = owed_on(of)
    assert found
    return found


def paid_by(bank: Bank, of: Invoice) -> Invoice:
    return replace(of, seller=replace(SELLER, bank=bank))


def test_swish_is_written_as_its_guide_does() -> None:
    """The example of the Swish QR code specification."""
    assert swish("1237856901", Money(10_000, "SEK"), "12229445") == "C1237856901;100,00;12229445;0"


def test_what_a_swish_message_holds_is_url_encoded() -> None:
    assert swish("1231231231", Money(5, "SEK"), "F 1;å") == "C1231231231;0,05;F%201%3B%C3%A5;0"


def test_a_sepa_transfer_has_its_lines_in_order() -> None:
    """EPC069-12, version 002: the last lines are left out, the purpose is an empty line."""
    assert epc(owed(IN_EUR)).split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "ESSESESS",
        "Nordlys Konsult AB",
        "SE4550000000058398257466",
        "EUR375.00",
        "",
        "RF3120260001",
    ]


def test_without_a_reference_the_number_is_the_text() -> None:
    assert epc(owed(replace(IN_EUR, rf=""))).split("\n")[8:] == ["", "", "F-2026-0001"]


@given(st.text(min_size=1, max_size=200), st.integers(1, 99_999_999_999))
def test_a_sepa_transfer_never_outgrows_its_code(name: str, minor: int) -> None:
    line = invoice_line(1, net=Money(minor, "EUR"), treatment=untaxed("reverse-charge", "en"))
    seller = replace(SELLER, name=name.replace("\n", " "))
    assert len(epc(owed(invoice([line], currency="EUR", seller=seller))).encode()) <= 331


NO_CODE = {
    "a credit note": credit_note(invoice()),
    "nothing to pay": invoice([invoice_line(1, net=Money(0, "SEK"))]),
    "SEK without Swish": paid_by(Bank(iban=SELLER.bank.iban), invoice()),
    "SEK from abroad": invoice(buyer=POLAR),
    "EUR without IBAN": paid_by(Bank(swish="1234567890"), IN_EUR),
    "a dollar": invoice(1, currency="USD"),
    "too many euros": invoice([invoice_line(1, net=Money(10**11, "EUR"))], currency="EUR"),
}


@pytest.mark.parametrize("which", NO_CODE)
def test_there_is_no_code_for(which: str) -> None:
    assert payment_code(NO_CODE[which]) is None


def test_a_telephone_reads_swish_from_an_invoice_in_sek(tmp_path: Path) -> None:
    assert scanned(invoice_pdf(invoice(), SV), tmp_path) == "C1234567890;22656,25;2026000105;0"


def test_a_telephone_reads_sepa_from_an_invoice_in_eur(tmp_path: Path) -> None:
    assert scanned(invoice_pdf(IN_EUR, EN), tmp_path) == epc(owed(IN_EUR))


def test_a_longer_name_makes_a_larger_code_that_is_still_read(tmp_path: Path) -> None:
    seller = replace(SELLER, name="Μεγάλη Εταιρεία Συμβούλων Επιχειρήσεων και Δεδομένων του Βορρά")
    long = replace(IN_EUR, seller=seller)
    assert scanned(invoice_pdf(long, EN), tmp_path) == epc(owed(long))


def test_an_invoice_without_a_code_still_says_how_to_pay(tmp_path: Path) -> None:
    plain = paid_by(Bank(bankgiro="991-2346"), invoice())
    assert scanned(invoice_pdf(plain, SV), tmp_path) == ""
    assert payment_code(invoice(buyer=FJORD)) == Code(
        "pay_swish", "C1234567890;22656,25;2026000105;0"
    )
    assert (plain.due_on, plain.late_interest_points) == (date(2026, 12, 30), Decimal(8))
