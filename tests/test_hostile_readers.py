"""Hostile files of other programs and of other machines: refused in words, whatever they hold."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace

from q2c import __version__
from q2c.commands.invoices.shards import LIST, Document, Listed, Shards
from q2c.core.billing import Plan
from q2c.core.fault import Invalid
from q2c.core.trace import Paper
from q2c.core.usage.metering import Days
from q2c.exchange.timesheet import Reading, read_rows
from q2c.exchange.usagefile import MOST_FAULTS, Faults, read_events
from q2c.store.invoices import plan_id
from q2c.store.papers import frozen
from q2c.store.planfile import read_claims
from tests.values import day

DEEP = 50_000
HEAD = b"time,meter,customer\n"


def wrong(data: bytes, zone: str = "Europe/Stockholm") -> list[str]:
    """Give the codes of what is wrong in a file of events."""
    faults = Faults("events")
    assert not [*read_events(data, "events", Days(zone), faults)]
    return [fault.code for fault in faults.found]


@pytest.mark.parametrize(
    ("before", "after"), [(b'{"properties":', b"}"), (b'{"a":[', b"]}")], ids=["objects", "lists"]
)
def test_an_event_deep_in_brackets_is_refused(before: bytes, after: bytes) -> None:
    assert wrong(before * DEEP + b"{}" + after * DEEP) == ["bad-json-line"]


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/New_York"])
@pytest.mark.parametrize("time", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00"])
def test_a_time_at_the_ends_of_the_calendar_is_refused(time: str, zone: str) -> None:
    assert wrong(HEAD + time.encode() + b",calls,fjord-foods\n", zone) == ["bad-time"]


def test_of_a_file_that_is_none_of_events_a_thousand_rows_are_told() -> None:
    assert len(wrong(HEAD + b"one\n" * 20_000)) == MOST_FAULTS


SHEETS: Mapping[str, tuple[bytes, str]] = {
    "intervals deep in brackets": (b'[{"a":' + b"[" * DEEP, "bad-json"),
    "an interval in the first year": (
        b'[{"start":"00010101T000000Z","end":"00010101T010000Z"}]',
        "bad-date",
    ),
    "an interval in the last year": (
        b'[{"start":"99991231T233000Z","end":"99991231T235000Z"}]',
        "bad-date",
    ),
    "a day in the last year": (
        b"date,order,person,hours\n9999-12-31,O-2026-0001,Mia,1\n",
        "bad-date",
    ),
    "hours of many digits": (b"2026-11-02\nwork  " + b"9" * 5000 + b"\n", "bad-hours"),
}


@pytest.mark.parametrize("name", SHEETS)
def test_a_hostile_time_sheet_is_refused_at_its_place(name: str) -> None:
    data, code = SHEETS[name]
    with pytest.raises(Invalid) as refused:
        read_rows(data, Reading(name="sheet", zone="America/New_York", person="Mia"))
    assert [fault.code for fault in refused.value.faults] == [code]
    assert refused.value.faults[0].place


NONE = Plan(through=day("2026-11-30"), issue_on=day("2026-11-30"), base="0", inputs=(), claims=())
PLANS: Mapping[str, bytes] = {
    "brackets before the claims": b'{\n  "arrived": ' + b"[" * DEEP + b'\n  "claims": [\n',
    "a claim for nothing": b'{\n  "claims": [\n    {\n      "charges": [],\n      '
    b'"customer": "x",\n      "language": "sv"\n    }\n  ]\n}\n',
}


@pytest.mark.parametrize("name", PLANS)
def test_a_hostile_plan_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(PLANS[name])
    with path.open("rb") as file, pytest.raises(Invalid) as refused:
        read_claims(file, "plan.json")
    assert refused.value.faults[0].code == "document-broken"


@pytest.mark.parametrize("path", ["a\0b", "../plan.json", "", "x" * 5000])
def test_a_shard_that_names_what_it_has_not_is_refused(path: str, tmp_path: Path) -> None:
    plan = replace(NONE, id=plan_id(NONE))
    papers = (Paper(path, sha256(b"").hexdigest()),) * 2
    for files in (papers, papers[:1], ()):
        document = Document("F-2026-0001", files)
        listed = Listed(
            shard="1/1", plan=plan.id, base="0", program=__version__, documents=(document,)
        )
        (tmp_path / LIST).write_bytes(frozen(listed))
        with pytest.raises(Invalid) as refused:
            Shards(plan, [tmp_path])
        assert refused.value.faults[0].code == "shard-broken"
