"""Hours of an order line: rounded as agreed, each at the price of its person, role and day."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction

from msgspec import Struct

from q2c.core.catalog.working import Rounding
from q2c.core.money import EXACT, Money
from q2c.core.order import Delivery, OrderLine, kept, worth
from q2c.core.period import Period
from q2c.core.pricing import Rate, cost
from q2c.core.subscription import Change

NOTHING = Decimal(0)
_HOW = {"up": ROUND_CEILING, "nearest": ROUND_HALF_UP, "down": ROUND_FLOOR}


class Entry(Struct, frozen=True, kw_only=True):
    """Hours that are rounded together: those of one row, or of a person's day at one price."""

    day: date
    person: str
    label: str
    raw: Decimal
    hours: Decimal


class Tally(Struct, frozen=True, kw_only=True):
    """Hours at one price: how many were worked, how many are charged, and what they come to."""

    label: str
    rate: Rate
    raw: Decimal
    hours: Decimal
    worth: Money


def entries_of(line: OrderLine, deliveries: Iterable[Delivery]) -> Iterator[Entry]:
    """Give the hours of a line in the order of their days, rounded as was agreed.

    Whatever order they were recorded in, the same hours give the same entries.
    """
    rounding = line.working.rounding if line.working else None
    groups: dict[tuple[date, str, str, str], Decimal] = {}
    for number, one in enumerate(deliveries):
        if one.line == line.id:
            alone = "" if rounding and rounding.per == "day" else one.key or f"#{number}"
            key = (one.date, one.staff or one.person, label_of(line, one), alone)
            groups[key] = groups.get(key, NOTHING) + one.quantity
    for (day, person, label, _), raw in sorted(groups.items()):
        hours = rounded(raw, rounding)
        yield Entry(day=day, person=person, label=label, raw=raw, hours=hours)


def rounded(hours: Decimal, rounding: Rounding | None) -> Decimal:
    """Round hours to whole steps; what was taken back is rounded as what it takes back."""
    if rounding is None:
        return hours
    steps = (abs(hours) / rounding.step).quantize(Decimal(1), _HOW[rounding.how], EXACT)
    whole = EXACT.multiply(steps, rounding.step)
    return -whole if hours < 0 else whole


def label_of(line: OrderLine, delivery: Delivery) -> str:
    """Say which of a line's prices an hour has: its person's, else its role's, else its own."""
    rates = line.working.rates if line.working else {}
    return next((who for who in (delivery.staff, delivery.role) if who in rates), "")


def rate_on(line: OrderLine, label: str, day: date, changes: Sequence[Change]) -> Rate:
    """Give the price of an hour on a day: as agreed, or as it was changed since."""
    if label and line.working:
        price = line.working.rates[label]
        return Rate(model="per-unit", currency=line.rate.currency, unit_price=price, origin=label)
    held = [one for one in changes if one.line == line.id and one.rate and one.date <= day]
    last = max(held, key=_day, default=None)
    return last.rate if last and last.rate else line.rate


def _day(change: Change) -> date:
    return change.date


def tallies(
    line: OrderLine, deliveries: Iterable[Delivery], changes: Sequence[Change] = ()
) -> dict[tuple[str, Rate], Tally]:
    """Add up the hours of a line at each of their prices, and what they are worth together."""
    sums: dict[tuple[str, Rate], tuple[Decimal, Decimal]] = {}
    for entry in entries_of(line, deliveries):
        key = (entry.label, rate_on(line, entry.label, entry.day, changes))
        raw, hours = sums.get(key, (NOTHING, NOTHING))
        sums[key] = (raw + entry.raw, hours + entry.hours)
    return {
        (label, rate): Tally(
            label=label, rate=rate, raw=raw, hours=hours, worth=_worth(line, rate, hours)
        )
        for (label, rate), (raw, hours) in sums.items()
    }


def _worth(line: OrderLine, rate: Rate, hours: Decimal) -> Money:
    """Say what hours at a price are owed in all, rounded once; less the discounts of the line."""
    hours = max(hours, NOTHING)
    if rate == line.rate:
        return worth(line, hours)
    return Money.of(Fraction(cost(rate, hours)) * kept(line), line.net.currency)


def capped(line: OrderLine, amount: Money) -> Money:
    """Give an amount, but not more than the line may cost in all."""
    cap = line.working.cap if line.working else None
    return amount if cap is None else Money(min(amount.minor, cap.minor), amount.currency)


def worth_of(
    line: OrderLine, deliveries: Iterable[Delivery], changes: Sequence[Change] = ()
) -> Money:
    """Say what the deliveries of a line are owed in all."""
    found = tallies(line, deliveries, changes).values()
    return capped(line, Money(sum(one.worth.minor for one in found), line.net.currency))


def span_of(deliveries: Iterable[Delivery]) -> Period:
    """Give the days of deliveries, from the first to the last."""
    days = [one.date for one in deliveries]
    return Period(min(days), max(days))
