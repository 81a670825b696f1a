"""Stretches: the days of a line's service, cut where what holds of them changes."""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.money import Money, decimals
from q2c.core.order import OrderLine
from q2c.core.period import ONE_DAY, Period
from q2c.core.pricing import cost
from q2c.core.subscription.changes import Change
from q2c.core.subscription.slots import slots

State = Literal["running", "paused", "cancelled"]


class Stretch(Struct, frozen=True, kw_only=True):
    """Days of a line's service on which the same holds.

    `line` is the line as it stands on these days, `price` what a whole billing period of them
    costs in minor units, exactly; it is `discounted` where the line's discounts come off its rate.
    `why` is the last change that made it so.
    """

    period: Period
    line: OrderLine
    price: Fraction
    discounted: bool = True
    state: State = "running"
    why: Change | None = None


def stretches(line: OrderLine, changes: Sequence[Change]) -> tuple[Stretch, ...]:
    """Cut a line's service where its changes begin or end.

    Changes hold in the order of their days, and of one day in the order they were recorded: of
    two in one billing period each has its days, and the newest holds at the end.
    """
    assert line.service is not None, line
    service, dated = line.service, sorted(changes, key=_day)
    begun = [(begins(line, change), change) for change in dated]
    days = {first for first, _ in begun} | {one.until + ONE_DAY for one in dated if one.until}
    cuts = sorted({service.first, *(day for day in days if day in service)})
    return tuple(
        _stretch(line, Period(first, after - ONE_DAY), [c for day, c in begun if day <= first])
        for first, after in pairwise([*cuts, service.last + ONE_DAY])
    )


def _day(change: Change) -> date:
    return change.date


def begins(line: OrderLine, change: Change) -> date:
    """Give the first day that a change is charged for: its own, or that of the next billing period.

    Before the service begins it is the first day of service, beyond its end the day after.
    """
    assert line.service is not None, line
    first = max(change.date, line.service.first)
    if change.proration == "prorated":
        return first
    starts = (slot.service.first for slot in slots(line))
    return next((day for day in starts if day >= first), line.service.last + ONE_DAY)


def _stretch(line: OrderLine, period: Period, held: Sequence[Change]) -> Stretch:
    """Put together what holds on some days, from all changes that began before them."""
    now, discounted = line, True
    for change in held:
        if change.rate is not None:
            discounted = change.discounted
        now = _changed(now, change)
    state = _state(period.first, held)
    price = _price(line, now, discounted=discounted) if state == "running" else Fraction(0)
    why = held[-1] if held else None
    return Stretch(
        period=period, line=now, price=price, discounted=discounted, state=state, why=why
    )


def _changed(line: OrderLine, change: Change) -> OrderLine:
    """Give a line as it stands after a change; what the change does not say stays."""
    return replace(
        line,
        quantity=line.quantity if change.quantity is None else change.quantity,
        rate=change.rate or line.rate,
        product=change.product or line.product,
        family=change.family if change.product else line.family,
        name=change.name or line.name,
        text=change.text if change.product else line.text,
        unit=change.unit or line.unit,
    )


def _state(day: date, held: Iterable[Change]) -> State:
    state: State = "running"
    for change in held:
        if change.kind == "cancel":
            state = "cancelled"
        elif change.kind == "resume":
            state = "running"
        elif change.kind == "pause" and state == "running":
            state = "running" if change.until and day > change.until else "paused"
    return state


def _price(line: OrderLine, now: OrderLine, *, discounted: bool) -> Fraction:
    """Price a whole billing period in minor units: as agreed, or of what holds now at its rate."""
    agreed = Fraction(line.net.minor) / line.paid if line.paid else Fraction(0)
    if now.rate == line.rate and now.quantity == line.quantity and discounted:
        return agreed
    full = Fraction(cost(now.rate, now.quantity)) * int(10 ** decimals(line.net.currency))
    if discounted:
        return full * kept_of(line)
    if line.with_vat:  # then so does the rate include it
        full *= Fraction(line.net.minor, line.with_vat.minor)
    return full


def kept_of(line: OrderLine) -> Fraction:
    """Say what part of its rate is paid of a line that recurs after discounts: all without any."""
    full = Fraction(cost(line.rate, line.quantity)) * line.paid
    if not full or line.net == Money.of(full, line.net.currency):
        return Fraction(1)
    return Fraction(line.net.amount) / full
