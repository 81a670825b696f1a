"""An index of all events, in SQLite: which keys are known, and what each day comes to.

It holds nothing that the kept files do not say, so it can be lost and is made again from them.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from decimal import Decimal
from hashlib import sha256
from itertools import islice
from pathlib import Path

import msgspec
from msgspec import Struct

from q2c.core.fault import Fault, Place
from q2c.core.usage.metering import Days, Event, Levelled, Meter, Tally
from q2c.store.calm import calm
from q2c.store.usage.counting import Counting
from q2c.store.usage.imports import Imported

NAME = "usage.sqlite"
FORM = 1  # raised when the tables change, or what is counted
BATCH = 20_000
CACHE = 64_000  # kibibytes of pages in memory
WAIT = 60.0  # seconds for another program that makes the index
TABLES = """
CREATE TABLE about (stamp TEXT);
CREATE TABLE papers (number INTEGER PRIMARY KEY, hash TEXT, file TEXT);
CREATE TABLE keys (key BLOB PRIMARY KEY, content BLOB, paper INT, line INT) WITHOUT ROWID;
CREATE TABLE tallies (meter TEXT, customer TEXT, ordered TEXT, day INT, labels TEXT,
    events INT, total TEXT, largest TEXT, at INT, last TEXT, paper INT);
CREATE INDEX tallies_by_meter ON tallies (meter, customer);
CREATE TABLE uniques (meter TEXT, customer TEXT, ordered TEXT, day INT, labels TEXT, value TEXT,
    paper INT, PRIMARY KEY (meter, customer, ordered, day, labels, value)) WITHOUT ROWID;
CREATE TABLE levels (meter TEXT, customer TEXT, ordered TEXT, day INT, labels TEXT, at INT,
    quantity TEXT, paper INT);
