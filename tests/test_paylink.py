"""Payment links: what they are filled with, where they stand, and when a code leads there."""

from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.invoice import Invoice
from q2c.core.money import Money
from q2c.core.party import Address, Bank, Company
from q2c.documents.invoice import invoice_pdf
from q2c.documents.look import Theme, frozen
from q2c.documents.payment_codes import Code, Owed, pay_link, payment_code
from q2c.store.identifiers import company_number_faults
from tests.made import FJORD, SELLER, invoice
from tests.reading import scanned, text_of

LINK = "https://pay.nordlys.example/{number}?a={amount}&c={currency}&r={rf}&o={ocr}&k={customer}"
FILLED = (
    "https://pay.nordlys.example/F-2026-0001?a=22656.25&c=USD&r=RF3120260001&o=2026000105"
    "&k=fjord-foods"
)
EN = frozen(Theme(), None, "en")


def linked(link: str = LINK, currency: str = "USD", bank: Bank = SELLER.bank) -> Invoice:
    return invoice(1, currency=currency, seller=replace(SELLER, bank=replace(bank, pay_link=link)))


def test_a_link_is_filled_with_what_is_to_be_paid() -> None:
    assert payment_code(linked()) == Code("pay_link", FILLED)


def test_a_telephone_reads_the_link_where_no_other_code_applies(tmp_path: Path) -> None:
    assert scanned(invoice_pdf(linked(), EN), tmp_path) == FILLED


def test_where_there_is_swish_the_code_is_that_and_the_link_stands_beside_it() -> None:
    code = payment_code(linked(currency="SEK"))
    assert code
    assert code.label == "pay_swish"
    shown = text_of(invoice_pdf(linked(currency="SEK"), EN)).replace(" ", "")
    assert "https://pay.nordlys.example/F-2026-0001?a=22656.25&c=SEK" in shown


def test_the_link_leads_there() -> None:
    with pikepdf.open(BytesIO(invoice_pdf(linked(), EN))) as document:
        links = [str(mark.A.URI) for mark in document.pages[0].Annots]
    assert links
    assert set(links) == {FILLED}


@given(st.text(min_size=1, max_size=40), st.integers(1, 10**9))
def test_no_gap_can_lead_elsewhere(number: str, minor: int) -> None:
    seller = replace(SELLER, bank=Bank(pay_link=LINK))
    link = pay_link(Owed(seller=seller, buyer=FJORD, amount=Money(minor, "USD"), number=number))
    split = urlsplit(link)
    assert (split.scheme, split.netloc, split.fragment) == ("https", "pay.nordlys.example", "")
    assert set(parse_qs(split.query)) == {"a", "c", "k"}
    assert link.isascii()


def company(link: str) -> Company:
    place = Address(street="Storgatan 1", postal_code="111 23", city="Stockholm", country="SE")
    bank = Bank(pay_link=link)
    return Company(id="nordlys", name="Nordlys", address=place, bank=bank, currency="SEK")


@pytest.mark.parametrize(
    "link",
    [
        *("http://pay.example/{number}", "https://", "https://påy.example/", "javascript:alert(1)"),
        *("https://pay.example/{invoice}", "https://pay.example/{number!r}", "https://x.example/{"),
        *("https://pay.example/{number.__class__}", "https://pay.example/{amount:>99999}"),
        *("https://pay.example/a b", "https://{number}.example/", "https://pay.example/{}"),
    ],
)
def test_what_is_no_safe_template_is_refused_where_it_stands(link: str) -> None:
    assert [fault.code for fault in company_number_faults(company(link))] == ["bad-pay-link"]


def test_a_template_with_all_gaps_is_taken() -> None:
    assert not list(company_number_faults(company(LINK)))
