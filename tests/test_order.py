"""Orders: what was agreed, and deliveries that fit it."""

from decimal import Decimal
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.fault import Invalid, Unknown
from q2c.core.money import Money, total
from q2c.core.order import Delivery, checked, from_quote, quantity_through, worth
from q2c.core.pricing import Rate
from q2c.core.quote import Draft, DraftLine, Event, priced
from tests.values import (
    TODAY,
    day,
    days,
    delivered,
    goods,
    hourly,
    kr,
    offer,
    order,
    recurring,
    tiers,
)

SENSORS = order(goods("10", "250"), agreed="2026-01-10")


def test_an_order_line_names_the_quote_line_it_came_from() -> None:
    draft = Draft(
        customer="fjord-foods",
        date=TODAY,
        valid_until=TODAY,
        lines=(DraftLine(product="advisory"),),
    )
    quote = replace(priced("Q-2026-0012", draft, offer()), version=2)
    accepted = Event(kind="accepted", date=day("2026-01-20"), version=2, po="4500771")
    made = from_quote(quote, accepted, "O-2026-0007", "C-2026-0003")
    (line,) = made.lines
    assert (line.source, made.ref(line)) == ("Q-2026-0012/v2/1", "O-2026-0007/1")
    assert (made.net, made.po, made.customer) == (quote.net, "4500771", "fjord-foods")
    assert line.steps == quote.lines[0].steps


@pytest.mark.parametrize(
    ("earlier", "new", "code"),
    [
        ([], delivered("11", "2026-02-01"), "delivered-too-much"),
        ([delivered("8", "2026-02-01")], delivered("3", "2026-02-02"), "delivered-too-much"),
        ([], delivered("0", "2026-02-01"), "bad-quantity"),
        ([], delivered("1", "2026-01-09"), "delivered-before"),
        ([], delivered("-1", "2026-02-01"), "delivered-too-little"),
        ([delivered("5", "2026-02-05")], delivered("-5", "2026-02-01"), "delivered-too-little"),
    ],
)
def test_a_delivery_that_cannot_be_is_refused(
    earlier: list[Delivery], new: Delivery, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        checked(SENSORS, earlier, new)
    assert [fault.code for fault in refused.value.faults] == [code]


def test_what_was_taken_back_cannot_be_taken_back_again_on_an_earlier_day() -> None:
    earlier = [delivered("5", "2026-02-01"), delivered("-4", "2026-02-10")]
    assert checked(SENSORS, earlier, delivered("-1", "2026-02-03"))
    with pytest.raises(Invalid, match=r"Only 1 of O-2026-0001/1 is delivered by 2026-02-03"):
        checked(SENSORS, earlier, delivered("-2", "2026-02-03"))


def test_more_hours_than_agreed_may_be_delivered_on_account() -> None:
    new = delivered("55", "2026-02-01")
    assert checked(order(hourly("40")), [], new) is new


def test_what_recurs_is_not_delivered_by_hand() -> None:
    support = order(recurring("1200", days("2026-01-01", "2026-12-31"), 12))
    with pytest.raises(Invalid) as refused:
        checked(support, [], delivered("1", "2026-02-01"))
    assert refused.value.faults[0].code == "not-deliverable"


def test_a_line_that_is_not_there_is_refused_and_the_others_are_named() -> None:
    with pytest.raises(Unknown) as refused:
        SENSORS.line("2")
    fault = refused.value.faults[0]
    assert (fault.code, fault.remedy) == ("no-such-line", "It has the lines 1.")


@pytest.mark.parametrize(
    ("quantity", "amount"), [("0", "0"), ("25", "34437.50"), ("40", "55100"), ("1", "1377.50")]
)
def test_part_of_what_was_agreed_is_worth_its_share(quantity: str, amount: str) -> None:
    """25 of 40 hours agreed at 55,100.00 are 34,437.50."""
    prepaid = hourly("40", "1450", net="55100", bill="on-order")
    assert worth(prepaid, Decimal(quantity)) == kr(amount)


def test_hours_on_account_are_worth_their_rate_tier_by_tier() -> None:
    rate = Rate(
        model="graduated", currency="SEK", tiers=tiers(("10", "1250", "0"), (None, "1100", "0"))
    )
    line = hourly("8", net="10000", rate=rate)
    assert [worth(line, Decimal(q)) for q in (8, 12)] == [kr("10000"), kr("14700")]


def test_hours_beyond_those_of_a_bundle_are_worth_their_own_rate() -> None:
    line = hourly("10", "1450", net="12340.43", bundle="start")
    assert worth(line, Decimal(12)) == kr("12340.43") + kr("2900")


QUANTITIES = st.lists(st.integers(1, 500).map(lambda n: Decimal(n) / 100), min_size=1, max_size=20)


@given(QUANTITIES, st.integers(1, 10**8))
def test_deliveries_one_by_one_are_worth_what_all_are_worth(
    parts: list[Decimal], minor: int
) -> None:
    whole = sum(parts, Decimal(0))
    line = goods(str(whole), "1", net=str(Decimal(minor) / 100))
    through = [worth(line, quantity) for quantity in accumulate(parts, initial=Decimal(0))]
    steps = (after - before for before, after in pairwise(through))
    assert total(steps, "SEK") == through[-1] == Money(minor, "SEK")


@given(QUANTITIES)
def test_a_quantity_through_the_last_day_is_all_of_it(parts: list[Decimal]) -> None:
    found = [delivered(str(part), f"2026-02-{n:02}") for n, part in enumerate(parts, start=1)]
    assert quantity_through(found, "1", day("2026-02-28")) == sum(parts)
    assert quantity_through(found, "1", day("2026-02-01")) == parts[0]
    assert quantity_through(found, "2", day("2026-02-28")) == 0
