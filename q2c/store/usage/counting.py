"""Counting: the events of one file become tallies, values and levels, before they are kept."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from q2c.core.fault import Fault, Place, nearest
from q2c.core.money import EXACT
from q2c.core.usage.metering import Event, Meter, by_events

Row = tuple[object, ...]
Where = tuple[str, str, str, int, tuple[str, ...]]  # meter, customer, order, day, labels
MANY = 200_000  # tallies that are held in memory


class Sum:
    """What the events of a meter, a customer and a day come to."""

    __slots__ = ("at", "events", "largest", "last", "total")

    def __init__(self, at: int, value: Decimal) -> None:
        self.events = 1
        self.total = self.largest = self.last = value
        self.at = at

    def add(self, at: int, value: Decimal) -> None:
        """Count one event more."""
        self.events += 1
        self.total = EXACT.add(self.total, value)
        self.largest = max(self.largest, value)
        self.at, self.last = max((self.at, self.last), (at, value))


class Counting:
    """What the events of one file come to, by meter."""

    def __init__(self, meters: Sequence[Meter], name: str) -> None:
        self._meters: Mapping[str, tuple[Meter, ...]] = by_events(meters)
        self._name = name
        self._sums: dict[Where, Sum] = {}
        self.values: list[Row] = []
        self.levels: list[Row] = []
        self.faults: list[Fault] = []

    @property
    def many(self) -> bool:
        """Say whether it is time to write down what was counted."""
        return len(self._sums) > MANY or len(self.values) + len(self.levels) > MANY

    def count(self, event: Event) -> None:
        """Count an event on every meter that its name is of."""
        meters = self._meters.get(event.meter)
        if meters is None:
            message = f"There is no meter of '{event.meter}'."
            remedy = nearest(event.meter, self._meters) or "Write it in meters.yaml."
            self._wrong(event, "unknown-meter", message, remedy)
            return
        for meter in meters:
            if meter.counts(event):
                self._count(meter, event)

    def _count(self, meter: Meter, event: Event) -> None:
        value, labels = meter.value(event), meter.labels(event)
        named = event.properties.get(meter.property or "", "")
        if value is None or (meter.aggregation == "unique" and not named):
            message = f"'{meter.id}' counts by '{meter.property}', and the row has none there."
            self._wrong(event, "meter-value", message, "Add the property to the row, as a number.")
            return
        where = (meter.id, event.customer, event.order, event.day, labels)
        sum_ = self._sums.get(where)
        if sum_ is None:
            self._sums[where] = Sum(event.at, value)
        else:
            sum_.add(event.at, value)
        if meter.aggregation == "unique":
            self.values.append((*where[:4], _text(labels), named))
        elif meter.aggregation == "weighted-sum":
            self.levels.append((*where[:4], _text(labels), event.at, f"{value:f}"))

    def _wrong(self, event: Event, code: str, message: str, remedy: str) -> None:
        self.faults.append(Fault(code, message, Place(self._name, event.line), remedy))

    def rows(self) -> Iterator[Row]:
        """Give what was counted, and begin anew."""
        for where, sum_ in self._sums.items():
            numbers = (f"{sum_.total:f}", f"{sum_.largest:f}", sum_.at, f"{sum_.last:f}")
            yield (*where[:4], _text(where[4]), sum_.events, *numbers)
        self._sums.clear()


def _text(labels: tuple[str, ...]) -> str:
    return msgspec.json.encode(labels).decode() if labels else ""
