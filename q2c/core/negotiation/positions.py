"""Positions: the lines of two quotes brought together, and what differs in each."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence

from msgspec import Struct

from q2c.core.money import Money, total
from q2c.core.negotiation.difference import Change, LineChange, less
from q2c.core.negotiation.matching import Key, known_by, paired
from q2c.core.negotiation.terms import LINE, Facts, Value, facts_of
from q2c.core.quote.lines import Line, Priced


class Span(Struct, frozen=True):
    """A priced line with what it says."""

    line: Line
    facts: Facts


class Position(Struct, frozen=True, kw_only=True):
    """What one line of a draft became: a product in one span or several, a bundle, an option."""

    key: str
    item: str
    parent: str
    spans: tuple[Span, ...]

    @property
    def first(self) -> Line:
        """Its first line, which has the words of all."""
        return self.spans[0].line

    @property
    def facts(self) -> tuple[Facts, ...]:
        """What all its lines say."""
        return tuple(span.facts for span in self.spans)

    @property
    def kind(self) -> tuple[str, str]:
        """What it is, and of what it is an option."""
        return self.item, self.parent

    @property
    def amount(self) -> Money:
        """What it costs, before what comes off the whole quote."""
        return total((span.line.own for span in self.spans), self.first.own.currency)

    @property
    def counted(self) -> Money:
        """What it adds to the total."""
        counted = (span.line.own for span in self.spans if span.line.counts)
        return total(counted, self.first.own.currency)


def positions(quote: Priced) -> list[Position]:
    """Gather the priced lines by the line of the draft, or its option, that they came from."""
    found: dict[tuple[int, str, str], list[Line]] = {}
    by_id = {line.id: line for line in quote.lines}
    for line in quote.lines:
        product = "" if line.bundle or not line.parent else line.product
        found.setdefault((line.part, line.bundle, product), []).append(line)
    return [_position(lines, by_id) for lines in found.values()]


def _position(lines: Sequence[Line], by_id: dict[str, Line]) -> Position:
    first = lines[0]
    parent = by_id.get(first.parent)
    return Position(
        key=first.key,
        item=first.bundle or first.product,
        parent=(parent.key or parent.bundle or parent.product) if parent else "",
        spans=tuple(Span(line, facts_of(line)) for line in lines),
    )


def line_changes(before: Priced, after: Priced) -> Iterator[LineChange]:
    """Say which lines differ, whatever order they stand in."""
    one, other = positions(before), positions(after)
    for old, new in paired(one, other, _position_keys(), _rank):
        if old is None or new is None:
            yield _alone(old, new)
        elif old.facts != new.facts or old.amount != new.amount:
            yield _both(old, new)


def _position_keys() -> Iterable[Key[Position]]:
    """Say by what lines are known again: id, all they say, product and section, product."""
    return known_by(
        lambda one: (one.kind, one.facts, one.amount),
        lambda one: (one.kind, one.first.section, one.first.group, one.first.choice),
        lambda one: one.kind,
        name=lambda one: (one.key, one.parent and one.item) if one.key else "",
    )


def _rank(one: Position) -> tuple[object, ...]:
    return one.first.quantity, one.amount.minor, repr(one.facts)


def _alone(old: Position | None, new: Position | None) -> LineChange:
    there = old or new
    assert there, "a pair has one side at least"
    nothing = Money(0, there.amount.currency)
    return _told(
        there,
        key=there.key,
        how="added" if new else "removed",
        before=old.amount if old else None,
        after=new.amount if new else None,
        effect=(new.counted if new else nothing) - (old.counted if old else nothing),
        changes=tuple(_said(there, added=new is not None)),
    )


def _both(old: Position, new: Position) -> LineChange:
    return _told(
        new,
        how="changed",
        key=new.key or old.key,
        before=old.amount,
        after=new.amount,
        effect=less(new.counted, old.counted),
        changes=tuple(_details(old, new)),
    )


def _told(one: Position, **other: object) -> LineChange:
    name = one.first.bundle_name or one.first.name
    return LineChange(item=one.item, name=name, section=one.first.section, **other)  # type: ignore[arg-type]


def _said(one: Position, *, added: bool) -> Iterator[Change]:
    """Say how much of a line there is that was added or removed, and how it counts."""
    facts = dict(zip(LINE, one.facts[0], strict=True))
    whats = [] if one.first.bundle else ["quantity", "discount"]
    for what in (*whats, "term"):
        if value := facts[what]:
            yield _one_sided(what, value, added=added)
    if facts["counts"] == "no":
        yield _one_sided("counts", "no", added=added)


def _one_sided(what: str, value: Value, *, added: bool) -> Change:
    return Change(what=what, after=value) if added else Change(what=what, before=value)


def _details(old: Position, new: Position) -> Iterator[Change]:
    """Say what differs between two states of a line; what all its spans have in common, once."""
    pairs = paired(old.spans, new.spans, _SPAN_KEYS, _span_rank)
    spans = Counter(_there(pair).line.product for pair in pairs)
    found: dict[tuple[str, str, Value, Value], list[Line]] = {}
    for pair in pairs:
        line = _there(pair).line
        for what, was, is_ in _span_changes(*pair):
            found.setdefault((line.product, what, was, is_), []).append(line)
    for (product, what, was, is_), lines in found.items():
        part = lines[0].name if lines[0].bundle else ""
        if len(lines) == spans[product] and what != "part":
            yield Change(what=what, name=part, before=was, after=is_)
        else:
            for line in lines:
                name = " ".join(filter(None, (part, str(line.service or ""))))
                yield Change(what=what, name=name, before=was, after=is_)


def _span_changes(one: Span | None, other: Span | None) -> Iterator[tuple[str, Value, Value]]:
    if one is None or other is None:
        yield "part", one.line.own if one else None, other.line.own if other else None
        return
    for what, was, is_ in zip(LINE, one.facts, other.facts, strict=True):
        if was != is_ and not (what == "product" and one.line.name != other.line.name):
            yield what, was, is_


def _there(pair: tuple[Span | None, Span | None]) -> Span:
    span = pair[1] or pair[0]
    assert span, "a pair has one side at least"
    return span


def _first_day(one: Span) -> Hashable:
    return one.line.product, one.line.service and one.line.service.first


def _segment(one: Span) -> Hashable:
    return one.line.product, one.line.segment


def _product(one: Span) -> Hashable:
    return one.line.product


def _any(_one: Span) -> Hashable:
    return True


_SPAN_KEYS: tuple[Key[Span], ...] = tuple(
    (key, key) for key in (_first_day, _segment, _product, _any)
)


def _span_rank(one: Span) -> tuple[object, ...]:
    return str(one.line.service or ""), one.line.quantity, repr(one.facts)
