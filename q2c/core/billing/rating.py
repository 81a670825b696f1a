"""Rating: what the readings of an order line are worth, free units and tiers window by window."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from q2c.core.catalog import Window
from q2c.core.money import EXACT, Money, total
from q2c.core.order import OrderLine, kept
from q2c.core.period import Period, billing_periods, interval
from q2c.core.pricing import Rate, cost, told
from q2c.core.trace import Step, shown
from q2c.core.usage.metering import Calendar, Group, Reading

ZERO = Decimal(0)
SHOWN = 2  # files that a step names
Bound = tuple[Period, Group]  # over which time, and for which group, free units and tiers run


class Rated(Struct, frozen=True, kw_only=True):
    """A reading with what it is worth: what all through it is, less what all before it was."""

    reading: Reading
    rate: Rate
    before: Decimal
    after: Decimal
    net: Money


def rate_of(line: OrderLine, group: Group) -> Rate:
    """Give the rate of a group: the first that fits, or else the line's."""
    assert line.metering is not None, line
    said = dict(group)
    found = (one.rate for one in line.metering.groups if one.fits(said))
    return next(found, line.rate)


def worth(line: OrderLine, rate: Rate, quantity: Decimal) -> Money:
    """Say what a quantity is owed, rounded once, less what comes off the line.

    Of nothing only the minimum is owed, where the rate has one.
    """
    exact = cost(rate, max(quantity, ZERO))
    if quantity <= 0 and rate.minimum is not None:
        exact = max(exact, rate.minimum)
    return Money.of(Fraction(exact) * kept(line), line.net.currency)


def window(line: OrderLine, per: Window, period: Period) -> Period:
    """Give the time that a billing period belongs to: itself, a year of the line, or its term."""
    terms = line.metering
    assert terms is not None, line
    if per == "period":
        return period
    if per == "term" and terms.last is not None:
        return Period(terms.first, terms.last)
    last = date.max if terms.last is None else terms.last
    days = Period(period.first, period.first)
    years = billing_periods(days, interval("year"), "anniversary", terms.first)
    return next(years).within(Period(terms.first, last))


def bound(line: OrderLine, reading: Reading) -> Bound:
    """Say over which time and for which group the quantity of a reading adds up."""
    assert line.metering is not None, line
    return window(line, line.metering.accumulate, reading.period), reading.group


def charged(reading: Reading) -> Decimal:
    """Give the quantity that is charged: what prepaid units do not cover."""
    return EXACT.subtract(reading.quantity, reading.covered)


def charged_before(reading: Reading) -> Decimal:
    """Give the quantity that was charged when the reading was billed."""
    return EXACT.subtract(reading.billed, reading.covered_before)


def rated(line: OrderLine, readings: Iterable[Reading]) -> Iterator[Rated]:
    """Rate readings in the order of their periods; what tiers make of them adds up."""
    sums: dict[Bound, Decimal] = {}
    for reading in sorted(readings, key=_in_order):
        at, rate = bound(line, reading), rate_of(line, reading.group)
        before = sums.get(at, ZERO)
        already = worth(line, rate, before) if at in sums else Money(0, line.net.currency)
        after = sums[at] = EXACT.add(before, charged(reading))
        net = worth(line, rate, after) - already
        yield Rated(reading=reading, rate=rate, before=before, after=after, net=net)


def _in_order(reading: Reading) -> tuple[Period, Group]:
    return reading.period, reading.group


def rated_steps(line: OrderLine, one: Rated) -> Iterator[Step]:
    """Say how the events of a reading became an amount."""
    yield from counted_steps(one.reading)
    yield from cost_steps(line, one.rate, one.after)
    owed = worth(line, one.rate, one.after)
    if owed != one.net:
        before = f"{one.before:f} of the periods before"
        yield Step(f"less what {before} came to", "", owed.amount, one.net.amount)
    if one.reading.paid:
        rest = EXACT.subtract(one.net.amount, one.reading.paid)
        rule = f"less {one.reading.paid:f} that prepaid amounts pay"
        yield Step(rule, "", one.net.amount, rest)


ADDED = {
    "sum": "sum",
    "count": "count",
    "max": "largest",
    "last": "last",
    "unique": "number of different values",
    "weighted-sum": "sum over time",
}


def counted_steps(reading: Reading) -> Iterator[Step]:
    """Say which events count, how they add up, which files have them, and what is prepaid."""
    more = len(reading.papers) - SHOWN
    files = ", ".join(reading.papers[:SHOWN]) + (f" and {more} more" if more > 0 else "")
    events = "1 event" if reading.events == 1 else f"{reading.events:,} events"
    what = f"{events} of {reading.unit} from {reading.period}" if reading.papers else "no use"
    told_ = f"{what}: the {ADDED[reading.aggregation]} is {reading.quantity:f}"
    yield Step(f"{told_} ({files})" if files else told_, "", ZERO, shown(reading.quantity))
    if reading.covered:
        rule = f"less {reading.covered:f} that prepaid units cover"
        yield Step(rule, "", shown(reading.quantity), shown(charged(reading)))


def cost_steps(line: OrderLine, rate: Rate, quantity: Decimal) -> Iterator[Step]:
    """Say what a quantity costs, and what comes off."""
    used = max(quantity, ZERO)
    exact, owed = cost(rate, used), worth(line, rate, quantity)
    yield Step(told(rate, used), rate.source, ZERO, shown(exact))
    if kept(line) != 1:
        yield Step("less the discounts of the line", "", shown(exact), owed.amount)


def shortfalls(
    line: OrderLine, readings: Sequence[Reading], through: date
) -> Iterator[tuple[Period, Money, Money]]:
    """Give the windows of a commitment that are over, each with what is used and what lacks."""
    terms = line.metering
    assert terms is not None, line
    if terms.commitment is None:
        return
    found = list(rated(line, readings))
    for over in windows(line, terms.commitment.per, through):
        nets = (
            one.net
            for one in found
            if window(line, terms.commitment.per, one.reading.period) == over
        )
        used = total(nets, line.net.currency)
        lacks = terms.commitment.amount - used
        yield over, used, max(lacks, Money(0, line.net.currency), key=_minor)


def _minor(amount: Money) -> int:
    return amount.minor


def windows(line: OrderLine, per: Window, through: date) -> Iterator[Period]:
    """Give the windows of a line that are over by a day: of which every billing period is."""
    found: dict[Period, date] = {}
    for period in Calendar(line, through).periods:
        found[window(line, per, period)] = period.last
    yield from (over for over, last in found.items() if max(over.last, last) <= through)
