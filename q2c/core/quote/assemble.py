"""Assembling: the lines of a quote out of what is wanted, each priced with its reductions."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.catalog import Promotion
from q2c.core.fault import Fault, Held, Invalid, Refused
from q2c.core.money import EXACT, added, decimal
from q2c.core.period import ONE_DAY, interval
from q2c.core.pricing import Fall, Reduction, cost
from q2c.core.quote.bundled import Part, bundled
from q2c.core.quote.configure import Wanted
from q2c.core.quote.draft import Draft
from q2c.core.quote.lines import Inside, Line
from q2c.core.quote.lining import line_of
from q2c.core.quote.offer import Offer
from q2c.core.quote.reducing import (
    Measure,
    manual_reductions,
    promotion_reductions,
    schedule_reductions,
)
from q2c.core.quote.selection import Selection
from q2c.core.quote.spans import divided, placed_discounts, spans_of, turned
from q2c.core.quote.whole import Base, based_on
from q2c.core.quote.work import Work, fallen, market_of, refuse_price, work_of

T = TypeVar("T", Wanted, "tuple[Ready, ...]")
R = TypeVar("R")
ZERO = Decimal(0)
Made = tuple[Line, Inside]


class Ready(Struct, frozen=True):
    """A span with its rates, and what promotions take off it."""

    part: int
    work: Work
    given: tuple[Reduction, ...]


class Bench(Struct, frozen=True):
    """All that lines are made with: draft, offer, promotions, what counts, schedules' measures."""

    draft: Draft
    offer: Offer
    promotions: list[Promotion]
    chosen: Selection
    scopes: dict[str, Measure]


def assembled(
    draft: Draft,
    wanted: Sequence[Wanted],
    promotions: list[Promotion],
    offer: Offer,
    chosen: Selection,
) -> tuple[tuple[Line, ...], tuple[Inside, ...]]:
    """Price everything that is wanted, before what comes off the whole quote.

    First what stands by itself, then percentages of it. Refuses with the faults of all lines.
    """
    found = each(draft, wanted, lambda one: _ready(draft, one, promotions, offer))
    ready = [one for some in found for one in some]
    bench = Bench(draft, offer, promotions, chosen, _scopes(ready, offer, chosen))
    parts = [tuple(group) for _, group in groupby(ready, attrgetter("part"))]
    slots = [slot for some in each(draft, parts, lambda part: _slots(bench, part)) for slot in some]
    lines = [slot[0] for slot in slots if isinstance(slot, tuple)]
    based = based_on(lines, offer.currency)
    made = [
        one
        for slot in slots
        for one in (_percentages(bench, slot, based, lines) if isinstance(slot, Ready) else [slot])
    ]
    return _numbered(made)


def each(draft: Draft, some: Iterable[T], do: Callable[[T], R]) -> list[R]:
    """Do something with all of some; refuse with the faults of all, each at its line."""
    done, refusals = list[R](), list[Refused]()
    for one in some:
        try:
            done.append(do(one))
        except Refused as refused:
            part = one.part if isinstance(one, Wanted) else one[0].part
            faults = (placed(fault, draft, f"lines.{part}") for fault in refused.faults)
            refusals.append(type(refused)(*faults))
    if refusals:
        kind = Held if all(isinstance(refused, Held) for refused in refusals) else Invalid
        raise kind(*(fault for refused in refusals for fault in refused.faults))
    return done


def placed(fault: Fault, draft: Draft, path: str) -> Fault:
    """Give a fault that has no place that of what it came from."""
    place = fault.place or draft.place(path)
    return Fault(fault.code, fault.message, place, fault.remedy)


