"""Billing periods of a line that was changed: what is due of each, whatever was billed of it.

A key names an edge from what was known of the changes to what is known of them: `…@2` was first
billed when two were known, `…@0>2` is the difference after it was billed when none were. The
edges of a period make a path from nothing to what is known now, and what is missing is due.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.billing.owing import Due
from q2c.core.money import Money, rounded
from q2c.core.order import OrderLine
from q2c.core.period import Period
from q2c.core.subscription import (
    Change,
    Slot,
    Stretch,
    amount,
    exact,
    pieces,
    slots,
    stretches,
)
from q2c.core.subscription.wording import Tongue, difference_told, mixture_told
from q2c.core.trace import Step

ENGLISH = Tongue()  # of the steps
NOTHING = -1  # what was known before a period was billed at all


class Revising(Struct, frozen=True, kw_only=True):
    """A billing period with its key, and the line cut by the first so many of its changes."""

    line: OrderLine
    key: str
    slot: Slot
    cuts: Sequence[tuple[Stretch, ...]]
    tongue: Tongue

    @property
    def known(self) -> int:
        """How many changes are known now."""
        return len(self.cuts) - 1

    def amount(self, known: int) -> int:
        """Give what the period costs in minor units with so many changes known."""
        return 0 if known == NOTHING else amount(self.slot, self.cuts[known])

    def name(self, before: int, after: int) -> str:
        """Name the charge of an edge."""
        if before == NOTHING:
            return f"{self.key}@{after}" if after else self.key
        return f"{self.key}@{before}>{after}"


class Edge(Struct, frozen=True):
    """A step on the path of a period: between which changes known, under which key."""

    before: int
    after: int
    key: str


def due_when_changed(
    line: OrderLine,
    ref: str,
    changes: Sequence[Change],
    billed: Collection[str],
    at: tuple[date, Tongue],
) -> Iterator[Due]:
    """Claim what is due of each billing period through a day, in the words of a language."""
    through, tongue = at
    cuts = [stretches(line, changes[:count]) for count in range(len(changes) + 1)]
    for slot in slots(line):
        if slot.service.first > through:
            return
        key = f"{ref}:{slot.service.first}..{slot.service.last}"
        period = Revising(line=line, key=key, slot=slot, cuts=cuts, tongue=tongue)
        if _ready(period) <= through:
            yield from _due_of_period(period, billed, through)


def _ready(period: Revising) -> date:
    """Give the day on which a period is due: its first, or the last that is served of it."""
    if period.line.bill != "in-arrears":
        return period.slot.service.first
    served = [days for one, days in pieces(period.slot, period.cuts[-1]) if one.state == "running"]
    return served[-1].last if served else period.slot.service.last


def _due_of_period(period: Revising, billed: Collection[str], through: date) -> Iterator[Due]:
    """Walk the path of a period: claim what is missing of it, give back from the last billed."""
    standing: list[tuple[Edge, int]] = []
    for edge in _path(period, billed):
        more = period.amount(edge.after) - period.amount(edge.before)
        days = _days(period, edge)
        if more < 0:
            for number, (target, back) in enumerate(_taken(standing, -more), start=1):
                key = edge.key if number == 1 else f"{edge.key}/{number}"
                if key not in billed and target.key in billed and days.first <= through:
                    yield _back(period, edge, (key, target.key), days, back)
        else:
            if edge.key not in billed and days.first <= through and _worth_telling(period, edge):
                yield _claimed(period, edge, days, more)
            standing.append((edge, more))


def _path(period: Revising, billed: Collection[str]) -> Iterator[Edge]:
    """Give the edges from nothing to what is known now: those that are billed, and between them."""
    known, nodes = range(period.known + 1), {NOTHING, period.known}
    for after in known:
        for before in (NOTHING, *range(after)):
            if period.name(before, after) in billed:
                nodes |= {before, after}
    for before, after in pairwise(sorted(nodes)):
        yield Edge(before, after, period.name(before, after))


def _taken(standing: list[tuple[Edge, int]], minor: int) -> Iterator[tuple[Edge, int]]:
    """Take an amount off what stands, from the last first, and never more than each has."""
    while minor:
        edge, left = standing.pop()
        back = min(left, minor)
        minor -= back
        if left > back:
            standing.append((edge, left - back))
        if back:
            yield edge, back


def _days(period: Revising, edge: Edge) -> Period:
    """Give the days that an edge is for: all days of service, or those that cost otherwise."""
    service = period.slot.service
    if edge.before == NOTHING:
        return service
    ends = [one.period for known in (edge.before, edge.after) for one in period.cuts[known]]
    starts = sorted({max(end.first, service.first) for end in ends if end.first <= service.last})
    old, new = period.cuts[edge.before], period.cuts[edge.after]
    other = [day for day in starts if day >= service.first and _price(old, day) != _price(new, day)]
    if not other:
        return service
    lasts = (min(end.last, service.last) for end in ends if other[-1] in end)
    return Period(other[0], min(lasts))


def _price(cut: Sequence[Stretch], day: date) -> object:
    return next(one.price for one in cut if day in one.period)


def _worth_telling(period: Revising, edge: Edge) -> bool:
    """Say whether an edge is claimed: not what comes to nothing, but for a service that is free."""
    if period.amount(edge.after) != period.amount(edge.before):
        return True
    found = pieces(period.slot, period.cuts[edge.after])
    return edge.before == NOTHING and any(one.state == "running" for one, _ in found)


def _claimed(period: Revising, edge: Edge, days: Period, minor: int) -> Due:
    """Claim a period that is billed for the first time, or what it costs more than before."""
    first = edge.before == NOTHING
    told = _mixture(period, edge) if first else _difference(period, edge, days)
    served = _served(period, edge) if first else days
    stands = _stands(period, edge, served.last)
    quantity = stands.quantity
    if not first:
        quantity -= _stands(period, replace(edge, after=edge.before), served.last).quantity
        quantity = quantity if quantity > 0 else stands.quantity
    return Due(
        keys=(edge.key,),
        quantity=quantity,
        net=Money(minor, period.line.net.currency),
        supplied=served,
        service=served,
        text=told,
        line=stands,
        steps=(*stands.steps, *_steps(period, edge, days)),
    )


def _back(period: Revising, edge: Edge, keys: tuple[str, str], days: Period, minor: int) -> Due:
    """Give back what a period costs less than it was billed."""
    return Due(
        keys=keys[:1],
        quantity=Decimal(1),
        net=Money(-minor, period.line.net.currency),
        supplied=days,
        service=days,
        reduces=keys[1],
        text=_difference(period, edge, days),
        steps=tuple(_steps(period, edge, days)),
    )


def _served(period: Revising, edge: Edge) -> Period:
    """Give the days of a period that are charged, from the first to the last."""
    found = pieces(period.slot, period.cuts[edge.after])
    days = [days for one, days in found if one.state == "running"]
    return Period(days[0].first, days[-1].last) if days else period.slot.service


def _stands(period: Revising, edge: Edge, day: date) -> OrderLine:
    return next(one.line for one in period.cuts[edge.after] if day in one.period)


def _mixture(period: Revising, edge: Edge) -> str:
    return mixture_told(period.slot, period.cuts[edge.after], period.tongue)


def _difference(period: Revising, edge: Edge, days: Period) -> str:
    cuts = period.cuts[edge.before], period.cuts[edge.after]
    return difference_told(period.slot, cuts, days, period.tongue)


def _steps(period: Revising, edge: Edge, days: Period) -> Iterator[Step]:
    """Say how a period comes to what it does, and what it was billed as before."""
    currency, sum_ = period.line.net.currency, Fraction(0)
    for one, inside in pieces(period.slot, period.cuts[edge.after]):
        before, sum_ = sum_, sum_ + exact(period.slot, (one, inside))
        yield from one.why.steps if one.why else ()
        rule = mixture_told(period.slot, (one,), ENGLISH, within=inside)
        yield Step(rule, "", _major(before, currency), _major(sum_, currency))
    if edge.before != NOTHING:
        was, now = (Money(period.amount(known), currency) for known in (edge.before, edge.after))
        cuts = period.cuts[edge.before], period.cuts[edge.after]
        told = difference_told(period.slot, cuts, days, ENGLISH, dated=True)
        yield Step(told, "", was.amount, now.amount)


def _major(minor: Fraction, currency: str) -> Decimal:
    return Money(rounded(minor.numerator, minor.denominator), currency).amount
