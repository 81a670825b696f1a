"""Prepaid hours, bought or granted by the month: invoice, balance and revenue agree."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from q2c.core.order import Delivery, OrderLine
from q2c.core.period import read_month
from q2c.core.quote.working import Allowance, Working
from q2c.core.usage.allowance import Standing, drawdown, paid_of
from tests.firm import Firm
from tests.values import day, days, hourly, order, recurring

REF = "O-2026-0001/1"
YEAR = days("2026-01-01", "2026-12-31")


def bought(hours: str = "40", expires: str = "6 months", overage: str = "1600") -> OrderLine:
    terms = Allowance(hours=Decimal(1), expires=expires, overage=Decimal(overage))
    return hourly(hours, "1500", bill="on-order", working=Working(prepaid=terms))


def retainer(hours: str = "10", rollover: str = "4") -> OrderLine:
    """Give a retainer of 12 months at 12 000 a month, 1 500 an hour beyond."""
    terms = Allowance(hours=Decimal(hours), rollover=Decimal(rollover), overage=Decimal(1500))
    return recurring("144000", YEAR, 12, working=Working(prepaid=terms))


def work(hours: str | Decimal, on: str | date, key: str = "") -> Delivery:
    when = day(on) if isinstance(on, str) else on
    return Delivery(date=when, line="1", quantity=Decimal(hours), person="Mia", key=key)


def firm_of(line: OrderLine, *hours: Delivery) -> Firm:
    firm = Firm(order(line))
    firm.deliveries["O-2026-0001"] += hours
    return firm


def stands(firm: Firm, on: str) -> Standing:
    [found] = firm.orders.values()
    [line] = found.lines
    return drawdown(paid_of(found, line), line, firm.deliveries["O-2026-0001"], day(on))


def nets(firm: Firm) -> list[str]:
    return [str(ln.net.amount) for invoice in firm.invoices.values() for ln in invoice.lines]


def test_bought_hours_are_invoiced_once_and_only_those_beyond_again() -> None:
    firm = firm_of(bought(), work("30", "2026-02-10"))
    firm.bill("2026-02-28")
    firm.deliveries["O-2026-0001"] += [work("15", "2026-03-10")]
    firm.bill("2026-03-31")
    assert nets(firm) == ["60000.00", "8000.00"]
    [beyond] = firm.invoices["F-2026-0002"].lines
    assert (beyond.quantity, beyond.unit_price, beyond.unit) == (Decimal(5), Decimal(1600), "h")
    assert beyond.text == "Hours beyond the prepaid ones"


def test_what_was_not_used_in_time_expires_and_is_earned_then() -> None:
    """40 h for 60 000 from 1 January for six months; 30 worked, 10 lost: all earned in June."""
    firm = firm_of(bought(), work("30", "2026-02-10"))
    firm.bill("2026-01-31")
    assert [what.revenue.minor for what in firm.earned("2026-05")] == [45_000_00]
    firm.recognise("2026-06")
    assert firm.amount("contract-liability", REF) == 0
    assert stands(firm, "2026-06-30").down.expired == {f"{REF}:order": Decimal(10)}
    late = firm_of(bought(), work("1", "2026-07-01"))
    late.bill("2026-07-31")
    assert nets(late) == ["60000.00", "1600.00"]


def test_a_retainer_grants_hours_each_month_and_saves_some_for_the_next() -> None:
    """January 5 of 10 h, 4 saved, 1 lost; February 14 free, 16 worked, 2 beyond at 1 500."""
    firm = firm_of(retainer(), work("5", "2026-01-20"), work("16", "2026-02-20"))
    firm.bill("2026-02-28")
    assert nets(firm) == ["12000.00", "12000.00", "3000.00"]
    january, february = (f"{REF}:2026-01-01..2026-01-31", f"{REF}:2026-02-01..2026-02-28")
    now = stands(firm, "2026-02-28")
    assert (now.down.rolled, now.down.expired) == ({january: Decimal(4)}, {january: Decimal(1)})
    assert now.values[february] == 1_200_00  # 4 h at 1 200 and 10 h for 12 000


def test_saved_hours_stay_paid_for_until_they_are_worked() -> None:
    firm = firm_of(retainer(), work("5", "2026-01-20"))
    firm.bill("2026-01-31")
    firm.recognise("2026-01")
    assert -firm.amount("contract-liability", REF) == 4 * 1_200_00


def test_a_part_of_a_month_grants_a_part_of_its_hours() -> None:
    """16 to 31 January is 16 of 31 days: 10 h × 16 / 31 = 5.16 h."""
    terms = Working(prepaid=Allowance(hours=Decimal(10), overage=Decimal(1500)))
    part = days("2026-01-16", "2026-01-31")
    line = recurring("6000", part, 1, align="calendar", working=terms)
    [found] = paid_of(order(line), line)
    assert found.grant.quantity == Decimal("5.16")


HOURS = st.lists(
    st.builds(
        lambda hours, after, key: work(hours, day("2026-01-01") + timedelta(after), str(key)),
        st.decimals(Decimal("0.25"), 12, places=2),
        st.integers(0, 200),
        st.uuids(),
    ),
    max_size=8,
)
LINES = st.sampled_from(
    [bought("20", "3 months"), bought("10", ""), retainer(), retainer("5", "0")]
)


@given(LINES, HOURS, st.data())
def test_any_cut_of_the_hours_into_runs_charges_the_same_beyond(
    line: OrderLine, hours: list[Delivery], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(hours))
    cut = data.draw(st.integers(0, len(hours)))
    once, twice = firm_of(line, *hours), firm_of(line, *shuffled[:cut])
    once.bill("2026-12-31")
    twice.bill("2026-12-31")
    twice.deliveries["O-2026-0001"] += shuffled[cut:]
    twice.bill("2026-12-31")
    assert once.invoiced(REF) == twice.invoiced(REF)


@settings(max_examples=25)
@given(LINES, HOURS, st.integers(1, 8))
def test_balance_invoices_and_deferred_revenue_agree_at_the_end_of_every_month(
    line: OrderLine, hours: list[Delivery], months: int
) -> None:
    """What is paid and not yet earned is what the hours that are left were paid with."""
    firm = firm_of(line, *hours)
    for number in range(1, months + 1):
        month = read_month(f"2026-{number:02}")
        assert month
        firm.bill(str(month.last))
        firm.recognise(f"2026-{number:02}")
        now = stands(firm, str(month.last))
        held = -firm.amount("contract-liability", REF)
        assert abs(held - now.deferred()) <= 1
        left = sum(now.down.left.values(), Decimal(0))
        assert (left == 0) <= (held == 0)


def test_hours_may_expire_after_weeks() -> None:
    line = bought(expires="26 weeks")
    (one,) = paid_of(order(line), line)
    assert one.grant.last == day("2026-07-01")  # 182 days from 1 January
