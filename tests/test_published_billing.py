"""Figures that other billing systems publish: part periods, anchors, weeks; where they differ, why.

Their ends are exclusive (the 15th is the first day that is no longer served), ours are days of
service: what they write as 1 to 15 February is 1 to 14 February here.
"""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from msgspec.structs import replace

from q2c.core.billing import instalments
from q2c.core.catalog import Catalog, Product
from q2c.core.order import from_quote
from q2c.core.period import (
    Period,
    Proration,
    billing_periods,
    extent,
    interval,
    part_of,
)
from q2c.core.quote import DraftLine, Event, Priced, Shelf, offered, priced
from q2c.core.quote.rhythm import Running
from tests.drafts import draft
from tests.values import COMPANY, TODAY, VAT_RATES, customer, day, days, kr

# Kill Bill's own tests, TestProRation and TestDoubleProRation: from, to (exclusive), the bill cycle
# day as a day that periods begin on, and how many billing periods that is.
KILL_BILL = (
    ("month", "2011-02-10", "2011-02-24", "2011-02-10", "1/2"),
    ("month", "2011-02-03", "2011-02-17", "2011-02-03", "1/2"),
    ("month", "2011-02-01", "2011-02-15", "2011-02-01", "1/2"),
    ("month", "2011-02-20", "2011-03-06", "2011-02-20", "1/2"),
    ("month", "2011-02-01", "2011-02-14", "2011-02-01", "13/28"),
    ("month", "2012-02-01", "2012-02-15", "2012-02-01", "14/29"),
    ("month", "2011-02-07", "2011-02-15", "2011-02-07", "8/28"),
    ("month", "2011-02-07", "2011-03-10", "2011-02-07", "1 + 3/31"),
    ("month", "2011-02-14", "2011-03-27", "2011-02-27", "1 + 13/31"),
    ("month", "2011-03-10", "2011-05-15", "2011-03-15", "2 + 5/28"),
    ("month", "2011-03-07", "2011-05-15", "2011-03-15", "2 + 8/28"),
    ("month", "2011-01-31", "2011-03-10", "2011-02-07", "1 + 7/31 + 3/31"),
    ("month", "2010-12-15", "2011-03-17", "2010-12-15", "3 + 2/31"),
    ("month", "2010-12-15", "2011-02-15", "2010-12-15", "2"),
    ("month", "2012-02-15", "2012-04-15", "2012-02-15", "2"),
    ("month", "2012-01-30", "2012-03-30", "2012-01-30", "2"),
    ("month", "2011-01-01", "2011-02-27", "2011-01-15", "1 + 14/31 + 12/28"),
    ("quarter", "2011-01-01", "2011-04-27", "2011-01-15", "1 + 14/92 + 12/91"),
    ("year", "2011-01-01", "2012-01-27", "2011-01-15", "1 + 14/365 + 12/366"),
)


def sum_of(text: str) -> Fraction:
    return sum((Fraction(part) for part in text.split(" + ")), Fraction(0))


def until(first: str, after: str) -> Period:
    """Give the days from one to the day before another, as other systems write them."""
    return Period(day(first), day(after) - timedelta(1))


@pytest.mark.parametrize(("every", "first", "after", "anchor", "expected"), KILL_BILL)
def test_kill_bill_counts_billing_periods_like_that(
    every: str, first: str, after: str, anchor: str, expected: str
) -> None:
    """The tests of Kill Bill, invoice/proRations/inAdvance: monthly, quarterly, annual."""
    found = extent(until(first, after), interval(every), "anniversary", day(anchor))
    assert found == sum_of(expected)


@pytest.mark.parametrize(
    ("first", "after"),
    [
        ("2023-05-23", "2023-06-15"),
        ("2023-06-23", "2023-07-15"),
        ("2023-02-23", "2023-03-15"),
        ("2024-02-23", "2024-03-15"),
    ],
)
def test_kill_bill_with_thirty_fixed_days_counts_22_of_30(first: str, after: str) -> None:
    """The tests of Kill Bill, TestInvoiceDateUtilsWithFixedProration: 0.733333333 each time."""
    service = until(first, after)
    found = extent(service, interval("month"), "anniversary", day(after), "thirty")
    assert found == Fraction(22, 30)


