"""Languages: numbers, days and countries as babel writes them, and the same words in each."""

import re
from datetime import date
from decimal import Decimal
from typing import get_args

import pytest
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st

from q2c.commands.frame import SHARED
from q2c.core.money import Money
from q2c.core.party import Address, LanguageCode
from q2c.core.period import Period
from q2c.documents.language import (
    address,
    amount,
    country,
    day,
    language,
    long_day,
    money,
    number,
    percent,
    period,
    unit,
)
from q2c.documents.parts import bankgiro, in_fours, plusgiro
from q2c.resources import resource

CODES = get_args(LanguageCode)
LOCALES = {code: "en_GB" if code == "en" else code for code in CODES}
# How each language writes a day in tables, as CLDR has it for its "short" or "medium" form, but
# with the whole year.
DAY_FORMS = {
    "sv": "y-MM-dd",
    "en": "d MMM y",
    "de": "dd.MM.y",
    "fr": "dd/MM/y",
    "fi": "d.M.y",
    "nb": "dd.MM.y",
    "da": "dd.MM.y",
    "es": "dd/MM/y",
    "nl": "dd-MM-y",
    "pl": "dd.MM.y",
}
ANY_CODE = st.sampled_from(CODES)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def spaced(text: str) -> str:
    """Make every kind of space the same."""
    return re.sub(r"\s", " ", text)


def hyphened(text: str) -> str:
    """Write a minus sign as babel does where it is given a pattern."""
    return text.replace("\u2212", "-")


def test_there_is_a_file_for_each_language_that_a_customer_may_have() -> None:
    folder = resource("templates", "languages")
    assert {path.stem for path in folder.glob("*.toml")} == set(CODES)
    for code in CODES:
        assert language(code).code == code


@given(ANY_CODE, st.integers(-(10**15), 10**15))
def test_amounts_are_written_as_babel_writes_them(code: str, minor: int) -> None:
    told = format_decimal(Decimal(minor).scaleb(-2), "#,##0.00", locale=LOCALES[code])
    assert hyphened(amount(language(code), Money(minor, "SEK"))) == told


@given(ANY_CODE, st.decimals(-(10**9), 10**9, places=6))
def test_numbers_keep_all_their_decimals(code: str, value: Decimal) -> None:
    told = format_decimal(value, "#,##0.######", locale=LOCALES[code])
    assert hyphened(number(language(code), value)) == told


@given(ANY_CODE, DAYS)
def test_days_are_written_as_babel_writes_them(code: str, when: date) -> None:
    lang, locale = language(code), LOCALES[code]
    assert spaced(day(lang, when)) == spaced(format_date(when, DAY_FORMS[code], locale=locale))
    assert spaced(long_day(lang, when)) == spaced(format_date(when, "long", locale=locale))


@pytest.mark.parametrize("code", LOCALES)
def test_months_rates_and_countries_are_named_as_babel_names_them(code: str) -> None:
    lang, locale = language(code), Locale.parse(LOCALES[code])
    assert lang.formats.months == tuple(locale.months["format"]["wide"].values())
    assert lang.formats.months_short == tuple(locale.months["format"]["abbreviated"].values())
    assert lang.formats.minus == locale.number_symbols["latn"]["minusSign"]
    assert percent(lang, Decimal(25)) == format_percent(Decimal("0.25"), locale=locale)
    assert len(lang.countries) >= 249
    for iso, name in lang.countries.items():
        assert name == locale.territories[iso]


@pytest.mark.parametrize("currency", ["SEK", "EUR", "JPY", "KWD"])
@pytest.mark.parametrize("code", CODES)
def test_an_amount_has_the_decimals_of_its_currency(code: str, currency: str) -> None:
    """The currency stands where CLDR has it, by its code and with a space that does not break."""
    form = "¤¤\u00a0#,##0.00" if code in ("en", "nl") else "#,##0.00\u00a0¤¤"
    assert (Locale.parse(LOCALES[code]).currency_formats["standard"].pattern[0] == "¤") == (
        code in ("en", "nl")
    )
    told = format_currency(Money(1_234_567, currency).amount, currency, form, locale=LOCALES[code])
    assert money(language(code), Money(1_234_567, currency)) == told


@pytest.mark.parametrize("code", CODES)
def test_every_language_has_the_same_words_with_the_same_gaps(code: str) -> None:
    one, other = language(code), language("en")
    assert set(one.words) == set(other.words)
    assert set(one.every) == set(other.every)
    assert set(one.countries) == set(other.countries)
    for key, text in one.words.items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", other.words[key])), key


def test_numbers_and_prices_show_at_least_the_decimals_asked_for() -> None:
    sv = language("sv")
    assert number(sv, Decimal("40.00")) == "40"
    assert number(sv, Decimal(1450), 2) == "1\u00a0450,00"
    assert number(sv, Decimal("0.0125"), 2) == "0,0125"
    assert number(sv, Decimal("-1000.5")) == "\u22121\u00a0000,5"


def test_units_are_counted() -> None:
    sv, en = language("sv"), language("en")
    assert [unit(sv, "timme", Decimal(n)) for n in (1, 2)] == ["timme", "timmar"]
    assert [unit(en, "hour", Decimal(n)) for n in ("1.0", "0.5")] == ["hour", "hours"]
    assert unit(sv, "lastbil", Decimal(3)) == "lastbil"


def test_a_period_of_one_day_is_that_day() -> None:
    first = date(2026, 2, 10)
    assert period(language("sv"), Period(first, first)) == "2026-02-10"
    assert spaced(period(language("en"), Period(first, date(2026, 3, 1)))) == (
        "10 Feb 2026 – 1 Mar 2026"
    )


def test_an_address_names_the_country_only_from_abroad() -> None:
    place = Address(street="Rantakatu 5", postal_code="90100", city="Oulu", country="FI")
    assert address(language("en"), place, "FI") == ("Rantakatu 5", "90100 Oulu")
    assert address(language("sv"), place, "SE") == ("Rantakatu 5", "90100 Oulu", "Finland")
    assert country(language("sv"), "XX") == "XX"


def test_account_numbers_are_grouped_as_they_are_printed() -> None:
    assert [bankgiro(digits) for digits in ("9912346", "50501055", "991-2346", "")] == [
        "991-2346",
        "5050-1055",
        "991-2346",
        "",
    ]
    assert [plusgiro(digits) for digits in ("9020033", "902003-3", "28", "")] == [
        "90 20 03-3",
        "90 20 03-3",
        "2-8",
        "",
    ]
    assert in_fours("SE45 50000000058398257466") == "SE45 5000 0000 0583 9825 7466"


def test_what_is_sold_can_be_named_in_each_language() -> None:
    choices = next(metavar for name, _, metavar, _ in SHARED if name == "lang")
    assert set(choices.split("|")) == set(CODES)
