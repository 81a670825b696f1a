"""Billing again: an invoice was wrong and not what was agreed, so it is credited and made anew."""

import pytest

from q2c.core.fault import Invalid
from tests.firm import Firm
from tests.values import days, hourly, kr, order, recurring

YEAR = days("2026-01-01", "2026-12-31")


def test_hours_billed_again_stay_earned_and_are_an_asset_in_between() -> None:
    firm = Firm(order(hourly("40", "1450")))
    firm.deliver("O-2026-0001/1", "10", "2026-01-20")
    (first,) = firm.bill("2026-01-31")
    firm.recognise("2026-01")
    firm.credit(first.number, "2026-02-02", rebill=True)
    assert firm.amount("contract-asset", "O-2026-0001/1") == 1_450_000
    assert firm.amount("revenue", "O-2026-0001/1") == -1_450_000
    (again,) = firm.bill("2026-02-02")
    assert (again.net, again.lines[0].keys) == (first.net, first.lines[0].keys)
    assert firm.amount("contract-asset", "O-2026-0001/1") == 0
    assert firm.recognise("2026-02") == []


def test_a_month_in_advance_billed_again_is_owed_once() -> None:
    firm = Firm(order(recurring("78000", YEAR, 12)))
    (first,) = firm.bill("2026-01-01")
    firm.credit(first.number, "2026-01-02", rebill=True)
    assert firm.amount("contract-liability") == 0
    (again,) = firm.bill("2026-01-02")
    assert firm.amount("receivable") == again.total.minor == first.total.minor
    assert firm.bill("2026-01-02") == []


def test_a_credit_that_is_not_billed_again_leaves_nothing_due() -> None:
    firm = Firm(order(recurring("78000", YEAR, 12)))
    (first,) = firm.bill("2026-01-01")
    firm.credit(first.number, "2026-01-02")
    assert firm.bill("2026-01-02") == []


def test_a_part_of_a_line_cannot_be_billed_again() -> None:
    firm = Firm(order(hourly("40", "1450")))
    firm.deliver("O-2026-0001/1", "10", "2026-01-20")
    (first,) = firm.bill("2026-01-31")
    with pytest.raises(Invalid) as refused:
        firm.credit(first.number, "2026-02-02", {"1": kr("100")}, rebill=True)
    assert [fault.code for fault in refused.value.faults] == ["rebill-whole"]
