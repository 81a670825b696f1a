"""Comparing: what differs between two priced quotes, in money and in terms."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from operator import itemgetter

from q2c.core.money import Money, total
from q2c.core.negotiation.difference import Change, Difference, Side, less
from q2c.core.negotiation.matching import Key, paired
from q2c.core.negotiation.positions import line_changes
from q2c.core.negotiation.terms import Value, off_of, terms_of, texts_of
from q2c.core.period import ONE_DAY, Day, Period
from q2c.core.quote.figures import Stretch, inner_of, stretches
from q2c.core.quote.lines import Priced, Reduced
from q2c.core.quote.whole import taken_off


def compared(before: Priced, after: Priced, names: tuple[str, str] = ("", "")) -> Difference:
    """Compare two quotes as money and terms, whatever order their lines stand in."""
    return Difference(
        before=_side(before, names[0]),
        after=_side(after, names[1]),
        lines=tuple(line_changes(before, after)),
        discounts=tuple(_discount_changes(before, after)),
        terms=tuple(_changed(terms_of(before), terms_of(after))),
        texts=tuple(_changed(texts_of(before), texts_of(after))),
        totals=tuple(_totals(before, after)),
        inside=tuple(_inside(before, after)),
    )


def _side(quote: Priced, name: str) -> Side:
    return Side(
        name=name or quote.ref,
        number=quote.number,
        version=quote.version,
        net=quote.net,
        tax=quote.tax,
        total=quote.total,
    )


def _discount_changes(before: Priced, after: Priced) -> Iterator[Change]:
    """Say what differs in what comes off the whole quote, and what it does to the net.

    What stays as it is has an effect, too, where the lines that it comes off are others.
    """
    pairs = paired(_taken(before), _taken(after), _REDUCED_KEYS, repr)
    for old, new in pairs:
        was = (off_of(old[0]),) if old else ()
        is_ = (off_of(new[0]),) if new else ()
        effect = _off_effect(old and old[1], new and new[1])
        if was != is_ or (effect and effect.minor):
            yield Change(what="discount", before=was, after=is_, effect=effect)


Taken = tuple[Reduced, Money]


def _off_effect(old: Money | None, new: Money | None) -> Money | None:
    there = old or new
    assert there, "a pair has one side at least"
    nothing = Money(0, there.currency)
    return less(old or nothing, new or nothing)


def _taken(quote: Priced) -> list[Taken]:
    """Give what comes off the whole quote, each with what it takes off; together it is all."""
    left = total((line.own for line in quote.counted), quote.currency)
    found = []
    for number, one in enumerate(quote.reduced, start=1):
        after = quote.net
        if number < len(quote.reduced):
            lines = taken_off(quote.lines, quote.reduced[:number])
            after = total((line.net for line in lines if line.counts), quote.currency)
        found.append((one, left - after))
        left = after
    return found


def _of_reduced(key: Callable[[Reduced], Hashable]) -> Key[Taken]:
    return (lambda taken: key(taken[0]),) * 2


_REDUCED_KEYS: tuple[Key[Taken], ...] = (
    _of_reduced(lambda one: (off_of(one), one.promotion)),
    _of_reduced(lambda one: one.promotion or None),
    _of_reduced(lambda one: (one.name, one.promotion)),
    _of_reduced(lambda one: None if one.promotion else bool(one.percent)),
)


def _changed(
    before: Iterable[tuple[str, str, Value]], after: Iterable[tuple[str, str, Value]]
) -> Iterator[Change]:
    """Say what differs between two lists of named values."""
    one = {(what, name): value for what, name, value in before}
    other = {(what, name): value for what, name, value in after}
    for what, name in dict.fromkeys((*one, *other)):
        was, is_ = one.get((what, name)), other.get((what, name))
        if was != is_:
            yield Change(what=what, name=name, before=was, after=is_)


def _totals(before: Priced, after: Priced) -> Iterator[Change]:
    """Say what differs in the sums: net, VAT, total, contract value, what recurs by the month."""
    recurs = any(line.service for line in (*before.counted, *after.counted))
    rows = (
        ("net", before.net, after.net),
        ("vat", before.tax, after.tax),
        ("total", before.total, after.total),
        *([("tcv", before.net, after.net)] if recurs else []),
    )
    for what, was, is_ in rows:
        if was != is_:
            yield Change(what=what, before=was, after=is_)
    yield from _recurring(before, after)


def _recurring(before: Priced, after: Priced) -> Iterator[Change]:
    """Say for which days what recurs is worth another amount by the month."""
    sides = [stretches(quote.lines, quote.currency) for quote in (before, after)]
    cuts = {
        day for side in sides for one in side for day in (one.days.first, one.days.last + ONE_DAY)
    }
    parts = [Period(first, next_ - ONE_DAY) for first, next_ in pairwise(sorted(cuts))]
    values = [tuple(_monthly(side, part.first) for side in sides) for part in parts]
    for (was, is_), group in groupby(zip(parts, values, strict=True), key=itemgetter(1)):
        days = [part for part, _ in group]
        if was != is_:
            span = Period(days[0].first, days[-1].last)
            yield Change(what="recurring", name=str(span), before=was, after=is_)


def _monthly(side: Sequence[Stretch], day: Day) -> Money | None:
    found = (one.monthly for one in side if day in one.days)
    amount = next(found, None)
    return amount if amount and amount.minor else None


def _inside(before: Priced, after: Priced) -> Iterator[Change]:
    """Say what differs for the seller's eyes: list price, discount, cost and margin."""
    if not (before.inside and after.inside):
        return
    one, other = inner_of(before), inner_of(after)
    for what in ("listed", "discount_percent", "cost", "margin", "margin_percent"):
        was, is_ = getattr(one, what), getattr(other, what)
        if was != is_:
            yield Change(what=what, before=was, after=is_)
