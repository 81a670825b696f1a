"""Time sheets of Toggl, Harvest and Clockify: which of their columns says what."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from q2c.core.fault import Fault, Invalid, Place
from q2c.core.usage import TimeRow
from q2c.exchange.sheet import decoded, records
from q2c.exchange.timesheet.cells import (
    Order,
    Reading,
    bad_cell,
    bad_date,
    bad_hours,
    order_of,
    read_day,
    read_hours,
)


class Layout(Struct, frozen=True, kw_only=True):
    """The columns of a program's detailed report; the parts of a name stand in `person`.

    `hours` are looked for in their order; `needs` are the columns that it is known by.
    """

    needs: tuple[str, ...]
    person: tuple[str, ...]
    date: str
    hours: tuple[str, ...]
    note: str
    start: str = ""
    tags: str = ""
    billable: str


LAYOUTS: Mapping[str, Layout] = {
    "toggl": Layout(
        needs=("User", "Project", "Description", "Start date", "Duration"),
        person=("User",),
        date="Start date",
        hours=("Duration",),
        note="Description",
        start="Start time",
        tags="Tags",
        billable="Billable",
    ),
    "harvest": Layout(
        needs=("Date", "Client", "Project", "Hours", "First Name", "Last Name"),
        person=("First Name", "Last Name"),
        date="Date",
        hours=("Hours",),
        note="Notes",
        billable="Billable?",
    ),
    "clockify": Layout(
        needs=("Project", "User", "Start Date", "Duration (h)"),
        person=("User",),
        date="Start Date",
        hours=("Duration (h)", "Duration (decimal)"),
        note="Description",
        start="Start Time",
        tags="Tags",
        billable="Billable",
    ),
}
_NO = frozenset({"no", "false", "0", "non-billable"})
Cells = dict[str, str]


def read_table(data: bytes, how: Reading, layout: Layout) -> list[TimeRow]:
    """Read the rows of a detailed report; columns may stand in any order."""
    found = records(decoded(data, how.name), how.name)
    head = next(found, (1, list[str]()))[1]
    if lacking := [column for column in layout.needs if column not in head]:
        message = f"The columns {', '.join(lacking)} are missing."
        remedy = "Export the detailed report, in English, with all of its columns."
        raise Invalid(Fault("missing-column", message, Place(how.name), remedy))
    rows = [(Place(how.name, line), cells) for line, cells in found]
    faults = [_length(head, cells, place) for place, cells in rows if len(cells) != len(head)]
    if faults:
        raise Invalid(*faults)
    named = [(place, dict(zip(head, cells, strict=True))) for place, cells in rows]
    order = order_of(((place, cells[layout.date]) for place, cells in named), how.dates)
    faults = [fault for place, cells in named for fault in _faults(cells, place, layout, order)]
    if faults:
        raise Invalid(*faults)
    return [_row(cells, place, layout, order) for place, cells in named]


def _length(head: Sequence[str], cells: Sequence[str], place: Place) -> Fault:
    message = f"The row has {len(cells)} cells; the first line names {len(head)} columns."
    return Fault("row-length", message, place, "Put a text that has a comma in quotation marks.")


def _faults(cells: Cells, place: Place, layout: Layout, order: Order) -> Iterator[Fault]:
    if read_day(cells[layout.date], order) is None:
        yield bad_date(cells[layout.date], place)
    if read_hours(_hours(cells, layout)) is None:
        yield bad_hours(_hours(cells, layout), place)
    if not _person(cells, layout):
        yield Fault("empty-cell", "The row has no person.", place, "Fill the cell.")
    for column in (*layout.person, "Client", "Project", "Task", layout.note):
        if fault := bad_cell(column, _one_line(cells.get(column, "")), place):
            yield fault


def _hours(cells: Cells, layout: Layout) -> str:
    return next((cells[column] for column in layout.hours if cells.get(column)), "")


def _person(cells: Cells, layout: Layout) -> str:
    return " ".join(cells[column] for column in layout.person if cells[column])


def _one_line(text: str) -> str:
    """Give a text on one line: notes of these programs may have several."""
    return " ".join(text.split())


def _row(cells: Cells, place: Place, layout: Layout, order: Order) -> TimeRow:
    day, hours = read_day(cells[layout.date], order), read_hours(_hours(cells, layout))
    assert day and hours is not None, cells  # noqa: PT018 - else the file was refused
    return TimeRow(
        date=day,
        person=_person(cells, layout),
        hours=hours,
        note=_one_line(cells.get(layout.note, "")),
        client=cells.get("Client", ""),
        project=cells.get("Project", ""),
        task=cells.get("Task", ""),
        tags=tuple(tag.strip() for tag in cells.get(layout.tags, "").split(",") if tag.strip()),
        start=cells.get(layout.start, ""),
        billable=cells.get(layout.billable, "").lower() not in _NO,
        place=place,
    )
