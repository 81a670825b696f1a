"""Choice: what a customer takes of an offer, at the prices that it was offered at."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec.structs import replace

from q2c.core.fault import Fault, Invalid, Unknown, nearest
from q2c.core.money import EXACT, Money, decimal
from q2c.core.period import Day
from q2c.core.pricing import cost
from q2c.core.quote.figures import refuse_unpayable
from q2c.core.quote.inclusive import taxed
from q2c.core.quote.lines import Inside, Line, Priced, Reduced, Within
from q2c.core.quote.past import used
from q2c.core.quote.ruling import Present, additions, broken, counted
from q2c.core.quote.selection import Selection
from q2c.core.quote.whole import percented, taken_off

ZERO = Decimal(0)


def choose(
    quote: Priced,
    choices: Mapping[str, str] | None = None,
    optional: Collection[str] = (),
    only: Collection[str] = (),
) -> Priced:
    """Give what is sold when a customer chooses: the lines that count, with their totals.

    `choices` has the choice of each group that is not the one shown, `optional` the ids of
    optional lines that are taken, `only` the ids of the lines accepted besides where it is not
    all. A line keeps the price it was offered at; percentages of other lines and what comes off
    the whole quote follow what was chosen; of an amount off the whole a part acceptance gets its
    share. Refuses what is not on offer, and a choice that breaks a rule.
    """
    whole = percented(_marked(quote, choices or {}, optional))
    only = {*only, *optional} if only else ()
    kept = percented(_kept(quote, whole, only)) if only else whole
    lines = [replace(line, optional=False) for line in kept if line.counts]
    _refuse_broken(quote, lines, part=bool(only))
    reduced = tuple(
        _shared(one, whole, lines) for one in quote.reduced if any(map(one.covers, lines))
    )
    sold = taken_off(lines, reduced)
    chosen = replace(
        quote,
        lines=sold,
        reduced=reduced,
        vat=taxed(sold, quote.currency, inclusive=quote.prices_include_vat),
        promotions=used(sold, reduced),
        inside=_inside(quote, sold),
    )
    refuse_unpayable(chosen)
    return chosen


def refuse_nothing(sold: Priced, offered: Priced) -> None:
    """Refuse an acceptance of nothing: of an offer of optional lines, none was taken."""
    if not sold.lines:
        optional = ", ".join(line.id for line in offered.lines if line.optional)
        message = f"Every line of {offered.ref} is optional, and none is taken."
        raise Invalid(Fault("nothing-taken", message, remedy=f"Take some with --with: {optional}."))


def _shared(one: Reduced, offered: Iterable[Line], taken: Iterable[Line]) -> Reduced:
    """Give the share of an amount off the whole that those get who take a part of its lines."""
    if one.amount is None:
        return one
    whole, part = (
        sum(line.own.minor for line in lines if line.counts and one.covers(line))
        for lines in (offered, taken)
    )
    return replace(one, amount=one.amount.share(Fraction(part, whole))) if part < whole else one


def _inside(quote: Priced, sold: Sequence[Line]) -> tuple[Inside, ...]:
    """Give what only the seller sees of it; the list price of a percentage follows its base."""
    now = {line.id: line for line in sold}
    return tuple(
        replace(one, listed=_listed(one, now[one.line])) for one in quote.inside if one.line in now
    )


def _listed(one: Inside, line: Line) -> Money:
    if one.list_rate is None:
        return one.listed
    exact = EXACT.multiply(cost(one.list_rate, line.quantity), decimal(line.paid))
    return Money.of(exact, one.listed.currency)


def groups_of(quote: Priced) -> dict[str, dict[str, str]]:
    """Give the choices of each group with what they are called, in their order."""
    groups: dict[str, dict[str, str]] = {}
    for line in quote.lines:
        if line.group:
            groups.setdefault(line.group, {}).setdefault(line.choice, line.label or line.name)
    return groups


def chosen_in(quote: Priced) -> dict[str, str]:
    """Give the choice of each group that counts as the quote stands."""
    return {line.group: line.choice for line in quote.lines if line.group and line.counts}


def _marked(quote: Priced, choices: Mapping[str, str], optional: Collection[str]) -> list[Line]:
    """Mark which lines count under a choice."""
    if faults := [*_unknown(quote, choices, optional)]:
        raise Unknown(*faults)
    taken = frozenset(line.part for line in quote.lines if line.id in optional)
    selection = Selection({**_standing(quote), **choices}, taken)
    return [replace(line, counts=selection.counts(line, line.part)) for line in quote.lines]


def _standing(quote: Priced) -> dict[str, str]:
    """Give the choice of each group: the one that counts, else the first."""
    first = {group: next(iter(choices)) for group, choices in groups_of(quote).items()}
    return {**first, **chosen_in(quote)}


def _unknown(
    quote: Priced, choices: Mapping[str, str], optional: Collection[str]
) -> Iterator[Fault]:
    groups = groups_of(quote)
    for group, choice in choices.items():
        if group not in groups:
            message, remedy = f"There is no group '{group}' on {quote.ref}.", nearest(group, groups)
            yield Fault("unknown-choice", message, remedy=remedy)
        elif choice not in groups[group]:
            message = f"'{group}' has no choice '{choice}'."
            yield Fault("unknown-choice", message, remedy=nearest(choice, groups[group]))
    offered = [line.id for line in quote.lines if line.optional]
    for id_ in optional:
        if id_ not in offered:
            message = f"Line {id_} of {quote.ref} is not optional."
            remedy = f"Optional are {', '.join(offered) or 'no lines'}."
            yield Fault("unknown-choice", message, remedy=remedy)


def _kept(quote: Priced, lines: Sequence[Line], only: Collection[str]) -> list[Line]:
    """Keep the lines that are accepted, with their options; the parts of a bundle go together."""
    ids = {line.id for line in lines if line.counts}
    if missing := [id_ for id_ in only if id_ not in ids]:
        message = f"{quote.ref} has no line {', '.join(missing)} that could be accepted."
        raise Unknown(Fault("no-such-line", message, remedy=f"It has {', '.join(sorted(ids))}."))
    parts = {line.part for line in lines if line.id in only and not line.parent}
    return [
        replace(line, counts=line.counts and (line.part in parts or line.id in only))
        for line in lines
    ]


def _refuse_broken(quote: Priced, lines: list[Line], *, part: bool) -> None:
    """Refuse a choice that a rule of the catalogue forbids, in its author's words."""
    found = counted(_present(lines))
    faults = [*broken(quote.rules, found, "", quote.language)]
    if not part:
        faults += [
            Fault(
                "rule-requires",
                f"{one.choice.product} belongs to it (rule {one.rule.id}).",
                remedy="Send a version that offers it, too.",
            )
            for one in additions(quote.rules, found, "")
        ]
    if faults:
        raise Invalid(*faults)


def _present(lines: Iterable[Line]) -> Iterator[Present]:
    """Give what is there as rules see it: of the spans of a line the largest quantity."""
    spans: dict[tuple[int, str, str, str], dict[Day | None, Decimal]] = {}
    bundles: dict[tuple[int, Within], Within] = {}
    for line in lines:
        days = spans.setdefault((line.part, line.parent, line.product, line.family), {})
        day = line.service.first if line.service else None
        days[day] = EXACT.add(days.get(day, ZERO), line.quantity)
        bundles |= {(line.part, one): one for one in line.within}
    for (*_, product, family), days in spans.items():
        yield Present((product, family), max(days.values()))
    for one in bundles.values():
        yield Present((one.bundle, one.family), one.count)
