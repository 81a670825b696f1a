"""Periods: the days that programs get wrong, then what holds for every day."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from q2c.core.period import (
    Alignment,
    Period,
    Proration,
    billing_periods,
    common,
    interval,
    month_of,
    months_after,
    part_of,
    read_month,
    read_months,
    term_of,
)
from tests.values import day, days

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
EVERY = st.sampled_from(["week", "3 weeks", "month", "5 months", "quarter", "year", "2 years"])
ADDING = st.sampled_from(["days", "thirty", "month-parts"])
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
    found = list(
        billing_periods(days("2026-01-31", "2026-04-29"), interval("month"), "anniversary")
    )
    assert [str(period.first) for period in found] == ["2026-01-31", "2026-02-28", "2026-03-31"]
    assert found[-1].last == day("2026-04-29")


def test_periods_by_calendar_reach_outside_the_service_at_its_ends() -> None:
    found = list(billing_periods(days("2026-02-16", "2026-08-15"), interval("quarter"), "calendar"))
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
    start: date, months: int, every: str, alignment: Alignment
) -> None:
    service = term_of(start, months)
    found = list(billing_periods(service, interval(every), alignment))
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


@pytest.mark.parametrize(
    ("start", "every", "firsts"),
    [
        ("2026-01-31", "month", "2026-02-28 2026-03-31 2026-04-30 2026-05-31"),
        ("2026-01-30", "month", "2026-02-28 2026-03-30 2026-04-30 2026-05-30"),
        ("2028-01-29", "month", "2028-02-29 2028-03-29 2028-04-29 2028-05-29"),
        ("2027-01-29", "month", "2027-02-28 2027-03-29 2027-04-29 2027-05-29"),
        ("2026-12-31", "2 months", "2027-02-28 2027-04-30 2027-06-30 2027-08-31"),
        ("2024-02-29", "year", "2025-02-28 2026-02-28 2027-02-28 2028-02-29"),
        ("2024-02-29", "2 years", "2026-02-28 2028-02-29 2030-02-28 2032-02-29"),
        ("2026-11-30", "quarter", "2027-02-28 2027-05-30 2027-08-30 2027-11-30"),
    ],
)
def test_an_anchor_on_the_last_days_of_a_month_returns_to_itself(
    start: str, every: str, firsts: str
) -> None:
    service = term_of(day(start), 240)
    found = [str(one.first) for one in billing_periods(service, interval(every), "anniversary")]
    assert found[:5] == [start, *firsts.split()]


@pytest.mark.parametrize(
    ("every", "align", "expected"),
    [
        ("week", "calendar", "2026-11-09 2026-11-16 2026-11-23"),  # Mondays
        ("2 weeks", "anniversary", "2026-11-11 2026-11-25 2026-12-09"),
        ("2 months", "calendar", "2026-11-01 2027-01-01 2027-03-01"),
        ("5 months", "calendar", "2026-11-01 2027-04-01 2027-09-01"),
        ("2 years", "calendar", "2026-01-01 2028-01-01 2030-01-01"),
    ],
)
def test_weeks_turn_on_mondays_and_months_are_counted_from_january(
    every: str, align: Alignment, expected: str
) -> None:
    service = term_of(day("2026-11-11"), 60)
    found = [str(one.first) for one in billing_periods(service, interval(every), align)]
    assert found[:3] == expected.split()


@pytest.mark.parametrize("anchor", ["2025-01-31", "2026-03-31", "2031-12-31"])
def test_periods_are_counted_from_an_anchor_before_or_after_the_service(anchor: str) -> None:
    service = days("2026-02-10", "2026-04-05")
    found = [*billing_periods(service, interval("month"), "anniversary", day(anchor))]
    expected = ["2026-01-31 to 2026-02-27", "2026-02-28 to 2026-03-30", "2026-03-31 to 2026-04-29"]
    assert [str(one) for one in found] == expected


@pytest.mark.parametrize(
    ("whole", "service", "policy", "expected"),
    [
        ("2026-11-01 2026-11-30", "2026-11-16 2026-11-30", "days", Fraction(15, 30)),
        ("2026-10-01 2026-10-31", "2026-10-17 2026-10-31", "days", Fraction(15, 31)),
        ("2026-10-01 2026-10-31", "2026-10-17 2026-10-31", "thirty", Fraction(14, 30)),
        ("2026-10-01 2026-10-31", "2026-10-31 2026-10-31", "thirty", Fraction(0)),
        ("2027-02-01 2027-02-28", "2027-02-15 2027-02-28", "thirty", Fraction(16, 30)),
        ("2026-10-01 2026-12-31", "2026-10-17 2026-12-31", "days", Fraction(76, 92)),
        ("2026-10-01 2026-12-31", "2026-10-17 2026-12-31", "thirty", Fraction(74, 90)),
        ("2026-10-01 2026-12-31", "2026-10-17 2026-12-31", "month-parts", Fraction(77, 93)),
        ("2026-10-01 2026-10-31", "2026-10-31 2026-11-05", "full", Fraction(1)),
        ("2026-10-01 2026-10-31", "2026-11-01 2026-11-05", "full", Fraction(0)),
        ("2026-10-01 2026-10-31", "2026-10-02 2026-10-31", "none", Fraction(0)),
        ("2026-10-01 2026-10-31", "2026-09-02 2026-10-31", "none", Fraction(1)),
    ],
)
def test_a_part_of_a_period_costs_what_its_policy_makes_it(
    whole: str, service: str, policy: Proration, expected: Fraction
) -> None:
    assert part_of(days(*whole.split()), days(*service.split()), policy) == expected


@given(DAYS, EVERY, ALIGNED, st.sets(st.integers(1, 800)), ADDING)
def test_the_parts_of_any_cut_of_a_period_add_up_to_the_whole(
    start: date, every: str, alignment: Alignment, cuts: set[int], policy: Proration
) -> None:
    service = Period(start, start)
    whole = next(billing_periods(service, interval(every), alignment))
    inner = {whole.first + timedelta(cut) for cut in cuts if cut < whole.days}
    turns = sorted({whole.first, *inner, whole.last + timedelta(1)})
    parts = [Period(one, other - timedelta(1)) for one, other in pairwise(turns)]
    assert sum(part_of(whole, part, policy) for part in parts) == 1


@given(DAYS, DAYS, EVERY, ALIGNED)
def test_an_anchor_divides_a_service_as_its_own_periods_do(
    anchor: date, start: date, every: str, alignment: Alignment
) -> None:
    service = Period(start, start + timedelta(100))
    found = list(billing_periods(service, interval(every), alignment, anchor))
    assert start in found[0]
    assert service.last in found[-1]


@pytest.mark.parametrize(
    ("every", "months"),
    [("52 weeks", 12), ("13 weeks", 3), ("week", Fraction(12, 52)), ("2 years", 24)],
)
def test_weeks_are_measured_by_the_month_as_52_to_the_year(every: str, months: Fraction) -> None:
    assert interval(every).in_months == months
