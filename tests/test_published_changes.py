"""Changes of subscriptions as other systems publish them: what is charged or given back."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from q2c.core.order import OrderLine
from q2c.core.period import term_of
from q2c.core.subscription import Change, amount, slots, stretches
from tests.changing import Account, change
from tests.values import day, flat_rate, kr, recurring


def plan(price: str, first: str, every: str = "month", count: str = "1") -> OrderLine:
    """Give so many of a plan for one billing period, from a day."""
    months = {"month": 1, "year": 12}.get(every)
    whole = Decimal(price) * Decimal(count)
    service = term_of(day(first), months or 1)
    if months is None:
        service = replace(service, last=day("2026-06-28"))  # four weeks from 1 June
    made = recurring(str(whole), service, 1)
    return replace(made, every=every, quantity=Decimal(count), rate=flat_rate(price))


def difference(line: OrderLine, new: Change) -> Decimal:
    """Bill a plan, change it, and add up what is charged and given back for that."""
    assert line.service is not None
    account = Account(line)
    account.run(line.service.first)
    account.record(new)
    return sum((one.net.amount for one in account.run(line.service.last)), Decimal(0))


@pytest.mark.parametrize(
    ("line", "new", "published"),
    [
        # Stripe, Prorations: from 10 to 20 halfway through the period, 5 more.
        (plan("10", "2026-11-01"), change("price", "2026-11-16", price="20"), "5.00"),
        # PraisePal on Stripe: from 235 to 240 users at 3, 10 of October's 31 days left: 232.26
        # less 227.42.
        (plan("3", "2026-10-01", count="235"), ("2026-10-22", "240"), "4.84"),
        # SlimFAQ on Stripe: a year of 84 from 1 May 2017, 250 from 14 July: 199.31 less 66.96.
        (plan("84", "2017-05-01", "year"), change("price", "2017-07-14", price="250"), "132.35"),
        # Nadles: from 100 to 300 with 5 of January's 31 days left, and back again.
        (plan("100", "2026-01-01"), change("price", "2026-01-27", price="300"), "32.26"),
        (plan("300", "2026-01-01"), change("price", "2026-01-27", price="100"), "-32.26"),
        # Lago, Upgrades and downgrades: from 100 to 200 on 15 January.
        (plan("100", "2026-01-01"), change("price", "2026-01-15", price="200"), "54.84"),
        # Chargebee, Reducing quantity: three of 30, one less for the last 20 of 30 days.
        (plan("30", "2026-11-01", count="3"), ("2026-11-11", "2"), "-20.00"),
        # Baremetrics: from 12 to 24 after one week of four: 18 less the 9 that were not used.
        (plan("12", "2026-06-01", "4 weeks"), change("price", "2026-06-08", price="24"), "9.00"),
        # Samsung, upgrade without trial: from 30 to 60 with 15 of 30 days left.
        (plan("30", "2026-09-01"), change("price", "2026-09-16", price="60"), "15.00"),
        # Pentest-Tools: from 20 to 40 in the middle of the month.
        (plan("20", "2026-06-01"), change("price", "2026-06-16", price="40"), "10.00"),
        # Picsart: no seat that is removed is given back before the next period.
        (plan("30", "2026-11-01", count="3"), ("2026-11-11", "2", "none"), "0"),
        # Wevion: who cancels keeps what is paid to the end of the period.
        (plan("30", "2026-11-01"), change("cancel", "2026-11-11", proration="none"), "0"),
    ],
)
def test_a_published_change_comes_to_what_is_published(
    line: OrderLine, new: Change | tuple[str, ...], published: str
) -> None:
    if isinstance(new, tuple):
        first, count, *when = new
        new = change("quantity", first, quantity=count, proration=(*when, "prorated")[0])
    assert difference(line, new) == Decimal(published)


def test_a_price_for_a_day_is_not_rounded_before_it_is_multiplied() -> None:
    """Mlytics rounds to 0.33 and 3.30 a day, and comes to 44.55; the halves are 44.50."""
    new = change("price", "2026-09-16", price="99")
    assert difference(plan("10", "2026-09-01"), new) == Decimal("44.50")


def test_two_price_changes_in_a_cycle_are_both_charged_and_the_newest_goes_on() -> None:
    """Kill Bill bills the oldest (killbill/killbill#1842, #1882, #2291, open)."""
    line = replace(
        recurring("200", term_of(day("2026-11-01"), 2), 2),
        rate=flat_rate("100"),
        quantity=Decimal(1),
    )
    found = (
        change("price", "2026-11-11", price="130"),
        change("price", "2026-11-21", price="160"),
    )
    cut = stretches(line, found)
    assert [amount(slot, cut) for slot in slots(line)] == [kr("130").minor, kr("160").minor]


def test_thirty_day_months_give_back_as_zuora_s_strict_setting_does() -> None:
    """Zuora, strict 30/360: 27 to 31 January are 4 of 30 days, and 5 of 31 by actual days."""
    gone = change("cancel", "2021-01-27")
    thirty = replace(plan("300", "2021-01-01"), proration="thirty")
    assert difference(thirty, gone) == Decimal("-40.00")
    assert difference(plan("310", "2021-01-01"), gone) == Decimal("-50.00")
