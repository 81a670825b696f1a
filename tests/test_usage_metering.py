"""Meters: published figures of aggregations first, then what holds for every cut of the events."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from q2c.core.fault import Invalid
from q2c.core.usage.metering import (
    EPOCH,
    MICROSECOND,
    Asked,
    Days,
    Meter,
    Reading,
    levels_of,
    readings,
    settled_of,
    spots_of,
    unsettled,
    weighted,
)
from q2c.exchange.usagefile import Faults, read_events
from q2c.store.usage.imports import Imported
from q2c.store.usage.index import Index
from tests.metering import metered_line, order_of, rate
from tests.values import day

ZONE = "Europe/Stockholm"
HEAD = "id,time,customer,meter,quantity,region,user"
CALLS = rate(unit_price=Decimal(1))


def at(text: str) -> int:
    return (datetime.fromisoformat(text) - EPOCH) // MICROSECOND


def meter(aggregation: str = "sum", **said: object) -> Meter:
    return Meter(id="calls", name="Calls", aggregation=aggregation, **said)  # type: ignore[arg-type]  # a meter's own fields


def rows(*said: str) -> bytes:
    """Write a file of events: `id time quantity region user`, of one customer."""
    lines = [HEAD]
    for one in said:
        id_, time, quantity, region, user = (*one.split(), "", "", "")[:5]
        lines.append(f"{id_},{time},fjord-foods,calls,{quantity},{region},{user}")
    return "\n".join(lines).encode() + b"\n"


def counted(
    files: Sequence[bytes],
    meter_: Meter,
    *,
    folder: Path | None = None,
    through: str = "2026-12-31",
    billed: Sequence[str] = (),
    grouped: bool = False,
) -> list[Reading]:
    """Count files of events in their order, and give the readings of a line from November on."""
    index = Index(folder, (meter_,), ZONE)
    for number, data in enumerate(files, start=1):
        faults = Faults(f"{number}.csv")
        with index.adding() as keep:
            index.add(number, f"{number}.csv", read_events(data, faults.name, Days(ZONE), faults))
            faults.refuse()
            index.note(number, _imported(number))
            keep()
    spots = spots_of([order_of(metered_line(CALLS))])
    asked = Asked(spots=spots, through=day(through), settled=settled_of(billed), grouped=grouped)
    found = [one for _, one in readings(meter_, index, asked)]
    index.close()
    return found


def _imported(number: int) -> Imported:
    first = day("2026-11-01")
    return Imported(
        file=f"{number}.csv",
        sha256="",
        rows=0,
        events=0,
        first=first,
        last=first,
        seq=number - 1,
        prev="",
        hash=f"{number}",
    )


def told(found: Sequence[Reading]) -> list[str]:
    """Write quantities as people do."""
    return [f"{one.quantity.normalize():f}" for one in found]


FIVE = rows(
    "a 2026-11-03T10:00:00Z 1 eu anna",
    "b 2026-11-04T10:00:00Z 2 us bo",
    "c 2026-11-05T10:00:00Z 3 eu anna",
    "d 2026-11-06T10:00:00Z 5 us cia",
    "e 2026-11-07T10:00:00Z 4 eu bo",
)


@pytest.mark.parametrize(
    ("meter_", "quantity"),
    [
        (meter("sum"), "15"),
        (meter("count"), "5"),
        (meter("max"), "5"),
        (meter("last"), "4"),
        (meter("unique", property="user"), "3"),
        (meter("sum", filters={"region": ("eu",)}), "8"),
        (meter("count", filters={"region": ("eu", "us"), "user": ("bo",)}), "2"),
    ],
)
def test_events_add_up_as_the_meter_says(meter_: Meter, quantity: str) -> None:
    assert told(counted([FIVE], meter_)) == [quantity]


def test_four_times_twelve_are_forty_eight() -> None:
    """Lago's specification of sums: four events of 12."""
    events = [f"{n} 2026-11-0{n}T00:00:00+01:00 12" for n in range(1, 5)]
    assert told(counted([rows(*events)], meter())) == ["48"]


def test_the_last_of_five_seven_and_six_is_six() -> None:
    """Lago's announcement of its latest aggregation."""
    data = rows("a 2026-11-02T08:00Z 5", "b 2026-11-02T09:00Z 7", "c 2026-11-02T10:00Z 6")
    assert told(counted([data], meter("last"))) == ["6"]


LAGO = ((0, 2), (60, 3), (90, 1), (120, -4), (240, -2), (300, 10), (330, -10))


@pytest.mark.parametrize(
    ("changes", "quantity"),
    [
        (LAGO, "0.02218"),
        (((0, 2), (120, -1)), "1.00269"),
        (((60, 3),), "2.99597"),
        (((0, 1000),), "1000.00000"),
        (((0, 3), (0, 3)), "6.00000"),
    ],
)
def test_changes_are_weighed_by_how_long_they_hold(
    changes: Sequence[tuple[int, int]], quantity: str
) -> None:
    """Lago's specification of its weighted sum, over August 2023; minutes from its beginning."""
    start, end = at("2023-08-01T00:00:00+00:00"), at("2023-09-01T00:00:00+00:00")
    levels = levels_of((start + minutes * 60_000_000, Decimal(n)) for minutes, n in changes)
    assert str(round(weighted(levels, start, end), 5)) == quantity


