"""Meters: what counts of the events of a customer, and how it becomes one quantity."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from q2c.core.fault import Fault
from q2c.core.party import Id, Name, Text
from q2c.core.trace import Sourced
from q2c.core.usage.metering.events import Event, quantity_of

Aggregation = Literal["sum", "count", "max", "last", "unique", "weighted-sum"]
Late = Literal["refuse", "next-period", "correct"]
ONE = Decimal(1)


class Meter(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What counts: the events of a name, by their quantity or a property, and how it adds up.

    `events` is the name that events carry, where that is not the meter's id. `filters` say which
    values of a property count, `groups` by which properties a quantity is told apart. A weighted
    sum is of `levels` that hold from their time on, or of `changes` to the level before. Events
    that come `late`, for a period that is invoiced, are refused, counted in the next period, or
    correct what was invoiced.
    """

    id: Id
    name: Text
    unit: Text = ""
    events: Id | None = None
    aggregation: Aggregation = "sum"
    property: Name | None = None
    values: Literal["levels", "changes"] = "levels"
    filters: dict[Name, Annotated[tuple[Name, ...], Meta(min_length=1)]] = {}
    groups: tuple[Name, ...] = ()
    late: Late = "correct"

    def counts(self, event: Event) -> bool:
        """Say whether an event has the properties that are counted."""
        said = event.properties
        return all(said.get(name) in values for name, values in self.filters.items())

    def labels(self, event: Event) -> tuple[str, ...]:
        """Give the values by which a quantity is told apart; what is not said is empty."""
        return tuple(event.properties.get(name, "") for name in self.groups)

    def value(self, event: Event) -> Decimal | None:
        """Give the number that counts of an event; nothing where it has none."""
        if self.aggregation in ("count", "unique"):
            return ONE
        if self.property is None:
            return event.quantity
        return quantity_of(event.properties.get(self.property, ""))


class Meters(Struct, frozen=True, forbid_unknown_fields=True):
    """What `meters.yaml` holds."""

    meters: tuple[Meter, ...]


def meter_faults(meters: Sequence[Meter]) -> Iterator[Fault]:
    """Say everything that is wrong with meters."""
    first: dict[str, Meter] = {}
    for meter in meters:
        if meter.id in first:
            message = f"'{meter.id}' is used twice; the first is at {first[meter.id].place('id')}."
            yield meter.fault("double-id", message, "id", "Give one of them another id.")
        first.setdefault(meter.id, meter)
        yield from _aggregation_faults(meter)


def _aggregation_faults(meter: Meter) -> Iterator[Fault]:
    if meter.aggregation == "unique" and meter.property is None:
        message = "A meter of unique values says of which property."
        yield meter.fault("meter-property", message, "aggregation", "Write property: user.")
    if meter.aggregation == "count" and meter.property is not None:
        message = "A count is of events, whatever their properties."
        remedy = "Take property away, or write aggregation: unique or sum."
        yield meter.fault("meter-property", message, "property", remedy)
    if meter.values == "changes" and meter.aggregation != "weighted-sum":
        message = "Only a weighted sum has levels, and changes to them."
        yield meter.fault("meter-property", message, "values", "Take values away.")
    if meter.late == "next-period" and meter.aggregation == "weighted-sum":
        message = "A level holds at its time and cannot hold in another period."
        yield meter.fault("meter-late", message, "late", "Write late: correct or late: refuse.")


def by_events(meters: Sequence[Meter]) -> Mapping[str, tuple[Meter, ...]]:
    """Give meters by the name that their events carry."""
    found: dict[str, tuple[Meter, ...]] = {}
    for meter in meters:
        name = meter.events or meter.id
        found[name] = (*found.get(name, ()), meter)
    return found
