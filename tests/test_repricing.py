"""Price changes: whom they are about, who keeps the older price, and what waits for them."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from q2c.core.order import Order, OrderLine
from q2c.core.party import Customer
from q2c.core.period import Period
from q2c.core.subscription import Change, amount, slots, stretches
from q2c.core.subscription.raising import raised
from q2c.core.subscription.repricing import (
    Grandfather,
    PriceChange,
    open_price_changes,
    price_change_faults,
    repriced,
)
from tests.changing import change
from tests.test_subscription import seats
from tests.values import customer, day, days, eur, flat_rate, kr, order, tiers

RISE = PriceChange(
    id="2026-07",
    products=("support",),
    percent=Decimal(3),
    new_from=day("2026-06-01"),
    existing_from=day("2026-07-01"),
)
JULY = days("2026-07-01", "2026-07-31")


def made(
    what: Order, rise: PriceChange = RISE, *earlier: Change, buyer: Customer | None = None
) -> list[str]:
    """Say what becomes of each line: its new price in öre, or why it keeps the older."""
    found = []
    for one in repriced(rise, what, earlier, buyer or customer()):
        if one.change:
            cut = stretches(one.line, [*earlier, one.change])
            found.append(str(amount(slots(one.line)[-1], cut)))
        else:
            found.append("done" if one.done else one.kept)
    return found


def waiting(what: Order, days_: Period, *changes: Change, rise: PriceChange = RISE) -> list[str]:
    """Give the codes of what holds up a charge of line 1 for some days."""
    services = [(what.lines[0], days_)]
    return [one.code for one in open_price_changes(what, services, changes, [rise], customer())]


def test_a_rise_by_per_cent_is_of_what_each_customer_pays() -> None:
    discounted = replace(seats(), net=kr("10800"))  # 10 % off ten seats at 100
    assert made(order(seats())) == ["103000"]
    assert made(order(discounted)) == ["92700"]


def test_a_new_price_of_one_has_the_discounts_of_the_line() -> None:
    rise = replace(RISE, percent=None, price={"SEK": Decimal(110)})
    assert made(order(replace(seats(), net=kr("10800"))), rise) == ["99000"]


def test_a_rise_is_of_what_was_changed_before() -> None:
    earlier = change("quantity", "2026-03-01", quantity="20")
    assert made(order(seats()), RISE, earlier) == ["206000"]


def test_a_rise_is_made_once() -> None:
    (one,) = repriced(RISE, order(seats()), (), customer())
    assert one.change
    assert made(order(seats()), RISE, one.change) == ["done"]


@pytest.mark.parametrize(
    "line",
    [
        replace(seats(), product="other"),
        replace(seats(), service=days("2025-01-01", "2025-12-31")),
        replace(seats(), charge="one-off", service=None, every=None),
    ],
)
def test_other_products_and_what_is_over_are_left_alone(line: OrderLine) -> None:
    assert made(order(line)) == []


def test_a_cancelled_line_is_left_alone() -> None:
    assert made(order(seats()), RISE, change("cancel", "2026-06-15")) == []


def test_what_is_agreed_once_new_customers_pay_it_is_left_alone() -> None:
    assert made(order(seats(), agreed="2026-06-01")) == []
    assert made(order(seats(), agreed="2026-05-31")) == ["103000"]


def test_who_is_grandfathered_keeps_the_older_price_with_the_reason() -> None:
    old = replace(RISE, grandfather=Grandfather(customers=("fjord-foods",)))
    before = replace(RISE, grandfather=Grandfather(agreed_before=day("2026-02-01")))
    segment = replace(RISE, grandfather=Grandfather(segments=("schools",)))
    assert made(order(seats()), old) == ["grandfathered"]
    assert made(order(seats()), before) == ["agreed before 2026-02-01"]
    pupil = replace(customer(), segment="schools")
    assert made(order(seats()), segment, buyer=pupil) == ["segment grandfathered"]


def test_a_contracted_price_is_not_replaced_and_may_rise() -> None:
    own = replace(seats(), rate=replace(flat_rate("100"), contracted=True))
    assert made(order(own), replace(RISE, percent=None, price={"SEK": Decimal(120)})) == [
        "price of its own"
    ]
    assert made(order(own)) == ["103000"]


def test_a_price_in_another_currency_is_told() -> None:
    abroad = replace(seats(), rate=flat_rate("10", "EUR"), net=eur("1200"))
    rise = replace(RISE, percent=None, price={"SEK": Decimal(120)})
    assert made(order(abroad, currency="EUR"), rise) == ["no price in EUR"]


def test_a_period_that_begins_when_prices_have_risen_is_held_until_they_are() -> None:
    what = order(seats())
    (one,) = repriced(RISE, what, (), customer())
    assert one.change
    assert waiting(what, JULY) == ["price-change-open"]
    assert waiting(what, days("2026-06-01", "2026-06-30")) == []
    assert waiting(what, JULY, one.change) == []
    old = replace(RISE, grandfather=Grandfather(customers=("fjord-foods",)))
    assert waiting(what, JULY, rise=old) == []


def test_every_price_of_a_tiered_rate_rises_and_is_rounded_to_a_step() -> None:
    rate = replace(flat_rate("0"), model="graduated", tiers=tiers(("10", "199", "50")))
    assert raised(rate, Decimal("2.5")).tiers == tiers(("10", "203.975", "51.25"))
    assert raised(rate, Decimal("2.5"), Decimal(5)).tiers == tiers(("10", "205", "50"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"products": ()},
        {"percent": None},
        {"price": {"SEK": Decimal(1)}},
        {"percent": Decimal(-100)},
        {"percent": None, "price": {"SEK": Decimal(-1)}},
        {"new_from": day("2026-07-02")},
    ],
)
def test_a_price_change_that_cannot_be_is_told(wrong: dict[str, object]) -> None:
    assert [one.code for one in price_change_faults(replace(RISE, **wrong))] == ["price-change"]


def test_a_price_change_that_can_be_has_no_fault() -> None:
    assert list(price_change_faults(RISE)) == []
