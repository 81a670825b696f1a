"""Revenue: what is earned by a month, worked by hand; `test_business` has the laws."""

from decimal import Decimal

import pytest

from q2c.core.fault import Invalid
from q2c.core.period import Period, read_month
from q2c.core.posting import NONE, line_balances
from q2c.core.recognition import months_to_post
from tests.firm import Firm
from tests.values import (
    customer,
    day,
    days,
    flat_rate,
    goods,
    hourly,
    kr,
    order,
    published,
    recurring,
)

LINE = "O-2026-0001/1"
PREPAID = order(hourly("40", "1450", net="55100", bill="on-order"))


def revenue(firm: Firm) -> list[Decimal]:
    """Give the revenue of each entry in turn."""
    entries = [entry for entry in firm.entries if entry.kind == "revenue-recognised"]
    return [Decimal(-entry.postings[-1].amount) / 100 for entry in entries]


def figures(*words: str) -> list[Decimal]:
    """Read figures."""
    return [Decimal(word) for word in words]


@pytest.mark.parametrize(
    ("net", "service", "last", "months"),
    [
        (
            "12000",
            days("2026-01-16", "2027-01-15"),
            "2027-01",
            (
                "526.03 920.55 1019.17 986.30 1019.18 986.30 1019.18 1019.18 986.30 1019.18 "
                "986.30 1019.18 493.15"
            ),
        ),
        ("100", days("2026-01-10", "2026-03-15"), "2026-03", "33.85 43.07 23.08"),
        ("12000", days("2026-01-15", "2027-01-14"), "2026-02", "558.90 920.55"),
        ("366", days("2028-01-01", "2028-12-31"), "2028-02", "31 29"),
        ("78000", days("2026-12-01", "2027-11-30"), "2026-12", "6624.66"),
    ],
    ids=["a year from the 16th", "65 days", "a year from the 15th", "a leap year", "a December"],
)
def test_a_service_is_earned_day_by_day(net: str, service: Period, last: str, months: str) -> None:
    """IFRS 15.39-45 by days, both ends counted; each month to date less the month before."""
    firm = Firm(order(recurring(net, service, 12), agreed=str(service.first)))
    firm.recognise(last)
    assert revenue(firm) == figures(*months.split())


def test_prepaid_hours_are_earned_as_they_are_used() -> None:
    """25 of 40 hours of 55,100.00: 34,437.50 earned, 20,662.50 still owed to the customer."""
    firm = Firm(PREPAID)
    firm.bill("2026-01-01")
    firm.deliver(LINE, "25", "2026-01-19")
    firm.recognise("2026-01")
    assert firm.amount("revenue", LINE) == -3_443_750
    assert firm.amount("contract-liability", LINE) == -2_066_250
    assert firm.entries[-1].note == "25/40 h"


def test_goods_are_earned_when_whole_units_are_delivered() -> None:
    firm = Firm(order(goods("2", "9000")))
    firm.deliver(LINE, "1.5", "2026-01-19")
    firm.recognise("2026-01")
    firm.deliver(LINE, "0.5", "2026-02-01")
    firm.recognise("2026-02")
    assert revenue(firm) == figures("9000", "9000")


def test_hours_on_account_are_earned_when_worked_whenever_they_are_invoiced() -> None:
    firm = Firm(order(hourly("10", "1000")))
    firm.deliver(LINE, "12", "2026-01-19")
    firm.recognise("2026-01")
    assert firm.amount("contract-asset", LINE) == 1_200_000
    firm.bill("2026-02-15")
    firm.recognise("2026-02")
    assert revenue(firm) == figures("12000")
    assert firm.amount("contract-asset", LINE) == firm.amount("contract-liability", LINE) == 0


def test_a_delivery_recorded_late_is_caught_up() -> None:
    firm = Firm(PREPAID)
    firm.deliver(LINE, "1", "2026-02-10")
    firm.recognise("2026-02")
    firm.deliver(LINE, "4", "2026-01-20")
    firm.recognise("2026-02")
    assert [entry.period for entry in firm.entries] == ["2026-02", "2026-02"]
    assert revenue(firm) == figures("1377.50", "5510")


def test_revenue_is_taken_back_when_a_delivery_is() -> None:
    firm = Firm(PREPAID)
    firm.deliver(LINE, "10", "2026-01-20")
    firm.recognise("2026-01")
    firm.deliver(LINE, "-4", "2026-02-20")
    firm.recognise("2026-02")
    assert revenue(firm) == figures("13775", "-5510")
    assert firm.amount("contract-asset", LINE) == 826_500


