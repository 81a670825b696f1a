"""Numbers with check digits: published examples, then what a check digit is for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from q2c.core.identifier import (
    bankgiro,
    iban,
    luhn_digit,
    luhn_valid,
    ocr,
    plusgiro,
    rf,
    swedish_organisation,
    swish_payee,
)

DIGITS = st.text("0123456789", min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("base", "plain", "with_length"),
    [
        ("99", "992", "9944"),
        ("1001", "10017", "100164"),
        ("12345", "123455", "1234574"),
        ("1234567", "12345674", "123456790"),
        ("20260001", "202600011", "2026000105"),
        ("2026001042", "20260010424", "202600104220"),
        ("1234567890123", "12345678901237", "123456789012354"),
    ],
)
def test_a_payment_reference_has_its_check_digits(base: str, plain: str, with_length: str) -> None:
    """Bankgirot's OCR check: modulus 10, and a length digit before it."""
    assert ocr(base, length_digit=False) == plain
    assert ocr(base, length_digit=True) == with_length


def test_a_creditor_reference_is_that_of_iso_11649() -> None:
    assert rf("20260001") == "RF3120260001"
    assert rf("539007547034") == "RF18539007547034"


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("991-2346", True),
        ("5050-1055", True),
        ("991-2347", False),
        ("99-12346", False),
        ("", False),
    ],
)
def test_a_bankgiro_number_is_known_by_its_digits(number: str, valid: bool) -> None:  # noqa: FBT001 - a table
    assert bankgiro(number) is valid


def test_a_plusgiro_number_is_known_by_its_digits() -> None:
    assert plusgiro("90 20 03-3")
    assert not plusgiro("90 20 03-4")


def test_an_iban_is_known_by_its_digits() -> None:
    """ISO 13616; also with a letter of the wrong case or digits of another script."""
    assert iban("SE45 5000 0000 0583 9825 7466")
    assert not iban("SE45 5000 0000 0583 9825 7467")
    assert not iban("se45 5000 0000 0583 9825 7466")
    assert not iban("SE\u0664\u066550000000058398257466")


def test_an_organisation_number_is_known_by_its_digits() -> None:
    assert swedish_organisation("556677-8899")
    assert swedish_organisation("5566778899")
    assert not swedish_organisation("556677-8898")
    assert not swedish_organisation("556677 8899")


def test_a_swish_number_of_a_business_begins_with_123() -> None:
    assert swish_payee("123 456 78 90")
    assert not swish_payee("070 123 45 67")


@given(DIGITS, st.integers(0, 19), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(base: str, place: int, change: int) -> None:
    number = base + luhn_digit(base)
    spot = place % len(number)
    wrong = number[:spot] + str((int(number[spot]) + change) % 10) + number[spot + 1 :]
    assert luhn_valid(number)
    assert not luhn_valid(wrong)


@given(DIGITS)
def test_a_reference_tells_its_own_length(base: str) -> None:
    reference = ocr(base, length_digit=True)
    assert luhn_valid(reference)
    assert int(reference[-2]) == len(reference) % 10


@given(st.text("ABCXYZ0123456789", min_size=1, max_size=21))
def test_a_creditor_reference_leaves_one_when_divided_by_97(base: str) -> None:
    reference = rf(base)
    moved = reference[4:] + reference[:4]
    assert int("".join(str(int(character, 36)) for character in moved)) % 97 == 1
