"""Periods of a priced line: those that are free of charge, and those it covers only in part."""

from collections.abc import Iterator
from typing import Protocol

from q2c.core.period import Alignment, Day, Free, Period, billing_periods, interval


class Recurring(Protocol):
    """A line of a quote or an order, as far as it recurs."""

    @property
    def every(self) -> str | None:
        """How often it is billed."""

    @property
    def service(self) -> Period | None:
        """The days that it is for."""

    @property
    def align(self) -> Alignment:
        """How its billing periods stand to the calendar."""

    @property
    def anchor(self) -> Day | None:
        """The day that they are counted from, where that is not its first."""

    @property
    def free(self) -> Free | None:
        """Those that are free of charge."""

    @property
    def charged(self) -> tuple[int, int] | None:
        """How many whole ones it costs, where that is not their number."""


def billed_periods(line: Recurring) -> list[tuple[Period, Period]]:
    """Give the whole billing periods of a line, each with the days of service in it."""
    if line.every is None or line.service is None:
        return []
    periods = billing_periods(line.service, interval(line.every), line.align, line.anchor)
    return [(whole, whole.within(line.service)) for whole in periods]


def free_days(line: Recurring) -> Iterator[Period]:
    """Give the days that are free of charge: those of its first billing periods, or its last."""
    if line.free:
        found = [days for _, days in billed_periods(line)]
        if line.free.first:
            yield Period(found[0].first, found[line.free.first - 1].last)
        if line.free.last:
            yield Period(found[-line.free.last].first, found[-1].last)


def part_periods(line: Recurring) -> Iterator[tuple[Period, Period]]:
    """Give the billing periods that a line covers in part, with its days, where it is priced so."""
    free = tuple(free_days(line))
    for whole, days in billed_periods(line) if line.charged else ():
        if days != whole and not any(days.first in one for one in free):
            yield whole, days