def test_a_month_may_be_put_right_again_and_again() -> None:
    """The same target twice in a month is two facts, each with a name of its own."""
    firm = Firm(PREPAID)
    for hours in ("10", "-5", "5", "-5"):
        firm.deliver(LINE, hours, "2026-01-20")
        firm.recognise("2026-01")
    assert revenue(firm) == figures("13775", "-6887.5", "6887.5", "-6887.5")
    assert firm.entries[-1].id == "revenue:O-2026-0001/1:2026-01:4"


def test_skipped_months_are_posted_each_in_its_own_period() -> None:
    firm = Firm(order(recurring("1200", days("2026-01-01", "2026-12-31"), 12)))
    firm.recognise("2026-04")
    assert [entry.period for entry in firm.entries] == ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert firm.entries[1].date == day("2026-02-28")


def test_a_month_before_the_last_one_is_refused() -> None:
    firm = Firm(order(recurring("1200", days("2026-01-01", "2026-12-31"), 12)))
    firm.recognise("2026-04")
    with pytest.raises(Invalid, match="Revenue is recognised through 2026-04") as refused:
        firm.earned("2026-03")
    assert refused.value.faults[0].code == "period-recognised"
    march = read_month("2026-03")
    assert march
    assert months_to_post(list(firm.orders.values()), firm.entries, march) == [march]


def test_running_again_adds_nothing() -> None:
    firm = Firm(order(recurring("1000", days("2026-01-31", "2027-01-30"), 12)))
    firm.bill("2026-05-31")
    firm.recognise("2026-05")
    assert firm.recognise("2026-05") == []
    assert firm.bill("2026-05-31") == []


def test_a_credit_before_anything_is_earned_is_a_lower_price() -> None:
    firm = Firm(PREPAID)
    firm.bill("2026-01-01")
    firm.credit("F-2026-0001", "2026-01-10", {"1": kr("5100")})
    firm.deliver(LINE, "20", "2026-01-20")
    firm.recognise("2026-01")
    assert firm.amount("revenue", LINE) == -2_500_000
    assert firm.amount("contract-liability", LINE) == -2_500_000


def test_a_credit_after_revenue_is_taken_from_revenue_in_its_own_month() -> None:
    firm = Firm(order(hourly("10", "1000")))
    firm.deliver(LINE, "10", "2026-01-19")
    firm.bill("2026-01-31")
    firm.recognise("2026-01")
    firm.credit("F-2026-0001", "2026-02-10", {"1": kr("2000")})
    assert firm.amount("revenue", LINE) == -800_000
    # January stays as it was, though its credit note is in the ledger by now.
    assert firm.recognise("2026-02") == []


def test_a_credit_of_a_month_of_service_counts_for_that_month() -> None:
    """March of 1,200.00 a year is given back, and none of it comes back as revenue in April.

    4.11 of it were not earned yet and leave the liability, which April makes up for.
    """
    year = days("2026-01-01", "2026-12-31")
    firm = Firm(order(recurring("1200", year, 12)))
    for month in ("2026-01", "2026-02", "2026-03"):
        firm.bill(f"{month}-01")
        firm.recognise(month)
    firm.credit("F-2026-0003", "2026-04-02")
    assert firm.amount("revenue", LINE) == -20_000
    firm.recognise("2026-06")
    assert revenue(firm)[-3:] == figures("94.52", "101.92", "98.63")


def test_a_credit_of_months_to_come_takes_back_nothing_that_was_earned() -> None:
    """Invoiced for the year in January, ended with June: the other half is given back."""
    halves = recurring("1200", days("2026-01-01", "2026-12-31"), 2, every="half-year")
    firm = Firm(order(halves))
    first, _ = firm.bill("2026-07-01")[0].lines
    firm.recognise("2026-06")
    firm.credit("F-2026-0001", "2026-07-01", {"2": kr("600")})
    firm.recognise("2026-12")
    assert first.net == kr("600")
    assert revenue(firm)[5] == Decimal("98.63")
    assert all(figure >= 0 for figure in revenue(firm))
    assert firm.amount("revenue", LINE) == -60_000


def test_a_credit_of_all_that_was_earned_leaves_nothing() -> None:
    firm = Firm(PREPAID)
    firm.bill("2026-01-01")
    firm.deliver(LINE, "25", "2026-01-19")
    firm.recognise("2026-01")
    firm.credit("F-2026-0001", "2026-02-10")
    firm.recognise("2026-03")
    for role in ("revenue", "contract-liability", "contract-asset", "receivable", "output-vat"):
        assert firm.amount(role) == 0


def test_hours_credited_and_taken_back_are_never_worth_less_than_nothing() -> None:
    firm = Firm(order(hourly("10", "1000")))
    firm.deliver(LINE, "10", "2026-01-19")
    firm.bill("2026-01-31")
    firm.credit("F-2026-0001", "2026-02-10")
    firm.deliver(LINE, "-5", "2026-02-10")
    firm.recognise("2026-02")
    assert firm.amount("revenue", LINE) == 0


