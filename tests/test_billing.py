"""Billing: what is due through a day, by hand first, then however a run is cut up."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.billing import Charge, Facts, claim, hold, instalments
from q2c.core.fault import Held, Invalid
from q2c.core.money import Money, total
from q2c.core.order import Delivery, Order, OrderLine
from q2c.core.party import Address, Invoicing
from q2c.core.period import Alignment, billing_periods, interval, term_of
from q2c.core.pricing import Rate
from q2c.core.tax import VatRate
from tests.values import (
    FOOD_RATES,
    VAT_RATES,
    customer,
    days,
    delivered,
    eur,
    flat_rate,
    goods,
    hourly,
    kr,
    order,
    placing,
    recurring,
    tiers,
)

YEAR = days("2026-01-01", "2026-12-31")


def due(
    what: Order,
    through: str,
    deliveries: tuple[Delivery, ...] = (),
    billed: tuple[str, ...] = (),
    rates: tuple[VatRate, ...] = VAT_RATES,
) -> tuple[Charge, ...]:
    found = claim(what, Facts(deliveries=tuple(deliveries)), billed, placing(through, rates=rates))
    return found.charges if found else ()


def parts(line: OrderLine) -> list[str]:
    return [f"{part.service.first} {part.net.amount}" for part in instalments(line)]


def test_a_claim_adds_up_as_on_the_first_five_minutes() -> None:
    support = recurring("78000", days("2026-12-01", "2027-11-30"), 12, id="2")
    advisory = hourly("40", "1450", net="55100", bill="on-order")
    found = claim(order(advisory, support, agreed="2026-12-01"), Facts(), (), placing("2026-12-01"))
    assert found is not None
    assert [charge.net for charge in found.charges] == [kr("55100"), kr("6500")]
    assert (found.net, found.tax, found.total) == (kr("61600"), kr("15400"), kr("77000"))
    assert [charge.keys for charge in found.charges] == [
        ("O-2026-0001/1:order",),
        ("O-2026-0001/2:2026-12-01..2026-12-31",),
    ]


def test_what_is_on_order_is_due_on_the_day_it_was_agreed_and_once() -> None:
    licence = order(goods("1", "500", bill="on-order"), agreed="2026-03-05")
    assert due(licence, "2026-03-04") == ()
    (charge,) = due(licence, "2026-03-05")
    assert due(licence, "2026-12-31", billed=charge.keys) == ()


def test_in_advance_is_due_on_the_first_day_and_in_arrears_on_the_last() -> None:
    ahead = order(recurring("1200", YEAR, 12))
    after = order(recurring("1200", YEAR, 12, bill="in-arrears"))
    assert len(due(ahead, "2026-02-01")) == 2
    assert [len(due(after, through)) for through in ("2026-02-27", "2026-02-28")] == [1, 2]


def test_skipped_months_are_caught_up_each_with_its_own_key() -> None:
    ahead = order(recurring("1200", YEAR, 12))
    billed = tuple(key for charge in due(ahead, "2026-01-31") for key in charge.keys)
    late = due(ahead, "2026-04-30", billed=billed)
    assert [str(charge.service) for charge in late] == [
        "2026-02-01 to 2026-02-28",
        "2026-03-01 to 2026-03-31",
        "2026-04-01 to 2026-04-30",
    ]


def test_a_service_by_anniversary_has_whole_instalments() -> None:
    """An anchor on the 31st is never chained: 31 January, 28 February, 31 March."""
    line = recurring("300", days("2026-01-31", "2026-04-29"), 3)
    assert parts(line) == ["2026-01-31 100.00", "2026-02-28 100.00", "2026-03-31 100.00"]


def test_a_service_by_calendar_has_part_instalments_at_its_ends() -> None:
    """From 16 January: 16 of 31 days, whole months, and what is left to the 15th."""
    line = recurring("1200", days("2026-01-16", "2026-04-15"), 3, align="calendar")
    assert parts(line) == [
        "2026-01-16 206.45",  # 16/31 of 400.00
        "2026-02-01 400.00",
        "2026-03-01 400.00",
        "2026-04-01 193.55",
    ]


def test_a_part_of_a_quarter_is_counted_in_days_of_the_whole_quarter() -> None:
    """42 of 91 days, not of 42 (getlago/lago-api#6194)."""
    service = days("2026-05-20", "2026-08-19")
    line = recurring("9100", service, 1, every="quarter", align="calendar")
    assert parts(line) == ["2026-05-20 4200.00", "2026-07-01 4900.00"]


def test_instalments_that_do_not_come_out_even_add_up() -> None:
    line = recurring("1000", days("2026-01-01", "2026-03-31"), 3)
    assert [part.net for part in instalments(line)] == [kr("333.33"), kr("333.34"), kr("333.33")]


def test_deliveries_are_claimed_together_and_only_once() -> None:
    what = order(hourly("40", "1450"))
    first = (delivered("10", "2026-01-10"), delivered("5.5", "2026-01-20"))
    (charge,) = due(what, "2026-01-31", first)
    assert (charge.net, charge.quantity, charge.unit_price) == (
        kr("22475"),
        Decimal("15.5"),
        Decimal(1450),
    )
    assert charge.keys == ("O-2026-0001/1:delivery-0", "O-2026-0001/1:delivery-1")
    (later,) = due(what, "2026-02-28", (*first, delivered("1", "2026-02-01")), charge.keys)
    assert (later.net, later.keys) == (kr("1450"), ("O-2026-0001/1:delivery-2",))


def test_later_deliveries_go_on_in_the_tiers_where_earlier_ones_stopped() -> None:
    steps = tiers(("10", "1250", "0"), (None, "1100", "0"))
    rate = Rate(model="graduated", currency="SEK", tiers=steps)
    what = order(hourly("12", net="14700", rate=rate))
    found = (delivered("8", "2026-01-10"), delivered("4", "2026-02-10"))
    (first,) = due(what, "2026-01-31", found)
    (second,) = due(what, "2026-02-28", found, first.keys)
    assert (first.net, second.net) == (kr("10000"), kr("4700"))
    assert second.unit_price is None


def test_a_delivered_amount_says_by_which_tiers_or_which_share_it_came_about() -> None:
    rate = Rate(
        model="graduated", currency="SEK", tiers=tiers(("10", "1250", "0"), (None, "1100", "0"))
    )
    what = order(hourly("12", "1250", net="14700", rate=rate), goods("250", "0.60", id="2"))
    hours, scans = due(
        what, "2026-01-31", (delivered("31.5", "2026-01-10"), delivered("100", "2026-01-10", "2"))
    )
    assert [(step.rule, step.after) for step in hours.steps] == [
        ("each tier at its own price: 10 × 1250 + 21.5 × 1100", Decimal(36150)),
        ("31.5 h delivered, of which 0 invoiced before", Decimal(36150)),
    ]
    assert [step.rule for step in scans.steps] == [
        "100 of 250 pcs for 150.00 SEK",
        "100 pcs delivered, of which 0 invoiced before",
    ]


def test_what_was_taken_back_is_set_off_against_the_next_delivery() -> None:
    what = order(goods("10", "250"))
    found = (
        delivered("5", "2026-01-10"),
        delivered("-2", "2026-02-01"),
        delivered("3", "2026-02-20"),
    )
    first = "O-2026-0001/1:delivery-0"
    assert due(what, "2026-02-10", found, (first,)) == ()
    (charge,) = due(what, "2026-02-28", found, (first,))
    assert (charge.quantity, charge.net) == (Decimal(1), kr("250"))


def test_what_becomes_cheaper_by_more_units_waits_and_never_claims_less_than_nothing() -> None:
    steps = tiers(("10", "100", "0"), (None, "80", "0"))
    rate = Rate(model="volume", currency="SEK", tiers=steps)
    what = order(hourly("10", net="1000", rate=rate))
    found = (
        delivered("10", "2026-01-10"),
        delivered("1", "2026-02-10"),
        delivered("4", "2026-03-10"),
    )
    first = "O-2026-0001/1:delivery-0"
    assert due(what, "2026-02-28", found, (first,)) == ()  # 11 × 80 is less than 10 × 100
    (charge,) = due(what, "2026-03-31", found, (first,))
    assert (charge.quantity, charge.net) == (Decimal(5), kr("200"))


def test_days_before_and_after_a_new_vat_rate_are_claimed_apart() -> None:
    what = order(goods("30", "10", vat="reduced"))
    found = (
        delivered("10", "2026-03-31"),
        delivered("5", "2026-04-01"),
        delivered("1", "2026-03-02"),
    )
    first, second = due(what, "2026-04-30", found, rates=FOOD_RATES)
    assert (first.net, int(first.treatment.rate)) == (kr("110"), 12)
    assert first.supplied.last == date(2026, 3, 31)
    assert (second.net, int(second.treatment.rate)) == (kr("50"), 6)


def test_a_unit_price_is_shown_where_the_net_is_its_product_but_for_rounding() -> None:
    weighed = order(goods("20", "19.90", revenue="output"))
    (charge,) = due(weighed, "2026-01-31", (delivered("12.345", "2026-01-10"),))
    assert (charge.net, charge.unit_price) == (kr("245.67"), Decimal("19.90"))
    shared = order(goods("20", "19.90", net="300", bundle="start"))
    (charge,) = due(shared, "2026-01-31", (delivered("2", "2026-01-10"),))
    assert charge.unit_price is None


def test_an_order_without_the_number_its_customer_requires_is_held() -> None:
    strict = replace(customer(), require_po=True)
    what = order(hourly("1", bill="on-order"))
    with pytest.raises(Held) as refused:
        claim(what, Facts(), (), placing("2026-01-31", strict))
    held = hold(what, refused.value)
    assert (held.order, held.code) == ("O-2026-0001", "po-needed")
    assert claim(replace(what, po="4500771"), Facts(), (), placing("2026-01-31", strict))


def test_a_purchase_order_number_may_come_after_the_acceptance() -> None:
    later = Invoicing(po={"O-2026-0001": "88-2041"})
    told = replace(customer(), require_po=True, invoicing=later)
    made = claim(order(hourly("1", bill="on-order")), Facts(), (), placing("2026-01-31", told))
    assert made is not None
    assert made.po == "88-2041"


def test_an_order_of_a_business_abroad_without_a_vat_number_is_held() -> None:
    with pytest.raises(Held, match="no VAT number"):
        claim(
            order(hourly("1", bill="on-order")), Facts(), (), placing("2026-01-31", customer("FI"))
        )


def test_vat_follows_the_customer_and_not_the_address_of_its_invoices() -> None:
    """Directive 2006/112/EC art. 44: a buyer of Finland whose invoices are read in Sweden."""
    mail = Address(street="Box 7", postal_code="100 05", city="Stockholm", country="SE")
    buyer = replace(customer("FI", "FI20774740"), invoice_address=mail)
    found = claim(order(hourly("1", bill="on-order")), Facts(), (), placing("2026-01-31", buyer))
    assert found is not None
    assert (found.buyer.address, found.vat[0].category) == (mail, "AE")


def test_a_supply_before_there_was_a_rate_is_refused() -> None:
    old = order(hourly("1", bill="on-order"), agreed="1980-01-01")
    with pytest.raises(Invalid, match="no standard VAT rate"):
        claim(old, Facts(), (), placing("2026-01-31"))


def test_an_order_in_euro_is_claimed_in_euro() -> None:
    what = order(
        hourly("1", rate=flat_rate("130", "EUR"), net="130", bill="on-order"), currency="EUR"
    )
    found = claim(what, Facts(), (), placing("2026-01-31", customer("FI", "FI20774740")))
    assert found is not None
    assert (found.total, found.vat[0].category) == (eur("130"), "AE")


STARTS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
EVERY = st.sampled_from([("month", 1), ("quarter", 3), ("half-year", 6), ("year", 12)])
ALIGNED = st.sampled_from(["calendar", "anniversary"])
MINOR = st.integers(0, 10**9)


@given(STARTS, st.integers(1, 24), EVERY, ALIGNED, MINOR)
def test_instalments_add_up_to_what_was_agreed(
    start: date, times: int, every: tuple[str, int], align: Alignment, minor: int
) -> None:
    service = term_of(start, times * every[1])
    net = str(Money(minor, "SEK").amount)
    line = recurring(net, service, times, every=every[0], align=align)
    found = list(instalments(line))
    assert total((part.net for part in found), "SEK") == line.net
    assert all(part.net.minor >= 0 for part in found)
    assert sum(part.service.days for part in found) == service.days
    assert len(found) == len(list(billing_periods(service, interval(every[0]), align)))


@st.composite
def orders(draw: st.DrawFn) -> tuple[Order, tuple[Delivery, ...]]:
    start = draw(STARTS)
    months = draw(st.integers(1, 6))
    bill = draw(st.sampled_from(["in-advance", "in-arrears"]))
    align = draw(ALIGNED)
    support = recurring("1000.01", term_of(start, months), months, bill=bill, align=align)
    line = hourly("9999", "33.335", id="2", net="1")
    offsets = draw(st.lists(st.integers(0, 200), max_size=8))
    hours = draw(st.lists(st.integers(1, 900), min_size=len(offsets), max_size=len(offsets)))
    found = tuple(
        Delivery(date=start + timedelta(offset), line="2", quantity=Decimal(hour) / 100)
        for offset, hour in zip(offsets, hours, strict=True)
    )
    return order(support, line, agreed=str(start)), found


def billed_on(
    what: Order, deliveries: tuple[Delivery, ...], throughs: list[date]
) -> tuple[set[str], Money]:
    """Run the plans of these days one after the other."""
    keys: set[str] = set()
    net = kr("0")
    for through in throughs:
        found = claim(what, Facts(deliveries=tuple(deliveries)), keys, placing(str(through)))
        for charge in found.charges if found else ():
            assert keys.isdisjoint(charge.keys)
            keys.update(charge.keys)
            net += charge.net
    return keys, net


@given(orders(), st.lists(st.integers(0, 260), max_size=6))
def test_many_plans_bill_what_one_plan_bills(
    made: tuple[Order, tuple[Delivery, ...]], cuts: list[int]
) -> None:
    what, deliveries = made
    days_ = [what.agreed_on + timedelta(cut) for cut in cuts]
    last = what.agreed_on + timedelta(270)
    at_once = billed_on(what, deliveries, [last])
    assert billed_on(what, deliveries, [*days_, last, last]) == at_once
