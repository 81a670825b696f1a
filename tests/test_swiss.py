"""The Swiss QR-bill: its code beside another library's, where it is drawn, and who has none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from qrbill import QRBill

from q2c.core.identifier import qr_iban, qr_reference
from q2c.core.invoice import Invoice
from q2c.core.money import Money
from q2c.core.party import Address, Bank, Party
from q2c.documents.invoice import invoice_pdf
from q2c.documents.look import Theme, frozen
from q2c.documents.payment_codes import Owed, owed_on, payment_code
from q2c.documents.qr import matrix
from q2c.documents.sheet import Bill
from q2c.documents.swiss import swiss_bill
from tests.made import FJORD, SELLER, invoice, invoice_line
from tests.reading import pages_of, scanned

QR_IBAN, IBAN = "CH44 3199 9123 0008 8901 2", "CH58 0079 1123 0008 8901 2"
LAKE = replace(
    SELLER,
    name="Seeblick Beratung AG",
    address=Address(street="Rue du Lac 1268", postal_code="2501", city="Biel", country="CH"),
    bank=Bank(iban=QR_IBAN),
)
ALPINE = Party(
    id="alpine",
    name="Alpenrösli Treuhand GmbH",
    address=Address(street="Bahnhofstrasse 12a", postal_code="8001", city="Zürich", country="CH"),
)
EN = frozen(Theme(), None, "en")
IN_CHF = invoice(1, currency="CHF", seller=LAKE, buyer=ALPINE)


def bill_of(of: Invoice, language: str = "de") -> Bill | None:
    owed = owed_on(of)
    return swiss_bill(owed, language) if owed else None


def made(of: Invoice, language: str = "de") -> Bill:
    found = bill_of(of, language)
    assert found
    return found


def by_iban(of: Invoice, iban: str, **other: object) -> Invoice:
    return replace(of, seller=replace(LAKE, bank=Bank(iban=iban)), **other)


def address(party: Party, street: str, house: str) -> dict[str, str]:
    """Name the parts of an address as qrbill does."""
    place = party.address
    parts = {"street": street, "house_num": house, "pcode": place.postal_code, "city": place.city}
    return {"name": party.name, **parts, "country": place.country}


def test_a_qr_reference_ends_with_its_check_digit() -> None:
    """The reference and the accounts of the guidelines QR-bill, annex A, as published by SIX."""
    assert qr_reference("21000000000313947143000901") == "210000000003139471430009017"
    assert qr_iban("CH4431999123000889012")
    assert not qr_iban("CH5800791123000889012")


def test_the_code_of_a_qr_iban_is_that_of_qrbill() -> None:
    theirs = QRBill(
        account=QR_IBAN,
        creditor=address(LAKE, "Rue du Lac", "1268"),
        debtor=address(ALPINE, "Bahnhofstrasse", "12a"),
        amount="22656.25",
        currency="CHF",
        reference_number=qr_reference("20260001"),
        additional_information="F-2026-0001",
    )
    assert made(IN_CHF).code == theirs.qr_data()


@pytest.mark.parametrize(("rf", "kind"), [("RF3120260001", "SCOR"), ("", "NON")])
def test_the_code_of_a_plain_account_has_a_creditor_reference_or_none(rf: str, kind: str) -> None:
    theirs = QRBill(
        account=IBAN,
        creditor=address(LAKE, "Rue du Lac", "1268"),
        debtor=address(ALPINE, "Bahnhofstrasse", "12a"),
        amount="22656.25",
        currency="CHF",
        reference_number=rf or None,
        additional_information="F-2026-0001",
    )
    ours = made(by_iban(IN_CHF, IBAN, rf=rf)).code
    assert ours == theirs.qr_data()
    assert f"\r\n{kind}\r\n" in ours


@pytest.mark.parametrize("lines", [1, 12, 40])
def test_a_telephone_reads_the_code_over_the_foot_of_the_last_page(
    lines: int, tmp_path: Path
) -> None:
    long = invoice(lines, currency="CHF", seller=LAKE, buyer=ALPINE)
    pdf = invoice_pdf(long, EN)
    assert scanned(pdf, tmp_path, page=-1) == made(long).code
    *before, last = pages_of(pdf)
    assert "Payment part" in last
    assert not any("Payment part" in page for page in before)


def test_a_slip_that_has_no_room_below_the_only_line_leaves_it_on_the_first_page() -> None:
    headed = invoice(1, currency="CHF", po="PO-1", cost_centre="4711", title="Projekt")
    first, last = pages_of(invoice_pdf(by_iban(headed, QR_IBAN), EN))
    assert "Rådgivning" in first
    assert "Payment part" in last
    assert "Rådgivning" not in last


def test_the_slip_says_in_words_what_the_code_holds() -> None:
    last = pages_of(invoice_pdf(IN_CHF, EN))[-1]
    for said in (
        *("Receipt", "Account / Payable to", "Acceptance point", "Separate before paying in"),
        *("CH44 3199 9123 0008 8901 2", "00 00000 00000 00000 02026 00013", "22 656.25"),
        *("Rue du Lac 1268", "2501 Biel", "Alpenrösli Treuhand GmbH", "8001 Zürich"),
    ):
        assert said in last, said


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("de", "Zahlteil"),
        ("fr", "Section paiement"),
        ("en", "Payment part"),
        ("sv", "Payment part"),
    ],
)
def test_headings_are_official_ones(language: str, heading: str) -> None:
    """Guidelines QR-bill, annex D; other languages have the English ones."""
    assert made(IN_CHF, language).words.payment_part == heading


def test_a_payer_in_other_letters_is_left_open() -> None:
    greek = replace(ALPINE, name="Αλπική Εταιρεία")
    bill = made(replace(IN_CHF, buyer=greek))
    assert bill.payer == ()
    assert bill.code.split("\r\n")[20:27] == [""] * 7
    assert "Payable by (name/address)" in pages_of(invoice_pdf(replace(IN_CHF, buyer=greek), EN))[0]


def test_a_foreign_payer_has_the_country_before_the_postal_code() -> None:
    assert made(replace(IN_CHF, buyer=FJORD)).payer[-1] == "SE-411 06 Göteborg"


EURO = invoice(1, currency="EUR", seller=replace(LAKE, bank=Bank(iban=IBAN, bic="POFICHBEXXX")))
NO_BILL = {
    "a Swedish account": invoice(1, currency="CHF", buyer=ALPINE),
    "another currency": invoice(1, currency="USD", seller=LAKE, buyer=ALPINE),
    "EUR from abroad": EURO,
    "nothing to pay": invoice([invoice_line(1, net=Money(0, "CHF"))], currency="CHF", seller=LAKE),
    "a seller in other letters": replace(IN_CHF, seller=replace(LAKE, name="Αλπική")),
}


@pytest.mark.parametrize("which", NO_BILL)
def test_there_is_no_bill_for(which: str) -> None:
    assert bill_of(NO_BILL[which]) is None


def test_euros_come_by_bill_from_switzerland_and_by_sepa_from_elsewhere() -> None:
    assert made(replace(EURO, buyer=ALPINE)).currency == "EUR"
    code = payment_code(EURO)
    assert code
    assert code.label == "pay_epc"


def test_no_sepa_transfer_goes_to_a_qr_iban() -> None:
    only = by_iban(EURO, QR_IBAN)
    assert payment_code(only) is None
    assert bill_of(only)


WORD = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=90).filter(
    str.strip
)


@given(name=WORD, street=WORD, city=WORD, minor=st.integers(1, 99_999_999_999))
def test_any_bill_has_31_lines_and_a_code(name: str, street: str, city: str, minor: int) -> None:
    place = Address(street=street, postal_code="8001", city=city, country="CH")
    buyer = replace(ALPINE, name=name, address=place)
    owed = Owed(seller=LAKE, buyer=buyer, amount=Money(minor, "CHF"), number="F-2026-0001")
    bill = swiss_bill(owed, "de")
    assert bill
    lines = bill.code.split("\r\n")
    assert len(lines) == 31
    longest = dict(zip(range(20, 27), (1, 70, 70, 16, 16, 35, 2), strict=True))
    assert all(len(lines[at]) <= most for at, most in longest.items())
    assert matrix(bill.code, 14)
