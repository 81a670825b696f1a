"""Credits that are sold ahead: drawn before use is charged, units first, then amounts."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.billing import Facts, claim
from q2c.core.billing.metered import due_of_use
from q2c.core.billing.prepaying import covered, drawdowns, spent_of
from q2c.core.catalog import Granted
from q2c.core.money import Money, total
from q2c.core.order import Order, OrderLine
from q2c.core.period import Period
from q2c.core.usage.metering import Reading, settled_of
from tests.metering import metered_line, order_of, rate, reading
from tests.values import day, placing

CALL = metered_line(rate(unit_price=Decimal(2)))
THROUGH = day("2027-12-31")
NOVEMBER, DECEMBER = "2026-11-01..2026-11-30", "2026-12-01..2026-12-31"


def pack(quantity: str, meter: str | None = "calls", **said: object) -> OrderLine:
    """Sell credits once."""
    return replace(
        CALL,
        id="2",
        product="pack",
        charge="one-off",
        bill="on-order",
        metering=None,
        quantity=Decimal(1),
        net=Money(100_000, "SEK"),
        grants=Granted(meter=meter, quantity=Decimal(quantity)),
        **said,
    )


def charged(order: Order, readings: list[Reading], billed: list[str] | None = None) -> list[str]:
    """Say what is charged of readings after credits."""
    known = covered([order], {order.number: readings}, THROUGH)[order.number]
    dues = due_of_use(order, order.lines[0], known, billed or [], THROUGH)
    return [str(one.net) for one in dues]


def test_units_are_drawn_month_by_month_and_only_the_rest_is_charged() -> None:
    order = order_of(CALL, pack("150"))
    months = [reading("2026-11", "100"), reading("2026-12", "100")]
    assert charged(order, months) == ["0.00 SEK", "100.00 SEK"]


def test_an_amount_pays_what_use_costs() -> None:
    order = order_of(CALL, pack("250", None))
    months = [reading("2026-11", "100"), reading("2026-12", "100")]
    assert charged(order, months) == ["0.00 SEK", "150.00 SEK"]


def test_units_go_before_amounts() -> None:
    amount = replace(pack("50", None), id="3")
    order = order_of(CALL, pack("90"), amount)
    assert charged(order, [reading("2026-11", "100")]) == ["0.00 SEK"]
    assert charged(order, [reading("2026-11", "125")]) == ["20.00 SEK"]


def test_what_recurs_grants_in_each_period_and_moves_a_part_of_the_rest_on() -> None:
    every = replace(
        pack("100"),
        charge="recurring",
        bill="in-advance",
        every="month",
        times=12,
        service=Period(day("2026-11-01"), day("2027-10-31")),
        grants=Granted(meter="calls", quantity=Decimal(100), rollover=Decimal(30)),
    )
    order = order_of(CALL, every)
    months = [reading("2026-11", "60"), reading("2026-12", "140")]
    assert charged(order, months) == ["0.00 SEK", "20.00 SEK"]  # 100 and 30 of the 40 left


def test_late_use_draws_what_is_left_and_what_was_billed_stays() -> None:
    order = order_of(CALL, pack("150"))
    first = "O-2026-0001/1:usage:2026-11-01..2026-11-30@1"
    settled = settled_of([first])[first.partition("@")[0]]
    late = reading("2026-11", "180", papers=2, settled=settled, billed=Decimal(100))
    assert charged(order, [late], [first]) == ["60.00 SEK"]  # 50 were left of 150


def test_late_use_is_charged_where_credits_have_covered_what_came_after_it() -> None:
    """100 credits covered 50 calls of November and 50 of 100 of December: 30 more cost 60.00."""
    order = order_of(CALL, pack("100"))
    first = reading("2026-11", "50")
    assert charged(order, [first, reading("2026-12", "100")]) == ["0.00 SEK", "100.00 SEK"]
    keys = [f"O-2026-0001/1:usage:{days}@1" for days in (NOVEMBER, DECEMBER)]
    december = reading("2026-12", "100", settled=((0, 1),), billed=Decimal(100))
    late = reading("2026-11", "80", papers=2, settled=((0, 1),), billed=Decimal(50))
    assert charged(order, [late, december], keys) == ["60.00 SEK"]
    keys.append(f"O-2026-0001/1:usage:{NOVEMBER}@1>2")
    spans = ((0, 1), (1, 2))
    billed = reading("2026-11", "80", papers=2, settled=spans, billed=Decimal(80))
    assert charged(order, [billed, december], keys) == []
    later = reading("2026-11", "90", papers=3, settled=spans, billed=Decimal(80))
    assert charged(order, [later, december], keys) == ["20.00 SEK"]


def test_credits_that_one_line_used_are_not_there_for_another_that_is_billed_later() -> None:
    other = replace(CALL, id="3")
    order = order_of(CALL, pack("100"), other)
    december = reading("2026-12", "100", settled=((0, 1),), billed=Decimal(100))
    november = replace(reading("2026-11", "100"), line="3")
    known = covered([order], {order.number: [december, november]}, THROUGH)[order.number]
    (due,) = due_of_use(order, other, known, [], THROUGH)
    assert str(due.net) == "200.00 SEK"


def test_late_use_takes_no_credits_of_a_later_period() -> None:
    monthly = replace(
        pack("100"),
        charge="recurring",
        every="month",
        times=3,
        service=Period(day("2026-11-01"), day("2027-01-31")),
        grants=Granted(meter="calls", quantity=Decimal(100), rollover=Decimal(100)),
    )
    order = order_of(CALL, monthly)
    december = reading("2026-12", "150", settled=((0, 1),), billed=Decimal(150))
    late = reading("2026-11", "80", papers=2, settled=((0, 1),), billed=Decimal(50))
    months = [late, december, reading("2027-01", "40")]
    keys = [f"O-2026-0001/1:usage:{days}@1" for days in (NOVEMBER, DECEMBER)]
    assert charged(order, months, keys) == ["60.00 SEK", "0.00 SEK"]


def test_credits_are_earned_as_they_are_used_and_when_they_expire() -> None:
    order = order_of(
        CALL,
        replace(
            pack("200"), grants=Granted(meter="calls", quantity=Decimal(200), expires="2 months")
        ),
    )
    readings = {order.number: [reading("2026-11", "50")]}
    spent = spent_of([order], readings, THROUGH)["O-2026-0001/2"]
    assert spent == [
        (day("2026-11-30"), Fraction(1, 4)),
        (day("2026-12-31"), Fraction(3, 4)),
    ]


@given(st.lists(st.integers(0, 400), min_size=1, max_size=5), st.integers(0, 900))
def test_what_credits_cover_and_what_is_charged_is_all_use(uses: list[int], granted: int) -> None:
    order = order_of(CALL, pack(str(granted or 1)))
    names = ["2026-11", "2026-12", "2027-01", "2027-02", "2027-03"]
    readings = [reading(name, str(use)) for name, use in zip(names, uses, strict=False)]
    known = covered([order], {order.number: readings}, THROUGH)[order.number]
    dues = due_of_use(order, CALL, known, [], THROUGH)
    net = total((one.net for one in dues), "SEK")
    assert net == Money(200 * max(0, sum(uses) - (granted or 1)), "SEK")
    ((_, down),) = drawdowns([order], {order.number: known}, THROUGH)
    assert sum(row.quantity for row in down.rows) == min(sum(uses), granted or 1)


def test_an_amount_with_vat_pays_use_whose_price_includes_it() -> None:
    """Credits of 1 000.00 with VAT pay 750.00 of November and 250.00 of December; 500.00 is left.

    An invoice of the rest is 400.00 and VAT 100.00, whatever the credits themselves cost.
    """
    call = replace(CALL, rate_with_vat=rate(unit_price=Decimal("2.50")), with_vat=Money(0, "SEK"))
    for price in ("0", "800"):
        flat = rate(unit_price=Decimal(price))
        agreed = rate(unit_price=Decimal(price) * 5 / 4)
        sold = replace(
            pack("1000", None), rate=flat, rate_with_vat=agreed, with_vat=Money(100_000, "SEK")
        )
        order = order_of(call, sold)
        months = [reading("2026-11", "300"), reading("2026-12", "300")]
        known = covered([order], {order.number: months}, THROUGH)[order.number]
        facts = Facts(readings=known)
        found = claim(order, facts, ("O-2026-0001/2:order",), placing("2026-12-31"))
        assert found
        free, rest = found.charges
        assert (free.net.minor, free.with_vat) == (0, Money(0, "SEK"))
        assert (str(rest.net), str(rest.with_vat)) == ("400.00 SEK", "500.00 SEK")
        assert (str(found.net), str(found.tax)) == ("400.00 SEK", "100.00 SEK")
