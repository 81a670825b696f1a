"""The file of a draft, written as a person would write it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import NODEFAULT, Struct, structs

from q2c.core.quote import Draft
from q2c.store.edit import emit

MODELINE = "# yaml-language-server: $schema=../../.q2c/schema/quote.json\n"
# As a reader looks for them: who and what, when, the lines, what comes off, how it is paid.
ORDER = (
    *("customer", "opportunity", "title", "date", "valid_until", "starts", "term"),
    *(
        "currency",
        "exchange",
        "prices_include_vat",
        "cover",
        "intro",
        "lines",
        "choices",
        "promotions",
    ),
    *("discounts", "due_days", "cost_centre", "payments", "clauses", "attachments", "note"),
)


def draft_file(draft: Draft) -> bytes:
    """Write a draft as a person would: what is not said is left out."""
    said = written(draft)
    return f"{MODELINE}{emit({key: said[key] for key in ORDER if key in said})}".encode()


def written(record: Struct) -> dict[str, object]:
    """Give what a record says, by the keys of its file; defaults are left out."""
    fields = structs.fields(record)
    return {
        field.encode_name: _plain(getattr(record, field.name))
        for field in fields
        if field.name not in ("file", "places") and getattr(record, field.name) != _usual(field)
    }


def _usual(field: structs.FieldInfo) -> object:
    made = field.default_factory
    return field.default if made is NODEFAULT else made()


def _plain(value: object) -> object:
    """Turn a value into what our YAML knows: records and mappings, lists, single values."""
    if isinstance(value, Struct):
        return written(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    assert value is None or isinstance(value, str | bool | int | Decimal | date), value
    return value
