"""What is metered: a charge for each billing period and group, and for what comes late."""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.billing.owing import Due
from q2c.core.billing.phrases import COMMITMENT, LATE, LEAST, PREPAID
from q2c.core.billing.rating import (
    ZERO,
    Bound,
    bound,
    charged,
    charged_before,
    cost_steps,
    counted_steps,
    rate_of,
    rated,
    shortfalls,
    window,
    windows,
    worth,
)
from q2c.core.money import EXACT, Money, total
from q2c.core.order import Order, OrderLine
from q2c.core.party import spoken
from q2c.core.period import Day, Period
from q2c.core.pricing import Rate
from q2c.core.trace import Step, shown
from q2c.core.usage.metering import Calendar, Reading, key_of, stem_of


class Sum(Struct):
    """What was charged of a window so far, and the keys that did."""

    quantity: Decimal = ZERO
    keys: tuple[str, ...] = ()


def due_of_use(
    order: Order,
    line: OrderLine,
    readings: Sequence[Reading],
    billed: Collection[str],
    through: Day,
) -> Iterator[Due]:
    """Claim every billing period that is over and not billed, and what came late for those before.

    Each is worth what all use of its window through it is, less what was billed before: so free
    units and tiers count once however use is cut. Less than was billed goes back.
    """
    ref = order.ref(line)
    over = _over(line, readings, through)
    sums, spent = _billed(ref, line, over, billed), _spent(ref, line, over, billed, through)
    for reading in over:
        keys = _keys(ref, reading, billed)
        if not keys:
            continue
        sum_, rate = sums.setdefault(bound(line, reading), Sum()), rate_of(line, reading.group)
        change = EXACT.subtract(charged(reading), charged_before(reading))
        after = EXACT.add(sum_.quantity, change)
        already = worth(line, rate, sum_.quantity) if sum_.keys else Money(0, line.net.currency)
        owed = worth(line, rate, after)
        net = _beyond(spent, line, reading, owed - already) - _paid(line, reading)
        if _claimed(reading, net, sum_.keys):
            yield Due(
                keys=keys,
                quantity=change,
                net=net,
                supplied=reading.period,
                service=reading.period,
                reduces=sum_.keys[-1] if net.minor < 0 else "",
                before=sum_.keys[:-1] if net.minor < 0 else (),
                line=replace(line, rate=rate),
                text=_text(order, reading),
                steps=(*line.steps, *_steps(line, reading, rate, after, already, net)),
            )
            sum_.quantity, sum_.keys = after, (*sum_.keys, *keys)
    yield from _least(order, line, over, billed, through)


def _over(line: OrderLine, readings: Sequence[Reading], through: Day) -> list[Reading]:
    """Give the readings of billing periods that are over, and of those without use a minimum."""
    own = [one for one in readings if one.line == line.id and one.period.last <= through]
    if line.rate.minimum is not None:
        used = {one.period for one in own}
        own += [
            Reading(line=line.id, period=one, aggregation="sum", quantity=ZERO, through=one.last)
            for one in Calendar(line, through).periods
            if one.last <= through and one not in used
        ]
    return sorted(own, key=_in_order)


def _in_order(reading: Reading) -> tuple[Period, tuple[tuple[str, str], ...]]:
    return reading.period, reading.group


def _keys(ref: str, reading: Reading, billed: Collection[str]) -> tuple[str, ...]:
    """Name what is to be charged of a reading; of none at all, that there was none."""
    none = key_of(stem_of(ref, reading.period, reading.group), (0, 0))
    keys = reading.keys(ref) if reading.papers else (none,)
    return tuple(key for key in keys if key not in billed)


def _billed(
    ref: str, line: OrderLine, readings: Sequence[Reading], billed: Collection[str]
) -> dict[Bound, Sum]:
    """Add up by window what was charged of readings, and keep the keys of each."""
    sums: dict[Bound, Sum] = {}
    for reading in readings:
        stem = stem_of(ref, reading.period, reading.group)
        new = reading.keys(ref) if reading.papers else (key_of(stem, (0, 0)),)
        old = tuple(key_of(stem, span) for span in reading.settled)
        there = tuple(key for key in (*old, *new) if key in billed)
        if there:
            sum_ = sums.setdefault(bound(line, reading), Sum())
            # Of a reading that is older than what is billed, all of it may be by now.
            all_ = new and new[-1] in billed
            charge = charged(reading) if all_ else charged_before(reading)
            sum_.quantity = EXACT.add(sum_.quantity, charge)
            sum_.keys += there
    return sums


