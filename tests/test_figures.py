"""Figures of a quote: recurring values by stretch and year, what falls due, discount and margin."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.catalog import Catalog, Product
from q2c.core.fault import Invalid
from q2c.core.money import Money, total
from q2c.core.period import Period, months_after
from q2c.core.quote import (
    Discount,
    DraftLine,
    Offer,
    Payment,
    Priced,
    Segment,
    Shelf,
    contract_years,
    dues,
    inner_lines,
    inner_of,
    offered,
    priced,
    stretches,
)
from q2c.core.quote.figures import due_parts
from q2c.core.quote.portions import elapsed, portion
from tests.drafts import draft
from tests.values import COMPANY, TODAY, VAT_RATES, customer, day, days, kr

SEAT = Product(
    id="seat",
    name="Seat",
    charge="recurring",
    every="month",
    price={"SEK": Decimal(100)},
    cost={"SEK": Decimal(40)},
    floor={"SEK": Decimal(90)},
)
TOOL = Product(id="tool", name="Tool", price={"SEK": Decimal(500)})


def offer() -> Offer:
    catalog = Catalog({"seat": SEAT, "tool": TOOL})
    return offered(COMPANY, customer(), Shelf(catalog, {}, VAT_RATES), TODAY)


def quoted(*lines: DraftLine, **more: object) -> Priced:
    return priced("Q-1", draft(*lines, **more), offer())


def seats(quantity: str = "1", **more: object) -> DraftLine:
    said: dict[str, object] = {"product": "seat", "quantity": Decimal(quantity)}
    return DraftLine(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields


RAMP = (
    Segment(first=day("2026-03-01"), quantity=Decimal(10)),
    Segment(first=day("2026-09-01"), quantity=Decimal(25)),
)


def test_a_ramp_has_a_stretch_for_each_segment_and_years_across_them() -> None:
    """10 and then 25 seats: 1 000 and 2 500 a month; 21 000 and 30 000 in the contract years."""
    quote = quoted(seats(ramp=RAMP, term="24 months"), DraftLine(product="tool"))
    found = stretches(quote.lines, "SEK")
    assert [(one.days, one.monthly, one.yearly, one.net) for one in found] == [
        (days("2026-03-01", "2026-08-31"), kr("1000"), kr("12000"), kr("6000")),
        (days("2026-09-01", "2028-02-29"), kr("2500"), kr("30000"), kr("45000")),
    ]
    assert contract_years(quote.lines, "SEK") == [
        (days("2026-03-01", "2027-02-28"), kr("21000")),
        (days("2027-03-01", "2028-02-29"), kr("30000")),
    ]


def test_a_line_that_begins_within_a_month_cuts_it_by_its_days() -> None:
    """1 month and 14 of 30 days, then 10 months and a half at 200: 146.67 and 3 153.33."""
    quote = quoted(seats(), seats("2", starts=day("2026-04-15"), term="12 months"))
    found = stretches(quote.lines, "SEK")
    assert [one.days.first for one in found] == [
        *(day("2026-03-01"), day("2026-04-15"), day("2027-03-01")),
    ]
    assert [one.net for one in found] == [kr("146.67"), kr("3153.33"), kr("300")]
    assert total((one.net for one in found), "SEK") == kr("3600")


def test_what_does_not_recur_has_no_recurring_value() -> None:
    quote = quoted(DraftLine(product="tool"))
    assert (stretches(quote.lines, "SEK"), contract_years(quote.lines, "SEK")) == ([], [])


def test_what_does_not_count_has_no_recurring_value() -> None:
    quote = quoted(DraftLine(product="tool"), seats(optional=True))
    assert stretches(quote.lines, "SEK") == []


DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@given(DAYS, st.integers(1, 60), st.lists(st.integers(0, 2000), max_size=6))
def test_portions_of_a_service_add_up_to_all_of_it(
    first: date, months: int, cuts: list[int]
) -> None:
    service = Period(first, months_after(first, months) - timedelta(days=1))
    length = (service.last - service.first).days + 1
    ends = sorted({0, length, *(cut % (length + 1) for cut in cuts)})
    parts = [
        portion(service, Period(first + timedelta(start), first + timedelta(end - 1)))
        for start, end in pairwise(ends)
    ]
    assert sum(parts, Fraction(0)) == 1
    assert all(part > 0 for part in parts)
    assert elapsed(service, service.last) == months


def pay(percent: str | None = None, amount: str | None = None, **more: object) -> Payment:
    figures = {"percent": percent, "amount": amount}
    said = {name: Decimal(figure) for name, figure in figures.items() if figure}
    return Payment(**{"on": "acceptance", **said, **more})  # type: ignore[arg-type]  # as its fields


@pytest.mark.parametrize(
    ("whole", "parts", "amounts"),
    [
        ("99.99", (pay("30"), pay("30"), pay("40")), ("30.00", "30.00", "39.99")),
        ("100.01", (pay("33.33"), pay("33.33"), pay("33.34")), ("33.33", "33.33", "33.35")),
        ("99.99", (pay("30"), pay("30"), pay()), ("30.00", "30.00", "39.99")),
        ("1000", (pay("25"), pay(amount="100"), pay()), ("250.00", "100.00", "650.00")),
        ("0.01", (pay("50"), pay("50")), ("0.01", "0.00")),
    ],
)
def test_payments_are_rounded_so_that_nothing_is_left(
    whole: str, parts: tuple[Payment, ...], amounts: tuple[str, ...]
) -> None:
    assert [str(one.amount.amount) for one in due_parts(parts, kr(whole))] == [*amounts]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((pay("50"), pay("40")), "The payments come to"),
        ((pay("50", "10"), pay()), "per cent of the total, or an amount"),
        ((pay(), pay()), "Only one payment can be the rest"),
        ((pay("110"), pay()), "more than the quote"),
        ((pay("-10"), pay()), "not below 0"),
        ((pay(amount="-10"), pay()), "not below 0"),
        ((pay(on=None),), "falls due on a date"),
        ((pay(date=day("2026-04-01")),), "falls due on a date"),
    ],
)
def test_payments_that_do_not_add_up_are_refused(parts: tuple[Payment, ...], words: str) -> None:
    with pytest.raises(Invalid, match=words) as told:
        quoted(DraftLine(product="tool"), payments=parts)
    assert {fault.code for fault in told.value.faults} == {"payment-parts"}


@given(
    st.integers(0, 10**9),
    st.lists(st.integers(1, 10**6), min_size=1, max_size=9),
    st.sampled_from(["SEK", "JPY", "BHD"]),
)
def test_percentages_that_make_a_hundred_are_paid_to_the_last_minor_unit(
    minor: int, weights: list[int], currency: str
) -> None:
    whole = sum(weights)
    some = [Decimal(100 * weight // whole) for weight in weights]
    some[0] += 100 - sum(some)
    found = due_parts([Payment(percent=one) for one in some], Money(minor, currency))
    assert total((one.amount for one in found), currency) == Money(minor, currency)


def test_the_seller_sees_discount_cost_and_margin_of_every_line() -> None:
    """12 × 100 less 20 % is 960, at a cost of 480 and under the floor of 1 080."""
    quote = quoted(seats(discounts=(Discount(percent=Decimal(20)),)))
    (inner,) = inner_lines(quote).values()
    assert (inner.listed, inner.net, inner.cost, inner.margin) == (
        *(kr("1200"), kr("960"), kr("480"), kr("480")),
    )
    assert (str(inner.discount_percent), str(inner.margin_percent)) == ("20.0", "50.0")
    assert inner.below_floor
    assert inner_of(quote) == replace(inner, floor=None)


def test_where_a_cost_is_not_known_there_is_no_margin() -> None:
    inner = inner_of(quoted(seats(), DraftLine(product="tool")))
    assert (inner.cost, inner.margin, inner.margin_percent) == (None, None, None)
    assert inner.discount_percent == 0


def test_dues_of_a_quote_are_of_its_total_with_vat() -> None:
    quote = quoted(DraftLine(product="tool"), payments=(pay("40"), pay(on="delivery", days=10)))
    assert [(one.amount, one.on, one.days) for one in dues(quote)] == [
        (kr("250"), "acceptance", 0),
        (kr("375"), "delivery", 10),
    ]