def test_a_level_holds_in_the_periods_after_it() -> None:
    data = rows("a 2026-11-16T00:00:00+01:00 20")
    levels = meter("weighted-sum")
    assert told(counted([data], levels)) == ["10", "20"]
    assert told(counted([data], levels, through="2026-12-01")) == ["10", "0.645161290323"]


def test_the_day_is_that_of_the_company() -> None:
    """Half past eleven in the evening in London is the next day in Stockholm."""
    data = rows("a 2026-11-30T22:59:59Z 1", "b 2026-11-30T23:00:00Z 10", "c 2026-11-30T23:59:00Z 5")
    assert told(counted([data], meter())) == ["1", "15"]


def test_the_readings_of_groups_add_up_to_the_whole() -> None:
    by_region = meter("sum", groups=("region",))
    assert told(counted([FIVE], by_region)) == ["15"]
    found = counted([FIVE], by_region, grouped=True)
    assert [(one.group, str(one.quantity)) for one in found] == [
        ((("region", "eu"),), "8"),
        ((("region", "us"),), "7"),
    ]


def test_an_event_counts_once_over_all_files() -> None:
    assert told(counted([FIVE, FIVE, rows("a 2026-11-03T10:00:00Z 1 eu anna")], meter())) == ["15"]


def test_rows_without_an_id_are_known_by_all_they_say() -> None:
    data = b"time,customer,meter,quantity\n" + b"2026-11-03T10:00:00Z,fjord-foods,calls,2\n" * 3
    other = data.replace(b"10:00:00Z,", b"11:00:00+01:00,")  # the same time
    assert told(counted([data, other], meter())) == ["2"]


def test_the_same_id_with_other_content_is_told_with_both_places() -> None:
    index = Index(None, (meter(),), ZONE)
    for number, data in enumerate((FIVE, rows("a 2026-11-03T10:00:00Z 9 eu anna")), start=1):
        faults = Faults(f"{number}.csv")
        with index.adding() as keep:
            events = read_events(data, faults.name, Days(ZONE), faults)
            added = index.add(number, faults.name, events)
            index.note(number, _imported(number))
            keep()
    index.close()
    (fault,) = added.faults
    assert (fault.code, str(fault.place)) == ("event-otherwise", "2.csv:2:1")
    assert "1.csv:2" in fault.message


def test_what_was_billed_is_what_its_papers_came_to() -> None:
    later = rows("f 2026-11-08T10:00:00Z 6")
    billed = ["O-2026-0001/1:usage:2026-11-01..2026-11-30@1"]
    (one,) = counted([FIVE, later], meter(), billed=billed)
    assert (str(one.quantity), str(one.billed), one.late) == ("21", "15", 1)
    assert one.keys("O-2026-0001/1") == ("O-2026-0001/1:usage:2026-11-01..2026-11-30@1>2",)


def test_what_is_released_is_due_again_under_its_name() -> None:
    assert unsettled(4, [(2, 3)]) == [(0, 2), (3, 4)]
    assert unsettled(3, [(0, 2), (2, 3)]) == []


def test_an_index_that_is_lost_damaged_or_of_other_meters_is_made_again(tmp_path: Path) -> None:
    expected = counted([FIVE], meter(), folder=tmp_path / "one")
    (tmp_path / "one" / "usage.sqlite").write_bytes(b"SQLite format 3\0 and nothing more")
    assert counted([FIVE], meter(), folder=tmp_path / "one") == expected
    assert told(counted([FIVE], meter("count"), folder=tmp_path / "one")) == ["5"]


def test_a_row_that_says_no_number_is_refused() -> None:
    with pytest.raises(Invalid, match="is not a quantity"):
        counted([rows("a 2026-11-03T10:00:00Z \N{ARABIC-INDIC DIGIT SEVEN}")], meter())


QUANTITIES = st.decimals(-1000, 1000, places=3)
MINUTES = st.integers(0, 60 * 24 * 29)


@given(
    st.lists(st.tuples(MINUTES, QUANTITIES, st.sampled_from("abc")), min_size=1, max_size=12),
    st.sampled_from(["sum", "count", "max", "last", "unique", "weighted-sum"]),
    st.randoms(use_true_random=False),
    st.integers(0, 12),
)
def test_the_order_of_rows_and_files_and_the_cut_change_nothing(
    events: list[tuple[int, Decimal, str]],
    aggregation: str,
    random: object,
    cut: int,
) -> None:
    begin = datetime.fromisoformat("2026-11-02T00:00:00+01:00")
    lines = [
        f"{n} {(begin + timedelta(minutes=minutes)).isoformat()} {quantity:f} eu {user}"
        for n, (minutes, quantity, user) in enumerate(events)
    ]
    meter_ = meter(aggregation, property="user" if aggregation == "unique" else None)
    whole = counted([rows(*lines)], meter_)
    random.shuffle(lines)  # type: ignore[attr-defined]  # hypothesis gives a Random
    parts = counted([rows(*lines[cut:]), rows(*lines[:cut])], meter_)
    assert told(parts) == told(whole)
    assert sum(one.events for one in parts) == sum(one.events for one in whole)


def test_where_nothing_can_be_written_the_index_is_made_in_memory(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be")
    assert told(counted([FIVE], meter(), folder=tmp_path / "cache")) == ["15"]
