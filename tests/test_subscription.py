"""Subscriptions that change: cases by hand, then that each is billed exactly once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from q2c.core.billing import instalments
from q2c.core.order import OrderLine
from q2c.core.period import Free, Period, term_of
from q2c.core.subscription import Change, amount, prices, slots, stretches
from tests.changing import Account, change, seen
from tests.values import days, flat_rate, kr, recurring

YEAR = days("2026-01-01", "2026-12-31")


def line(net: str, service: Period = YEAR, times: int = 12, **more: object) -> OrderLine:
    """Give a line that recurs; a quantity and a rate of its own among the rest."""
    return replace(recurring(net, service, times), **more)


def seats(count: str = "10", price: str = "100", **more: object) -> OrderLine:
    """Give so many seats for a year, each at a price a month."""
    net = str(Decimal(count) * Decimal(price) * 12)
    said = {"quantity": Decimal(count), "rate": flat_rate(price), "unit": "seat", **more}
    return line(net, **said)  # type: ignore[arg-type]  # a test names its fields


def amounts(line: OrderLine, *changes: Change) -> list[int]:
    cut = stretches(line, changes)
    return [amount(slot, cut) for slot in slots(line)]


# What a billing period costs.


def test_seats_added_in_a_month_cost_its_days_from_there_on() -> None:
    """Three more of 16 in 30 days of November: 1 000 + 3 × 100 × 16/30."""
    found = amounts(seats(), change("quantity", "2026-11-15", quantity="13"))
    assert found[9:] == [100_000, 116_000, 130_000]


def test_two_changes_in_a_month_have_each_their_days_and_the_newest_holds() -> None:
    """Not the oldest, in silence (killbill/killbill#1842, #1882, #2291)."""
    found = amounts(
        seats("1", "300"),
        change("price", "2026-11-11", price="600"),
        change("price", "2026-11-21", price="900"),
    )
    assert found[9:] == [30_000, 60_000, 90_000]  # 10 days each of 300, 600 and 900


def test_a_change_that_is_recorded_later_for_an_earlier_day_leaves_the_newer_one() -> None:
    later, earlier = (
        change("quantity", "2026-11-21", quantity="13"),
        change("quantity", "2026-11-11", quantity="12"),
    )
    assert amounts(seats(), later, earlier)[10:] == [116_667, 130_000]  # 10, 12, 13 for 10 days


def test_of_two_changes_of_one_day_the_later_recorded_holds() -> None:
    first, second = (change("quantity", "2026-12-01", quantity=q) for q in ("20", "5"))
    assert amounts(seats(), first, second)[11] == 50_000


def test_a_change_waits_for_the_next_period_where_it_is_not_prorated() -> None:
    for when in ("none", "next-period"):
        more = change("quantity", "2026-10-02", quantity="20", proration=when)
        assert amounts(seats(), more)[9:] == [100_000, 200_000, 200_000]


def test_a_pause_costs_nothing_and_ends_on_its_day() -> None:
    pause = change("pause", "2026-06-16", until="2026-08-15")
    assert amounts(seats(), pause)[5:8] == [50_000, 0, round(100_000 * 16 / 31)]


def test_a_pause_without_an_end_lasts_until_it_is_resumed() -> None:
    pause = change("pause", "2026-03-01")
    assert amounts(seats(), pause)[2:] == [0] * 10
    assert amounts(seats(), pause, change("resume", "2026-12-01"))[10:] == [0, 100_000]


def test_a_cancelled_line_costs_its_days_and_nothing_after() -> None:
    assert amounts(seats(), change("cancel", "2026-11-16"))[9:] == [100_000, 50_000, 0]


def test_a_cancelled_line_keeps_the_period_it_is_cancelled_in_without_credit() -> None:
    assert amounts(seats(), change("cancel", "2026-11-16", proration="none"))[10:] == [100_000, 0]


def test_a_cancelled_line_that_is_resumed_goes_on() -> None:
    found = (change("cancel", "2026-03-01"), change("resume", "2026-03-01"))
    assert amounts(seats(), *found) == amounts(seats())


def test_a_discount_stays_for_seats_that_are_added_and_not_for_a_price_by_hand() -> None:
    cheap = replace(seats(), net=kr("10800"))  # 10 % off
    assert amounts(cheap, change("quantity", "2026-12-01", quantity="20"))[11] == 180_000
    assert amounts(cheap, change("price", "2026-12-01", price="95"))[11] == 95_000
    kept = change("price", "2026-12-01", price="110", discounted=True)
    assert amounts(cheap, kept)[11] == 99_000


def test_a_quarter_is_counted_in_its_own_days() -> None:
    """42 of 91 days, not of 42 (getlago/lago-api#6194)."""
    quarters = line("36400", YEAR, 4, every="quarter")
    assert amounts(quarters, change("cancel", "2026-05-13"))[1] == 910_000 * 42 // 91


def test_an_anchor_at_the_end_of_a_month_returns_after_a_change() -> None:
    end = seats(service=days("2027-01-31", "2028-01-30"))
    found = [str(slot.service) for slot in slots(end)][:3]
    assert found == [
        "2027-01-31 to 2027-02-27",
        "2027-02-28 to 2027-03-30",
        "2027-03-31 to 2027-04-29",
    ]
    more = change("quantity", "2027-02-14", quantity="20")
    assert amounts(end, more)[:3] == [150_000, 200_000, 200_000]  # 14 of 28 days


def test_a_leap_day_counts_as_a_day() -> None:
    leap = seats(service=term_of(date(2028, 1, 1), 12))
    assert amounts(leap, change("cancel", "2028-02-29"))[1] == round(100_000 * 28 / 29)


def test_a_price_that_does_not_come_out_even_adds_up_around_a_change() -> None:
    third = line("1000", days("2026-01-01", "2026-03-31"), 3)
    assert amounts(third) == [33_333, 33_334, 33_333]
    assert amounts(third, change("pause", "2026-02-01", until="2026-02-28")) == [33_333, 0, 33_333]


def test_thirty_days_are_counted_where_the_line_counts_so() -> None:
    """Zuora's 30/360: ten days of May are 10 of 30, and so are eleven."""
    found = [
        amounts(seats(proration="thirty"), change("pause", first, until="2026-05-31"))[4]
        for first in ("2026-05-22", "2026-05-21")
    ]
    assert found == [70_000, 66_667]


def test_a_free_period_costs_nothing_also_with_more_seats() -> None:
    free = replace(seats(), free=Free(first=2), charged=(10, 1), net=kr("10000"))
    assert amounts(free)[:3] == [0, 0, 100_000]
    more = change("quantity", "2026-02-15", quantity="20")
    assert amounts(free, more)[:3] == [0, 0, 200_000]


def test_who_cancels_in_a_trial_pays_nothing() -> None:
    tried = replace(seats(), trial=days("2025-12-18", "2025-12-31"))
    assert amounts(tried, change("cancel", "2025-12-20")) == [0] * 12
    account = Account(tried)
    account.record(change("cancel", "2025-12-20"))
    assert not account.due(date(2026, 12, 31))


def test_weeks_are_changed_by_their_seven_days() -> None:
    weeks = line("700", days("2026-06-01", "2026-06-28"), 4, every="week")
    assert amounts(weeks, change("cancel", "2026-06-10"))[1] == 17_500 * 2 // 7


# What is due of it, whatever was billed before.


def test_seats_added_after_the_month_was_billed_are_charged_for_their_days() -> None:
    account = Account(seats())
    account.run("2026-11-01")
    account.record(change("quantity", "2026-11-15", quantity="13"))
    assert not account.due(date(2026, 11, 14))
    (more,) = account.run("2026-11-15")
    assert (more.keys, more.net.minor, more.quantity) == (
        ("O-2026-0001/1:2026-11-01..2026-11-30@0>1",),
        16_000,
        Decimal(3),
    )
    assert str(more.service) == "2026-11-15 to 2026-11-30"
    assert more.text == "3 more seat: 16 of 30 days"
    assert more.steps[-1].rule == "3 more seat, 2026-11-15 to 2026-11-30: 16 of 30 days"
    assert seen(account.run("2026-12-01")) == ["2026-12-01..2026-12-31@1 1300.00"]


def test_a_month_that_is_billed_after_its_change_is_billed_at_once() -> None:
    account = Account(seats())
    account.run("2026-10-01")
    account.record(change("quantity", "2026-11-15", quantity="13"))
    (all_,) = account.run("2026-11-30")
    assert seen([all_]) == ["2026-11-01..2026-11-30@1 1160.00"]
    assert all_.text == "10 seat: 14 of 30 days; 13 seat: 16 of 30 days"


def test_what_was_billed_too_much_goes_back_from_the_last_first() -> None:
    account = Account(seats())
    account.run("2026-11-01")
    account.record(change("quantity", "2026-11-15", quantity="13"))
    account.run("2026-11-15")
    account.record(change("cancel", "2026-11-16"))
    found = account.run("2026-11-16")
    month = "O-2026-0001/1:2026-11-01..2026-11-30"
    assert [(one.reduces, one.net.minor) for one in found] == [
        (f"{month}@0>1", -16_000),
        (month, -49_000),  # 1 160 less 14 days of ten seats and one day of thirteen
    ]
    assert [one.keys for one in found] == [(f"{month}@1>2",), (f"{month}@1>2/2",)]
    assert not account.run("2026-12-31")


def test_a_charge_that_is_billed_again_is_what_it_was_and_differences_stand() -> None:
    account = Account(seats())
    account.run("2026-01-01")
    account.record(change("quantity", "2026-01-17", quantity="20"))
    account.run("2026-01-31")
    account.rebill(0)
    assert seen(account.run("2026-01-31")) == ["2026-01-01..2026-01-31 1000.00"]


def test_months_that_were_skipped_are_caught_up_with_the_changes_between() -> None:
    one, other = Account(seats()), Account(seats())
    found = (
        change("quantity", "2026-03-10", quantity="12"),
        change("pause", "2026-06-01", until="2026-07-31"),
        change("price", "2026-09-20", price="110"),
    )
    one.record(*found)
    one.run("2026-12-31")
    for month in range(1, 13):
        for extra in (found[month // 4],) if month in (3, 6, 9) else ():
            other.record(extra)
        other.run(date(2026, month, 28))
    assert one.net == other.net == sum(amounts(seats(), *found))


def test_in_arrears_a_cancelled_period_is_due_on_its_last_day_of_service() -> None:
    account = Account(seats(bill="in-arrears"))
    account.record(change("cancel", "2026-01-21"))
    assert not account.due(date(2026, 1, 19))
    (last,) = account.run("2026-01-20")
    assert str(last.service) == "2026-01-01 to 2026-01-20"
    assert not account.due(date(2026, 12, 31))


# Laws.

LINES = st.builds(
    lambda count, net, start, align, bill, policy: line(
        str(net),
        term_of(start, 6),
        6,
        quantity=Decimal(count),
        rate=flat_rate("7.77"),
        align=align,
        bill=bill,
        proration=policy,
    ),
    st.integers(1, 9),
    st.decimals(0, 9999, places=2),
    st.dates(date(2027, 1, 1), date(2028, 3, 1)),
    st.sampled_from(["calendar", "anniversary"]),
    st.sampled_from(["in-advance", "in-arrears"]),
    st.sampled_from(["days", "thirty", "month-parts"]),
)
KINDS = ("quantity", "price", "pause", "resume", "cancel")


@st.composite
def changed(draw: st.DrawFn, of: OrderLine) -> Change:
    assert of.service is not None
    kind = draw(st.sampled_from(KINDS))
    first = of.service.first + timedelta(draw(st.integers(0, of.service.days - 1)))
    when = draw(st.sampled_from(["prorated", "none", "next-period"]))
    more: dict[str, object] = {"proration": when}
    if kind == "quantity":
        more["quantity"] = draw(st.integers(0, 20))
    if kind == "price":
        more["price"] = draw(st.decimals(0, 50, places=2))
        more["discounted"] = draw(st.booleans())
    if kind == "pause" and draw(st.booleans()):
        more["until"] = str(first + timedelta(draw(st.integers(0, 60))))
    return change(kind, str(first), **more)


@given(LINES)
def test_without_changes_a_line_costs_what_its_instalments_say(one: OrderLine) -> None:
    parts = [part.net.minor for part in instalments(one)]
    assert amounts(one) == parts
    assert prices(one, stretches(one, ())) == [(one.service, one.net.minor)]


@given(st.data(), LINES)
def test_prices_of_stretches_add_up_to_all_that_is_charged(
    data: st.DataObject, one: OrderLine
) -> None:
    found = data.draw(st.lists(changed(one), max_size=4))
    cut = stretches(one, found)
    assert sum(price for _, price in prices(one, cut)) == sum(amounts(one, *found))
    assert sum(part.period.days for part in cut) == (one.service or YEAR).days


@given(st.data(), LINES)
def test_a_change_that_changes_nothing_changes_no_amount(
    data: st.DataObject, one: OrderLine
) -> None:
    """Over any cut of a period the parts add up to the whole."""
    same = [
        change("quantity", str(day), quantity=one.quantity)
        for day in data.draw(st.lists(st.dates(YEAR.first, date(2029, 1, 1)), max_size=5))
    ]
    assert amounts(one, *same) == amounts(one)


class Life(RuleBasedStateMachine):
    """Changes, runs through any day, reruns and rebills, in any order."""

    @initialize(line=LINES)
    def begin(self, line: OrderLine) -> None:
        """Sell a line."""
        self.line, self.account = line, Account(line)

    @rule(data=st.data())
    def change(self, data: st.DataObject) -> None:
        """Record a change."""
        if len(self.account.changes) < 6:
            self.account.record(data.draw(changed(self.line)))

    @rule(ahead=st.integers(0, 230))
    def run(self, ahead: int) -> None:
        """Bill what is due; a second run finds nothing."""
        assert self.line.service is not None
        through = self.line.service.first + timedelta(ahead)
        self.account.run(through)
        self.account.run(through)  # what waited for a charge that was billed again
        assert not self.account.due(through)

    @rule(number=st.integers(0, 9))
    def rebill(self, number: int) -> None:
        """Credit a charge that was wrong, so that it is due again."""
        self.account.rebill(number)

    @invariant()
    def in_the_end_all_is_billed_once(self) -> None:
        """Bill the rest: it is what the line costs with all that is known."""
        if not hasattr(self, "account"):
            return
        far = date(2030, 1, 1)
        other = Account(self.line)
        other.changes = list(self.account.changes)
        other.rows = [replace(row) for row in self.account.rows]
        for _ in range(3):
            other.run(far)
        assert not other.due(far)
        assert other.net == sum(amounts(self.line, *self.account.changes))


TestLife = pytest.mark.filterwarnings("ignore")(Life.TestCase)
TestLife.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)
