"""Orders of hours that end below what was agreed: settled as far as they were delivered."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from q2c.core.fault import Held, Invalid
from q2c.core.order import Order
from q2c.core.subscription import order_state
from q2c.core.subscription.closing import closing
from q2c.store.credit import credit_of
from q2c.store.quotes import read_version
from q2c.store.tree import WorkTree
from tests.firm import Firm
from tests.office import opened
from tests.test_deposits import REF, agreed, milestone, pay
from tests.values import day, hourly, kr

# 100 hours at 1 000, a deposit of 30 %: 37 500 with VAT.
HOURS = agreed(hourly("100", "1000"), payments=(pay("30"), pay(on="delivery")))


def close(firm: Firm, order: Order, on: str) -> None:
    """Record that no more is delivered of an order."""
    known = firm.deliveries[order.number], firm.changes[order.number]
    firm.changes[order.number] += closing(order, *known, day(on), "Done sooner")


def test_hours_that_end_below_what_was_agreed_are_settled_once_the_order_is_closed() -> None:
    """80 of 100 hours: 80 000 and VAT 20 000, less the deposit of 37 500; all of it is earned."""
    firm = Firm(HOURS)
    firm.bill("2026-01-01")
    firm.deliver(f"{REF}/1", "80", "2026-02-10")
    assert firm.bill("2026-02-28") == []
    close(firm, HOURS, "2026-03-01")
    assert firm.bill("2026-02-28") == []
    (final,) = firm.bill("2026-03-01")
    assert (final.net, final.tax, final.payable) == (kr("80000"), kr("20000"), kr("62500"))
    firm.recognise("2026-03")
    assert firm.amount("revenue", f"{REF}/1") == -8_000_000
    assert firm.amount("contract-liability") == firm.amount("contract-asset") == 0
    assert firm.bill("2026-12-31") == []


def test_a_closed_order_is_executed_from_its_day_on() -> None:
    firm = Firm(HOURS)
    close(firm, HOURS, "2026-03-01")
    changes = firm.changes[REF]
    assert order_state(HOURS, (), changes, day("2026-02-28")) == "created"
    assert order_state(HOURS, (), changes, day("2026-03-01")) == "executed"


def test_a_deposit_beyond_what_was_delivered_waits_to_be_given_back() -> None:
    """20 of 100 hours are 25 000 with VAT; 12 500 of the deposit, 10 000 without, goes back."""
    firm = Firm(HOURS)
    firm.bill("2026-01-01")
    firm.deliver(f"{REF}/1", "20", "2026-02-10")
    close(firm, HOURS, "2026-03-01")
    with pytest.raises(Held, match="F-2026-0001"):
        firm.bill("2026-03-01")
    firm.credit("F-2026-0001", "2026-03-02", {"1": kr("10000")})
    (final,) = firm.bill("2026-03-02")
    assert (final.total, final.payable) == (kr("25000"), kr("0"))
    assert firm.amount("contract-liability", f"{REF}/deposit") == 0


def test_a_deposit_of_an_order_of_which_nothing_came_waits_to_be_given_back() -> None:
    firm = Firm(HOURS)
    firm.bill("2026-01-01")
    close(firm, HOURS, "2026-03-01")
    with pytest.raises(Held, match="nothing of it is delivered"):
        firm.bill("2026-03-01")
    firm.credit("F-2026-0001", "2026-03-02")
    assert firm.bill("2026-03-02") == []


def test_hours_that_come_after_the_final_invoice_are_invoiced_by_themselves() -> None:
    firm = Firm(HOURS)
    firm.deliver(f"{REF}/1", "80", "2026-02-10")
    close(firm, HOURS, "2026-03-01")
    firm.bill("2026-03-01")
    firm.deliver(f"{REF}/1", "2", "2026-03-10")
    (late,) = firm.bill("2026-03-31")
    assert (late.net, late.deposits) == (kr("2000"), ())


def test_a_fixed_price_that_is_not_delivered_keeps_an_order_open() -> None:
    order = agreed(hourly("100", "1000"), milestone("5000", "2"), payments=())
    firm = Firm(order)
    with pytest.raises(Invalid) as refused:
        close(firm, order, "2026-03-01")
    assert [fault.code for fault in refused.value.faults] == ["not-delivered"]
    firm.deliver(f"{REF}/2", "1", "2026-02-01")
    close(firm, order, "2026-03-01")
    with pytest.raises(Invalid, match="waits to be delivered"):
        close(firm, order, "2026-03-01")


@given(st.integers(min_value=30, max_value=120))
def test_what_is_invoiced_in_all_is_what_was_delivered(hours: int) -> None:
    firm = Firm(HOURS)
    firm.bill("2026-01-01")
    firm.deliver(f"{REF}/1", str(hours), "2026-02-10")
    if hours < 100:
        close(firm, HOURS, "2026-03-01")
    firm.bill("2026-03-01")
    firm.recognise("2026-03")
    assert firm.invoiced(f"{REF}/1") == hours * 100_000
    assert firm.amount("revenue") == -hours * 100_000
    assert firm.amount("contract-liability") == 0


def test_what_was_closed_is_owed_as_far_as_it_was_delivered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """6 of 20 hours and all scans, agreed as 32 200.00: 7 740.00 and 6 400.00, and VAT of 25 %."""
    office = opened(tmp_path, monkeypatch)
    files = WorkTree(office.root)
    quote = read_version(files, "Q-2026-0002", 1)
    assert credit_of(files, quote).owed == Decimal("40250.00")
    office.today("2026-11-20")
    office.must("order", "deliver", "O-2026-0002", "--line", "2", "--qty", "8000")
    office.must("order", "close", "O-2026-0002", "--reason", "Done")
    assert credit_of(files, quote).owed == Decimal("17675.00")
