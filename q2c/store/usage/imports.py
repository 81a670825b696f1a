"""The record of imports: which files of events were taken in, chained; the files are kept."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from q2c.store import chain
from q2c.store.papers import plain_name
from q2c.store.tree import Tree

FOLDER = "usage"
IMPORTS = "usage/imports.jsonl"


class Moved(Struct, frozen=True, forbid_unknown_fields=True):
    """Events of an import that came for a period that was invoiced count on a later day.

    `line` is the order line, the period is named by its first day and its last.
    """

    line: str
    first: date
    last: date
    counted: date


class Import(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A file of events as it was received: what of it was new, and which days it is about."""

    kind: Literal["imported"] = "imported"
    file: str
    sha256: str
    rows: int
    events: int
    first: date
    last: date
    moved: tuple[Moved, ...] = ()
    recorded: str = ""
    recorded_by: str = ""
    commit: str = ""
    program: str = ""


class Imported(Import, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """An import in the chain of all."""

    seq: int
    prev: str
    hash: str


def read_imports(tree: Tree) -> tuple[Imported, ...]:
    """Read every import, in the order they were made."""
    if not tree.exists(IMPORTS):
        return ()
    return tuple(chain.replay(tree.read(IMPORTS), Imported, IMPORTS, code="imports-broken"))


def import_line(earlier: Sequence[Imported], new: Import) -> tuple[Imported, bytes]:
    """Give an import its place in the chain: the record, and the line that adds it."""
    prev = earlier[-1].hash if earlier else chain.NO_HASH
    return chain.sealed(new, Imported, len(earlier), prev)


def kept_name(tree: Tree, name: str, data: bytes, day: date) -> str:
    """Name the place for a file of events from a day on; a later one of the name gets a number."""
    paths = _names(name, day)
    return next(path for path in paths if not tree.exists(path) or tree.read(path) == data)


def _names(name: str, day: date) -> Iterator[str]:
    stem, dot, ending = plain_name(name).rpartition(".")
    if not dot:
        stem, ending = ending, ""
    for number in range(1, 100_000):
        again = f"-{number}" if number > 1 else ""
        yield f"{FOLDER}/{day:%Y-%m}/{stem or 'events'}{again}{dot}{ending}"
