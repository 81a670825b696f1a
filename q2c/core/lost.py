"""What the keys of charges say has happened, so that what is gone since is seen."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from msgspec import Struct

from q2c.core.fault import Fault, Place
from q2c.core.order import Delivery
from q2c.core.subscription import Change, changes_of
from q2c.core.usage.metering import Reading, settled_of, stem_of

# The key of a billing period that was billed with changes known: `O-2026-0001/1:…..…@0>2`.
REVISED = re.compile(r"(?P<line>[^:]+):[0-9.-]+@(?:[0-9]+>)?(?P<known>[0-9]+)(?:/[0-9]+)?")
DELIVERED = re.compile(r"(?P<order>[^/:]+)/[^:]+:delivery-(?P<place>[0-9]+)")
USED = re.compile(r"(?P<line>[^:]+):usage:(?P<days>[0-9-]+\.\.(?P<last>[0-9-]+)).*")


class Known(Struct, frozen=True):
    """What was known when charges were made: changes of a line, deliveries, files of its use."""

    changes: Mapping[str, Mapping[str, int]]  # by order, then by line
    deliveries: Mapping[str, int]
    use: Mapping[str, Mapping[str, int]]  # by order, then by the stem of the reading


class There(Protocol):
    """What is recorded of an order."""

    @property
    def deliveries(self) -> Sequence[Delivery]: ...  # noqa: D102 - as billing has it
    @property
    def changes(self) -> Sequence[Change]: ...  # noqa: D102 - as billing has it
    @property
    def readings(self) -> Sequence[Reading]: ...  # noqa: D102 - as billing has it


def known_of(billed: Collection[str]) -> Known:
    """Say what was known by the keys of charges."""
    changes: dict[str, dict[str, int]] = defaultdict(dict)
    deliveries: dict[str, int] = {}
    for key in billed:
        if "@" in key and (edge := REVISED.fullmatch(key)):
            number, _, line = edge["line"].partition("/")
            changes[number][line] = max(changes[number].get(line, 0), int(edge["known"]))
        elif ":delivery-" in key and (row := DELIVERED.fullmatch(key)):
            deliveries[row["order"]] = max(deliveries.get(row["order"], 0), int(row["place"]) + 1)
    use: dict[str, dict[str, int]] = defaultdict(dict)
    for stem, spans in settled_of(billed).items():
        use[stem.partition("/")[0]][stem] = max(through for _, through in spans)
    return Known(changes, deliveries, use)


def lost(number: str, there: There, known: Known, through: date) -> tuple[Fault, ...]:
    """Say what charges of an order were made of, and is gone; use of periods that are over."""
    return (
        *lost_changes(number, there.changes, known.changes.get(number, {})),
        *lost_deliveries(number, len(there.deliveries), known.deliveries.get(number, 0)),
        *_lost_use(number, there.readings, known.use.get(number, {}), through),
    )


def lost_changes(
    number: str, changes: Sequence[Change], known: Mapping[str, int]
) -> Iterator[Fault]:
    """Tell of the lines of an order that have fewer changes than their charges were made with."""
    for line, count in sorted(known.items()):
        if len(changes_of(changes, line)) < count:
            what = f"Charges of {number}/{line} were worked out with {_told(count, 'change')}"
            remedy = "Bring the file back from git; until then nothing of the order is invoiced."
            place = Place(f"orders/{number}/changes.jsonl")
            yield Fault("changes-missing", f"{what}, and some are gone.", place, remedy)


def lost_deliveries(number: str, there: int, count: int) -> Iterator[Fault]:
    """Tell of an order that has fewer deliveries than its charges were made of."""
    if there < count:
        what = f"{_told(count, 'delivery', 'deliveries')} of {number} were known when it was"
        message = f"{what} invoiced, and {there} are there."
        remedy = "Bring the file back from git; until then nothing of the order is invoiced."
        yield Fault("deliveries-missing", message, Place(f"orders/{number}/events.jsonl"), remedy)


def _lost_use(
    number: str, readings: Sequence[Reading], known: Mapping[str, int], through: date
) -> Iterator[Fault]:
    there = {
        stem_of(f"{number}/{one.line}", one.period, one.group): len(one.papers) for one in readings
    }
    for stem, count in sorted(known.items()):
        of = USED.fullmatch(stem)
        if of and date.fromisoformat(of["last"]) <= through and there.get(stem, 0) < count:
            files = _told(count, "file")
            what = f"Use of {of['line']} in {of['days']} was invoiced from {files} of events"
            remedy = "Bring usage/imports.jsonl and the files it names back from git."
            yield Fault("use-missing", f"{what}, and some are gone.", remedy=remedy)


def _told(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or f'{one}s'}"
