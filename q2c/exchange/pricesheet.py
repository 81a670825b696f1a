"""Price sheets: products and prices as rows of CSV or XLSX, every cell read and checked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import get_args

from msgspec import Struct

from q2c.core.catalog import Bill, Charge, Model, VatClass
from q2c.core.fault import Fault, Invalid, Misused, Place, nearest
from q2c.core.money import CURRENCIES
from q2c.core.party import LANGUAGES
from q2c.core.period import EVERY, NAMED, Alignment, is_every
from q2c.exchange.sheet import Row, Sheet

Cell = str | Decimal | bool


def _spoken(field: str) -> tuple[str, ...]:
    """Name the columns of a text: as it is, and in each language."""
    return (field, *(f"{field}_{code}" for code in LANGUAGES))


# What belongs to the product; every row of it may say it, or one of them.
TEXTS = (*_spoken("name"), *_spoken("description"), *_spoken("unit"), "vat_exemption")
IDS = ("id", "family", "meter")
WORDS: dict[str, tuple[str, ...]] = {
    "charge": get_args(Charge),
    "model": get_args(Model),
    "align": get_args(Alignment),
    "bill": get_args(Bill),
    "supply": ("service", "goods"),
    "vat": get_args(VatClass),
    "revenue": ("point-in-time", "over-time", "output"),
}
EVERYS = ("every", "frequency")
FIGURES = ("percent", "package_size", "free_units", "markup")
# What belongs to one price: in a currency, up to a bound, by a billing period.
AMOUNTS = ("price", "flat", "fixed", "minimum", "maximum", "cost", "floor")
BOUNDS = ("up_to", "tier_percent")
COLUMNS = (
    *(
        "id",
        *_spoken("name"),
        *_spoken("description"),
        "family",
        "charge",
        "meter",
        *_spoken("unit"),
        "model",
        "every",
        "align",
        "bill",
    ),
    *("supply", "vat", "vat_exemption", "revenue", "active", *FIGURES),
    *("currency", "frequency", *BOUNDS, *AMOUNTS),
)
OTHER_NAMES = {"product": "id", "unit_price": "price", "list_price": "price"}
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_POINT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?")
_SPACES = "[ \u00a0\u202f]"
_COMMA = re.compile(rf"-?([0-9]{{1,15}}|[0-9]{{1,3}}({_SPACES}[0-9]{{3}}){{1,4}})(,[0-9]{{1,12}})?")
_YES = {"yes": True, "true": True, "no": False, "false": False}
LONGEST = 10_000


class PriceRow(Struct, frozen=True):
    """A row of a price sheet: what is in its cells, and where it stands."""

    place: Place
    cells: Mapping[str, Cell]

    @property
    def id(self) -> str:
        """The product that the row is about."""
        return str(self.cells["id"])

    def text(self, name: str) -> str:
        """Give a word of the row, or nothing."""
        return str(self.cells.get(name, ""))

    def number(self, name: str) -> Decimal | None:
        """Give a figure of the row, if it has it."""
        value = self.cells.get(name)
        return value if isinstance(value, Decimal) else None


def price_rows(
    sheet: Sheet, stated: Mapping[str, str], decimal: str = "."
) -> tuple[list[PriceRow], list[str]]:
    """Read the rows of a sheet, and name the columns that are not read.

    `stated` says for fields which column they are in; `decimal` is the sign that decimals begin
    with. Refuses with everything that is wrong in all cells.
    """
    fields = _fields(sheet, stated)
    if "id" not in fields.values():
        message = "No column has the ids of products."
        remedy = "Name it id, or say which it is:  --map id=COLUMN"
        raise Invalid(Fault("missing-column", message, sheet.place, remedy))
    faults: list[Fault] = []
    rows: list[PriceRow] = []
    for row in sheet.rows:
        cells, wrong = _read(row, fields, decimal)
        faults += wrong
        rows.append(PriceRow(row.place, cells))
    if faults:
        raise Invalid(*faults)
    return rows, [column for column in sheet.columns if column not in fields]


def _fields(sheet: Sheet, stated: Mapping[str, str]) -> dict[str, str]:
    """Say of each column that is known which field it has."""
    named = {_plain(column): column for column in sheet.columns}
    found = {}
    for name, column in named.items():
        field = OTHER_NAMES.get(name, name)
        if field in COLUMNS:
            found[column] = field
    for field, column in stated.items():
        if field not in COLUMNS:
            message = f"There is no field '{field}'."
            raise Misused(Fault("unknown-field", message, remedy=nearest(field, COLUMNS)))
        if _plain(column) not in named:
            message = f"There is no column '{column}'."
            remedy = nearest(column, sheet.columns)
            raise Invalid(Fault("unknown-column", message, sheet.place, remedy))
        found = {known: one for known, one in found.items() if one != field}
        found[named[_plain(column)]] = field
    return found


def _plain(header: str) -> str:
    return "_".join(header.strip().lower().replace("-", " ").replace("_", " ").split())


def _read(row: Row, fields: Mapping[str, str], decimal: str) -> tuple[dict[str, Cell], list[Fault]]:
    """Read the cells of a row that are not empty, and say which of them cannot be."""
    cells: dict[str, Cell] = {}
    faults: list[Fault] = []
    for column, field in fields.items():
        written = row[column].strip()
        if not written:
            continue
        value = _value(field, written, decimal)
        if value is None:
            faults.append(_unfit(field, column, written, decimal, row.place))
        else:
            cells[field] = value
    if "id" not in cells and not faults:
        message = "The row has no id of a product."
        faults.append(Fault("empty-cell", message, row.place, "Fill the cell."))
    return cells, faults


def _value(field: str, written: str, decimal: str) -> Cell | None:
    """Read a cell as its field has it; nothing where it does not fit."""
    if field in WORDS:
        return written if written in WORDS[field] else None
    if field in EVERYS:
        return written if is_every(written) else None
    if field in IDS:
        return written if _ID.fullmatch(written) else None
    if field == "currency":
        return written if written in CURRENCIES else None
    if field == "active":
        return _YES.get(written.lower())
    return written if field in TEXTS else _number(written, decimal)


def _number(written: str, decimal: str) -> Decimal | None:
    if decimal == "," and _COMMA.fullmatch(written):
        return Decimal(re.sub(_SPACES, "", written).replace(",", "."))
    return Decimal(written) if decimal == "." and _POINT.fullmatch(written) else None


def _unfit(field: str, column: str, written: str, decimal: str, place: Place) -> Fault:
    said = f"The {column} '{written}'"
    if field in WORDS:
        remedy = nearest(written, WORDS[field])
        return Fault("not-one-of", f"{said} is none that there is.", place, remedy)
    if field in EVERYS:
        near = nearest(written, NAMED)
        return Fault("not-one-of", f"{said} is none that there is.", place, near or EVERY)
    if field in IDS:
        remedy = "Use small letters a-z, digits, - and _, such as workshop-day."
        return Fault("bad-id", f"{said} is not an id.", place, remedy)
    if field == "currency":
        remedy = "Write a code of ISO 4217: SEK, EUR …"
        return Fault("no-such-currency", f"{said} is not a currency.", place, remedy)
    if field == "active":
        return Fault("not-one-of", f"{said} is neither yes nor no.", place, "Write yes or no.")
    remedy = "Write 1450.00, without spaces; say  --decimal ,  where decimals begin with a comma."
    if decimal == ",":
        remedy = "Write 1450,00 or 1 450,00: the sheet was said to have decimal commas."
    return Fault("not-a-number", f"{said} is not a number.", place, remedy)


def by_product(rows: Sequence[PriceRow]) -> dict[str, list[PriceRow]]:
    """Gather the rows of each product, in the order in which they come first."""
    found: dict[str, list[PriceRow]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(row)
    return found


def differing(rows: Sequence[PriceRow]) -> Iterator[Fault]:
    """Say where two rows of one product say otherwise what belongs to the product."""
    of_price = {"id", "currency", "frequency", *BOUNDS, *AMOUNTS}
    said: dict[str, tuple[Cell, Place]] = {}
    for row in rows:
        for field, value in row.cells.items():
            before = said.setdefault(field, (value, row.place))
            if field not in of_price and before[0] != value:
                message = f"The {field} of '{row.id}' is another in row {before[1].line}."
                remedy = "Write it the same in all rows of the product, or in one."
                yield Fault("rows-differ", message, row.place, remedy)
