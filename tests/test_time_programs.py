"""Time sheets of other programs: each is known, read to the minute, and counted once."""

import csv
import subprocess
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from q2c.core.fault import Invalid
from q2c.core.order import Delivery
from q2c.core.usage import Project, Projects, Staff, TimeRow, Yard, as_deliveries
from q2c.core.usage.staff import Person, Role
from q2c.exchange.timesheet import Reading, kind_of, read_rows
from tests.outside import needs
from tests.values import day, hourly, order

TOGGL = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,"
    "End time,Duration,Tags\n"
    "Mia Berg,mia@nordlys.example,Fjord,Data,,Tables,Yes,2026-11-09,09:00:00,2026-11-09,"
    '10:20:00,01:20:00,"a, b"\n'
)
HARVEST = (
    "Date,Client,Project,Task,Notes,Hours,Billable?,First Name,Last Name\n"
    '2026-11-09,Fjord,Data,Build,"Two\nlines",1.33,No,Mia,Berg\n'
)
CLOCKIFY = (
    "Project,Client,Description,Task,User,Tags,Billable,Start Date,Start Time,Duration (h)\n"
    "Data,Fjord,Tables,,Mia Berg,,Yes,09/11/2026,09:00:00,01:20:00\n"
    "Data,Fjord,Tables,,Mia Berg,,Yes,13/11/2026,09:00:00,00:15:00\n"
)
WARRIOR = '[{"id":2,"start":"20261108T233000Z","end":"20261109T005000Z","tags":["Data"]}]'
CLOCK = "i 2026-11-09 09:00:00 Fjord:Data  Tables\no 2026-11-09 10:20:00\n"
DOTS = "2026-11-09\nFjord:Data  .... .  ; Tables\n"
CSV = "date,person,project,hours\n2026-11-09,Mia Berg,Data,1.25\n"
FILES = {
    "toggl": TOGGL,
    "harvest": HARVEST,
    "clockify": CLOCKIFY,
    "timewarrior": WARRIOR,
    "timeclock": CLOCK,
    "timedot": DOTS,
    "csv": CSV,
}


def read(text: str, kind: str = "", **more: str) -> list[TimeRow]:
    said = {"name": "sheet", "zone": "Europe/Stockholm", "person": "Mia Berg"} | more
    return read_rows(text.encode(), Reading(**said), kind)  # type: ignore[arg-type]  # as was said


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_known_by_what_stands_in_it(kind: str) -> None:
    assert kind_of(FILES[kind].encode(), "sheet") == kind


@pytest.mark.parametrize("kind", FILES)
def test_a_row_says_who_worked_on_what_on_which_day(kind: str) -> None:
    row = read(FILES[kind])[0]
    assert (row.date, row.person) == (date(2026, 11, 9), "Mia Berg")
    assert "Data" in (row.project, *row.tags)


@pytest.mark.parametrize(
    ("kind", "hours"),
    [("toggl", "1.333333"), ("harvest", "1.33"), ("timewarrior", "1.333333"), ("timedot", "1.25")],
)
def test_hours_are_as_the_program_has_them(kind: str, hours: str) -> None:
    assert read(FILES[kind])[0].hours == Decimal(hours)


def test_what_is_not_billable_is_known() -> None:
    assert [read(FILES[kind])[0].billable for kind in ("toggl", "harvest")] == [True, False]


def test_an_interval_begins_on_the_day_of_the_company() -> None:
    """23.30 UTC on 8 November is half past midnight on the 9th in Stockholm."""
    assert read(WARRIOR, zone="UTC")[0].date == date(2026, 11, 8)
    assert read(WARRIOR)[0].date == date(2026, 11, 9)


def test_a_night_when_clocks_are_put_back_has_an_hour_more() -> None:
    night = "i 2026-10-25 01:00:00 Data\no 2026-10-25 04:00:00\n"
    assert read(night)[0].hours == 4


@pytest.mark.parametrize(
    ("amount", "hours"),
    [(".... ....", "2"), ("..", "0.5"), ("2", "2"), ("2.25h", "2.25"), ("90m", "1.5")],
)
def test_dots_are_quarters_and_figures_are_hours(amount: str, hours: str) -> None:
    """As the manual of hledger describes timedot."""
    assert read(f"2026-11-09\nFjord:Data  {amount}\n")[0].hours == Decimal(hours)


def test_days_are_read_in_the_order_that_one_of_them_shows() -> None:
    assert [row.date.day for row in read(CLOCKIFY)] == [9, 13]
    american = CLOCKIFY.replace("09/11", "11/09").replace("13/11", "11/13")
    assert [row.date.day for row in read(american)] == [9, 13]


def test_days_that_could_be_both_are_refused_unless_it_is_said() -> None:
    either = CLOCKIFY.replace("13/11", "12/11")
    with pytest.raises(Invalid) as refused:
        read(either)
    assert refused.value.faults[0].code == "which-dates"
    assert [row.date.month for row in read(either, dates="mdy")] == [9, 12]


def test_a_file_that_two_programs_could_have_written_is_refused() -> None:
    both = TOGGL.partition("\n")[0] + ",First Name,Last Name,Date,Hours\n"
    with pytest.raises(Invalid) as refused:
        kind_of(both.encode(), "sheet")
    [fault] = refused.value.faults
    assert (fault.code, fault.remedy) == ("which-program", "Say it with --as: toggl, harvest.")