@pytest.mark.parametrize(
    ("first", "last", "actual", "actual_360", "strict_360"),
    [
        ("2021-01-27", "2021-01-31", "5/31", "5/30", "4/30"),
        ("2021-02-27", "2021-02-28", "2/28", "2/30", "4/30"),
        ("2021-04-21", "2021-04-29", "9/30", "9/30", "9/30"),
    ],
)
def test_zuora_s_three_ways_to_count_a_part_of_a_month_have_their_policies(
    first: str, last: str, actual: str, actual_360: str, strict_360: str
) -> None:
    """Zuora, Prorating - 30 days or actual days: its table. A whole February is a month here."""
    month = next(billing_periods(days(first, last), interval("month"), "calendar"))
    policies: tuple[Proration, ...] = ("days", "days-of-thirty", "thirty")
    found = [part_of(month, days(first, last), policy) for policy in policies]
    assert found == [Fraction(actual), Fraction(actual_360), Fraction(strict_360)]


@pytest.mark.parametrize("policy", ["days", "thirty", "days-of-thirty", "month-parts", "none"])
def test_a_whole_february_is_a_whole_month_by_every_policy(policy: Proration) -> None:
    february = days("2020-02-01", "2020-02-29")
    assert part_of(february, february, policy) == 1


def test_silver_s_fractions_are_counted_month_by_month() -> None:
    """silverapp/silver#200: 25 January to 2 February are 7/31 + 2/28, not 9/31."""
    both = days("2015-01-01", "2015-02-28")
    found = part_of(both, days("2015-01-25", "2015-02-02"), "month-parts")
    assert found * 2 == Fraction(7, 31) + Fraction(2, 28)
    assert round(float(found * 2), 5) == 0.29724


@pytest.mark.parametrize(
    ("align", "anchor", "whole"),
    [
        ("calendar", None, days("2024-04-01", "2024-06-30")),
        ("anniversary", day("2024-01-15"), days("2024-04-15", "2024-07-14")),
    ],
)
def test_lago_divides_by_the_91_days_of_the_whole_quarter(
    align: str, anchor: date | None, whole: Period
) -> None:
    """getlago/lago-api#6194: begun on 20 May, the denominator is 91, and was 42 or 87."""
    service = Period(day("2024-05-20"), whole.last)
    (found,) = billing_periods(service, interval("quarter"), align, anchor)  # type: ignore[arg-type]
    assert (found, found.days) == (whole, 91)
    assert part_of(found, service) == Fraction(service.days, 91)


def quoted(
    price: str, first: str, last: str, anchor: str = "", **product: object
) -> tuple[Priced, list[Decimal]]:
    """Quote a product for some days, and give what each billing period of it comes to."""
    said = {"charge": "recurring", "every": "month", "price": {"SEK": Decimal(price)}, **product}
    seat = Product(id="seat", name="Seat", **said)  # type: ignore[arg-type]  # a product's fields
    shelf = Shelf(Catalog({"seat": seat}), {}, VAT_RATES)
    begun = day(anchor or first)
    ref = Running(ends=day(last), anchor=begun, align=seat.align)
    offer = replace(offered(COMPANY, customer(), shelf, TODAY), running={"O-1/1": ref})
    line = DraftLine(product="seat", starts=day(first), ends_with="O-1/1")
    quote = priced("Q-1", draft(line), offer)
    accepted = Event(kind="accepted", date=TODAY, version=1, by="Sara")
    order = from_quote(quote, accepted, "O-2", "C-1")
    return quote, [one.net.amount for one in instalments(order.lines[0])]


