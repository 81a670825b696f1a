"""The ledger: its files, one a year, and what can be asked of it and added to it."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property

import msgspec
from msgspec import Struct

from q2c.core.entry import Entry, balanced
from q2c.core.fault import Fault, Invalid, Place
from q2c.store import series
from q2c.store.chain import NO_HASH, replay, sealed
from q2c.store.volumes import Volumes, volumes

CODE = "ledger-broken"
ISSUED = frozenset({"invoice-issued", "credit-note-issued"})
CIRCUMSTANCES = frozenset({"recorded", "by", "commit", "program"})  # not part of the fact itself
SHOWN = 120


class Record(Entry, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """An entry in its chain; see `q2c.store.chain`."""

    seq: int
    prev: str
    hash: str


class Ledger(Struct, frozen=True, dict=True):
    """All records in their order, and each file with the position of its first line."""

    records: tuple[Record, ...] = ()
    files: tuple[tuple[str, int], ...] = ()

    @property
    def head(self) -> str:
        """The hash of the last line."""
        return self.records[-1].hash if self.records else NO_HASH

    @cached_property
    def by_id(self) -> dict[str, Record]:
        """Every record by the id of its fact."""
        return {record.id: record for record in self.records}

    @cached_property
    def by_number(self) -> dict[str, Record]:
        """The record that issued a document, by the document's number."""
        issued: dict[str, Record] = {}
        for record in self.records:
            if record.kind in ISSUED:
                issued.setdefault(record.number, record)
        return issued

    @cached_property
    def by_key(self) -> dict[str, Record]:
        """The record that settled a charge, by the key of the charge."""
        settled: dict[str, Record] = {}
        for record in self.records:
            for key in record.released:
                settled.pop(key, None)
            settled.update(dict.fromkeys(record.keys, record))
        return settled

    @cached_property
    def last_dates(self) -> dict[str, date]:
        """The last date in every series of issued documents, by the stem of its numbers."""
        return {series.stem(number): record.date for number, record in self.by_number.items()}

    def place(self, record: Record) -> Place:
        """Find the line that a record stands in."""
        name, first = max((file for file in self.files if file[1] <= record.seq), key=_first)
        return Place(name, record.seq - first + 1)


def read_ledger(tree: Volumes) -> Ledger:
    """Read the whole ledger; refuse one that is not as q2c wrote it."""
    records: list[Record] = []
    files: list[tuple[str, int]] = []
    for name in volumes(tree):
        files.append((name, len(records)))
        prev = records[-1].hash if records else NO_HASH
        records += replay(tree.read(name), Record, name, len(records), prev, code=CODE)
    return Ledger(tuple(records), tuple(files))


def genesis(company: str, day: date, *, recorded: str, program: str, chain: str = "main") -> Entry:
    """Make the first entry, which names the company: no ledger can pass as that of another."""
    return Entry(
        id=f"genesis:{company}:{chain}",
        kind="genesis",
        date=day,
        period=f"{day:%Y-%m}",
        party=company,
        recorded=recorded,
        program=program,
        chain=chain,
    )


def next_number(ledger: Ledger, pattern: str, year: int) -> str:
    """Give the next number of a series; for many at once see `series.following`."""
    return next(series.following(ledger.by_number, pattern, year))


def extended(
    ledger: Ledger, entries: Sequence[Entry], home: str
) -> tuple[Ledger, dict[str, bytes]]:
    """Add entries: the longer ledger, and the bytes to append to its files.

    A fact that is there already adds nothing, so that doing things twice changes nothing.
    """
    growing = Growing(ledger, home)
    records, lines = growing.add(entries)
    return Ledger((*ledger.records, *records), tuple(growing.files)), lines