STAFF = Staff(
    people=(
        Person(
            id="mia",
            name="Mia Berg",
            also=("mia@nordlys.example",),
            roles=(
                Role(first=day("2025-01-01"), role="junior"),
                Role(first=day("2026-11-10"), role="senior"),
            ),
        ),
    )
)
PROJECTS = Projects(
    projects=(
        Project(client="Fjord", order="O-2026-0001", line="1"),
        Project(project="data", order="O-2026-0001", roles={"senior": "2", "junior": "1"}),
        Project(client="fjord", project="data", task="Test", order="O-2026-0001", line="3"),
    )
)
ORDERS = {"O-2026-0001": order(hourly(), hourly(id="2"), hourly(id="3"))}
YARD = Yard(orders=ORDERS, staff=STAFF, projects=PROJECTS)


def row(on: str = "2026-11-09", **more: object) -> TimeRow:
    said: dict[str, object] = {"date": day(on), "person": "Mia Berg", "hours": Decimal(1)}
    return TimeRow(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields


def placed(one: TimeRow) -> Delivery:
    [found] = as_deliveries([one], YARD, {})["O-2026-0001"]
    return found


def test_the_project_that_says_most_about_a_row_decides_its_line() -> None:
    assert placed(row(client="FJORD", project="Other")).line == "1"
    assert placed(row(client="Fjord", project="Data", task="test")).line == "3"


def test_a_line_goes_by_the_role_that_somebody_has_on_the_day() -> None:
    first, then = placed(row(project="Data")), placed(row("2026-11-10", project="Data"))
    assert [(one.role, one.line) for one in (first, then)] == [("junior", "1"), ("senior", "2")]


def test_a_person_is_known_by_every_name_and_written_as_the_staff_has_it() -> None:
    one = placed(row(person="MIA@nordlys.example", client="Fjord"))
    assert (one.person, one.staff) == ("Mia Berg", "mia")


def test_all_that_is_unknown_is_told_once_each_with_how_many_rows_it_has() -> None:
    rows = [row(client="Ek"), row(client="Ek"), row(person="Li", client="Fjord")]
    with pytest.raises(Invalid) as refused:
        as_deliveries(rows, YARD, {})
    codes = [(fault.code, fault.message[-9:]) for fault in refused.value.faults]
    assert codes == [("unknown-project", "(2 rows.)"), ("unknown-person", "aff.yaml.")]
    assert refused.value.faults[0].remedy == "Add  - {client: Ek, order: O-…}"


def test_a_row_that_was_recorded_counts_once_wherever_its_project_is_put_later() -> None:
    rows = [row(client="Fjord", note="Tables")]
    first = as_deliveries(rows, YARD, {})
    moved = Projects(projects=(Project(client="Fjord", order="O-2026-0001", line="2"),))
    assert as_deliveries(rows, Yard(orders=ORDERS, projects=moved), first) == {}


SHEETS = st.lists(
    st.builds(
        lambda hours, days, start: row(
            str(day("2026-11-01") + timedelta(days)), client="Fjord", hours=hours, start=start
        ),
        st.decimals(Decimal("0.25"), 8, places=2),
        st.integers(0, 9),
        st.sampled_from(["08:00", "10:00", "13:00"]),
    ),
    max_size=12,
)


@given(SHEETS, st.integers(1, 9))
def test_a_sheet_cut_between_days_records_what_the_whole_does(
    rows: list[TimeRow], cut: int
) -> None:
    turn = day("2026-11-01") + timedelta(cut)
    whole = as_deliveries(rows, YARD, {})
    parts: dict[str, list[Delivery]] = {}
    for some in ([r for r in rows if r.date < turn], [r for r in rows if r.date >= turn], rows):
        for number, found in as_deliveries(some, YARD, parts).items():
            parts.setdefault(number, []).extend(found)
    assert sorted(one.key for one in whole.get("O-2026-0001", ())) == sorted(
        one.key for one in parts.get("O-2026-0001", ())
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "work.timeclock",
            (
                "; a week\ni 2026-11-09 09:00:00 Fjord:Data  Tables\no 2026-11-09 10:15:00\n"
                "i 2026-11-10 22:30:00 Fjord:Ops\no 2026-11-10 23:45:00\n"
            ),
        ),
        (
            "work.timedot",
            (
                "# a week\n2026-11-09\nFjord:Data  .... .  ; Tables\nFjord:Data  90m\n\n"
                "2026-11-10\nFjord:Ops  2.25\n"
            ),
        ),
    ],
)
def test_hours_are_those_that_hledger_counts(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    words = [needs("hledger"), "-f", str(tmp_path / name), "balance", "-O", "csv", "-N"]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    counted = {
        account: Decimal(hours.removesuffix("h"))
        for account, hours in list(csv.reader(StringIO(said)))[1:]
    }
    mine: dict[str, Decimal] = {}
    for one in read(text):
        account = f"{one.client}:{one.project}"
        mine[account] = mine.get(account, Decimal(0)) + one.hours
    assert mine == counted


def test_four_times_the_rows_take_about_four_times_as_long() -> None:
    """And not sixteen times, as when each row added up all before it."""

    def seconds(count: int) -> float:
        rows = [row(client="Fjord", start=str(number)) for number in range(count)]
        before = process_time()
        assert len(as_deliveries(rows, YARD, {})["O-2026-0001"]) == count
        return process_time() - before

    few, many = (min(seconds(count) for _ in range(3)) for count in (1000, 4000))
    assert many < 9 * few
