"""Rhythm: when what recurs begins and ends, and into which billing periods that divides it."""

from collections.abc import Mapping
from fractions import Fraction

from msgspec import Struct

from q2c.core.fault import Fault, Invalid
from q2c.core.period import (
    ONE_DAY,
    Alignment,
    Day,
    Every,
    Free,
    Interval,
    Period,
    Proration,
    billing_periods,
    extent,
    interval,
    measured_by,
    read_free,
    read_length,
    read_trial,
)
from q2c.core.quote.configure import Wanted
from q2c.core.quote.draft import Draft

NO_FREE = Free()


class Running(Struct, frozen=True, kw_only=True):
    """A service that was ordered: its last day, and how its billing periods are counted."""

    ends: Day
    anchor: Day
    align: Alignment


class Rhythm(Struct, frozen=True, kw_only=True):
    """The billing periods of a line: the days on which they begin, and the day after the last.

    `begun` is the day that they are counted from. `reckoned` says that the price is counted by the
    parts of the periods; else it is for whole ones, whatever days the calendar cuts off.
    """

    every: Every
    align: Alignment
    begun: Day
    starts: tuple[Day, ...]
    proration: Proration
    trial: Period | None
    free: Free
    reckoned: bool

    @property
    def interval(self) -> Interval:
        """The length of a billing period."""
        return interval(self.every)

    @property
    def times(self) -> int:
        """How many billing periods there are, those that are not whole as well."""
        return len(self.starts) - 1

    def service(self, done: int, times: int) -> Period:
        """Give the days of so many billing periods, after so many others."""
        return Period(self.starts[done], self.starts[done + times] - ONE_DAY)

    def free_of(self, done: int, times: int) -> Free | None:
        """Give the free ones among so many billing periods, after so many others."""
        after = self.times - done - times
        first, last = (max(0, self.free.first - done), max(0, self.free.last - after))
        return Free(min(first, times), min(last, times)) if first or last else None

    def charged(self, done: int, times: int) -> Fraction | None:
        """Count the whole billing periods that are charged, where some are free or not whole."""
        if not self.reckoned:
            return None
        free = self.free_of(done, times)
        if free is None and self._extent(done, times, "none") == times:
            return None
        return self._extent(done, times, self.proration, free or NO_FREE)

    def length(self, done: int, times: int) -> Fraction:
        """Say how many billing periods long the service is, free or not."""
        if self.charged(done, times) is None:
            return Fraction(times)
        return self._extent(done, times, measured_by(self.proration))

    def _extent(self, done: int, times: int, policy: Proration, free: Free = NO_FREE) -> Fraction:
        service = self.service(done, times)
        return extent(service, self.interval, self.align, self.begun, policy, free)


def every_of(wanted: Wanted) -> Every | None:
    """Give the billing period of what recurs: the line's, for the product and its own parts."""
    if wanted.product.every is None:
        return None
    return wanted.asked.every or wanted.product.every


def begins(draft: Draft, wanted: Wanted) -> Day:
    """Give the first day of a line, from which a trial runs."""
    return wanted.asked.starts or draft.starts or draft.date


def rhythm_of(draft: Draft, wanted: Wanted, running: Mapping[str, Running]) -> Rhythm | None:
    """Give the billing periods of a line; none of what does not recur.

    Refuses a recurring line whose end nobody says or that ends before it begins, a term that is not
    a whole number of billing periods, and so many free ones that none is paid.
    """
    every, product = every_of(wanted), wanted.product
    if every is None:
        _refuse_terms(draft, wanted)
        return None
    first = begins(draft, wanted)
    if trial := read_trial(wanted.trial, first):
        first = trial.last + ONE_DAY
    joined = _joined(draft, wanted, running)
    whole = Period(first, _last(draft, wanted, every, first, joined))
    proration = wanted.asked.proration or product.proration
    free = read_free(wanted.asked.free or product.free)
    reckoned = joined is not None or _ends(wanted) or proration != "days" or free != NO_FREE
    align, begun = (joined.align, joined.anchor) if joined else (product.align, first)
    counted = align if reckoned else "anniversary"
    periods = billing_periods(whole, interval(every), counted, begun)
    starts = (first, *(one.first for one in periods if one.first > first), whole.last + ONE_DAY)
    if free.first + free.last >= len(starts) - 1 and free != NO_FREE:
        raise Invalid(_all_free(draft, wanted, len(starts) - 1))
    return Rhythm(
        every=every,
        align=align,
        begun=begun,
        starts=starts,
        proration=proration,
        trial=trial,
        free=free,
        reckoned=reckoned,
    )


