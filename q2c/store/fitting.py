"""Fitting a document to its record type: the record, or every fault of the file at once."""

import re
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import TypeVar

import msgspec

from q2c.core.fault import Fault, Invalid, Place
from q2c.store.dialect import Document, Path
from q2c.store.forms import Form, Shaper, form_of
from q2c.store.mistakes import mistakes
from q2c.store.plaintext import MOST_FAULTS

T = TypeVar("T")
_WHERE = re.compile(r" - at `(?:key` in `)?\$(.*)`$")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]|(.)")


def convert(document: Document, kind: type[T]) -> T:
    """Make a record of a document, or refuse it with everything that is wrong with it.

    Every `Sourced` record in it gets its file and the places of its values.
    """
    form, said = form_of(kind), ""  # type: ignore[arg-type]
    shaper = Shaper(document)
    tree = shaper.shape(form)
    if not document.faults and not shaper.doubtful:
        try:
            return msgspec.convert(tree, kind, builtin_types=(Decimal, date), str_keys=True)
        except msgspec.ValidationError as error:
            said = str(error)
    raise Invalid(*_all_faults(document, form, said))


def _all_faults(document: Document, form: Form, said: str) -> list[Fault]:
    """Find every fault of a document, in its order; one at each place that is bad by itself."""
    told = {_line_column(fault) for fault in document.faults}
    found = islice(mistakes(document, form), MOST_FAULTS)
    faults = [*document.faults, *(fault for fault in found if _line_column(fault) not in told)]
    return sorted(faults, key=_line_column) or [_remaining_fault(document, said)]


def _line_column(fault: Fault) -> tuple[int, int]:
    place = fault.place or Place("")
    return place.line, place.column


def _remaining_fault(document: Document, said: str) -> Fault:
    """Tell what a record type itself refuses, when each of its values is as it should be."""
    where = _WHERE.search(said)
    path: Path = ()
    for key, number, other in _STEP.findall(where[1] if where else ""):
        if other:
            break
        path = (*path, int(number) if number else key)
    message = said[: where.start()] if where else said
    words = message.rstrip(".") or "The file cannot be read"
    remedy = "See what goes there in the schema of the file: q2c schema."
    return Fault("bad-value", f"{words}.", document.place(path), remedy)
