"""Readings: the quantity of a meter for an order line, a billing period and a group."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from q2c.core.order import Order, OrderLine
from q2c.core.period import Period, billing_periods, interval
from q2c.core.usage.metering.meters import Aggregation

MARK = ":usage:"
Span = tuple[int, int]  # after so many imports, through so many
Group = tuple[tuple[str, str], ...]


class Reading(Struct, frozen=True, kw_only=True):
    """So much of a meter for an order line in a billing period, of one group of properties.

    It counts the events of its `papers`, in their order, `through` a day. `settled` says which of
    them were billed, from one number of them to another, and `billed` how much that was; `late`
    are the events that came after. `covered` is what prepaid units cover of the quantity, and
    `paid` what prepaid amounts pay of its worth; `covered_before` and `paid_before` the same of
    what was billed.
    """

    line: str
    period: Period
    group: Group = ()
    aggregation: Aggregation
    unit: str = ""
    quantity: Decimal
    events: int = 0
    late: int = 0
    papers: tuple[str, ...] = ()
    through: date
    settled: tuple[Span, ...] = ()
    billed: Decimal = Decimal(0)
    covered: Decimal = Decimal(0)
    covered_before: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    paid_before: Decimal = Decimal(0)

    def keys(self, ref: str) -> tuple[str, ...]:
        """Name the charge of what is not billed of it, for good: what it counts, by its papers."""
        stem = stem_of(ref, self.period, self.group)
        spans = unsettled(len(self.papers), self.settled)
        return tuple(key_of(stem, span) for span in spans)


def stem_of(ref: str, period: Period, group: Group) -> str:
    """Name a reading: `O-2026-0001/1:usage:2026-11-01..2026-11-30:region=eu`."""
    told = ",".join(f"{name}={value}" for name, value in group)
    return f"{ref}{MARK}{period.first}..{period.last}{f':{told}' if told else ''}"


def key_of(stem: str, span: Span) -> str:
    """Name the charge of some papers of a reading: `…@3` the first three, `…@3>4` the fourth."""
    return f"{stem}@{span[1]}" if span[0] == 0 else f"{stem}@{span[0]}>{span[1]}"


def settled_of(billed: Iterable[str]) -> dict[str, tuple[Span, ...]]:
    """Say of every reading which of its papers were billed, from the keys of charges.

    A key that ends in `/2` names more of what another names: what went back of a second line.
    """
    found: dict[str, list[Span]] = {}
    for key in billed:
        stem, _, told = key.rpartition("@")
        if MARK in stem and "/" not in told:
            before, _, through = told.rpartition(">")
            found.setdefault(stem, []).append((int(before or 0), int(through)))
    return {stem: tuple(sorted(spans)) for stem, spans in found.items()}


def unsettled(papers: int, settled: Iterable[Span]) -> list[Span]:
    """Say which of so many papers are not billed."""
    found, done = list[Span](), 0
    for before, through in sorted(settled):
        if before > done:
            found.append((done, before))
        done = max(done, through)
    if done < papers:
        found.append((done, papers))
    return found


class Spot(Struct, frozen=True):
    """An order line whose use is metered."""

    order: Order
    line: OrderLine

    @property
    def ref(self) -> str:
        """The order line's name: `O-2026-0001/1`."""
        return self.order.ref(self.line)


Spots = Mapping[tuple[str, str], Sequence[Spot]]  # by meter and customer, the oldest first


def spots_of(orders: Iterable[Order]) -> Spots:
    """Give the metered lines of orders by meter and customer; the first agreed comes first."""
    found: dict[tuple[str, str], list[Spot]] = {}
    for order in sorted(orders, key=lambda one: (one.agreed_on, one.number)):
        for line in order.lines:
            if line.meter:
                found.setdefault((line.meter, order.customer), []).append(Spot(order, line))
    return found


def fitting(spots: Sequence[Spot], order: str, day: date) -> Iterator[Spot]:
    """Yield the lines that use on a day can be of: of the order it names, within their days."""
    for spot in spots:
        terms = spot.line.metering
        assert terms is not None, spot
        named = order in ("", spot.order.number, spot.ref)
        if named and terms.first <= day and (terms.last is None or day <= terms.last):
            yield spot


class Calendar:
    """The billing periods of a metered line through a day, cut to the days of the line."""

    def __init__(self, line: OrderLine, through: date) -> None:
        terms = line.metering
        assert terms is not None, line
        last = through if terms.last is None else min(through, terms.last)
        found: list[Period] = []
        if terms.first <= last:
            days = Period(terms.first, last)
            whole = billing_periods(days, interval(terms.every), terms.align, terms.first)
            ends = Period(terms.first, terms.last or date.max)
            found = [one.within(ends) for one in whole]
        self.periods = tuple(found)
        self._first = [one.first for one in found]

    def at(self, day: date) -> Period | None:
        """Give the billing period that a day lies in."""
        place = bisect_right(self._first, day) - 1
        return self.periods[place] if place >= 0 and day in self.periods[place] else None
