"""Time sheets: rows read strictly, every mistake told at its line, each row counted once."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from q2c.core.fault import Invalid
from q2c.core.usage import TimeRow, keyed
from q2c.exchange.timesheet import Reading
from q2c.exchange.timesheet import read_rows as read_sheet

COLUMNS = ("date", "order", "line", "person", "hours", "note")
HEAD = "date,order,line,person,hours,note\n"
ROW = "2026-11-09,O-2026-0001,1,Maja Lind,7.5,Datamodell\n"
WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "date": st.dates(date(2000, 1, 1), date(2100, 1, 1)).map(str),
            "order": WORDS,
            "line": st.just("") | WORDS,
            "person": WORDS,
            "hours": st.decimals("0.01", 24, places=2).map(str),
            "note": st.just("") | WORDS,
        }
    ),
    max_size=5,
)


def read_rows(data: bytes, name: str) -> list[TimeRow]:
    """Read a sheet in our own columns."""
    return read_sheet(data, Reading(name=name), "csv")


def faults(text: str | bytes) -> list[tuple[str, int]]:
    """Give the code and the line of everything that is refused."""
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(Invalid) as refused:
        read_rows(data, "sheet.csv")
    return [(fault.code, fault.place.line if fault.place else 0) for fault in refused.value.faults]


def test_a_row_says_who_worked_how_long_on_what_and_when() -> None:
    [row] = read_rows((HEAD + ROW).encode(), "sheet.csv")
    assert (row.date, row.order, row.line) == (date(2026, 11, 9), "O-2026-0001", "1")
    assert (row.person, row.hours, row.note) == ("Maja Lind", Decimal("7.5"), "Datamodell")
    assert str(row.place) == "sheet.csv:2:1"


@pytest.mark.parametrize(
    "text",
    [
        "hours,person,order,date\n7.5,Maja Lind,O-2026-0001,2026-11-09\n",
        "\ufeffdate,order,person,hours\r\n2026-11-09,O-2026-0001,Maja Lind,7.5\r\n",
        "date;order;person;hours\n2026-11-09;O-2026-0001;Maja Lind;7.5\n",
        'date,order,person,hours\n\n2026-11-09,"O-2026-0001",Maja Lind, 7.5 \n,,,\n',
    ],
    ids=["other order", "mark and line ends of Windows", "semicolons", "spaces and empty rows"],
)
def test_sheets_of_many_programs_are_read(text: str) -> None:
    [row] = read_rows(text.encode(), "sheet.csv")
    assert (row.order, row.hours, row.line, row.note) == ("O-2026-0001", Decimal("7.5"), "", "")


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("hours", "7,5", "bad-hours"),
        ("hours", "1e1", "bad-hours"),
        ("hours", "NaN", "bad-hours"),
        ("hours", "٣", "bad-hours"),
        ("hours", "-1", "bad-hours"),
        ("hours", "0", "bad-hours"),
        ("hours", "24.5", "bad-hours"),
        ("hours", "", "empty-cell"),
        ("date", "9/11/2026", "which-dates"),
        ("date", "31/31/2026", "bad-date"),
        ("date", "20261109", "bad-date"),
        ("date", "2026-02-30", "bad-date"),
        ("order", "", "empty-cell"),
        ("person", "", "empty-cell"),
        ("note", "\x1b[2J", "bad-cell"),
        ("note", "x" * 501, "bad-cell"),
    ],
)
def test_a_cell_that_cannot_be_is_refused_at_its_line(cell: str, value: str, code: str) -> None:
    cells = dict(zip(COLUMNS, ROW.strip().split(","), strict=True)) | {cell: value}
    text = StringIO()
    csv.writer(text).writerow(cells.values())
    assert faults(HEAD + ROW + text.getvalue()) == [(code, 3)]


def test_all_mistakes_of_all_rows_are_told_together() -> None:
    rows = "2026-11-31,O-1,1,Maja,25,\n2026-11-09,O-1\n2026-11-09,,1,Maja,8,\n"
    assert faults(HEAD + rows) == [
        ("bad-date", 2),
        ("bad-hours", 2),
        ("row-length", 3),
        ("empty-cell", 4),
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["missing-column"] * 4),
        ("date,order,hours\n", ["missing-column"]),
        ("date,order,person,hours,time\n", ["unknown-column"]),
        ("date,order,person,hours,date\n", ["double-column"]),
        (f'{HEAD}2026-11-09,O-1,1,"Maja,8,\n', ["bad-csv"]),
        (b"date,order,person,hours\n2026-11-09,O-1,Andr\xe9,8\n", ["bad-encoding"]),
        (b"x" * 8_000_001, ["too-large"]),
    ],
)
def test_a_file_that_is_no_time_sheet_is_refused(text: str | bytes, codes: list[str]) -> None:
    assert [code for code, _ in faults(text)] == codes


def test_a_note_over_two_lines_moves_the_rows_behind_it() -> None:
    assert faults(f'{HEAD}2026-11-09,O-1,1,Maja,8,"two\nlines"\n2026-11-09,O-1,1,Maja,x,\n') == [
        ("bad-cell", 2),
        ("bad-hours", 4),
    ]


@given(ROWS, st.permutations(COLUMNS))
def test_what_was_written_is_read_in_any_order_of_columns(
    rows: list[dict[str, str]], columns: list[str]
) -> None:
    text = StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    read = read_rows(text.getvalue().encode(), "sheet.csv")
    assert [
        [str(one.date), one.order, one.line, one.person, str(one.hours), one.note] for one in read
    ] == [[row[name] for name in COLUMNS] for row in rows]


@given(ROWS)
def test_keys_are_the_same_each_time_and_different_for_equal_rows(
    rows: list[dict[str, str]],
) -> None:
    text = HEAD + "".join(f"2026-11-09,O-1,1,Maja,{row['hours']},\n" for row in rows)
    once, again = (keyed(read_rows(text.encode(), name)) for name in ("a.csv", "b.csv"))
    assert [key for key, _ in once] == [key for key, _ in again]
    assert len({key for key, _ in once}) == len(rows)
