"""The whole of a quote: percentages of other lines, and what comes off all lines."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache

from msgspec.structs import replace

from q2c.core.catalog import Scope
from q2c.core.money import Money, decimals, rounded, total
from q2c.core.period import Period
from q2c.core.pricing import fall, split
from q2c.core.quote.lines import Line, Reduced
from q2c.core.quote.portions import portion
from q2c.core.trace import Step


def base_of(
    scope: Scope, service: Period | None, times: Fraction, lines: Iterable[Line], currency: str
) -> Decimal:
    """Add up what a percentage is taken of: the lines in its scope that count, after reductions.

    For what recurs, what they cost on the days of its service, over its billing periods: a yearly
    18 % of licences by the month is 18 % of twelve months. What is paid once counts in full. An
    amount that is no whole number of minor units keeps twelve decimals, so that only the price is
    rounded.
    """
    once, recurring = 0, Fraction(0)
    for line in within(scope, lines):
        if service is None or line.service is None:
            once += line.own.minor
        elif line.service == service:  # as most are: nothing to be worked out
            recurring += line.own.minor
        else:
            recurring += portion(line.service, service) * line.own.minor
    exact = once + recurring / (times or 1)
    if exact.denominator == 1:
        return Money(exact.numerator, currency).amount
    finest = exact * 10 ** (FINEST - decimals(currency))
    return Decimal(rounded(finest.numerator, finest.denominator)).scaleb(-FINEST).normalize()


FINEST = 12  # decimals that a part of a minor unit is known to
Base = Callable[[Scope, Period | None, Fraction], Decimal]


def based_on(lines: Sequence[Line], currency: str) -> Base:
    """Give `base_of` these lines, worked out once for each scope and service."""
    return cache(lambda scope, service, times: base_of(scope, service, times, lines, currency))


def within(scope: Scope, lines: Iterable[Line]) -> Iterator[Line]:
    """Give the lines that a percentage is taken of."""
    for line in lines:
        if line.percent_of is None and line.counts and scope.covers(line.product, line.family):
            yield line


def percented(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Price the percentages of other lines anew, by the lines that count now."""
    base = based_on(lines, lines[0].own.currency) if lines else None
    return tuple(_percented(line, base) if base and line.percent_of else line for line in lines)


def _percented(line: Line, based: Base) -> Line:
    assert line.percent_of is not None, line
    base = based(line.percent_of, line.service, line.paid)
    if base == line.quantity:
        return line
    every = line.every or ""
    found = fall(line.rate, base, line.paid, every=every, reductions=line.reductions)
    gross, own = Money.of(found.gross, line.own.currency), found.net
    return replace(line, quantity=base, gross=gross, own=own, net=own, steps=found.steps)


def taken_off(lines: Sequence[Line], reduced: Iterable[Reduced]) -> tuple[Line, ...]:
    """Take off what comes off the whole quote, one after another, to the last minor unit.

    A percentage is of what the lines in its scope come to together; an amount is at most that.
    Each is split over these lines by what they cost, evenly where all of them are free. A line
    that does not count is shown with its own percentage off.
    """
    now = [replace(line, net=line.own, steps=own_steps(line)) for line in lines]
    first: list[Money] = []
    for one in reduced:
        nets = [line.net for line in now]
        if one.added:
            nets = first = first or nets
        now = _one_off(now, one, nets)
    return tuple(now)


def own_steps(line: Line) -> tuple[Step, ...]:
    """Give the steps of a line before what comes off the whole quote."""
    return tuple(step for step in line.steps if step.stage != "quote")


def _one_off(lines: list[Line], one: Reduced, bases: Sequence[Money]) -> list[Line]:
    """Take one reduction off lines; a percentage is of their bases."""
    inside = [n for n, line in enumerate(lines) if line.counts and one.covers(line)]
    whole = [lines[n].net for n in inside]
    result = list(lines)
    if whole and (off := _off(one, whole, [bases[n] for n in inside])).minor:
        for n, part in zip(inside, split(off, whole), strict=True):
            result[n] = _less(lines[n], part, one)
    if one.percent:
        for n, line in enumerate(lines):
            if not line.counts and one.covers(line):
                result[n] = _less(line, _off(one, [line.net], [bases[n]]), one)
    return result


def _off(one: Reduced, nets: Sequence[Money], bases: Sequence[Money]) -> Money:
    left, wanted = total(nets, nets[0].currency), one.amount
    if wanted is None:
        wanted = total(bases, left.currency).share(one.percent / 100)
    return wanted if wanted.minor < left.minor else left


def _less(line: Line, part: Money, one: Reduced) -> Line:
    net = line.net - part
    rule = over_told(one, part=True)
    step = Step(rule, one.source, line.net.amount, net.amount, stage="quote")
    return replace(line, net=net, steps=(*line.steps, step))


def over_told(one: Reduced, *, part: bool = False) -> str:
    """Say in words what comes off the whole quote, or off a line as its part of it."""
    more = one.percent < 0 or (one.amount is not None and one.amount.minor < 0)
    name = one.name or ("surcharge" if more else "discount")
    if one.amount is None:
        what = f"{abs(one.percent):f} %"
    else:
        what = f"{'part of ' if part else ''}{-one.amount if more else one.amount}"
    return f"{name}: {what} {'more on' if more else 'off'} the quote"