def _ready(draft: Draft, wanted: Wanted, promotions: list[Promotion], offer: Offer) -> list[Ready]:
    """Find the spans and rates of what is wanted; promotions that end divide a span."""
    product, market = wanted.product, market_of(offer)
    given = tuple(promotion_reductions(promotions, product.id, product.family or "", offer))
    limits = [one.periods for one in given if one.periods]
    wholes, found = spans_of(draft, wanted, offer.running), []
    periods = sum((whole.length for whole in wholes), Fraction(0))
    for whole in wholes:
        work = work_of(draft, wanted, whole, market)
        work = replace(
            work, months=periods * interval(work.every).in_months if work.every else Fraction(0)
        )
        spans = [whole]
        if limits and work.every and not wanted.within and work.agreed is None:
            spans = divided(whole, limits)
        found += [Ready(wanted.part, replace(work, span=span), given) for span in spans]
    return found


def _scopes(ready: Iterable[Ready], offer: Offer, chosen: Selection) -> dict[str, Measure]:
    """Add up what lines come to in the scope of each schedule that looks across the quote.

    Parts of bundles and percentages of other lines are not looked at, nor is what does not count;
    of the spans of a ramp the largest quantity counts.
    """
    scopes: dict[str, Measure] = {}
    counted = [one.work for one in ready if _alone(one) and _counts(one, chosen)]
    for schedule in offer.catalog.schedules:
        if schedule.across == "quote":
            inside = [
                work
                for work in counted
                if schedule.scope.covers(work.wanted.product.id, work.wanted.product.family or "")
            ]
            largest: dict[tuple[int, str], Decimal] = {}
            for work in inside:
                key = (work.wanted.part, work.wanted.product.id)
                largest[key] = max(largest.get(key, ZERO), work.span.quantity)
            amount = added(_gross(work, work.span.quantity) for work in inside)
            months = max((work.months for work in inside), default=Fraction(0))
            scopes[schedule.id] = Measure(added(largest.values()), amount, months)
    return scopes


def _alone(one: Ready) -> bool:
    wanted = one.work.wanted
    return not wanted.within and wanted.product.percent_of is None


def _counts(one: Ready, chosen: Selection) -> bool:
    return chosen.counts(one.work.wanted.asked, one.part)


def _gross(work: Work, quantity: Decimal) -> Decimal:
    return EXACT.multiply(cost(work.rate, quantity), decimal(work.span.paid))


def _slots(bench: Bench, part: tuple[Ready, ...]) -> list[Made | Ready]:
    """Price what one line of the draft is, but for percentages of other lines."""
    inside = [one for one in part if one.work.wanted.within]
    alone = [one for one in part if not one.work.wanted.within]
    return [
        *(_bundle(bench, inside) if inside else []),
        *(one if one.work.wanted.product.percent_of else _single(bench, one) for one in alone),
    ]


def _single(bench: Bench, one: Ready) -> Made:
    quantity = one.work.span.quantity
    return _made(bench, one, quantity, _reductions(bench, one, quantity))


def _percentages(bench: Bench, one: Ready, based: Base, lines: Sequence[Line]) -> list[Made]:
    """Price a percentage of the other lines, a span for each amount that it is of.

    Of a ramp it follows the ramp: what it is of changes with the billing period in which one of
    these lines begins or ends, counted or not.
    """
    scope, whole = one.work.wanted.product.percent_of, one.work.span
    assert scope is not None, one.work.wanted.product
    spans = [whole]
    if whole.rhythm and whole.service:
        there = [
            line.service
            for line in lines
            if line.service and line.percent_of is None and scope.covers(line.product, line.family)
        ]
        days = [day for service in there for day in (service.first, service.last + ONE_DAY)]
        spans = turned(whole, days)
    if len(spans) > 1 and not whole.label:
        spans = [replace(s, label=f"{n}/{len(spans)}") for n, s in enumerate(spans, start=1)]
    works = [replace(one.work, span=span) for span in spans]
    return [_percentage(bench, replace(one, work=work), based) for work in works]


def _percentage(bench: Bench, one: Ready, based: Base) -> Made:
    """Price a percentage of the other lines."""
    span, scope = one.work.span, one.work.wanted.product.percent_of
    assert scope is not None, one.work.wanted.product
    base = based(scope, span.service, span.paid)
    return _made(bench, one, base, _reductions(bench, one, base))


