"""Sheets: CSV and XLSX give the same rows of text, and each mistake its line."""

import sys
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from q2c.core.fault import Misused, Refused
from q2c.exchange.sheet import LARGEST, MOST_UNPACKED, read_sheet

Cell = str | int | float | bool | datetime | None
WORDS = st.text(st.characters(codec="utf-8", categories=("L", "P", "S")), min_size=1).filter(
    lambda word: word[0] not in "={'" and not word.startswith(("http", "ftp", "mailto"))
)


def workbook(*rows: tuple[Cell, ...]) -> bytes:
    """Make a workbook of one sheet; what is None stays an empty cell."""
    from xlsxwriter import Workbook

    data = BytesIO()
    with Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, datetime):
                    sheet.write_datetime(row, column, cell, days)
                elif cell is not None:
                    sheet.write(row, column, cell)
    return data.getvalue()


def packed(name: str, content: bytes) -> bytes:
    """Make an archive with one file in it."""
    data = BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return data.getvalue()


def faults(data: bytes) -> list[tuple[str, int]]:
    """Give the code and the line of everything that is refused."""
    with pytest.raises(Refused) as refused:
        read_sheet(data, "list")
    return [(fault.code, fault.place.line if fault.place else 0) for fault in refused.value.faults]


@pytest.mark.parametrize(
    "text",
    [
        "name,city\nÅsa,Umeå\n",
        "\ufeffname;city\r\nÅsa;Umeå\r\n",
        "name\tcity\n\n Åsa \tUmeå\n\t\n",
        '"name","city"\n"Åsa","Umeå"',
    ],
    ids=["commas", "semicolons and a mark", "tabs and empty rows", "quotes"],
)
def test_a_row_is_its_cells_by_column(text: str) -> None:
    sheet = read_sheet(text.encode(), "list.csv")
    assert sheet.columns == ("name", "city")
    assert [dict(row.cells) for row in sheet.rows] == [{"name": "Åsa", "city": "Umeå"}]
    assert sheet.rows[0]["country"] == ""


def test_a_row_stands_on_the_line_it_begins_on() -> None:
    sheet = read_sheet(b'name,street\n"Ek\nAB",Kaj 1\n\nAl,Kaj 2\n', "list.csv")
    assert [str(row.place) for row in sheet.rows] == ["list.csv:2:1", "list.csv:5:1"]
    assert sheet.rows[0]["name"] == "Ek\nAB"


def test_a_spreadsheet_gives_what_it_shows_and_counts_its_rows_from_one() -> None:
    rows: list[tuple[Cell, ...]] = [
        (None, None),
        ("number", "share", "on", "yes", None),
        (),
        (5567788990, 0.1, datetime(2026, 11, 30), True),  # noqa: DTZ001 - a sheet has no zone
    ]
    sheet = read_sheet(workbook(*rows), "list.xlsx")
    assert sheet.columns == ("number", "share", "on", "yes")
    [row] = sheet.rows
    assert list(row.cells.values()) == ["5567788990", "0.1", str(date(2026, 11, 30)), "true"]
    assert (sheet.place.line, row.place.line) == (2, 4)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", [("empty-sheet", 1)]),
        (b"a,a\n1,2\n", [("double-column", 1)]),
        (b"a,,b\n1,2,3\n", [("unnamed-column", 1)]),
        (b"a,b\n1\n1,2,3\n1,2,\n", [("row-length", 2), ("row-length", 3)]),
        (b"a\n\x07\n" + b"x" * 10_001, [("bad-cell", 2), ("bad-cell", 3)]),
        (b'a,b\n1,"2\n', [("bad-csv", 2)]),
        (b"a\n\xe5\n", [("bad-encoding", 2)]),
        (b"a\n" + b"x\n" * LARGEST, [("too-large", 1)]),
        (b"PK\x03\x04 not a workbook", [("bad-xlsx", 1)]),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", [("bad-xlsx", 1)]),
        (packed("content.xml", b"<a/>"), [("bad-xlsx", 1)]),
        (packed("xl/workbook.xml", b" " * (MOST_UNPACKED + 1)), [("too-large", 1)]),
    ],
)
def test_every_mistake_is_told_at_its_line(data: bytes, expected: list[tuple[str, int]]) -> None:
    assert faults(data) == expected


def test_a_workbook_that_would_fill_the_memory_is_refused_unread() -> None:
    wide: tuple[Cell, ...] = (*[None] * 16_000, "x")
    assert faults(workbook(("a",), *[()] * 1000, wide)) == [("too-large", 1)]


def test_without_its_library_a_spreadsheet_is_refused_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(Misused) as refused:
        read_sheet(workbook(("a",)), "list.xlsx")
    assert 'pip install "q2c[xlsx]"' in refused.value.faults[0].remedy


BOOK = workbook(("name", "number"), ("Ek", 1.5), ("Al", None))
HURTS = st.lists(st.tuples(st.integers(0, len(BOOK) - 1), st.integers(0, 255)), min_size=1)


@settings(max_examples=300)
@given(HURTS)
def test_a_damaged_workbook_is_read_or_refused(hurts: list[tuple[int, int]]) -> None:
    data = bytearray(BOOK)
    for place, byte in hurts:
        data[place] = byte
    with suppress(Refused):
        read_sheet(bytes(data), "list.xlsx")


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=4))
def test_a_sheet_says_the_same_as_csv_and_as_a_workbook(rows: list[tuple[str, str]]) -> None:
    quoted = (",".join(f'"{c.replace(chr(34), chr(34) * 2)}"' for c in row) for row in rows)
    text = "one,other\n" + "\n".join(quoted)
    plain, packed = (
        read_sheet(text.encode(), "x"),
        read_sheet(workbook(("one", "other"), *rows), "x"),
    )
    assert [row.cells for row in plain.rows] == [row.cells for row in packed.rows]
