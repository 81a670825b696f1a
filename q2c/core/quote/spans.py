"""Spans: the days that a line is for, in a row where a ramp or a promotion divides them."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.fault import Fault, Invalid
from q2c.core.money import EXACT
from q2c.core.period import Day, Free, Period
from q2c.core.quote.configure import Wanted, refuse_quantity
from q2c.core.quote.draft import Discount, Draft
from q2c.core.quote.portions import turns
from q2c.core.quote.rhythm import Rhythm, Running, rhythm_of


class Span(Struct, frozen=True, kw_only=True):
    """A part of a line's term with its own quantity and price; of what does not recur, all of it.

    `rhythm` are the billing periods of the whole line, `done` those of them that came before it.
    `price_at` is where its price stands in the draft, and its discounts are named by where they do.
    """

    quantity: Decimal
    rhythm: Rhythm | None = None
    times: int = 1
    done: int = 0
    price: Decimal | None = None
    price_at: str = ""
    discounts: Mapping[str, Discount] = {}
    label: str = ""

    @property
    def service(self) -> Period | None:
        """The days that it is for."""
        return self.rhythm.service(self.done, self.times) if self.rhythm else None

    @property
    def free(self) -> Free | None:
        """Those of its billing periods that are free of charge."""
        return self.rhythm.free_of(self.done, self.times) if self.rhythm else None

    @property
    def charged(self) -> Fraction | None:
        """How many whole billing periods it costs, where that is not their number."""
        return self.rhythm.charged(self.done, self.times) if self.rhythm else None

    @property
    def paid(self) -> Fraction:
        """How many whole billing periods it costs."""
        charged = self.charged
        return Fraction(self.times) if charged is None else charged

    @property
    def length(self) -> Fraction:
        """How many billing periods long it is, free or not."""
        return self.rhythm.length(self.done, self.times) if self.rhythm else Fraction(self.times)


def spans_of(draft: Draft, wanted: Wanted, running: Mapping[str, Running]) -> list[Span]:
    """Give the spans of a line: one, or one for each segment of its ramp.

    Refuses a recurring line without a term, a term or a segment that is not a whole number of
    billing periods, and a ramp that does not begin with the line or go forward.
    """
    asked, rhythm = wanted.asked, rhythm_of(draft, wanted, running)
    own, at = not (wanted.option or wanted.within or wanted.added_by), f"lines.{wanted.part}"
    one = Span(
        quantity=wanted.quantity,
        price=asked.price if own else None,
        price_at=f"{at}.price",
        discounts=_discounts(wanted, at, asked.discounts) if own or wanted.option else {},
    )
    if rhythm is None:
        if asked.ramp and own:
            raise Invalid(_no_ramp(draft, wanted))
        return [one]
    if asked.ramp:
        return list(_ramped(draft, wanted, rhythm))
    return [replace(one, rhythm=rhythm, times=rhythm.times)]


def _discounts(wanted: Wanted, at: str, given: Iterable[Discount]) -> dict[str, Discount]:
    """Give discounts by where they stand; an amount comes off a line once, not off its options."""
    placed = placed_discounts(at, given)
    if not wanted.option:
        return placed
    return {path: one for path, one in placed.items() if one.percent is not None}


def placed_discounts(at: str, given: Iterable[Discount]) -> dict[str, Discount]:
    """Give the discounts of something that stands `at` a path, by where each of them does."""
    return {f"{at}.discounts.{number}": one for number, one in enumerate(given)}


def _ramped(draft: Draft, wanted: Wanted, rhythm: Rhythm) -> Iterator[Span]:
    asked, path = wanted.asked, f"lines.{wanted.part}.ramp"
    starts, turns = [segment.first for segment in asked.ramp], rhythm.starts
    if starts[0] != turns[0]:
        message = f"The ramp begins on {starts[0]} and the line on {turns[0]}."
        remedy = "Let the first segment begin with the line."
        raise Invalid(draft.fault("ramp-days", message, f"{path}.0.from", remedy))
    for number, (first, after) in enumerate(pairwise([*starts, turns[-1]])):
        place = f"{path}.{number}.from"
        if after <= first:
            message = f"The segment from {first} ends before it begins."
            remedy = "Put the segments in their order, all within the term."
            raise Invalid(draft.fault("ramp-days", message, place, remedy))
        if after not in turns:
            message = f"The segment from {first} is not a whole number of billing periods."
            remedy = "Let it begin on a day on which the line is billed."
            raise Invalid(draft.fault("ramp-days", message, place, remedy))
        done = turns.index(first)
        span = _segment(draft, wanted, number)
        yield replace(span, rhythm=rhythm, times=turns.index(after) - done, done=done)


def _segment(draft: Draft, wanted: Wanted, number: int) -> Span:
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
        price=None if wanted.option else price,
        price_at=f"{priced}.price",
        discounts=_discounts(wanted, at, given),
        label=f"{number + 1}/{len(asked.ramp)}",
    )


def _no_ramp(draft: Draft, wanted: Wanted) -> Fault:
    message = f"'{wanted.product.id}' does not recur, so it has no ramp."
    remedy = "Take the ramp away, or write a line for each delivery."
    return draft.fault("ramp-days", message, f"lines.{wanted.part}.ramp", remedy)


def divided(span: Span, limits: Iterable[int]) -> list[Span]:
    """Divide a span where reductions end: after so many billing periods of the line."""
    cuts = sorted({limit - span.done for limit in limits if 0 < limit - span.done < span.times})
    return [
        replace(span, times=end - start, done=span.done + start)
        for start, end in pairwise([0, *cuts, span.times])
    ]


def turned(span: Span, days: Iterable[Day]) -> list[Span]:
    """Divide a span at the billing periods in which something turns on some days."""
    assert span.rhythm is not None, span
    starts = list(span.rhythm.starts[span.done : span.done + span.times + 1])
    return divided(span, [span.done + at for at in turns(days, starts)])
