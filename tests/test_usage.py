"""Working time: a time sheet counts once, and its mistakes are told row by row."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.fault import Invalid, Place
from q2c.core.usage import TimeRow, Yard, as_deliveries, keyed
from tests.values import day, goods, hourly, order

ORDERS = Yard(orders={"O-2026-0001": order(hourly("40"), goods("3", "250", id="2"))})


def row(hours: str = "8", at: int = 2, **more: str) -> TimeRow:
    made = TimeRow(
        date=day("2026-02-02"),
        order="O-2026-0001",
        person="Mia",
        hours=Decimal(hours),
        place=Place("time.csv", at),
    )
    return replace(made, **more)


def test_a_row_is_a_delivery_of_the_only_hourly_line() -> None:
    (found,) = as_deliveries([row("7.5", note="Workshop")], ORDERS, {})["O-2026-0001"]
    assert (found.line, found.quantity, found.person) == ("1", Decimal("7.5"), "Mia")
    assert (found.note, len(found.key)) == ("Workshop", 24)


def test_the_same_file_again_adds_nothing() -> None:
    rows = [row(), row(), row("4")]
    first = as_deliveries(rows, ORDERS, {})
    assert len(first["O-2026-0001"]) == 3
    assert as_deliveries(rows, ORDERS, first) == {}


def test_a_longer_file_adds_its_new_rows_alone() -> None:
    first = as_deliveries([row()], ORDERS, {})
    more = as_deliveries([row(), row("8.0", at=3), row(person="Li")], ORDERS, first)
    assert [found.person for found in more["O-2026-0001"]] == ["Mia", "Li"]


def test_every_row_that_does_not_fit_is_told_at_its_line() -> None:
    rows = [
        row(order="O-2026-0002"),
        row(at=3),
        row("0", at=4),
        row("4", at=5, line="2"),
    ]
    with pytest.raises(Invalid) as refused:
        as_deliveries(rows, ORDERS, {})
    assert [(f.place.line if f.place else 0, f.code) for f in refused.value.faults] == [
        (2, "unknown-order"),
        (4, "bad-quantity"),
        (5, "delivered-too-much"),
    ]


def test_a_row_says_which_line_where_there_is_not_exactly_one_of_hours() -> None:
    two = Yard(orders={"O-2026-0001": order(hourly(), hourly(id="2"))})
    with pytest.raises(Invalid) as refused:
        as_deliveries([row()], two, {})
    assert refused.value.faults[0].code == "which-line"
    assert as_deliveries([row(line="2")], two, {})


@given(st.lists(st.sampled_from(["8", "8.0", "4", "0.5"]), max_size=12))
def test_every_row_has_a_key_of_its_own(hours: list[str]) -> None:
    keys = [key for key, _ in keyed([row(one) for one in hours])]
    assert len(set(keys)) == len(hours)


@given(st.permutations(["8", "8.00", "4", "0.5"]))
def test_the_order_of_rows_does_not_change_their_keys(hours: list[str]) -> None:
    expected = {key for key, _ in keyed([row(one) for one in ("8", "8", "4", "0.5")])}
    assert {key for key, _ in keyed([row(one) for one in hours])} == expected
