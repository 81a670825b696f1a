"""The books as commands use them: the seller with the ledger, and facts added to it."""

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.desk import Stamp
from q2c.core.entry import Entry
from q2c.core.party import Company
from q2c.store.ledger import Ledger, Record, extended, genesis, read_ledger
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
