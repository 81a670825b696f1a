"""Gathering: what is kept of events becomes the readings of order lines."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from q2c.core.money import EXACT
from q2c.core.period import Period
from q2c.core.usage.metering.aggregation import BY_TALLY, Level, Tally, levels_of, weighted
from q2c.core.usage.metering.meters import Meter
from q2c.core.usage.metering.readings import (
    Calendar,
    Reading,
    Span,
    Spot,
    Spots,
    fitting,
    stem_of,
)

Labels = tuple[str, ...]
NONE = Decimal(0)


class Levelled(Struct, frozen=True, kw_only=True):
    """One event of a weighted sum: from a time on so much, or so much more."""

    paper: int
    customer: str
    order: str
    day: int
    labels: Labels
    at: int
    quantity: Decimal


class Kept(Protocol):
    """What is kept of all events, by meter."""

    def tallies(self, meter: str, through: int) -> Iterator[Tally]:
        """Give the tallies of a meter through a day, customer by customer."""

    def unique(self, meter: str, tallies: Sequence[Tally]) -> int:
        """Count the different values of the events of some tallies of one customer."""

    def levels(self, meter: str, through: int) -> Iterator[Levelled]:
        """Give the events of a weighted sum through a day, by customer and time."""

    def edges(self, first: date, last: date) -> tuple[int, int]:
        """Give the times at which a first day begins and a last day ends, where the company is."""

    def paper(self, number: int) -> str:
        """Name the file of an import."""


class Asked(Struct, frozen=True, kw_only=True):
    """What readings are asked for: of which lines, through which day; what of them is billed.

    What came late counts on another day: `moved` has it by import, line and first day of a period.
    Groups are told apart where a line has prices for them, or for all lines if that is asked.
    """

    spots: Spots
    through: date
    settled: Mapping[str, tuple[Span, ...]] = {}
    moved: Mapping[tuple[int, str, date], date] = {}
    grouped: bool = False


One = TypeVar("One", Tally, Levelled)


class Heap(Struct, Generic[One]):
    """What counts in one reading, before it is aggregated."""

    spot: Spot
    period: Period
    labels: Labels
    items: list[One]


def readings(meter: Meter, kept: Kept, asked: Asked) -> Iterator[tuple[Spot, Reading]]:
    """Give the readings of a meter by order line, from all events that lie in its periods."""
    last = asked.through.toordinal()
    if meter.aggregation == "weighted-sum":
        for _, levels in groupby(kept.levels(meter.id, last), key=attrgetter("customer")):
            for level_heap in _level_heaps(meter, list(levels), asked):
                yield level_heap.spot, _weighed(meter, kept, asked, level_heap)
        return
    for _, tallies in groupby(kept.tallies(meter.id, last), key=attrgetter("customer")):
        for heap in _heaps(meter, tallies, asked):
            yield heap.spot, _tallied(meter, kept, asked, heap)


def _owner(meter: Meter, one: Tally | Levelled, asked: Asked) -> Spot | None:
    """Find the line that events are of: the first agreed, where several would do."""
    spots = asked.spots.get((meter.id, one.customer), ())
    return next(fitting(spots, one.order, date.fromordinal(one.day)), None)


def _labels(asked: Asked, spot: Spot, one: Tally | Levelled) -> Labels:
    """Give the labels that are told apart: none where the line has no prices by group."""
    priced = spot.line.metering is not None and spot.line.metering.groups
    return one.labels if priced or asked.grouped else ()


def _heaps(meter: Meter, tallies: Iterator[Tally], asked: Asked) -> list[Heap[Tally]]:
    """Sort the tallies of a customer by order line, period and labels."""
    heaps: dict[tuple[str, Period, Labels], Heap[Tally]] = {}
    calendars: dict[str, Calendar] = {}
    for one in tallies:
        spot = _owner(meter, one, asked)
        if spot is None:
            continue
        if spot.ref not in calendars:
            calendars[spot.ref] = Calendar(spot.line, asked.through)
        period = calendars[spot.ref].at(date.fromordinal(one.day))
        if period and (counted := asked.moved.get((one.paper, spot.ref, period.first))):
            period = calendars[spot.ref].at(counted)
        if period is not None:
            labels = _labels(asked, spot, one)
            key = (spot.ref, period, labels)
            heaps.setdefault(key, Heap(spot, period, labels, [])).items.append(one)
    return [heaps[key] for key in sorted(heaps)]


def _tallied(meter: Meter, kept: Kept, asked: Asked, heap: Heap[Tally]) -> Reading:
    def quantity(tallies: Sequence[Tally]) -> Decimal:
        if meter.aggregation == "unique":
            return Decimal(kept.unique(meter.id, tallies)) if tallies else NONE
        return BY_TALLY[meter.aggregation](tallies)

    return _reading(meter, kept, asked, heap, quantity)


def _level_heaps(
    meter: Meter, levels: Sequence[Levelled], asked: Asked
) -> Iterator[Heap[Levelled]]:
    """Give every period from the first level on: what holds, holds in all that come."""
    found: dict[tuple[str, Labels], Heap[Levelled]] = {}
    for one in levels:
        spot = _owner(meter, one, asked)
        if spot is not None:
            labels = _labels(asked, spot, one)
            first = Period(date.fromordinal(one.day), date.fromordinal(one.day))
            heap = found.setdefault((spot.ref, labels), Heap(spot, first, labels, []))
            heap.items.append(one)
    for _, heap in sorted(found.items()):
        for period in Calendar(heap.spot.line, asked.through).periods:
            inside = [one for one in heap.items if one.day <= period.last.toordinal()]
            if inside:
                yield Heap(heap.spot, period, heap.labels, inside)


def _weighed(meter: Meter, kept: Kept, asked: Asked, heap: Heap[Levelled]) -> Reading:
    start, end = kept.edges(heap.period.first, heap.period.last)
    _, until = kept.edges(heap.period.first, min(heap.period.last, asked.through))

    def quantity(items: Sequence[Levelled]) -> Decimal:
        levels: list[Level] = [(one.at, one.quantity) for one in items]
        held = levels_of(levels) if meter.values == "changes" else levels
        return weighted(held, start, end, until)

    return _reading(meter, kept, asked, heap, quantity)


def _reading(
    meter: Meter,
    kept: Kept,
    asked: Asked,
    heap: Heap[One],
    quantity: Callable[[Sequence[One]], Decimal],
) -> Reading:
    """Aggregate what counts, and what of it was billed."""
    papers = sorted({one.paper for one in heap.items})
    group = tuple(zip(meter.groups, heap.labels, strict=False))
    settled = asked.settled.get(stem_of(heap.spot.ref, heap.period, group), ())

    whole = quantity(heap.items)

    def known(count: int) -> Decimal:
        if count >= len(papers):
            return whole
        return quantity([one for one in heap.items if one.paper in papers[:count]])

    billed = NONE
    for before, through in settled:
        billed = EXACT.add(billed, EXACT.subtract(known(through), known(before)))
    done = max((through for _, through in settled), default=len(papers))
    return Reading(
        line=heap.spot.line.id,
        period=heap.period,
        group=group,
        aggregation=meter.aggregation,
        unit=meter.id,
        quantity=whole,
        events=_events(heap.items, heap.period),
        late=_events((one for one in heap.items if one.paper in papers[done:]), heap.period),
        papers=tuple(kept.paper(number) for number in papers),
        through=min(heap.period.last, asked.through),
        settled=settled,
        billed=billed,
    )


def _events(items: Iterable[Tally | Levelled], period: Period) -> int:
    """Count events; of levels those of the period itself, not those that hold from before."""
    return sum(
        one.events if isinstance(one, Tally) else one.day >= period.first.toordinal()
        for one in items
    )
