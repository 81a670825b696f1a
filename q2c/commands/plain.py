"""Values as JSON and as text in a cell: money never as a float, days in ISO form."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from q2c.core.money import Money, grouped

# Filled in by the reader of a file and of no use to who asked for the record.
UNTOLD = frozenset(("file", "places"))
Row = Mapping[str, object]


def plain(value: object) -> object:
    """Turn a value into what JSON knows: amounts, decimals and days (ISO) become text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, msgspec.Struct):
        return record(value)
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Sequence | frozenset | set):
        return [plain(part) for part in value]
    return str(value)


def record(value: msgspec.Struct) -> dict[str, object]:
    """Turn a record into a mapping of plain values, without where it was read."""
    if isinstance(value, Money):
        return {"amount": f"{value.amount:f}", "currency": value.currency}
    return {
        name: plain(getattr(value, name)) for name in value.__struct_fields__ if name not in UNTOLD
    }


def fields_of(value: Row | msgspec.Struct) -> Row:
    """Give the fields of a record by name, as they are."""
    if isinstance(value, Mapping):
        return value
    return {name: getattr(value, name) for name in value.__struct_fields__ if name not in UNTOLD}


def cell(row: Row, name: str, *, pretty: bool) -> str:
    """Write one value of a row; `pretty` groups thousands, for people.

    The row's `currency` holds for all its amounts; any other amount carries its own.
    """
    value = row.get(name)
    if isinstance(value, Money):
        number = grouped(value.amount) if pretty else f"{value.amount:f}"
        return number if row.get("currency") == value.currency else f"{number} {value.currency}"
    if pretty and isinstance(value, Decimal):
        return grouped(value)
    if isinstance(value, bool):
        return ("yes" if value else "no") if pretty else str(value).lower()
    known = plain(value)
    if isinstance(known, list) and all(isinstance(part, str | int) for part in known):
        return ", ".join(str(part) for part in known)
    if isinstance(known, list | dict):
        return msgspec.json.encode(known).decode()
    return "" if known is None else str(known)


def is_number(value: object) -> bool:
    """Say whether a value is one that stands at the right of its column."""
    return isinstance(value, Money | Decimal | int) and not isinstance(value, bool)
