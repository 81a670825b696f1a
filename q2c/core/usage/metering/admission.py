"""Admission: whose use the events of a file are, and what becomes of those that come late."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from msgspec import Struct

from q2c.core.fault import Fault, Place, nearest
from q2c.core.period import Period
from q2c.core.usage.metering.meters import Meter
from q2c.core.usage.metering.readings import MARK, Calendar, Span, Spot, Spots, fitting

Use = tuple[str, str, str, int]  # a customer, an order, the name of events, a day
Billed = Mapping[tuple[str, date], str]  # an order line and the first day of a period, its invoice


class Late(Struct, frozen=True):
    """Events that came for a period that was invoiced, and the day on which they count instead."""

    line: str
    period: Period
    counted: date


class Admission(Struct, frozen=True, kw_only=True):
    """What decides whether events are taken in: customers, meters by events, lines, invoices."""

    customers: Collection[str]
    meters: Mapping[str, tuple[Meter, ...]]
    spots: Spots
    billed: Billed
    through: date


def billed_periods(settled: Mapping[str, tuple[Span, ...]], invoices: Mapping[str, str]) -> Billed:
    """Say which periods of order lines are billed, from the readings that were, by their names."""
    found: dict[tuple[str, date], str] = {}
    for stem in settled:
        ref, _, told = stem.partition(MARK)
        found[ref, date.fromisoformat(told[:10])] = invoices.get(stem, "an invoice")
    return found


def admitted(
    uses: Mapping[Use, int], name: str, rules: Admission
) -> tuple[list[Fault], tuple[Late, ...]]:
    """Say what is wrong with the use that a file tells of, and what of it counts on another day."""
    faults: list[Fault] = []
    late: dict[tuple[str, date], Late] = {}
    calendars: dict[str, Calendar] = {}
    told: set[tuple[str, ...]] = set()
    for (customer, order, events, day), line in uses.items():
        place, on = Place(name, line), date.fromordinal(day)
        if customer not in rules.customers:
            if (customer,) not in told:
                message = f"There is no customer '{customer}'."
                remedy = nearest(customer, rules.customers)
                faults.append(Fault("unknown-customer", message, place, remedy))
            told.add((customer,))
            continue
        for meter in rules.meters.get(events, ()):
            spots = list(fitting(rules.spots.get((meter.id, customer), ()), order, on))
            if fault := _misplaced(meter, customer, order, on, spots):
                # What one day of a customer lacks, most others do: the first is told.
                if (fault.code, customer, order, meter.id) not in told:
                    faults.append(Fault(fault.code, fault.message, place, fault.remedy))
                told.add((fault.code, customer, order, meter.id))
                continue
            spot = spots[0]
            calendar = calendars.setdefault(spot.ref, Calendar(spot.line, rules.through))
            period = calendar.at(on)
            invoice = rules.billed.get((spot.ref, period.first)) if period else None
            if period is None or invoice is None:
                continue
            if meter.late == "refuse":
                faults.append(_late(meter, spot, period, invoice, place))
            elif meter.late == "next-period" and (
                after := _next_free(rules, calendar, spot, period)
            ):
                late[spot.ref, period.first] = Late(spot.ref, period, after)
    return faults, tuple(late[key] for key in sorted(late))


def _misplaced(
    meter: Meter, customer: str, order: str, day: date, spots: Sequence[Spot]
) -> Fault | None:
    """Say why use cannot be told to be of one order line, if so."""
    if not spots:
        of = f"{order} has" if order else f"{customer} has"
        message = f"{of} no order line for use of '{meter.id}' on {day}."
        remedy = "Quote and accept a metered product first, or leave these rows out."
        return Fault("no-usage-line", message, remedy=remedy)
    if len(spots) > 1:
        lines = ", ".join(spot.ref for spot in spots)
        message = f"'{meter.id}' of {customer} on {day} could be of {lines}."
        return Fault("which-line", message, remedy="Name the order in the column 'order'.")
    return None


def _late(meter: Meter, spot: Spot, period: Period, invoice: str, place: Place) -> Fault:
    message = f"{spot.ref} is invoiced for {period} by {invoice}, and this came later."
    remedy = f"Leave these rows out, or let the meter '{meter.id}' have late: correct."
    return Fault("late-use", message, place, remedy)


def _next_free(rules: Admission, calendar: Calendar, spot: Spot, period: Period) -> date | None:
    """Give the first day of the next period that is not invoiced; nothing after the last."""
    later = (one for one in calendar.periods if one.first > period.first)
    return next((one.first for one in later if (spot.ref, one.first) not in rules.billed), None)
