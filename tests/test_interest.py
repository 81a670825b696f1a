"""Late interest: worked cases of räntelagen, and what half-years and payments do to it."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.claim import DuePart
from q2c.core.entry import Entry, Posting
from q2c.core.money import Money, total
from q2c.core.receivable import (
    Dues,
    Late,
    OpenItem,
    ReferenceRate,
    interest_on,
    late_of,
    open_items,
    reference_faults,
)

EIGHT = Decimal(8)


def rate(day: str, per_cent: str) -> ReferenceRate:
    of = date.fromisoformat(day)
    return ReferenceRate(valid_from=of, rate=Decimal(per_cent), published_by="Riksbanken")


# Reference rates that Riksbanken set (räntelagen 9 §).
RATES = [
    *(rate("2019-01-01", "-0.5"), rate("2019-07-01", "0")),
    *(rate("2022-07-01", "0.5"), rate("2023-01-01", "2.5"), rate("2023-07-01", "3.5")),
    *(rate("2024-01-01", "4"), rate("2024-07-01", "4"), rate("2025-01-01", "3")),
]


def issued(amount: int, due: date) -> tuple[Entry, Dues]:
    """Make an invoice of so many öre, issued a month before it is due."""
    owed = Posting(role="receivable", amount=amount, currency="SEK", item="F-1")
    sold = Posting(role="revenue", amount=-amount, currency="SEK")
    day = due - timedelta(days=30)
    entry = Entry(
        id="i", kind="invoice-issued", date=day, period="", number="F-1", postings=(owed, sold)
    )
    return entry, Dues(due_on=due)


def moved(kind: str, amount: int, day: date) -> Entry:
    """Make an entry that takes so many öre off the invoice."""
    less = Posting(role="receivable", amount=-amount, currency="SEK", item="F-1")
    cash = Posting(role="cash", amount=amount, currency="SEK")
    return Entry(id=f"{kind}{day}", kind=kind, date=day, period="", postings=(cash, less))  # type: ignore[arg-type]  # one of two kinds


def late(entries: list[Entry], dues: Dues, through: date) -> list[Late]:
    item: OpenItem = open_items(entries)["F-1"]
    return late_of(item, dues, entries, through)


def sum_of(parts: list[Late], points: Decimal = EIGHT) -> Decimal:
    found = interest_on(parts, points, RATES)
    assert found is not None
    return total((one.interest for one in found), "SEK").amount


@pytest.mark.parametrize(
    ("owed", "due", "paid", "interest"),
    [
        (5_000_000, date(2024, 5, 31), date(2025, 2, 10), "4135.62"),
        (10_000_000, date(2022, 11, 30), date(2023, 8, 15), "7378.09"),
        (2_500_000, date(2019, 5, 31), date(2019, 8, 30), "488.36"),
    ],
)
def test_interest_is_split_by_half_years_and_rounded_in_each(
    owed: int, due: date, paid: date, interest: str
) -> None:
    """Worked by hand from the rates of Riksbanken: 214 days at 12 % and 41 at 11 %, and so on."""
    entry, dues = issued(owed, due)
    assert sum_of(late([entry], dues, paid)) == Decimal(interest)


def test_interest_begins_on_the_day_after_the_due_date() -> None:
    """räntelagen 3 §."""
    entry, dues = issued(36_500_00, date(2024, 5, 31))
    assert late([entry], dues, date(2024, 5, 31)) == []
    assert sum_of(late([entry], dues, date(2024, 6, 1))) == Decimal("12.00")


def test_a_payment_in_part_counts_from_the_day_after_it() -> None:
    entry, dues = issued(100_000, date(2024, 5, 31))
    paid = moved("payment-received", 40_000, date(2024, 6, 10))
    first, second = late([entry, paid], dues, date(2024, 6, 30))
    assert (first.last, first.amount.minor) == (date(2024, 6, 10), 100_000)
    assert (second.first, second.amount.minor) == (date(2024, 6, 11), 60_000)


def test_what_was_credited_counts_as_never_owed() -> None:
    entry, dues = issued(100_000, date(2024, 5, 31))
    note = moved("credit-note-issued", 40_000, date(2024, 7, 1))
    (only,) = late([entry, note], dues, date(2024, 7, 31))
    assert only == Late(date(2024, 6, 1), date(2024, 7, 31), Money(60_000, "SEK"))


def test_each_instalment_is_late_from_its_own_day() -> None:
    entry, dues = issued(100_000, date(2024, 5, 31))
    halves = tuple(
        DuePart(due_on=day, amount=Money(50_000, "SEK"))
        for day in (date(2024, 5, 31), date(2024, 6, 30))
    )
    found = late([entry], replace(dues, instalments=halves), date(2024, 7, 31))
    assert [one.amount.minor for one in found] == [50_000, 100_000]


def test_without_the_rate_of_a_half_year_there_is_no_figure() -> None:
    entry, dues = issued(100_000, date(2025, 5, 31))
    assert interest_on(late([entry], dues, date(2025, 7, 1)), EIGHT, RATES) is None


def test_rates_begin_with_half_years_and_are_told_once() -> None:
    rows = [rate("2026-02-01", "2"), rate("2026-01-01", "2"), rate("2026-01-01", "2.5")]
    rows.append(rate("2026-07-01", "200"))
    codes = [fault.code for fault in reference_faults(rows)]
    assert codes == ["bad-period", "rates-overlap", "bad-rate"]


@given(
    owed=st.integers(1, 10**9),
    due=st.dates(date(2022, 7, 1), date(2025, 4, 30)),
    paid=st.lists(st.tuples(st.integers(1, 10**8), st.integers(0, 200)), max_size=3),
)
def test_stretches_follow_each_other_and_what_is_late_only_falls(
    owed: int, due: date, paid: list[tuple[int, int]]
) -> None:
    entry, dues = issued(owed, due)
    came = [moved("payment-received", sum_, due + timedelta(days=at)) for sum_, at in paid]
    found = late([entry, *came], dues, date(2025, 6, 30))
    for before, after in pairwise(found):
        assert after.first == before.last + timedelta(days=1)
        assert after.amount.minor <= before.amount.minor
    if found:
        assert found[0].first == due + timedelta(days=1)
        assert found[-1].amount.minor <= owed