def _spent(
    ref: str, line: OrderLine, readings: Sequence[Reading], billed: Collection[str], through: Day
) -> dict[Period, Money]:
    """Give what was charged in the windows whose commitment was made up to already."""
    least = line.metering.commitment if line.metering else None
    if least is None:
        return {}
    done = [one for one in windows(line, least.per, through) if least_key(ref, one) in billed]
    before = [
        replace(one, quantity=one.billed, covered=one.covered_before)
        for one in readings
        if one.settled
    ]
    nets = [(window(line, least.per, one.reading.period), one.net) for one in rated(line, before)]
    currency = line.net.currency
    return {over: total((net for at, net in nets if at == over), currency) for over in done}


def _beyond(spent: dict[Period, Money], line: OrderLine, reading: Reading, net: Money) -> Money:
    """Give what a change is beyond a commitment that was made up to: below it nothing is owed."""
    least = line.metering.commitment if line.metering else None
    at = window(line, least.per, reading.period) if least else reading.period
    if least is None or at not in spent:
        return net
    before, spent[at] = spent[at].minor, spent[at] + net
    floor = least.amount.minor
    return Money(max(spent[at].minor, floor) - max(before, floor), net.currency)


def _paid(line: OrderLine, reading: Reading) -> Money:
    """Give what prepaid amounts pay of what is new in a reading."""
    return Money.of(reading.paid - reading.paid_before, line.net.currency)


def _claimed(reading: Reading, net: Money, keys: Collection[str]) -> bool:
    """Say whether there is a charge: of use that is free as well, but not of a change to nothing.

    Less than nothing waits until there is a charge that it can go off.
    """
    if net.minor < 0:
        return bool(keys)
    return net.minor > 0 or (bool(reading.events) and not reading.settled)


def _text(order: Order, reading: Reading) -> str:
    """Say for the customer which use is meant."""
    said = [spoken(LATE, order.language)] if reading.settled else []
    said += [f"{name}: {value}" for name, value in reading.group]
    if reading.covered:
        used = f"{reading.quantity:f} {spoken(PREPAID, order.language)} {reading.covered:f}"
        said.append(used)
    return ", ".join(said)


def _steps(
    line: OrderLine, reading: Reading, rate: Rate, after: Decimal, already: Money, net: Money
) -> Iterator[Step]:
    """Say how events became an amount, less what was charged before."""
    yield from counted_steps(reading)
    if reading.settled:
        rule = f"{reading.billed:f} charged before; events that came after that: {reading.late:,}"
        yield Step(rule, "", shown(reading.billed), shown(charged(reading)))
    yield from cost_steps(line, rate, after)
    owed = worth(line, rate, after)
    if owed - already != net or already.minor:
        rule = f"less {already} charged before" if already.minor else "less what is prepaid"
        yield Step(rule, "", owed.amount, net.amount)


def least_key(ref: str, over: Period) -> str:
    """Name the charge that makes up to a commitment."""
    return f"{ref}:commitment:{over.first}..{over.last}"


def _least(
    order: Order,
    line: OrderLine,
    readings: Sequence[Reading],
    billed: Collection[str],
    through: Day,
) -> Iterator[Due]:
    """Claim what lacks to a commitment, once its window is over."""
    for over, used, lacks in shortfalls(line, readings, through):
        key = least_key(order.ref(line), over)
        if lacks.minor > 0 and key not in billed:
            rule = f"{used + lacks} agreed at least for {over}; {used} is used"
            yield Due(
                keys=(key,),
                quantity=Decimal(1),
                net=lacks,
                supplied=over,
                service=over,
                line=replace(line, unit=spoken(COMMITMENT, order.language)),
                text=spoken(LEAST, order.language),
                steps=(Step(rule, "", used.amount, lacks.amount),),
            )


def earned_by_use(line: OrderLine, readings: Sequence[Reading], day: Day) -> Money:
    """Say what use through a day has earned, with what lacked to commitments that are over."""
    known = [one for one in readings if one.line == line.id and one.through <= day]
    nets = [one.net - Money.of(one.reading.paid, line.net.currency) for one in rated(line, known)]
    nets += [lacks for _, _, lacks in shortfalls(line, known, day)]
    return total(nets, line.net.currency)
