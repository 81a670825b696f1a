"""Prepaid units: hand-worked drawdowns first, then what holds for every one."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from q2c.core.prepaid import Draw, Drawdown, Grant, drawn
from tests.values import day

HOURS = st.decimals(Decimal("0.25"), 40, places=2)
DAYS = st.integers(0, 90).map(lambda n: day("2026-01-01") + timedelta(n))
DRAWS = st.lists(st.builds(Draw, DAYS, HOURS), max_size=12)


def grant(first: str, last: str, hours: str = "10", rollover: str = "", at: str = "1") -> Grant:
    id_ = f"O-2026-0001/{at}:{first}..{last}"
    end = day(last) if last else None
    return Grant(id_, "h", Decimal(hours), day(first), end, Decimal(rollover) if rollover else None)


def draw(on: str, hours: str, ref: str = "") -> Draw:
    return Draw(day(on), Decimal(hours), ref)


@st.composite
def grants(draw_: Any) -> list[Grant]:  # noqa: ANN401 - what hypothesis hands over has no type
    made = []
    for number in range(draw_(st.integers(0, 5))):
        first = draw_(DAYS)
        length = draw_(st.none() | st.integers(0, 60))
        last = first + timedelta(length) if length is not None else None
        line = f"O-2026-0001/{draw_(st.integers(1, 2))}:{number}"
        made.append(Grant(line, "h", draw_(HOURS), first, last, draw_(st.none() | HOURS)))
    return made


def total(quantities: Any) -> Decimal:  # noqa: ANN401 - any iterable of decimals
    return sum(quantities, Decimal(0))


def taken(found: Drawdown) -> list[tuple[str, str]]:
    return [(row.grant.id.partition(":")[2], str(row.quantity)) for row in found.rows]


def test_what_expires_first_is_used_first() -> None:
    year = grant("2026-01-01", "2026-12-31", at="2")
    month = grant("2026-02-01", "2026-02-28", "4")
    found = drawn([year, month], [draw("2026-02-10", "6")])
    assert taken(found) == [("2026-02-01..2026-02-28", "4"), ("2026-01-01..2026-12-31", "2")]


def test_what_is_left_expires_after_the_last_day_and_not_on_it() -> None:
    first = grant("2026-01-01", "2026-01-31")
    assert drawn([first], [draw("2026-01-31", "4")]).over == ()
    late = drawn([first], [draw("2026-02-01", "4")])
    assert late.over == (draw("2026-02-01", "4"),)
    assert late.expired == {first.id: Decimal(10)}


def test_so_much_moves_on_as_was_agreed_and_the_rest_expires() -> None:
    """A retainer of 10 h a month of which 3 may be saved: 4 used, 3 moved on, 3 lost."""
    january = grant("2026-01-01", "2026-01-31", rollover="3")
    february = grant("2026-02-01", "2026-02-28", rollover="3")
    used = [draw("2026-01-10", "4"), draw("2026-02-10", "15")]
    found = drawn([january, february], used, day("2026-02-27"))
    assert (found.rolled, found.expired) == ({january.id: Decimal(3)}, {january.id: Decimal(3)})
    assert [str(one.quantity) for one in found.over] == ["2"]
    assert found.left == {february.id: 0}


def test_what_moved_on_is_there_the_day_after_and_not_before() -> None:
    january = grant("2026-01-01", "2026-01-31", rollover="10")
    march = grant("2026-03-01", "2026-03-31")
    found = drawn([january, march], [draw("2026-02-10", "1")], day("2026-02-28"))
    assert [str(one.quantity) for one in found.over] == ["1"]
    assert found.left == {march.id: Decimal(10)}


def test_the_last_grant_of_a_line_has_nowhere_to_move_to() -> None:
    mine, other = grant("2026-01-01", "2026-01-31", rollover="5"), grant("2026-02-01", "", at="2")
    assert drawn([mine, other], []).expired == {mine.id: Decimal(10)}


def test_what_was_recorded_in_error_is_there_again() -> None:
    first = grant("2026-01-01", "2026-01-31")
    found = drawn(
        [first], [draw("2026-01-05", "8"), draw("2026-01-06", "-3"), draw("2026-01-07", "5")]
    )
    assert (found.over, found.expired) == ((), {})
    assert taken(found) == [("2026-01-01..2026-01-31", "5"), ("2026-01-01..2026-01-31", "5")]


@given(grants(), DRAWS, DAYS)
def test_nothing_is_lost_of_what_was_granted_or_drawn(
    given_: list[Grant],
    draws: list[Draw],
    through: Any,  # noqa: ANN401 - a day
) -> None:
    found = drawn(given_, draws, through)
    used = total(row.quantity for row in found.rows)
    drawn_ = total(one.quantity for one in draws if one.day <= through)
    granted = total(one.quantity for one in given_ if one.first <= through)
    assert used + total(one.quantity for one in found.over) == drawn_
    assert used + total(found.left.values()) + total(found.expired.values()) == granted


@given(grants(), DRAWS)
def test_the_order_in_which_draws_are_told_changes_no_sum(
    given_: list[Grant], draws: list[Draw]
) -> None:
    one, other = drawn(given_, draws), drawn(given_[::-1], draws[::-1])
    assert total(d.quantity for d in one.over) == total(d.quantity for d in other.over)
    assert total(one.expired.values()) == total(other.expired.values())


@given(grants(), DRAWS, st.builds(Draw, DAYS, HOURS))
def test_one_draw_more_never_leaves_less_over(
    given_: list[Grant], draws: list[Draw], more: Draw
) -> None:
    fewer, all_ = drawn(given_, draws), drawn(given_, [*draws, more])
    assert total(d.quantity for d in fewer.over) <= total(d.quantity for d in all_.over)


@given(grants(), DRAWS)
def test_a_grant_is_used_only_on_its_days(given_: list[Grant], draws: list[Draw]) -> None:
    for row in drawn(given_, draws).rows:
        assert row.grant.first <= row.draw.day
        assert row.grant.last is None or row.draw.day <= row.grant.last
