"""Plurals: the forms of words that numbers take, as CLDR has them for each language."""

from decimal import Decimal
from typing import get_args

import msgspec
import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from q2c.core.party import LanguageCode
from q2c.core.plural import Rule, Units, fits
from q2c.documents.language import how_often, language, unit
from q2c.documents.look import Look, Theme, frozen, look_bytes

CODES = st.sampled_from(get_args(LanguageCode))


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("0", "godzin"),
        ("1", "godzina"),
        ("1.00", "godzina"),
        ("2", "godziny"),
        ("5", "godzin"),
        ("12", "godzin"),
        ("22", "godziny"),
        ("112", "godzin"),
        ("1.5", "godziny"),
    ],
)
def test_polish_counts_hours_in_four_ways(number: str, word: str) -> None:
    """One, a few, many, and parts: the example words that CLDR gives for Polish."""
    assert unit(language("pl"), "hour", Decimal(number)) == word


def test_french_and_danish_say_the_half_of_one_as_they_say_one() -> None:
    half = Decimal("0.5")
    assert unit(language("fr"), "hour", half) == "heure"
    assert unit(language("fr"), "hour", Decimal(0)) == "heure"
    assert unit(language("da"), "hour", half) == "time"
    assert unit(language("da"), "hour", Decimal(0)) == "timer"
    assert unit(language("de"), "hour", half) == "Stunden"


def test_a_word_with_fewer_forms_keeps_the_last_for_the_rest() -> None:
    assert {unit(language("pl"), "pcs", Decimal(n)) for n in (1, 2, 5)} == {"szt."}
    assert Units({"hour": ("h",)}).of("hour", Decimal(2)) == "h"
    assert Units().of("pallet", Decimal(2)) == "pallet"


def test_what_recurs_counts_its_periods_too() -> None:
    assert how_often(language("pl"), "2 weeks")[0] == "Co 2 tygodnie"
    assert how_often(language("pl"), "5 weeks")[0] == "Co 5 tygodni"
    assert how_often(language("de"), "18 months") == ("Alle 18 Monate", "× 18 Mon.")


@given(CODES, st.decimals(0, 10**6, places=2) | st.integers(0, 10**6).map(Decimal))
def test_a_number_takes_the_form_that_babel_gives_it(code: str, number: Decimal) -> None:
    number = number.normalize()
    lang, form = language(code), Locale.parse(code).plural_form(number)
    rules = zip(("one", "few", "many"), lang.plural or ("n = 1",), strict=False)
    ours = next((name for name, rule in rules if fits(rule, number)), "other")
    # The million of French and Spanish, "un million de", is no number that a unit is counted in.
    assert ours == ("other" if form == "many" and code in {"fr", "es"} else form)


@pytest.mark.parametrize("code", get_args(LanguageCode))
def test_a_frozen_look_counts_as_the_language_did(code: str) -> None:
    look = frozen(Theme(), None, code)  # type: ignore[arg-type]  # it is one
    assert msgspec.json.decode(look_bytes(look), type=Look) == look


@given(CODES, st.decimals(-1000, 1000, places=2))
def test_less_than_nothing_is_counted_as_more_is(code: str, number: Decimal) -> None:
    assert unit(language(code), "day", number) == unit(language(code), "day", -number)


@pytest.mark.parametrize("rule", ["i = ", "x = 1", "i = 1; v = 0", "i % 0 = 1", "i = 1..", ""])
def test_what_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(rule, Rule)
