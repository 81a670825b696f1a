"""Entries: a fact balances in every currency, and in the company's own."""

from hypothesis import given
from hypothesis import strategies as st

from q2c.core.entry import Entry, Posting, balanced, balances
from tests.values import day


def sek(amount: int) -> Posting:
    return Posting(role="cash", amount=amount, currency="SEK")


def eur(amount: int, book: int | None) -> Posting:
    return Posting(role="receivable", amount=amount, currency="EUR", book=book)


def test_debits_equal_credits() -> None:
    assert balanced([sek(100), sek(-60), sek(-40)], "SEK")
    assert not balanced([sek(100), sek(-99)], "SEK")
    assert balanced([], "SEK")


def test_a_foreign_currency_balances_by_itself_and_at_home() -> None:
    assert balanced([eur(100, 1125), eur(-100, -1125)], "SEK")
    assert not balanced([eur(100, 1125), eur(-100, -1120)], "SEK")
    assert not balanced([eur(100, 1125), sek(-1125)], "SEK")


def test_a_foreign_posting_without_its_value_at_home_balances_nothing() -> None:
    assert not balanced([eur(100, None), eur(-100, None)], "SEK")
    assert balanced([eur(100, None), eur(-100, None)], "EUR")


def test_an_exchange_difference_is_nothing_in_the_foreign_currency() -> None:
    gain = Posting(role="exchange-gain", amount=0, currency="EUR", book=-5)
    assert balanced([eur(100, 1130), eur(-100, -1125), gain], "SEK")


def test_balances_are_told_by_role_and_currency() -> None:
    entry = Entry(
        id="a",
        kind="payment-received",
        date=day("2026-01-31"),
        period="2026-01",
        postings=(sek(100), sek(5), eur(-10, -113)),
    )
    assert balances([entry, entry]) == {("cash", "SEK"): 210, ("receivable", "EUR"): -20}


@given(st.lists(st.integers(-(10**15), 10**15)))
def test_one_posting_more_restores_the_balance(amounts: list[int]) -> None:
    rest = sek(-sum(amounts))
    assert balanced([*map(sek, amounts), rest], "SEK")
    assert not balanced([*map(sek, amounts), rest, sek(1)], "SEK")
