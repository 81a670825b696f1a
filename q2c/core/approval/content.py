"""Content: what is commercial in a quote, in one form; an approval is bound to its SHA-256."""

from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256

import msgspec
from msgspec import Struct

from q2c.core.money import EXACT
from q2c.core.quote.lines import Line, Priced

# Not its number and version, its look and commit, nor how its figures came about.
WHOLE = (
    *("date", "valid_until", "starts", "term", "currency", "due_days", "payments", "exchange"),
    *("clauses", "attachments", "reduced", "net", "tax", "total", "note"),
)
LINES = (
    *("product", "bundle", "parent", "text", "quantity", "charge", "bill", "delivery"),
    *("rate", "times", "every", "align", "service", "segment", "percent_of"),
    *("optional", "group", "choice", "counts", "gross", "reductions", "own", "net"),
)
TERMS = ("trial", "free", "charged", "working", "metering", "grants", "milestone")
WORDS = frozenset(("name", "source", "origin", "contracted", "standard"))
Plain = str | int | bool | None | list["Plain"] | dict[str, "Plain"]


def content_of(quote: Priced) -> bytes:
    """Write down what is commercial in a quote: the same offer always gives the same bytes."""
    whole = {name: getattr(quote, name) for name in WHOLE}
    if quote.prices_include_vat:
        whole["prices_include_vat"] = True
    lines = [_line(line) for line in quote.lines]
    said = _plain({**whole, "customer": quote.buyer.id, "lines": lines})
    return msgspec.json.encode(said, order="sorted")


def content_hash(quote: Priced) -> str:
    """Give the SHA-256 of what is commercial in a quote."""
    return sha256(content_of(quote)).hexdigest()


def _line(line: Line) -> dict[str, object]:
    own = {name: getattr(line, name) for name in LINES}
    for name in TERMS:
        if said := getattr(line, name):  # what has none is written as it was before there were any
            own[name] = said
    if line.proration != "days":
        own["proration"] = line.proration
    return {**own, "vat": (line.treatment.category, line.treatment.rate)}


def _plain(value: object) -> Plain:
    """Bring a value into its one form: 10 and 10.0 are the same, and words of ours are left out."""
    if isinstance(value, Decimal):
        return f"{value.normalize(EXACT):f}" if value else "0"
    if isinstance(value, Struct):
        said = (name for name in value.__struct_fields__ if name not in WORDS)
        value = {name: getattr(value, name) for name in said}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | frozenset):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int) or value is None else str(value)
