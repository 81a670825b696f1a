"""Periods of a priced line: those that are free of charge, and those it covers only in part."""

from collections.abc import Iterator

from q2c.core.period import Free, Period, billing_periods, interval
from q2c.core.quote.lines import Line


def billed_periods(line: Line) -> list[tuple[Period, Period]]:
    """Give the whole billing periods of a line, each with the days of service in it."""
    if line.every is None or line.service is None:
        return []
    periods = billing_periods(line.service, interval(line.every), line.align, line.anchor)
    return [(whole, whole.within(line.service)) for whole in periods]


def free_days(line: Line) -> Iterator[Period]:
    """Give the days that are free of charge: those of its first billing periods, or its last."""
    found, free = [days for _, days in billed_periods(line)], line.free or Free()
    if free.first:
        yield Period(found[0].first, found[free.first - 1].last)
    if free.last:
        yield Period(found[-free.last].first, found[-1].last)


def part_periods(line: Line) -> Iterator[tuple[Period, Period]]:
    """Give the billing periods that a line covers in part, with its days, where it is priced so."""
    free = tuple(free_days(line))
    for whole, days in billed_periods(line) if line.charged else ():
        if days != whole and not any(days.first in one for one in free):
            yield whole, days
