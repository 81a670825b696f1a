"""Amounts: what billing periods come to by the stretches they have, each rounded once."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from q2c.core.order import OrderLine
from q2c.core.period import ONE_DAY, Period, common
from q2c.core.subscription.slots import Slot, slots, weight_of
from q2c.core.subscription.stretches import Stretch

Piece = tuple[Stretch, Period]  # a stretch, and its days in a billing period


def pieces(slot: Slot, cut: Sequence[Stretch]) -> list[Piece]:
    """Give the stretches that a billing period has days of, with those days."""
    inside = (one for one in cut if common(one.period, slot.service))
    return [(one, one.period.within(slot.service)) for one in inside]


def exact(slot: Slot, piece: Piece) -> Fraction:
    """Give what some days of a billing period cost, in minor units, not rounded."""
    stretch, days = piece
    return stretch.price * weight_of(slot, days, stretch.line) if stretch.price else Fraction(0)


def amount(slot: Slot, cut: Sequence[Stretch], through: date | None = None) -> int:
    """Give what a billing period costs in minor units, all of it or through a day.

    Its stretches are added up exactly and rounded once, together with what rounding left of the
    periods before it at the first stretch's price. So the parts of a price that does not come out
    even add up to it over the periods, and a period costs the same whatever changed in others.
    """
    found = pieces(slot, cut)
    sum_ = sum((exact(slot, piece) for piece in _until(found, through)), Fraction(0))
    carried = found[0][0].price * slot.before
    return _half_up(sum_ + carried - _half_up(carried))


def _until(found: Sequence[Piece], through: date | None) -> Iterator[Piece]:
    for stretch, days in found:
        if through is None or days.last <= through:
            yield stretch, days
        elif days.first <= through:
            yield stretch, Period(days.first, through)


def _half_up(number: Fraction) -> int:
    """Round to a whole number, a half upwards: then parts of a sum can be taken off it."""
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)


def prices(line: OrderLine, cut: Sequence[Stretch]) -> list[tuple[Period, int]]:
    """Share out what a line costs in all, in minor units, over its stretches of one price.

    They add up to all that is charged for the line.
    """
    found, before, periods = list[tuple[Period, int]](), 0, slots(line)
    for run in _runs(cut):
        whole = _through(periods, cut, run.last)
        found.append((run, whole - before))
        before = whole
    return found


def charged(line: OrderLine, cut: Sequence[Stretch], days: Period) -> int:
    """Give what some days are charged, in minor units; of whole periods what those cost."""
    periods = slots(line)
    return _through(periods, cut, days.last) - _through(periods, cut, days.first - ONE_DAY)


def _runs(cut: Sequence[Stretch]) -> list[Period]:
    """Join stretches that follow each other at the same price."""
    runs: list[tuple[Period, Fraction]] = []
    for one in cut:
        if runs and runs[-1][1] == one.price:
            runs[-1] = (Period(runs[-1][0].first, one.period.last), one.price)
        else:
            runs.append((one.period, one.price))
    return [period for period, _ in runs]


def _through(periods: Sequence[Slot], cut: Sequence[Stretch], day: date) -> int:
    return sum(
        amount(slot, cut, None if slot.service.last <= day else day)
        for slot in periods
        if slot.service.first <= day
    )