def _reductions(bench: Bench, one: Ready, quantity: Decimal) -> list[Reduction]:
    """Give what comes off a span: by hand, and, where its price is not set by hand, by itself.

    Schedules look at the units of the line, also where it is priced by what it is a percentage of.
    """
    work, product = one.work, one.work.wanted.product
    own = [*manual_reductions(bench.draft, work.span.discounts)]
    if work.agreed is not None:
        return own
    line = Measure(work.span.quantity, _gross(work, quantity), work.months)
    family = product.family or ""
    found = [*schedule_reductions(bench.offer, product.id, family, line, bench.scopes)]
    if product.percent_of:
        found = [_for_units(scheduled, work.span.quantity) for scheduled in found]
    return [*found, *one.given, *own]


def _for_units(one: Reduction, units: Decimal) -> Reduction:
    """Make an amount off each unit one off the line, whose quantity is an amount of money."""
    amount = EXACT.multiply(one.amount, units)
    return replace(one, amount=amount, per_unit=False) if one.amount else one


def _made(bench: Bench, one: Ready, quantity: Decimal, reductions: Sequence[Reduction]) -> Made:
    found = fallen(one.work, quantity, reductions, bench.offer)
    _refuse_overdrawn(bench.draft, one.work, found)
    line, inside = line_of(bench.draft, one.work, quantity, found, bench.offer)
    return replace(line, counts=_counts(one, bench.chosen)), inside


def _refuse_overdrawn(draft: Draft, work: Work, found: Fall) -> None:
    """Refuse an amount off by hand that is more than what it comes off."""
    before = ZERO
    for stage, one, after in found.levels:
        if stage == "manual" and isinstance(one, Reduction) and found.whole(one.amount) > before:
            message = f"{one.amount:f} off is more than the line costs at that point."
            paths = (path for path in work.span.discounts if draft.source(path) == one.source)
            path = next(paths, f"lines.{work.wanted.part}")
            raise Invalid(draft.fault("discount-too-large", message, path, "Take off less."))
        before = after


def _bundle(bench: Bench, inside: Sequence[Ready]) -> list[Made]:
    """Price the parts of a bundle by themselves, then give each its share of the whole."""
    asked, first = inside[0].work.wanted.asked, inside[0]
    if asked.price is not None:
        refuse_price(bench.draft, asked.price, f"lines.{first.part}.price")
    made = [_made(bench, one, one.work.span.quantity, ()) for one in inside]
    parts = [
        Part(line=line, within=one.work.wanted.within)
        for (line, _), one in zip(made, inside, strict=True)
    ]
    bundle, _ = first.work.wanted.within[0]
    family = bundle.family or ""
    given = promotion_reductions(bench.promotions, bundle.id, family, bench.offer)
    own = manual_reductions(bench.draft, placed_discounts(f"lines.{first.part}", asked.discounts))
    recurs = any(line.every for line, _ in made)
    lasting = [one for one in given if one.periods is None or not recurs]
    kept = lasting if asked.price is None else []
    lines = bundled(parts, asked.price, [*kept, *own], bench.offer)
    texts = (asked.text, *[""] * (len(lines) - 1))
    return [
        (replace(line, text=text), hidden)
        for line, text, (_, hidden) in zip(lines, texts, made, strict=True)
    ]


def _numbered(made: Iterable[Made]) -> tuple[tuple[Line, ...], tuple[Inside, ...]]:
    """Give the lines their numbers, from 1; options name the line they belong to."""
    lines: list[Line] = []
    inside: list[Inside] = []
    first: dict[int, str] = {}
    for number, (line, hidden) in enumerate(made, start=1):
        id_ = first.setdefault(line.part, str(number))
        parent = id_ if line.parent else ""
        lines.append(replace(line, id=str(number), parent=parent))
        inside.append(replace(hidden, line=str(number)))
    return tuple(lines), tuple(inside)
