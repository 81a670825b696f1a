"""Hours on account: prices by role and day, rounding and caps, worked by hand and then as laws."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.catalog.working import Rounding
from q2c.core.invoice import InvoiceLine
from q2c.core.order import Delivery, OrderLine
from q2c.core.quote.inclusive import working_without
from q2c.core.quote.working import Working
from q2c.core.subscription import Change
from q2c.core.usage.hours import rounded, worth_of
from tests.firm import Firm
from tests.values import day, flat_rate, hourly, kr, order

RATES = {"senior": Decimal(1450), "junior": Decimal(900), "maja": Decimal(1600)}
QUARTERS = Rounding(step=Decimal("0.25"), how="up", per="entry")


def work(hours: str, on: str = "2026-03-02", role: str = "", **more: Any) -> Delivery:  # noqa: ANN401 - any field
    who = {"person": "Mia", "staff": "mia"} | more
    return Delivery(date=day(on), line="1", quantity=Decimal(hours), role=role, **who)


def line(working: Working, **more: object) -> OrderLine:
    return hourly("40", "1000", working=working, **more)


def billed(firm_line: OrderLine, *runs: Sequence[Delivery]) -> list[InvoiceLine]:
    """Bill the line after each run of deliveries; give all lines of all invoices."""
    firm = Firm(order(firm_line))
    for run in runs:
        firm.deliveries["O-2026-0001"] += run
        firm.bill("2026-12-31")
    return [ln for invoice in firm.invoices.values() for ln in invoice.lines]


def told(lines: Sequence[InvoiceLine]) -> list[tuple[str, str, str]]:
    return [(ln.text, f"{ln.quantity:f}", str(ln.net.amount)) for ln in lines]


def test_each_hour_is_billed_at_the_price_of_its_person_else_its_role_else_the_line() -> None:
    hours = [
        work("4", role="senior"),
        work("2", role="junior"),
        work("1", role="senior", staff="maja"),
        work("3"),
    ]
    lines = billed(line(Working(rates=RATES)), hours)
    assert told(lines) == [
        ("senior", "4", "5800.00"),
        ("junior", "2", "1800.00"),
        ("maja", "1", "1600.00"),
        ("", "3", "3000.00"),
    ]
    assert [ln.unit_price for ln in lines] == [1450, 900, 1600, 1000]


def test_hours_that_are_taken_back_hold_up_no_hours_of_another_price() -> None:
    first, back = [work("10", role="senior")], work("-2", role="senior")
    juniors = [back, work("5", role="junior")]
    lines = billed(line(Working(rates=RATES)), first, juniors, [work("3", role="senior")])
    assert told(lines) == [
        ("senior", "10", "14500.00"),
        ("junior", "5", "4500.00"),
        ("senior", "1", "1450.00"),
    ]
    capped = line(Working(rates=RATES, cap=kr("14500")))
    assert [one.net for one in billed(capped, first, juniors)] == [kr("14500"), kr("0")]


def test_hours_whose_prices_include_vat_are_earned_as_they_are_invoiced() -> None:
    """10 h at 1 450.00 and 2 at 1 250.00 with 25 % VAT are 13 600.00 without it."""
    agreed = Working(rates={"senior": Decimal(1450)})
    plain = hourly("40", "1000", working=working_without(agreed, Decimal(25)))
    priced = replace(
        plain,
        with_vat=kr("50000"),
        rate_with_vat=replace(plain.rate, unit_price=Decimal(1250)),
        working_with_vat=agreed,
    )
    firm = Firm(order(priced))
    firm.deliveries["O-2026-0001"] += [work("10", role="senior"), work("2")]
    firm.bill("2026-03-31")
    [invoice] = firm.invoices.values()
    assert (invoice.net, invoice.total) == (kr("13600"), kr("17000"))
    [what] = firm.earned("2026-03")
    assert what.revenue == invoice.net


@pytest.mark.parametrize(
    ("how", "hours"),
    [("up", "1.25"), ("nearest", "1.00"), ("down", "1.00")],
)
def test_hours_are_rounded_to_whole_steps(how: Any, hours: str) -> None:  # noqa: ANN401 - a word
    rule = Rounding(step=Decimal("0.25"), how=how)
    assert rounded(Decimal("1.1"), rule) == Decimal(hours)
    assert rounded(Decimal("-1.1"), rule) == -Decimal(hours)


def test_entries_are_rounded_each_or_a_day_as_one() -> None:
    """Three calls of 6 minutes: 0.75 h each by itself, 0.5 h as one day."""
    calls = [work("0.1"), work("0.1"), work("0.1")]
    day_as_one = Rounding(step=Decimal("0.25"), per="day")
    assert worth_of(line(Working(rounding=QUARTERS)), calls) == kr("750")
    assert worth_of(line(Working(rounding=day_as_one)), calls) == kr("500")


def test_the_steps_of_a_line_say_how_its_hours_were_rounded() -> None:
    [one] = billed(line(Working(rounding=QUARTERS)), [work("1.1")])
    [step] = [step for step in one.steps if "rounded up" in step.rule]
    assert (step.before, step.after) == (Decimal("1.1"), Decimal("1.25"))
    assert step.rule == "each entry rounded up, in steps of 0.25 h"


def test_work_beyond_a_cap_is_invoiced_for_nothing_and_said() -> None:
    capped = line(Working(cap=kr("10000")))
    first, second, third = billed(capped, [work("8")], [work("4")], [work("1")])
    assert [str(ln.net.amount) for ln in (first, second, third)] == ["8000.00", "2000.00", "0.00"]
    assert second.steps[-1].rule == (
        "not to exceed 10 000.00 SEK in all: 2 000.00 SEK is worked and not charged"
    )
    assert first.text == ""
    assert second.text == "The highest amount is reached; work beyond it is not charged."


def test_a_rise_holds_for_hours_of_its_day_and_after() -> None:
    rise = Change(kind="price", date=day("2026-04-01"), line="1", rate=flat_rate("1100"))
    hours = [work("2", "2026-03-31"), work("3", "2026-04-01")]
    assert worth_of(line(Working()), hours, [rise]) == kr("5300")


ROWS = st.lists(
    st.builds(
        lambda hours, days, who, role, key: Delivery(
            date=day("2026-03-01") + timedelta(days),
            line="1",
            quantity=hours,
            person=who,
            staff=who,
            role=role,
            key=f"{key}",
        ),
        st.decimals(Decimal("0.05"), 9, places=2),
        st.integers(0, 20),
        st.sampled_from(["mia", "maja"]),
        st.sampled_from(["", "senior", "junior"]),
        st.uuids(),
    ),
    max_size=12,
)
TERMS = st.builds(
    lambda rates, rounding, cap: Working(rates=rates, rounding=rounding, cap=cap),
    st.sampled_from([{}, RATES]),
    st.none()
    | st.builds(
        Rounding,
        step=st.sampled_from([Decimal("0.25"), Decimal("0.5"), Decimal(1)]),
        how=st.sampled_from(["up", "nearest", "down"]),
        per=st.sampled_from(["entry", "day"]),
    ),
    st.none() | st.integers(1, 60_000).map(lambda amount: kr(str(amount))),
)


@given(ROWS, TERMS, st.data())
def test_any_cut_of_a_time_sheet_into_runs_bills_the_same_in_all(
    rows: list[Delivery], terms: Working, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(rows))
    cut = data.draw(st.integers(0, len(rows)))
    at_once = sum(ln.net.minor for ln in billed(line(terms), rows))
    in_two = sum(ln.net.minor for ln in billed(line(terms), shuffled[:cut], shuffled[cut:]))
    assert at_once == in_two == worth_of(line(terms), rows).minor


@given(ROWS, TERMS)
def test_no_line_of_an_invoice_is_below_nothing_and_none_costs_more_than_the_cap(
    rows: list[Delivery], terms: Working
) -> None:
    amounts = [ln.net.minor for ln in billed(line(terms), *([row] for row in rows))]
    assert all(amount >= 0 for amount in amounts)
    assert terms.cap is None or sum(amounts) <= terms.cap.minor
