"""Money: figures worked by hand first, then what holds for every amount."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from q2c.core.money import Money, added, allocate, decimals, exchange, grouped, rounded, total
from tests.values import eur, kr

AMOUNTS = st.integers(-(10**12), 10**12)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any)


@pytest.mark.parametrize(
    ("amount", "minor"),
    [("1.005", 101), ("-1.005", -101), ("0.004", 0), ("1851.5025", 185150), ("462.875", 46288)],
)
def test_halves_are_rounded_away_from_zero(amount: str, minor: int) -> None:
    assert Money.of(Decimal(amount), "SEK").minor == minor


@pytest.mark.parametrize(("currency", "places"), [("SEK", 2), ("JPY", 0), ("KWD", 3)])
def test_a_currency_has_the_decimals_of_iso_4217(currency: str, places: int) -> None:
    assert decimals(currency) == places
    assert Money.of(Decimal("1.5"), currency).amount == Decimal("1.5").quantize(
        Decimal(1).scaleb(-places), "ROUND_HALF_UP"
    )


def test_an_amount_is_written_with_thousands_apart() -> None:
    assert str(kr("-1234567.5")) == "-1 234 567.50 SEK"
    assert grouped(Decimal("0.00")) == "0.00"


@pytest.mark.parametrize(
    ("whole", "weights", "parts"),
    [
        ("120.00", (60, 50, 40), ("48.00", "40.00", "32.00")),
        ("100.00", (1, 1, 1), ("33.34", "33.33", "33.33")),
        ("10000.00", (6000, 3000, 2000), ("5454.55", "2727.27", "1818.18")),
        ("-100.00", (1, 1, 1), ("-33.34", "-33.33", "-33.33")),
        ("0.01", (0, 1, 1), ("0.00", "0.01", "0.00")),
    ],
    ids=["IFRS 15 relative prices", "thirds", "three parts", "mirrored", "a free part"],
)
def test_an_amount_is_split_without_losing_an_oere(
    whole: str, weights: tuple[int, ...], parts: tuple[str, ...]
) -> None:
    assert allocate(kr(whole), weights) == tuple(kr(part) for part in parts)


def test_an_amount_is_exchanged_at_a_stated_rate() -> None:
    assert exchange(eur("800.00"), Decimal("10.50"), "SEK") == kr("8400.00")
    assert exchange(eur("0.05"), Decimal("10.5"), "SEK") == kr("0.53")
    assert exchange(Money(1500, "JPY"), Decimal("0.0655"), "SEK") == kr("98.25")


def test_amounts_of_two_currencies_never_mix() -> None:
    with pytest.raises(AssertionError):
        kr("1") + eur("1")


@given(AMOUNTS, WEIGHTS)
def test_parts_add_up_to_the_whole(minor: int, weights: list[int]) -> None:
    whole = Money(minor, "SEK")
    assert total(allocate(whole, weights), "SEK") == whole


@given(AMOUNTS, WEIGHTS)
def test_no_part_is_a_whole_oere_from_its_exact_share(minor: int, weights: list[int]) -> None:
    for part, weight in zip(allocate(Money(minor, "SEK"), weights), weights, strict=True):
        assert abs(part.minor - Fraction(minor * weight, sum(weights))) < 1


@given(AMOUNTS, WEIGHTS)
def test_the_opposite_amount_splits_into_opposite_parts(minor: int, weights: list[int]) -> None:
    parts = allocate(Money(minor, "SEK"), weights)
    assert allocate(Money(-minor, "SEK"), weights) == tuple(-part for part in parts)


@given(AMOUNTS, st.integers(1, 10**6))
def test_rounding_is_off_by_half_a_unit_at_most(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    assert abs(rounded(numerator, denominator) - exact) <= Fraction(1, 2)
    assert rounded(-numerator, denominator) == -rounded(numerator, denominator)


def test_numbers_of_any_length_are_added_exactly() -> None:
    large, small = Decimal("1e20"), Decimal("1e-20")
    assert added([large, small, -large]) == small
    assert added(()) == 0