CREATE INDEX levels_by_meter ON levels (meter, customer, at);
"""
Seen = tuple[str, str, str, int]  # a customer, an order, the name of a meter, a day
_labels = msgspec.json.Decoder(tuple[str, ...]).decode


class Added(Struct):
    """What was found in a file: rows, new events, days, and the first row of each use."""

    rows: int = 0
    events: int = 0
    first: int = 0
    last: int = 0
    seen: dict[Seen, int] = {}
    faults: list[Fault] = []


def stamp_of(meters: Sequence[Meter], zone: str) -> str:
    """Sum up what decides how events count; an index with another stamp is made again."""
    plain = [msgspec.structs.replace(meter, file="", places="") for meter in meters]
    said = msgspec.json.encode([FORM, zone, plain], order="deterministic")
    return sha256(said).hexdigest()


class Index:
    """All events by key and by day; only the first `limit` imports count, where more are known."""

    def __init__(self, folder: Path | None, meters: Sequence[Meter], zone: str) -> None:
        self._path = folder / NAME if folder else None
        self._stamp = stamp_of(meters, zone)
        self._meters = meters
        self._days = Days(zone)
        self.limit = 0
        self._run = self._opened()

    def close(self) -> None:
        """Let go of the file."""
        self._run.close()

    def known(self, imports: Sequence[Imported]) -> int:
        """Say how many of these imports are in the index; it is emptied where it has others."""
        there = [row[0] for row in self._run.execute("SELECT hash FROM papers ORDER BY number")]
        shorter = min(len(there), len(imports))
        if there[:shorter] != [one.hash for one in imports[:shorter]]:
            self._emptied()
            return 0
        return shorter

    def has(self, number: int) -> bool:
        """Say whether so many imports are in the index."""
        found = self._run.execute("SELECT 1 FROM papers WHERE number = ?", (number,))
        return found.fetchone() is not None

    @contextmanager
    def adding(self) -> Iterator[Callable[[], None]]:
        """Change the index as one: all of it stays once the function that is given is called."""
        kept: list[bool] = []
        self._run.execute("BEGIN IMMEDIATE")
        try:
            yield lambda: kept.append(True)
        finally:
            self._run.execute("COMMIT" if kept else "ROLLBACK")

    def add(self, number: int, name: str, events: Iterable[Event]) -> Added:
        """Count the events of a file that are not known; note those that contradict what is."""
        added, rest, counting = Added(), iter(events), Counting(self._meters, name)
        with calm():  # nothing that is made here refers back to itself
            while batch := list(islice(rest, BATCH)):
                added.rows += len(batch)
                for event in self._fresh(number, name, batch, added):
                    use = (event.customer, event.order, event.meter, event.day)
                    added.seen.setdefault(use, event.line)
                    counting.count(event)
                if counting.many:
                    self._write(number, counting)
            self._write(number, counting)
        added.faults += counting.faults
        days = [day for *_, day in added.seen]
        added.first, added.last = min(days, default=0), max(days, default=0)
        return added

    def forget(self, after: int) -> None:
        """Take out the imports behind one: another branch has them, and here nobody knows them."""
        later = self._run.execute("SELECT 1 FROM papers WHERE number > ?", (after,)).fetchone()
        for table in ("keys", "tallies", "uniques", "levels") if later else ():
            self._run.execute(f"DELETE FROM {table} WHERE paper > ?", (after,))  # noqa: S608 - a name of ours
        self._run.execute("DELETE FROM papers WHERE number > ?", (after,))

    def note(self, number: int, one: Imported) -> None:
        """Note that an import is in the index."""
        self._run.execute("INSERT INTO papers VALUES (?, ?, ?)", (number, one.hash, one.file))
        self.limit = number

    def _fresh(self, number: int, name: str, batch: list[Event], added: Added) -> list[Event]:
        """Leave out the events whose keys are known, and note those that say otherwise."""
        fresh: dict[bytes, Event] = {}
        for event in batch:
            first = fresh.setdefault(event.key, event)
            if first.content != event.content:
                added.faults.append(_otherwise(name, event, f"{name}:{first.line}"))
        self._run.execute("DELETE FROM batch")
        ordered = sorted(fresh)  # so that the pages of the tree are met one after the other
        self._run.executemany("INSERT INTO batch VALUES (?)", ((key,) for key in ordered))
        found = self._run.execute(
            "SELECT key, content, line, file FROM batch JOIN keys USING (key)"
            " LEFT JOIN papers ON number = paper"
        )
        for key, content, line, file in found.fetchall():
            event = fresh.pop(key)
            if content != event.content:
                added.faults.append(_otherwise(name, event, f"{file or name}:{line}"))
        new = (
            (key, fresh[key].content, number, fresh[key].line) for key in ordered if key in fresh
        )
        self._run.executemany("INSERT INTO keys VALUES (?, ?, ?, ?)", new)
        added.events += len(fresh)
        return list(fresh.values())

    def _write(self, number: int, counting: Counting) -> None:
        run = self._run
        marks = ", ".join("?" * 10)
        run.executemany(f"INSERT INTO tallies VALUES ({marks}, {number})", counting.rows())  # noqa: S608 - a number
        values = ((*row, number) for row in counting.values)
        run.executemany("INSERT OR IGNORE INTO uniques VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        levels = ((*row, number) for row in counting.levels)
        run.executemany("INSERT INTO levels VALUES (?, ?, ?, ?, ?, ?, ?, ?)", levels)
        counting.values.clear()
        counting.levels.clear()

    def tallies(self, meter: str, through: int) -> Iterator[Tally]:
        """Give the tallies of a meter through a day, customer by customer."""
        rows = self._run.execute(
            "SELECT customer, ordered, day, labels, events, total, largest, at, last, paper"
            " FROM tallies WHERE meter = ? AND day <= ? AND paper <= ? ORDER BY customer",
            (meter, through, self.limit),
        )
        for customer, ordered, day, labels, events, total, largest, at, last, paper in rows:
            yield Tally(
                paper=paper,
                customer=customer,
                order=ordered,
                day=day,
                labels=_labels(labels) if labels else (),
                events=events,
                total=Decimal(total),
                largest=Decimal(largest),
                at=at,
                last=Decimal(last),
            )

    def unique(self, meter: str, tallies: Sequence[Tally]) -> int:
        """Count the different values of the events of some tallies of one customer."""
        self._run.execute("DELETE FROM spots")
        spots = {(one.order, one.day, _said(one.labels), one.paper) for one in tallies}
        self._run.executemany("INSERT INTO spots VALUES (?, ?, ?, ?)", spots)
        (count,) = self._run.execute(
            "SELECT count(DISTINCT value) FROM spots"
            " JOIN uniques USING (ordered, day, labels, paper) WHERE meter = ? AND customer = ?",
            (meter, tallies[0].customer),
        ).fetchone()
        return int(count)

    def levels(self, meter: str, through: int) -> Iterator[Levelled]:
        """Give the events of a weighted sum through a day, by customer and time."""
        rows = self._run.execute(
            "SELECT customer, ordered, day, labels, at, quantity, paper FROM levels"
            " WHERE meter = ? AND day <= ? AND paper <= ? ORDER BY customer, at, quantity",
            (meter, through, self.limit),
        )
        for customer, ordered, day, labels, at, quantity, paper in rows:
            yield Levelled(
                paper=paper,
                customer=customer,
                order=ordered,
                day=day,
                labels=_labels(labels) if labels else (),
                at=at,
                quantity=Decimal(quantity),
            )

    def edges(self, first: date, last: date) -> tuple[int, int]:
        """Give the times at which a first day begins and a last day ends, where the company is."""
        return self._days.starts(first.toordinal()), self._days.starts(last.toordinal() + 1)

    def paper(self, number: int) -> str:
        """Name the file of an import."""
        row = self._run.execute("SELECT file FROM papers WHERE number = ?", (number,)).fetchone()
        return str(row[0]) if row else ""

    def _opened(self) -> sqlite3.Connection:
        """Open the file, or begin anew where it is damaged or was made for other meters.

        Where nothing can be written, it is made in memory each time.
        """
        if self._path is not None and _folder(self._path):
            with suppress(sqlite3.DatabaseError, OSError):
                return self._there() or self._anew()
            with suppress(sqlite3.DatabaseError, OSError):
                return self._anew()
        self._path = None
        return self._begun(_connected(":memory:"))

    def _there(self) -> sqlite3.Connection | None:
        """Open the file, if it is an index for these meters."""
        run = _connected(str(self._path))
        if run.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
            return self._begun(run)
        if run.execute("SELECT stamp FROM about").fetchone() == (self._stamp,):
            return run
        run.close()
        return None

    def _anew(self) -> sqlite3.Connection:
        assert self._path is not None, "what is in memory only is not damaged"
        for ending in ("", "-wal", "-shm"):
            Path(f"{self._path}{ending}").unlink(missing_ok=True)
        return self._begun(_connected(str(self._path)))

    def _begun(self, run: sqlite3.Connection) -> sqlite3.Connection:
        run.executescript(f"BEGIN; {TABLES} COMMIT;")
        run.execute("INSERT INTO about VALUES (?)", (self._stamp,))
        return run

    def _emptied(self) -> None:
        self._run.close()
        self._run = self._anew() if self._path else self._begun(_connected(":memory:"))


def _connected(path: str) -> sqlite3.Connection:
    run = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
    run.execute("PRAGMA journal_mode = WAL")
    run.execute("PRAGMA synchronous = NORMAL")
    run.execute(f"PRAGMA cache_size = -{CACHE}")
    run.execute("CREATE TEMP TABLE batch (key BLOB PRIMARY KEY) WITHOUT ROWID")
    run.execute("CREATE TEMP TABLE spots (ordered TEXT, day INT, labels TEXT, paper INT)")
    return run


def _folder(path: Path) -> bool:
    """Make the folder of the index; say whether it is a place of ours, and not behind a link."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
    folders = (path.parent, path.parent.parent)
    return path.parent.is_dir() and not any(one.is_symlink() for one in (path, *folders))


def _said(labels: tuple[str, ...]) -> str:
    return msgspec.json.encode(labels).decode() if labels else ""


def _otherwise(name: str, event: Event, first: str) -> Fault:
    message = f"This event is known from {first}, and says something else here."
    remedy = "An id is given once; give the correction an id of its own, with a quantity below 0."
    return Fault("event-otherwise", message, Place(name, event.line), remedy)