def _ends(wanted: Wanted) -> bool:
    return wanted.asked.ends is not None and not wanted.term


def _joined(draft: Draft, wanted: Wanted, running: Mapping[str, Running]) -> Running | None:
    """Give the service that a line ends with; refuse one that is not there."""
    asked, path = wanted.asked, f"lines.{wanted.part}"
    if sum(map(bool, (asked.term, asked.ends, asked.ends_with))) > 1:
        message = "A line has a term, a last day, or a line that it ends with: one of them."
        raise Invalid(draft.fault("line-ends", message, path, "Take the others away."))
    if asked.ends_with is None or wanted.term:
        return None
    found = running.get(asked.ends_with)
    if found is None:
        message = f"'{asked.ends_with}' is no line of an order of {draft.customer} that recurs."
        remedy = "Write the order and its line, such as O-2026-0001/1: q2c order list."
        raise Invalid(draft.fault("ends-with", message, f"{path}.ends_with", remedy))
    return found


def _last(draft: Draft, wanted: Wanted, every: Every, first: Day, joined: Running | None) -> Day:
    """Give the last day of a line: as it is said, or by its term."""
    ends = joined.ends if joined else wanted.asked.ends
    if ends is None or wanted.term:
        return _by_term(draft, wanted, every, first)
    if ends < first:
        message = f"'{wanted.product.id}' would end on {ends}, and begins on {first}."
        path = f"lines.{wanted.part}.{'ends_with' if joined else 'ends'}"
        raise Invalid(
            draft.fault("ends-before", message, path, "Let it begin before, or end later.")
        )
    return ends


def _by_term(draft: Draft, wanted: Wanted, every: Every, first: Day) -> Day:
    term = wanted.term or wanted.asked.term or draft.term
    length = read_length(term) if term else None
    if length is None:
        message = f"'{wanted.product.id}' recurs every {every}, so the line needs a term."
        remedy = "Write term: 12 months (as a flag, --term 12m)."
        raise Invalid(Fault("term-needed", message, remedy=remedy))
    if not length.over(interval(every)):
        message = f"A term of {term} is not a whole number of times a {every}."
        such = ", such as 52 weeks (--term 52w)" if every == "week" else ""
        remedy = f"Choose a term that is{such}, or say on which day the line ends."
        raise Invalid(Fault("term-periods", message, remedy=remedy))
    return length.after(first, 1) - ONE_DAY


def _refuse_terms(draft: Draft, wanted: Wanted) -> None:
    """Refuse terms of what recurs on a line that does not."""
    if wanted.option or wanted.within or wanted.added_by:
        return
    for name in ("trial", "free", "ends", "ends_with", "proration"):
        if getattr(wanted.asked, name):
            message = f"'{wanted.product.id}' does not recur, so it has no '{name}'."
            path = f"lines.{wanted.part}.{name}"
            raise Invalid(draft.fault("recurring-terms", message, path, "Take it away."))


def _all_free(draft: Draft, wanted: Wanted, times: int) -> Fault:
    message = f"All {times} billing periods of '{wanted.product.id}' would be free of charge."
    remedy = "Leave at least one to be paid, or take 100 % off."
    return draft.fault("free-periods", message, f"lines.{wanted.part}.free", remedy)