# Amounts that are published; each is quoted and billed, to the minor unit.
AMOUNTS = (
    # Stripe, Prorations: half of a month at 10 is given back, half at 20 is charged.
    ("stripe, half at 10", "10", "2026-06-16", "2026-06-30", "2026-06-01", "5.00"),
    ("stripe, half at 20", "20", "2026-06-16", "2026-06-30", "2026-06-01", "10.00"),
    # CoachRx on Stripe: 300 a month, begun on the 16th of a month of 30 days.
    ("stripe, from the 16th", "300", "2026-11-16", "2026-11-30", "2026-11-01", "150.00"),
    # Lago, Upgrades and downgrades: 100 a month to 14 January, 200 from then on.
    ("lago, 14 days at 100", "100", "2026-01-01", "2026-01-14", "2026-01-01", "45.16"),
    ("lago, 17 days at 200", "200", "2026-01-15", "2026-01-31", "2026-01-01", "109.68"),
    # Chargebee, Proration: 60 a month left after 20 of 30 days, 10 at 30.
    ("chargebee, 20 days at 60", "60", "2012-04-01", "2012-04-20", "2012-04-01", "40.00"),
    ("chargebee, 10 days at 30", "30", "2012-04-21", "2012-04-30", "2012-04-01", "10.00"),
    # Chargebee, Reducing quantity: three of 30 for 10 days, two for 20.
    ("chargebee, 3 for 10 days", "90", "2013-04-01", "2013-04-10", "2013-04-01", "30.00"),
    ("chargebee, 2 for 20 days", "60", "2013-04-11", "2013-04-30", "2013-04-01", "40.00"),
    # Chargebee, Pro-ration logic: from 30 to 100 in the middle of November.
    ("chargebee, credit", "30", "2021-11-16", "2021-11-30", "2021-11-01", "15.00"),
    ("chargebee, charge", "100", "2021-11-16", "2021-11-30", "2021-11-01", "50.00"),
    # Recurly, How is my MRR affected: 10 a month, added in the middle of June.
    ("recurly, half of June", "10", "2026-06-16", "2026-06-30", "2026-06-01", "5.00"),
    # Autumn, Proration: from 20 to 50 in the middle of a cycle, 15 more.
    ("autumn, the difference", "30", "2026-06-16", "2026-06-30", "2026-06-01", "15.00"),
    # mlytics, How is prorate calculated: 99 a month for 15 of 30 days.
    ("mlytics, 15 days at 99", "99", "2026-09-16", "2026-09-30", "2026-09-01", "49.50"),
    # Zuora, Usage charge proration: 31 for January, from the 15th on.
    ("zuora, 17 of 31", "31", "2023-01-15", "2023-01-31", "2023-01-01", "17.00"),
    # Zuora, Total amount with partial month: 14 days and a month at 100.
    ("zuora, actual days", "100", "2018-01-01", "2018-02-14", "2018-01-15", "145.16"),
    # Salesforce, Monthly proration: 28 March to 4 February by the 5th, 10.258065 x 90.
    ("salesforce, 8/31 + 10", "90", "2025-03-28", "2026-02-04", "2025-04-05", "923.23"),
)


@pytest.mark.parametrize(
    ("price", "first", "last", "anchor", "expected"),
    [case[1:] for case in AMOUNTS],
    ids=[case[0] for case in AMOUNTS],
)
def test_a_published_amount_is_quoted_and_billed(
    price: str, first: str, last: str, anchor: str, expected: str
) -> None:
    quote, bills = quoted(price, first, last, anchor)
    assert quote.net == kr(expected)
    assert sum(bills) == Decimal(expected)


def test_zuora_counts_30_days_a_month_as_146_67() -> None:
    """Zuora, Total amount with partial month: 100 x (1 + 14/30)."""
    quote, bills = quoted("100", "2018-01-01", "2018-02-14", "2018-01-15", proration="thirty")
    assert (quote.net, bills) == (kr("146.67"), [Decimal("46.67"), Decimal("100.00")])