def test_an_order_of_a_later_month_earns_nothing_yet() -> None:
    firm = Firm(order(recurring("1200", days("2026-01-01", "2026-12-31"), 12), agreed="2026-03-10"))
    assert firm.earned("2026-02") == []
    (march,) = firm.earned("2026-03")
    assert (march.progress, march.revenue) == ("90/365 days", kr("295.89"))


def test_a_figure_says_how_it_came_about() -> None:
    firm = Firm(PREPAID)
    firm.deliver(LINE, "25", "2026-01-19")
    (found,) = firm.earned("2026-01")
    (step,) = found.target.steps
    assert (step.rule, step.after) == ("25/40 h of 55 100.00 SEK", Decimal("34437.50"))


RATES = (published("2026-01-02", "10.50"), published("2026-02-27", "11.20"))
ADVANCE = hourly("8", "100", rate=flat_rate("100", "EUR"), bill="on-order")


def abroad() -> Firm:
    """Give a firm with 800 EUR invoiced ahead at 10.50."""
    firm = Firm(order(ADVANCE, currency="EUR"), buyer=customer("NO"), rates=RATES)
    firm.bill("2026-01-10")
    return firm


def test_an_advance_in_euro_is_earned_at_the_rate_of_its_day() -> None:
    """IFRIC 22: 800 EUR at 10.50, half performed at 11.20, are 4,200 SEK and not 4,480."""
    firm = abroad()
    firm.deliver(LINE, "4", "2026-02-20")
    firm.recognise("2026-02")
    assert (firm.amount("revenue"), firm.book("revenue")) == (-40_000, -420_000)


def test_revenue_out_of_a_liability_needs_no_rate_of_its_month() -> None:
    firm = abroad()
    firm.deliver(LINE, "8", "2026-08-20")
    firm.recognise("2026-08")
    assert firm.book("revenue") == -840_000


def test_revenue_that_is_not_invoiced_needs_a_rate_of_its_month() -> None:
    line = hourly("8", "100", rate=flat_rate("100", "EUR"))
    firm = Firm(order(line, currency="EUR"), buyer=customer("NO"), rates=RATES)
    firm.deliver(LINE, "8", "2026-08-20")
    with pytest.raises(Invalid, match="no rate from EUR to SEK on 2026-08-31"):
        firm.recognise("2026-08")


def test_euro_revenue_that_is_taken_back_leaves_at_its_own_rate() -> None:
    firm = abroad()
    firm.deliver(LINE, "8", "2026-01-20")
    firm.recognise("2026-01")
    firm.deliver(LINE, "-8", "2026-02-20")
    firm.recognise("2026-02")
    assert (firm.amount("revenue"), firm.book("revenue")) == (0, 0)
    assert firm.book("contract-liability") == -840_000


def test_a_month_ends_on_its_own_balances_though_a_later_invoice_stands_already() -> None:
    firm = Firm(order(hourly("40", "1450")))
    firm.deliver("O-2026-0001/1", "10", "2026-01-20")
    firm.bill("2026-02-05")
    revenue, netted = firm.recognise("2026-01")
    assert [(p.role, p.amount) for p in revenue.postings] == [
        ("contract-asset", 1_450_000),
        ("revenue", -1_450_000),
    ]
    assert (netted.date, netted.period) == (day("2026-02-05"), "2026-02")
    assert firm.amount("contract-liability") == firm.amount("contract-asset") == 0


def test_a_month_that_no_later_invoice_touches_needs_no_netting() -> None:
    firm = Firm(order(hourly("40", "1450")))
    firm.deliver("O-2026-0001/1", "10", "2026-01-20")
    firm.bill("2026-01-31")
    assert [entry.kind for entry in firm.recognise("2026-01")] == ["revenue-recognised"]


def test_months_that_are_caught_up_are_netted_on_the_day_of_the_later_invoice() -> None:
    """January and February were invoiced ahead; March and April came on the first of June."""
    firm = Firm(order(recurring("1200", days("2026-01-01", "2026-12-31"), 12)))
    firm.bill("2026-02-01")
    firm.bill("2026-06-01")
    made = firm.recognise("2026-04")
    netted = [entry for entry in made if entry.kind == "contract-balances-netted"]
    assert [(entry.date, entry.period) for entry in netted] == [(day("2026-06-01"), "2026-06")] * 2
    through = [entry for entry in firm.entries if entry.period <= "2026-04"]
    held = line_balances(through)
    assert held.get(("contract-liability", LINE), NONE).amount == 0
    assert held["contract-asset", LINE].amount == 194_52  # 120/365 of 1 200, less 200 invoiced
