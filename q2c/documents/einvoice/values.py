"""Values as XML writes them: texts without what XML forbids, days, numbers and files."""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from q2c.core.einvoice.cii import VAT_DATES
from q2c.core.einvoice.group import Group, Value
from q2c.core.einvoice.table import Form

# XML 1.0, section 2.2: these characters are in no document, not even escaped.
_SPECIAL = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A reader turns a bare carriage return into a line feed, so it is written by its number.
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_QUOTED = str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


def text(value: Value) -> str:
    """Write a text between tags."""
    assert not isinstance(value, bytes), value
    said = str(value)
    if not _SPECIAL.search(said):
        return said
    return _SPECIAL.sub(lambda found: _ESCAPES.get(found[0], ""), said)


def attribute(value: Value) -> str:
    """Write the text of an attribute."""
    return text(value).translate(_QUOTED)


def _date(value: Value) -> str:
    assert isinstance(value, date), value
    return value.isoformat()


def _day(value: Value) -> str:
    return _date(value).replace("-", "")


def _number(value: Value) -> str:
    assert isinstance(value, Decimal), value
    return f"{value:f}"


def _bytes(value: Value) -> str:
    assert isinstance(value, bytes), value
    return b64encode(value).decode("ascii")


def _vat_date(value: Value) -> str:
    code = text(value)
    return VAT_DATES.get(code, code)


def note(group: Group) -> str:
    """Write a note: what it is about stands before it, between number signs (EN 16931-3-2)."""
    code, said = group.get("BT-21", ""), group.get("BT-22", "")
    assert isinstance(code, str), code
    assert isinstance(said, str), said
    return text(f"#{code}#{said}" if code else said)


FORMS: Mapping[Form, Callable[[Value], str]] = {
    "text": text,
    "date": _date,
    "day": _day,
    "number": _number,
    "amount": _number,
    "bytes": _bytes,
    "vat-date": _vat_date,
}
