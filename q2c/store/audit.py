"""The audit of a ledger: everything that must hold in it, and does not, line by line."""

from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256

from q2c.core.entry import balanced
from q2c.core.fault import Fault, Unknown
from q2c.store import series
from q2c.store.chain import NO_HASH, checked
from q2c.store.ledger import CODE, ISSUED, Ledger, Record
from q2c.store.volumes import Volumes, volumes


def audit(tree: Volumes, home: str, patterns: Iterable[str] = ()) -> list[Fault]:
    """Walk the whole ledger and tell every fault in it.

    Looked at are the form and the chain of the lines; for each entry the balance, in the
    company's currency too, its id and its keys, and the files that it rests on; and for each
    series that the numbers have no gap and the dates never go back.
    """
    ledger, faults = _read(tree)
    if faults:  # what stands in a chain that does not hold is not worth a second look
        return faults
    for record in ledger.records:
        faults += _entry(record, ledger, home)
        faults += _documents(record, ledger, tree)
    for pattern in dict.fromkeys(patterns):
        faults += _gaps(ledger, pattern)
    faults += _repeats(ledger)
    return sorted(faults, key=_line)


def _read(tree: Volumes) -> tuple[Ledger, list[Fault]]:
    records: list[Record] = []
    files: list[tuple[str, int]] = []
    faults: list[Fault] = []
    for name in volumes(tree):
        files.append((name, len(records)))
        seq, prev = (records[-1].seq + 1, records[-1].hash) if records else (0, NO_HASH)
        found, wrong = checked(tree.read(name), Record, name, seq, prev, code=CODE)
        records += found
        faults += wrong
    return Ledger(tuple(records), tuple(files)), faults


def _entry(record: Record, ledger: Ledger, home: str) -> Iterator[Fault]:
    if (record.kind == "genesis") != (record.seq == 0):
        message = "A ledger begins with its one genesis entry."
        yield Fault("ledger-genesis", message, ledger.place(record), _FOREIGN)
    if not balanced(record.postings, home):
        message = f"The postings of {record.id} do not sum to zero."
        yield Fault("entry-unbalanced", message, ledger.place(record), _FOREIGN)


def _repeats(ledger: Ledger) -> Iterator[Fault]:
    first: dict[str, Record] = {}
    dates: dict[str, date] = {}
    for record in ledger.records:
        for key in record.released:
            first.pop(f"charge {key}", None)
        number = record.number if record.kind in ISSUED else ""
        said = [f"fact {record.id}", *(f"charge {key}" for key in record.keys)]
        for thing in [*said, f"number {number}"] if number else said:
            other = first.setdefault(thing, record)
            if other is not record:
                message = f"The {thing} stands in {_at(ledger, other)} already."
                yield Fault("entry-twice", message, ledger.place(record), _FOREIGN)
        stem = series.stem(number)
        if number and record.date < dates.get(stem, record.date):
            message = f"{number} is dated {record.date}, its series has come to {dates[stem]}."
            yield Fault("date-before-series", message, ledger.place(record), _FOREIGN)
        dates[stem] = record.date


def _documents(record: Record, ledger: Ledger, tree: Volumes) -> Iterator[Fault]:
    for paper in record.documents:
        try:
            same = sha256(tree.read(paper.path)).hexdigest() == paper.sha256
        except Unknown:
            message = f"{paper.path}, which {record.id} rests on, is not there."
            yield Fault("document-missing", message, ledger.place(record), _RESTORE)
            continue
        if not same:
            message = f"{paper.path} is not the file that {record.id} rests on; it was changed."
            yield Fault("document-changed", message, ledger.place(record), _RESTORE)


def _gaps(ledger: Ledger, pattern: str) -> Iterator[Fault]:
    last: dict[int, int] = {}
    for number, record in ledger.by_number.items():
        year = series.year_of(number, pattern)
        n = None if year is None else series.place_in(number, pattern, year)
        if year is None or n is None:
            continue
        if n != last.get(year, 0) + 1:
            expected = pattern.format(year=year, n=last.get(year, 0) + 1)
            message = f"{number} stands where {expected} should."
            yield Fault("number-gap", message, ledger.place(record), _FOREIGN)
        last[year] = n


def _at(ledger: Ledger, record: Record) -> str:
    place = ledger.place(record)
    return f"{place.file}:{place.line}"


def _line(fault: Fault) -> tuple[str, int]:
    return (fault.place.file, fault.place.line) if fault.place else ("", 0)


_FOREIGN = (
    "q2c writes no such entry: find out with git who did, and bring the file back from there."
)
_RESTORE = "Bring the file back from git, where it stands as it was issued."
