"""Parties: what documents copy of the seller and of a customer."""

from msgspec.structs import replace

from q2c.core.party import (
    Address,
    Contact,
    Terms,
    account_faults,
    buyer_of,
    compact,
    seller_of,
    spoken,
)
from tests.values import COMPANY, customer

ELSEWHERE = Address(street="Box 7", postal_code="100 05", city="Stockholm", country="SE")
IDA = Contact(name="Ida Berg", email="ida@fjord.example", roles=("orders",))
PAY = Contact(name="Ekonomi", email="faktura@fjord.example", roles=("billing",))


def test_a_text_is_given_in_the_language_or_else_in_english() -> None:
    said = {"sv": "Rådgivning", "en": "Advisory"}
    assert spoken(said, "sv") == "Rådgivning"  # type: ignore[arg-type]  # its keys are languages
    assert spoken(said, "de") == "Advisory"  # type: ignore[arg-type]
    assert spoken({"sv": "Timme"}, "en") == "Timme"
    assert spoken("Support", "sv") == "Support"


def test_a_vat_number_is_copied_in_capitals_without_spaces_dots_and_dashes() -> None:
    assert compact("SE 5566 7788-99.01") == "SE556677889901"
    assert buyer_of(customer("FI", "fi 2077474-0")).vat_id == "FI20774740"
    assert seller_of(COMPANY).vat_id == "SE556677889901"


def test_an_invoice_goes_to_the_invoice_address_and_the_billing_contact() -> None:
    buyer = replace(customer(), contacts=(IDA, PAY), invoice_address=ELSEWHERE)
    assert (buyer_of(buyer).address.street, buyer_of(buyer).reference) == ("Hamnen 3", "Ida Berg")
    billed = buyer_of(buyer, invoice=True)
    assert (billed.address, billed.email) == (ELSEWHERE, "faktura@fjord.example")


def test_a_customers_own_reference_comes_before_any_contact() -> None:
    buyer = replace(customer(), contacts=(IDA,), reference="Kst 411")
    assert buyer_of(buyer).reference == "Kst 411"


def test_a_seller_sits_where_its_address_is_unless_it_says_otherwise() -> None:
    assert seller_of(COMPANY).seat == "Stockholm"
    assert seller_of(replace(COMPANY, seat="Uppsala")).seat == "Uppsala"


def test_a_role_has_the_account_of_its_vat_rate_where_there_is_one() -> None:
    assert COMPANY.account("output-vat", "25") == "2611"
    assert COMPANY.account("output-vat", "7") == "2610"
    assert COMPANY.account("receivable") == "1510"
    assert replace(COMPANY, accounts={"receivable": "1511"}).account("receivable") == "1511"


def test_an_account_of_no_posting_role_is_told() -> None:
    known = replace(COMPANY, accounts={"output-vat-5.5": "2641", "cash": "1940"})
    assert [*account_faults(known)] == []
    (fault,) = account_faults(replace(COMPANY, accounts={"recievable": "1511"}))
    assert (fault.code, fault.remedy) == ("unknown-role", "Did you mean 'receivable'?")


def test_terms_are_thirty_days_and_eight_points_unless_agreed_otherwise() -> None:
    assert Terms().due_days == 30
    assert Terms().late_interest_points == 8
