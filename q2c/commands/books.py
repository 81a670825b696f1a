"""The books as commands use them: the seller with the ledger, and facts added to it."""

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.desk import Stamp
from q2c.core.entry import Entry
from q2c.core.party import Company
from q2c.store.ledger import Growing, Ledger, Record, extended, genesis, read_ledger
from q2c.store.master import read_company
from q2c.store.tree import Tree


class Books(Struct, frozen=True):
    """A seller and the ledger."""

    company: Company
    ledger: Ledger

    @property
    def home(self) -> str:
        """The currency that the books are kept in."""
        return self.company.currency

    @property
    def records(self) -> Sequence[Record]:
        """What the ledger says."""
        return self.ledger.records


def read_books(files: Tree) -> Books:
    """Read the seller and the whole ledger."""
    return Books(read_company(files), read_ledger(files))


def added(books: Books, entries: Sequence[Entry], mark: Stamp) -> tuple[Books, dict[str, bytes]]:
    """Add facts, stamped: the books after, and the lines to append by file.

    A ledger that is not begun yet is begun: its first line names the company.
    """
    if not entries:
        return books, {}
    facts = [*_beginning(books, entries[0].date, mark), *(_stamped(e, mark) for e in entries)]
    ledger, lines = extended(books.ledger, facts, books.home)
    return Books(books.company, ledger), lines


class Journal:
    """The books while a run adds to them, group after group; what was added is not kept."""

    def __init__(self, books: Books, mark: Stamp) -> None:
        self._books, self._mark = books, mark
        self._ledger = Growing(books.ledger, books.home)

    @property
    def head(self) -> str:
        """The hash of the last line."""
        return self._ledger.head

    def add(self, entries: Sequence[Entry]) -> dict[str, bytes]:
        """Add facts, stamped; give the lines to append by file. A ledger not begun is begun."""
        begun = self.head != self._books.ledger.head
        first = [] if begun else _beginning(self._books, entries[0].date, self._mark)
        return self._ledger.add([*first, *(_stamped(e, self._mark) for e in entries)])[1]


def _beginning(books: Books, day: date, mark: Stamp) -> Iterator[Entry]:
    if not books.records:
        yield genesis(books.company.id, day, recorded=mark.recorded, program=mark.program)


def _stamped(entry: Entry, mark: Stamp) -> Entry:
    return replace(
        entry,
        recorded=mark.recorded,
        by=mark.by,
        commit=entry.commit or mark.commit,
        program=entry.program or mark.program,
    )
