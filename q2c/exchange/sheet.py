"""Sheets: the rows of a CSV or XLSX file as text, each with its place."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO

from msgspec import Struct

from q2c.core.fault import Fault, Invalid, Misused, Place

LARGEST = 8_000_000
LONGEST_CELL = 10_000
MOST_FAULTS = 100
# What is packed in a spreadsheet may be much more than its file; a reader holds all of it.
MOST_UNPACKED = 200_000_000
MOST_CELLS = 5_000_000
_MARKS = ",;\t"
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_REFERENCE = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_NO_EXTRA = 'Install it with:  pip install "q2c[xlsx]"  or save the sheet as CSV.'


class Row(Struct, frozen=True):
    """The cells of a row by the name of their column, and the line or row they stand in."""

    place: Place
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


class Sheet(Struct, frozen=True):
    """The names of the columns in their order, where they stand, and the rows below them."""

    place: Place
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(data: bytes, name: str) -> Sheet:
    """Read a CSV file, or the first sheet of an XLSX file, as rows of text.

    The first row that is not empty names the columns; rows without a word are passed over.
    Refuses with everything that is wrong in all rows. Numbers of a spreadsheet are written
    as it would show them without format, its days as 2026-11-30.
    """
    refuse_large(data, name)
    records = _xlsx(data, name) if data.startswith(_ZIP) else _csv(data, name)
    line, head = next(records, (1, list[str]()))
    columns = list(head)
    while columns and not columns[-1]:
        columns.pop()
    place = Place(name, line)
    if not columns:
        message = "The file has no rows."
        raise Invalid(Fault("empty-sheet", message, place, "Name the columns in its first row."))
    rows, faults = [], list(_head_faults(columns, place))
    for number, cells in records:
        at = Place(name, number)
        faults += _row_faults(columns, cells, at)
        rows.append(Row(at, dict(zip(columns, cells, strict=False))))
    if faults:
        raise Invalid(*faults[:MOST_FAULTS])
    return Sheet(place, tuple(columns), tuple(rows))


def refuse_large(data: bytes, name: str) -> None:
    """Refuse a file that is too large to be a list somebody keeps."""
    if len(data) > LARGEST:
        message = f"The file has {len(data):,} bytes; at most {LARGEST:,} are read."
        raise Invalid(Fault("too-large", message, Place(name), "Divide it into several files."))


def decoded(data: bytes, name: str) -> str:
    """Give the text of a file of another program: UTF-8, with or without its mark."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"The byte 0x{data[error.start]:02X} is not UTF-8."
        remedy = "Save the file as UTF-8."
        raise Invalid(Fault("bad-encoding", message, Place(name, line), remedy)) from None


def records(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row of a CSV text with the line it begins on; empty lines are passed over."""
    # Spreadsheets of countries that write 7,5 put semicolons between cells.
    first = text.partition("\n")[0]
    mark = max(_MARKS, key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=mark, strict=True)
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"The row cannot be read: {error}."
            remedy = "Look for a quotation mark that is not closed."
            raise Invalid(Fault("bad-csv", message, Place(name, before + 1), remedy)) from None
        if any(cell.strip() for cell in cells):
            yield before + 1, [_spaced(cell) for cell in cells]
        before = reader.line_num


def _csv(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    if data.startswith(_OLD_EXCEL):
        raise _unreadable(name, "it is a workbook of Excel before 2007, or has a password")
    return records(decoded(data, name), name)


def _xlsx(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row of the first sheet that holds anything but emptiness, with its number."""
    try:
        from python_calamine import CalamineError, load_workbook
    except ImportError:
        message = f"{name} is a spreadsheet, and the part of q2c that reads those is missing."
        raise Misused(Fault("needs-extra", message, remedy=_NO_EXTRA)) from None
    _refuse_swollen(data, name)
    try:
        found = load_workbook(BytesIO(data)).get_sheet_by_index(0)
        values = found.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(name, str(error)) from None
    for number, cells in enumerate(values, start=1):
        written = [_written(value) for value in cells]
        if any(written):
            yield number, written


def _refuse_swollen(data: bytes, name: str) -> None:
    """Refuse a workbook that would be far larger in memory than it is on disk."""
    import zlib
    from zipfile import BadZipFile, ZipFile

    damaged = (BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)
    try:
        with ZipFile(BytesIO(data)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
            parts = [part for part in packed.namelist() if part.endswith(".xml")]
            if "xl/workbook.xml" not in parts:
                raise _unreadable(name, "it is no workbook of Excel 2007 or later")
            known = unpacked <= MOST_UNPACKED
            cells = max(_extent(packed.read(part)) for part in parts) if known else 0
    except (*damaged, zlib.error) as error:
        raise _unreadable(name, str(error)) from None
    if not known or cells > MOST_CELLS:
        message = "The sheet spans more cells than any list of a business has."
        remedy = "Copy the rows that are wanted to a new sheet, or save them as CSV."
        raise Invalid(Fault("too-large", message, Place(name), remedy))


def _extent(sheet: bytes) -> int:
    """Give the number of cells from the first of a sheet to its last row and column."""
    references = _REFERENCE.findall(sheet)
    rows = max((int(row) for _, row in references), default=0)
    return rows * max((_number(letters) for letters, _ in references), default=0)


def _number(letters: bytes) -> int:
    """Give the number of a column by its letters: A is 1, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _written(value: object) -> str:
    """Write a cell as text: whole numbers without a point, days without a time."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        value = value.date()
    return value.isoformat() if isinstance(value, date) else _spaced(str(value))


def _spaced(cell: str) -> str:
    """Give a cell with plain spaces: spreadsheets put narrow ones and such that do not break."""
    return cell.replace("\u00a0", " ").replace("\u202f", " ").strip()


def _unreadable(name: str, why: str) -> Invalid:
    message = f"The spreadsheet cannot be read: {why.rstrip('.')}."
    return Invalid(Fault("bad-xlsx", message, Place(name), "Save it anew as XLSX or as CSV."))


def _head_faults(columns: Sequence[str], place: Place) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, column in enumerate(columns, start=1):
        if not column:
            message = f"Column {number} has no name."
            yield Fault("unnamed-column", message, place, "Name it, or take the column away.")
        elif column in seen:
            message = f"The column '{column}' is there twice."
            yield Fault("double-column", message, place, "Keep one.")
        seen.add(column)


def _row_faults(columns: Sequence[str], cells: Sequence[str], place: Place) -> Iterator[Fault]:
    if len(cells) < len(columns) or any(cells[len(columns) :]):
        message = f"The row has {len(cells)} cells; the first line names {len(columns)} columns."
        remedy = "Put a text that has a comma in quotation marks."
        yield Fault("row-length", message, place, remedy)
    for column, cell in zip(columns, cells, strict=False):
        # A line break may stand in an address.
        shown = cell.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
        if len(cell) > LONGEST_CELL or not shown.isprintable():
            message = (
                f"The {column} is longer than {LONGEST_CELL} signs, or has some that do not show."
            )
            yield Fault("bad-cell", message, place, "Write it anew, in fewer words.")