class Growing:
    """A ledger that entries are added to, group after group.

    Of what is added only that is kept which later entries are checked against.
    """

    def __init__(self, ledger: Ledger, home: str) -> None:
        self.head = ledger.head
        self.files = list(ledger.files)
        self._ledger, self._home, self._count = ledger, home, len(ledger.records)
        self._settled = Settled(ledger)
        self._numbers: dict[str, str] = {}
        self._dates = dict(ledger.last_dates)

    def add(self, entries: Iterable[Entry]) -> tuple[list[Record], dict[str, bytes]]:
        """Add entries: the new records, and the bytes to append to the ledger's files.

        An entry goes to the file of its year, or to the newest if that is of a later year.
        """
        records: list[Record] = []
        added: dict[str, list[bytes]] = {}
        for entry in self._new(entries):
            name = max(f"ledger/{entry.date:%Y}.jsonl", self.files[-1][0] if self.files else "")
            if not self.files or self.files[-1][0] != name:
                self.files.append((name, self._count))
            record, line = sealed(entry, Record, self._count, self.head)
            self.head, self._count = record.hash, self._count + 1
            added.setdefault(name, []).append(line)
            records.append(record)
        return records, {name: b"".join(parts) for name, parts in added.items()}

    def _new(self, entries: Iterable[Entry]) -> list[Entry]:
        """Leave out the entries that are there already; refuse those that contradict others."""
        new: dict[str, Entry] = {}
        for entry in entries:
            assert balanced(entry.postings, self._home), entry
            known = self._ledger.by_id.get(entry.id) or new.get(entry.id)
            if known is not None:
                _refuse_other(self._ledger, known, entry)
                continue
            assert self._count or new or entry.kind == "genesis", "a ledger begins with its genesis"
            self._settled.add(entry)
            if entry.kind in ISSUED:
                self._number(entry)
            new[entry.id] = entry
        return list(new.values())

    def _number(self, entry: Entry) -> None:
        """Note the number of a document; refuse one that was given, or is of an earlier day."""
        known = self._ledger.by_number.get(entry.number)
        holder = known.id if known else self._numbers.get(entry.number)
        if holder:
            message = f"The number {entry.number} was given to {holder} already."
            remedy = "Take the next number of the series."
            raise Invalid(Fault("number-used", message, remedy=remedy))
        stem = series.stem(entry.number)
        last = self._dates.get(stem, entry.date)
        if entry.date < last:
            message = f"{entry.number} is dated {entry.date}, but its series has come to {last}."
            raise Invalid(Fault("date-before-series", message, remedy=f"Date it {last} or later."))
        self._numbers[entry.number] = entry.id
        self._dates[stem] = entry.date


class Settled:
    """Which fact settled a charge, in a ledger and in what is added to it.

    A run adds so many that those of an order stand together in one text, a line for each.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._known = ledger.by_key
        self._released: set[str] = set()
        self._added: dict[str, str] = {}

    def add(self, entry: Entry) -> None:
        """Note what an entry settles and releases; refuse a charge that is settled already."""
        for key in entry.released:
            self._released.add(key)
            text = self._added.get(_order(key), "\n")
            self._added[_order(key)] = text.replace(f"\n{key}\t{self._by(key)}\n", "\n")
        for key in entry.keys:
            known = None if key in self._released else self._known.get(key)
            holder = known.id if known else self._by(key)
            if holder:
                message = f"{key} is settled by {holder} already, so {entry.id} cannot settle it."
                raise Invalid(Fault("charge-billed", message, remedy="Make a new plan."))
            text = self._added.get(_order(key), "\n")
            self._added[_order(key)] = f"{text}{key}\t{entry.id}\n"

    def _by(self, key: str) -> str:
        """Give the fact among those added that settled a charge, or nothing."""
        text = self._added.get(_order(key), "")
        return text.partition(f"\n{key}\t")[2].partition("\n")[0]


def _order(key: str) -> str:
    return key.partition("/")[0]


def _refuse_other(ledger: Ledger, known: Entry, entry: Entry) -> None:
    differences = [
        f"{name} is {_shown(old)} there and {_shown(new)} here"
        for name in Entry.__struct_fields__
        if name not in CIRCUMSTANCES
        and (old := getattr(known, name)) != (new := getattr(entry, name))
    ]
    if differences:
        message = f"{entry.id} is in the ledger and says otherwise: {'; '.join(differences)}."
        place = ledger.place(known) if isinstance(known, Record) else None
        remedy = "What happened stays as it is; put it right with a new entry."
        raise Invalid(Fault("other-fact", message, place, remedy))


def _first(file: tuple[str, int]) -> int:
    return file[1]


def _shown(value: object) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
