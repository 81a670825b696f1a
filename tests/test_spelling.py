"""Amounts in words: hand-worked cases of how a language counts its money."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.money import Money
from q2c.core.party import LanguageCode
from q2c.documents.invoice import invoice_pdf
from q2c.documents.language import language
from q2c.documents.look import Theme, frozen
from q2c.documents.spelling import in_words, spelled
from tests.made import invoice
from tests.reading import text_of

PL = language("pl")


@pytest.mark.parametrize(
    ("minor", "words"),
    [
        (100, "jeden złoty, zero groszy"),
        (205, "dwa złote, pięć groszy"),
        (502, "pięć złotych, dwa grosze"),
        (1201, "dwanaście złotych, jeden grosz"),
        (2222, "dwadzieścia dwa złote, dwadzieścia dwa grosze"),
        (11_200, "sto dwanaście złotych, zero groszy"),
        (123_456, "tysiąc dwieście trzydzieści cztery złote, pięćdziesiąt sześć groszy"),
        (100_000_000, "milion złotych, zero groszy"),
    ],
)
def test_polish_money_takes_the_form_that_its_number_asks_for(minor: int, words: str) -> None:
    """One złoty and grosz; złote and grosze of 2 to 4 but not 12 to 14; złotych and groszy."""
    assert in_words(PL, Money(minor, "PLN")) == words


@pytest.mark.parametrize(
    ("code", "money", "words"),
    [
        ("pl", Money(205, "SEK"), "dwa SEK 05/100"),
        ("sv", Money(2_150, "SEK"), "tjugoett SEK 50/100"),
        ("nb", Money(700, "EUR"), "syv EUR 00/100"),
        ("pl", Money(12, "JPY"), "dwanaście JPY"),
        ("es", Money(2_102, "EUR"), "veintiún euros con dos céntimos"),
    ],
)
def test_a_currency_without_words_is_written_as_on_a_cheque(
    code: str, money: Money, words: str
) -> None:
    assert in_words(language(code), money) == words


def test_a_polish_invoice_says_below_its_sum_what_is_to_be_paid() -> None:
    made = spelled(replace(invoice(), language="pl"), PL)
    assert made.in_words.endswith("/100")
    told = " ".join(text_of(invoice_pdf(made, frozen(Theme(), None, "pl"))).split())
    assert f"Słownie: {made.in_words}" in told
    assert spelled(invoice(), language("sv")).in_words == ""


@given(
    st.sampled_from(get_args(LanguageCode)),
    st.integers(0, 10**11),
    st.sampled_from("SEK EUR PLN JPY KWD".split()),
)
def test_every_amount_can_be_said_in_every_language(code: str, minor: int, currency: str) -> None:
    assert in_words(language(code), Money(minor, currency)).strip()
