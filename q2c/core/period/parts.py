"""Parts of billing periods: how much of a whole one each policy makes some days."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Literal

from q2c.core.period.billing import Alignment, billing_periods
from q2c.core.period.days import ONE_DAY, Day, Period, clamped, common
from q2c.core.period.lengths import Free, Interval

Proration = Literal["days", "full", "thirty", "days-of-thirty", "month-parts", "none"]

# Where the parts of a billing period add up to the whole.
ADDITIVE: frozenset[Proration] = frozenset({"days", "thirty", "month-parts"})


def part_of(whole: Period, service: Period, policy: Proration = "days") -> Fraction:
    """Say which part of a whole billing period a service covers; each policy counts its own way.

    `days` over the days of the whole period; `thirty` with 30 days in every month (30/360); by
    `month-parts` every calendar month is one, and of it days over its days. With these the parts of
    any cut add up to the whole. With `days-of-thirty` each day is a thirtieth of a month, but a
    part is no more than the whole (actual/360); with `full` a part costs a whole period, with
    `none` nothing.
    """
    if not common(whole, service):
        return Fraction(0)
    inside = whole.within(service)
    if inside == whole or policy == "full":
        return Fraction(1)
    if policy == "none":
        return Fraction(0)
    if policy == "days":
        return Fraction(inside.days, whole.days)
    if policy == "days-of-thirty":
        months = max(1, round(_between(whole, _thirtieths)))
        return min(Fraction(inside.days, 30 * months), Fraction(1))
    passed = PASSED[policy]
    return _between(inside, passed) / _between(whole, passed)


def extent(
    service: Period,
    every: Interval,
    alignment: Alignment,
    anchor: Day | None = None,
    policy: Proration = "days",
    free: Free = Free(),  # noqa: B008 - it does not change
) -> Fraction:
    """Count the billing periods that a service covers: parts as a policy has it, free ones not."""
    periods = list(billing_periods(service, every, alignment, anchor))
    parts = (
        part_of(whole, service, policy)
        for number, whole in enumerate(periods)
        if not free.covers(number, len(periods))
    )
    return sum(parts, Fraction(0))


def measured_by(policy: Proration) -> Proration:
    """Give the policy by which the length of a service is measured: by its own if parts add up."""
    return policy if policy in ADDITIVE else "days"


def _between(days: Period, passed: Callable[[date], Fraction]) -> Fraction:
    return passed(days.last) - passed(days.first - ONE_DAY)


def _thirtieths(day: date) -> Fraction:
    """Say how many months have passed through a day, where each has 30 days.

    The 31st adds nothing, and the last of February what is left of the 30.
    """
    last = day == clamped(day.year, day.month, 31)
    return day.year * 12 + day.month + Fraction(30 if last else min(day.day, 30), 30)


def _month_parts(day: date) -> Fraction:
    """Say how many months have passed through a day, each counted by its own days."""
    days = monthrange(day.year, day.month)[1]
    return day.year * 12 + day.month + Fraction(day.day, days)


PASSED: dict[str, Callable[[date], Fraction]] = {
    "thirty": _thirtieths,
    "month-parts": _month_parts,
}
