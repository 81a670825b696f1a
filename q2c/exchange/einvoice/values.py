"""Values as e-invoices of any maker write them: days, numbers, files, notes."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from q2c.core.einvoice.cii import VAT_DATES
from q2c.core.einvoice.group import Value
from q2c.core.einvoice.table import Form

_NUMBER = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})", re.ASCII)
_DASHED = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?!\d)", re.ASCII)  # a time or a zone may follow
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(\d{4,6})?(?:[+-]\d{4})?", re.ASCII)
_NOTE = re.compile(r"#([A-Z]{3})#\s*(.*)", re.DOTALL)
_VAT_DATES = {code: ours for ours, code in VAT_DATES.items()}


def _day(text: str) -> date | None:
    """Read a day, which has dashes or is digits alone, as format 102 of UNTDID 2379."""
    if found := _DASHED.match(text) or _DIGITS.fullmatch(text):
        year, month, number = map(int, found.groups()[:3])
        try:
            return date(year, month, number)
        except ValueError:
            return None
    return None


def _number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _bytes(text: str) -> bytes | None:
    try:
        return b64decode(text)
    except (Error, ValueError):
        return None


def _vat_date(text: str) -> str:
    return _VAT_DATES.get(text, text)


def note(text: str) -> Mapping[str, Value]:
    """Read a note; what it is about may stand before it, between number signs."""
    if found := _NOTE.fullmatch(text):
        return {"BT-21": found[1], "BT-22": found[2]}
    return {"BT-22": text}


READERS: Mapping[Form, Callable[[str], Value | None]] = {
    "text": str,
    "date": _day,
    "day": _day,
    "number": _number,
    "amount": _number,
    "bytes": _bytes,
    "vat-date": _vat_date,
}
# What a value is called where it cannot be read.
KINDS: Mapping[Form, str] = {
    "date": "a day",
    "day": "a day",
    "number": "a number",
    "amount": "an amount",
    "bytes": "a file in base64",
}
