"""Periods: the days that programs get wrong, then what holds for every day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from q2c.core.period import (
    Alignment,
    Period,
    billing_periods,
    common,
    month_of,
    months_after,
    read_month,
    read_months,
    term_of,
)
from tests.values import day, days

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
EVERY = st.sampled_from([1, 3, 6, 12])
ALIGNED = st.sampled_from(["calendar", "anniversary"])


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        (1, "2026-02-28"),
        (2, "2026-03-31"),
        (3, "2026-04-30"),
        (25, "2028-02-29"),
        (-2, "2025-11-30"),
    ],
)
def test_the_last_of_january_never_drifts(months: int, expected: str) -> None:
    assert months_after(day("2026-01-31"), months) == day(expected)


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        ("2026-12-01", 12, "2027-11-30"),
        ("2024-02-29", 12, "2025-02-27"),
        ("2028-02-29", 48, "2032-02-28"),
        ("2026-01-31", 1, "2026-02-27"),
    ],
)
def test_a_term_ends_on_the_day_before_its_anniversary(start: str, months: int, last: str) -> None:
    assert term_of(day(start), months) == days(start, last)


def test_periods_by_anniversary_keep_their_anchor_day() -> None:
    found = list(billing_periods(days("2026-01-31", "2026-04-29"), 1, "anniversary"))
    assert [str(period.first) for period in found] == ["2026-01-31", "2026-02-28", "2026-03-31"]
    assert found[-1].last == day("2026-04-29")


def test_periods_by_calendar_reach_outside_the_service_at_its_ends() -> None:
    found = list(billing_periods(days("2026-02-16", "2026-08-15"), 3, "calendar"))
    assert found == [
        days("2026-01-01", "2026-03-31"),
        days("2026-04-01", "2026-06-30"),
        days("2026-07-01", "2026-09-30"),
    ]


@pytest.mark.parametrize(
    ("text", "months"),
    [("12 months", 12), ("1 month", 1), ("12m", 12), ("2 years", 24), ("1y", 12)],
)
def test_a_length_is_read_in_months(text: str, months: int) -> None:
    assert read_months(text) == months


@pytest.mark.parametrize("text", ["0 months", "m", "1.5 years", "-1m", "12  months", "١٢ months"])
def test_what_is_no_length_is_nothing(text: str) -> None:
    assert read_months(text) is None


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-1", "0000-01", "9999-12", "2026-02-01", "२०२६-०१"]
)
def test_what_is_no_month_is_nothing(text: str) -> None:
    assert read_month(text) is None


def test_a_month_is_read_with_its_days() -> None:
    assert read_month("2028-02") == days("2028-02-01", "2028-02-29")


def test_both_ends_are_days_of_a_period() -> None:
    assert days("2026-01-16", "2027-01-15").days == 365
    assert day("2026-01-31") in days("2026-01-31", "2026-01-31")
    assert common(days("2026-01-01", "2026-01-31"), days("2026-01-31", "2026-02-10")) == 1
    assert common(days("2026-01-01", "2026-01-31"), days("2026-02-01", "2026-02-10")) == 0


@given(DAYS, st.integers(1, 48), EVERY, ALIGNED)
def test_billing_periods_cover_a_service_without_gap_or_overlap(
    start: date, months: int, every: int, alignment: Alignment
) -> None:
    service = term_of(start, months)
    found = list(billing_periods(service, every, alignment))
    assert found[0].first <= service.first
    assert found[-1].last >= service.last
    assert all(one.last + timedelta(1) == other.first for one, other in pairwise(found))
    assert sum(common(period, service) for period in found) == service.days


@given(DAYS, st.integers(0, 600))
def test_a_day_months_later_lies_in_that_month(start: date, months: int) -> None:
    later = months_after(start, months)
    assert (later.year - start.year) * 12 + later.month - start.month == months
    assert later.day == min(start.day, month_of(later).last.day)


@given(DAYS, DAYS, DAYS, DAYS)
def test_common_days_are_those_that_lie_in_both(a: date, b: date, c: date, d: date) -> None:
    one, other = Period(min(a, b), max(a, b)), Period(min(c, d), max(c, d))
    assert common(one, other) == common(other, one) <= min(one.days, other.days)
