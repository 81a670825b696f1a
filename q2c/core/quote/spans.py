"""Spans: the days that a line is for, in a row where a ramp or a promotion divides them."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.fault import Fault, Invalid
from q2c.core.money import EXACT
from q2c.core.period import MONTHS, ONE_DAY, Day, Every, Period, months_after, read_months, term_of
from q2c.core.quote.configure import Wanted, refuse_quantity
from q2c.core.quote.draft import Discount, Draft
from q2c.core.quote.portions import turns


class Span(Struct, frozen=True, kw_only=True):
    """A part of a line's term with its own quantity and price; of what does not recur, all of it.

    `done` are the billing periods of the line that came before it, `begun` its first day.
    `price_at` is where its price stands in the draft, and its discounts are named by where they do.
    """

    quantity: Decimal
    times: int = 1
    done: int = 0
    service: Period | None = None
    begun: Day | None = None
    price: Decimal | None = None
    price_at: str = ""
    discounts: Mapping[str, Discount] = {}
    label: str = ""


def every_of(wanted: Wanted) -> Every | None:
    """Give the billing period of what recurs: the line's, for the product and its own parts."""
    if wanted.product.every is None:
        return None
    return wanted.asked.every or wanted.product.every


def begins(draft: Draft, wanted: Wanted) -> Day:
    """Give the first day of a line's service."""
    return wanted.asked.starts or draft.starts or draft.date


def spans_of(draft: Draft, wanted: Wanted) -> list[Span]:
    """Give the spans of a line: one, or one for each segment of its ramp.

    Refuses a recurring line without a term, a term or a segment that is not a whole number of
    billing periods, and a ramp that does not begin with the line or go forward.
    """
    asked, every = wanted.asked, every_of(wanted)
    own, at = not (wanted.option or wanted.within or wanted.added_by), f"lines.{wanted.part}"
    one = Span(
        quantity=wanted.quantity,
        price=asked.price if own else None,
        price_at=f"{at}.price",
        discounts=_discounts(wanted, at, asked.discounts) if own or wanted.option else {},
    )
    if every is None:
        if asked.ramp and own:
            raise Invalid(_no_ramp(draft, wanted))
        return [one]
    whole = _whole(draft, wanted, every)
    if asked.ramp:
        return list(_ramped(draft, wanted, whole, MONTHS[every]))
    return [replace(one, times=_times(whole, MONTHS[every]), service=whole, begun=whole.first)]


def _discounts(wanted: Wanted, at: str, given: Iterable[Discount]) -> dict[str, Discount]:
    """Give discounts by where they stand; an amount comes off a line once, not off its options."""
    placed = placed_discounts(at, given)
    if not wanted.option:
        return placed
    return {path: one for path, one in placed.items() if one.percent is not None}


def placed_discounts(at: str, given: Iterable[Discount]) -> dict[str, Discount]:
    """Give the discounts of something that stands `at` a path, by where each of them does."""
    return {f"{at}.discounts.{number}": one for number, one in enumerate(given)}


def _whole(draft: Draft, wanted: Wanted, every: Every) -> Period:
    term = wanted.term or wanted.asked.term or draft.term
    months = read_months(term) if term else None
    if months is None:
        message = f"'{wanted.product.id}' recurs every {every}, so the line needs a term."
        remedy = "Write term: 12 months (as a flag, --term 12m)."
        raise Invalid(Fault("term-needed", message, remedy=remedy))
    if months % MONTHS[every]:
        message = f"A term of {term} is not a whole number of times a {every}."
        raise Invalid(Fault("term-periods", message, remedy="Choose a term that is."))
    return term_of(begins(draft, wanted), months)


def _times(service: Period, every: int) -> int:
    """Count the billing periods of a service that is a whole number of them."""
    months = 0
    while months_after(service.first, months) <= service.last:
        months += every
    return months // every


def _ramped(draft: Draft, wanted: Wanted, whole: Period, every: int) -> Iterator[Span]:
    asked, path = wanted.asked, f"lines.{wanted.part}.ramp"
    starts = [segment.first for segment in asked.ramp]
    if starts[0] != whole.first:
        message = f"The ramp begins on {starts[0]} and the line on {whole.first}."
        remedy = "Let the first segment begin with the line."
        raise Invalid(draft.fault("ramp-days", message, f"{path}.0.from", remedy))
    done = 0
    for number, (first, after) in enumerate(pairwise([*starts, whole.last + ONE_DAY])):
        place = f"{path}.{number}.from"
        if after <= first:
            message = f"The segment from {first} ends before it begins."
            remedy = "Put the segments in their order, all within the term."
            raise Invalid(draft.fault("ramp-days", message, place, remedy))
        times = _times(Period(whole.first, after - ONE_DAY), every) - done
        if months_after(whole.first, (done + times) * every) != after:
            message = f"The segment from {first} is not a whole number of billing periods."
            remedy = "Let it begin on a day on which the line is billed."
            raise Invalid(draft.fault("ramp-days", message, place, remedy))
        span = _segment(draft, wanted, number, Period(first, after - ONE_DAY), (times, done))
        yield replace(span, begun=whole.first)
        done += times


def _segment(
    draft: Draft, wanted: Wanted, number: int, service: Period, counted: tuple[int, int]
) -> Span:
    """Make the span of a segment; options that scale have as much of it as the line has."""
    asked, segment = wanted.asked, wanted.asked.ramp[number]
    line, here = f"lines.{wanted.part}", f"lines.{wanted.part}.ramp.{number}"
    units = asked.quantity if segment.quantity is None else segment.quantity
    quantity = wanted.quantity if wanted.each is None else EXACT.multiply(wanted.each, units)
    refuse_quantity(draft, quantity, f"{here}.quantity", wanted.product)
    price, priced = (segment.price, here) if segment.price is not None else (asked.price, line)
    given, at = (segment.discounts, here) if segment.discounts else (asked.discounts, line)
    return Span(
        quantity=quantity,
        times=counted[0],
        done=counted[1],
        service=service,
        price=None if wanted.option else price,
        price_at=f"{priced}.price",
        discounts=_discounts(wanted, at, given),
        label=f"{number + 1}/{len(asked.ramp)}",
    )


def _no_ramp(draft: Draft, wanted: Wanted) -> Fault:
    message = f"'{wanted.product.id}' does not recur, so it has no ramp."
    remedy = "Take the ramp away, or write a line for each delivery."
    return draft.fault("ramp-days", message, f"lines.{wanted.part}.ramp", remedy)


def divided(span: Span, limits: Iterable[int], every: int) -> list[Span]:
    """Divide a span where reductions end: after so many billing periods of the line."""
    assert span.service is not None, span
    assert span.begun is not None, span
    cuts = sorted({limit - span.done for limit in limits if 0 < limit - span.done < span.times})
    parts = []
    for start, end in pairwise([0, *cuts, span.times]):
        first = months_after(span.begun, (span.done + start) * every)
        last = months_after(span.begun, (span.done + end) * every) - ONE_DAY
        service, done = Period(first, last), span.done + start
        parts.append(replace(span, service=service, times=end - start, done=done))
    return parts


def turned(span: Span, days: Iterable[Day], every: int) -> list[Span]:
    """Divide a span at the billing periods in which something turns on some days."""
    assert span.begun is not None, span
    periods = range(span.done, span.done + span.times + 1)
    starts = [months_after(span.begun, number * every) for number in periods]
    return divided(span, [span.done + at for at in turns(days, starts)], every)