def test_zuora_counts_a_part_of_a_week_by_sevenths() -> None:
    """Zuora, Partial week: Monday and Tuesday, then five weeks from Wednesday: 528.57."""
    quote, bills = quoted("100", "2018-01-01", "2018-02-06", "2018-01-03", every="week")
    assert (quote.net, bills[0]) == (kr("528.57"), Decimal("28.57"))


def test_baremetrics_gives_back_three_weeks_of_four() -> None:
    """Baremetrics, Proration charge fixes: 9 back of 12, and 18 of 24 for the rest."""
    assert quoted("12", "2026-06-08", "2026-06-28", "2026-06-01", every="4 weeks")[0].net == kr("9")
    assert quoted("24", "2026-06-08", "2026-06-28", "2026-06-01", every="4 weeks")[0].net == kr(
        "18"
    )


def test_salesforce_without_partial_periods_counts_eleven_whole_ones() -> None:
    """Salesforce, Monthly proration, partial periods not allowed: the part is rounded up to one."""
    quote, bills = quoted("90", "2025-03-28", "2026-02-04", "2025-04-05", proration="full")
    assert (quote.net, bills[0]) == (kr("990"), Decimal("90.00"))


def test_stripe_without_prorations_gives_the_days_to_the_anchor_for_nothing() -> None:
    """Stripe, Billing cycle: begun on 15 May with the anchor on 1 June, proration none."""
    quote, bills = quoted("20", "2026-05-15", "2026-07-31", "2026-06-01", proration="none")
    assert (quote.net, bills) == (kr("40"), [Decimal("0.00"), Decimal("20.00"), Decimal("20.00")])


@pytest.mark.parametrize(
    ("every", "price", "policy"), [("month", "3950", "days"), ("quarter", "11850", "month-parts")]
)
def test_erpnext_s_quarter_begins_seven_days_late(
    every: str, price: str, policy: Proration
) -> None:
    """frappe/erpnext#36953: 3 950 a month from 8 April to 30 June are 10 928.33."""
    more = {"every": every, "align": "calendar", "proration": policy}
    assert quoted(price, "2023-04-08", "2023-06-30", **more)[0].net == kr("10928.33")


def test_kill_bill_divides_by_31_where_the_31st_falls_on_the_28th() -> None:
    """TestProRation, ChangeBCDTo31: 14 days before 28 February are 14/31 there.

    It counts a month back from the 28th; here the period began on 31 January and has 28 days.
    """
    service = until("2011-02-14", "2011-02-28")
    assert extent(service, interval("month"), "anniversary", day("2011-01-31")) == Fraction(14, 28)


def test_chargebee_divides_one_day_of_january_by_28() -> None:
    """Chargebee, Proration calculation logic: 31 January of 649 is 23.18 there, 649 / 28.

    It takes the month that would begin on that day; here the day is one of January's 31.
    """
    quote, _ = quoted("649", "2023-01-31", "2023-01-31", align="calendar")
    assert quote.net == kr("20.94")


@pytest.mark.parametrize(
    ("price", "first", "last", "theirs", "ours"),
    [
        ("50", "2026-01-17", "2026-01-31", Decimal("1.61") * 15, "24.19"),  # UniBee
        ("10", "2026-09-16", "2026-09-30", Decimal("0.33") * 15, "5.00"),  # mlytics
    ],
)
def test_a_rate_for_a_day_is_never_rounded(
    price: str, first: str, last: str, theirs: Decimal, ours: str
) -> None:
    """UniBee and mlytics round the price of a day and lose öre; here only the amount is rounded."""
    assert theirs < Decimal(ours)
    assert quoted(price, first, last, f"{first[:8]}01")[0].net == kr(ours)


def test_every_month_costs_the_same_where_others_count_seconds() -> None:
    """Stripe and Chargebee count seconds, which the clocks move; days do not."""
    _, bills = quoted("99.99", "2026-01-01", "2028-12-31")
    assert bills == [Decimal("99.99")] * 36
