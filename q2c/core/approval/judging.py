"""Judging: which approvals a quote needs, which it has, and which no longer count, and why."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.approval.conditions import holds
from q2c.core.approval.rules import FLOOR, ApprovalRule, Approvals, condition_of, watched_by
from q2c.core.approval.watched import FIGURES, WORDS, Context, Figures, Worse, figures_of
from q2c.core.approval.watched import offered_figures as figures_offered
from q2c.core.quote.course import Approval
from q2c.core.quote.lines import Priced

ZERO = Decimal(0)
TOLD = 2  # figures that a message names; the first are those the rule asks about
UP, DOWN = (">", ">="), ("<", "<=")
FLOOR_SAID = "sold below its floor price"


class Need(Struct, frozen=True, kw_only=True):
    """An approval that a quote needs: by which rule, from whom, and what may not get worse.

    `by` are the people who may give it, of whom `least` must; `authors` those who may not, since
    they wrote it. `figures` are the watched ones as they are, `worse` which way each gets worse.
    """

    rule: str
    say: str
    when: str
    by: tuple[str, ...]
    least: int
    every: bool = False
    not_author: bool = True
    authors: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    figures: dict[str, Decimal]
    worse: dict[str, Worse]


class Verdict(Struct, frozen=True, kw_only=True):
    """What a person said to a rule, at which figures and of what; the order is that of time."""

    rule: str
    person: str
    granted: bool
    figures: Mapping[str, Decimal]
    facts: Mapping[str, str]
    reason: str = ""


class Judged(Struct, frozen=True, kw_only=True):
    """How a need stands, through whom, and why it is so; `late` are the rules it waits for."""

    need: Need
    state: Literal["granted", "waiting", "void", "rejected"]
    by: tuple[str, ...] = ()
    why: str = ""
    late: tuple[str, ...] = ()


def facts_of(quote: Priced) -> dict[str, str]:
    """Say what must be the same for an approval to count for other terms: whom, and in what."""
    return {
        "customer": quote.buyer.id,
        "customer_kind": quote.buyer.kind,
        "currency": quote.currency,
    }


def needs(
    quote: Priced, approvals: Approvals, context: Context, *, chosen: bool = False
) -> tuple[Need, ...]:
    """Give the approvals that a quote needs, whatever the customer chooses of it.

    Where it is `chosen` already, it is looked at as it stands. Selling below the floor price
    always needs one: by a rule that looks at it, else by anybody who is listed.
    """
    offered = [figures_of(quote, context)] if chosen else figures_offered(quote, context)
    found = [
        _need(rule, approvals, offered)
        for rule in approvals.rules
        if any(holds(condition_of(rule), figures) for figures in offered)
    ]
    covered = any("below_floor" in need.worse for need in found)
    if not covered and any(figures["below_floor"] for figures in offered):
        by = tuple(one.id for one in approvals.people)
        floor = ApprovalRule(id=FLOOR, when="below_floor > 0", by=by, say=FLOOR_SAID)
        found.append(_need(floor, approvals, offered))
    return tuple(found)


def _need(rule: ApprovalRule, approvals: Approvals, offered: Sequence[Figures]) -> Need:
    worse = {name: _direction(name, sign) for name, sign in watched_by(rule).items()}
    by = approvals.members(rule.by)
    several = len(approvals.people) > 1
    return Need(
        rule=rule.id,
        say=rule.say,
        when=rule.when,
        by=by,
        least=rule.need if isinstance(rule.need, int) else len(by) if rule.need == "all" else 1,
        every=rule.need == "all",
        not_author=several if rule.not_author is None else rule.not_author,
        after=rule.after,
        figures=_worst(worse, offered),
        worse=worse,
    )


def _direction(name: str, sign: str) -> Worse:
    known = FIGURES[name].worse
    if known != "asked":
        return known
    return "more" if sign in UP else "less" if sign in DOWN else "other"


def _worst(worse: Mapping[str, Worse], offered: Sequence[Figures]) -> dict[str, Decimal]:
    """Give the worst of each watched figure and of its parts; one that is not known is left out."""
    names = {name for figures in offered for name in figures if name not in WORDS}
    found = {}
    for name in sorted(names):
        direction = worse.get(name.partition(".")[0])
        if direction:
            some = [figures.get(name, ZERO if "." in name else None) for figures in offered]
            known = [one for one in some if isinstance(one, Decimal)]
            if len(known) == len(some):
                found[name] = min(known) if direction == "less" else max(known)
    return found


def without_authors(need: Need, authors: Collection[str]) -> Need:
    """Leave out who wrote the quote, where nobody approves what they wrote."""
    if not need.not_author:
        return need
    by = tuple(id_ for id_ in need.by if id_ not in authors)
    out = tuple(id_ for id_ in need.by if id_ in authors)
    return replace(need, by=by, authors=out, least=len(by) if need.every else need.least)


def worsened(need: Need, then: Mapping[str, Decimal]) -> list[str]:
    """Say in words which watched figures are worse than they were."""
    told = []
    for name in _compared(need, then):
        before, now = _value(then, name), _value(need.figures, name)
        if _is_worse(need.worse[name.partition(".")[0]], before, now):
            told.append(f"{name} was {_told(before)}, is {_told(now)}")
    return told


def improved(need: Need, then: Mapping[str, Decimal]) -> bool:
    """Say whether watched figures are better than they were, and none is worse."""
    changed = any(then.get(name) != need.figures.get(name) for name in _compared(need, then))
    return changed and not worsened(need, then)


def _compared(need: Need, then: Mapping[str, Decimal]) -> list[str]:
    """Name the figures to compare: those that a rule asks about, what goes with them, parts."""
    parts = sorted(n for n in {*need.figures, *then} if n.partition(".")[0] in need.worse)
    return [name for name in dict.fromkeys((*need.worse, *parts)) if name not in WORDS]


def _value(figures: Mapping[str, Decimal], name: str) -> Decimal | None:
    return figures.get(name, ZERO if "." in name else None)


def _is_worse(direction: Worse, before: Decimal | None, now: Decimal | None) -> bool:
    """Say whether a figure is worse; what was known and no longer is, or the reverse, is."""
    if before is None or now is None:
        return before is not now
    if direction == "other":
        return now != before
    return now > before if direction == "more" else now < before


def _told(value: Decimal | None) -> str:
    return "not known" if value is None else f"{value:f}"


def judged(
    needed: Iterable[Need], verdicts: Sequence[Verdict], facts: Mapping[str, str]
) -> tuple[Judged, ...]:
    """Say how each need stands; one that comes after others is granted after they are."""
    open_ = {need.rule: need for need in needed}
    known: dict[str, Judged] = {}
    while len(known) < len(open_):
        for need in open_.values():
            before = [rule for rule in need.after if rule in open_]
            if need.rule not in known and all(rule in known for rule in before):
                found = _judge(need, [open_[rule] for rule in before], verdicts, facts)
                late = tuple(rule for rule in before if known[rule].state != "granted")
                known[need.rule] = _after(found, late)
    return tuple(known[rule] for rule in open_)


def _after(found: Judged, late: tuple[str, ...]) -> Judged:
    """Let a need wait for those that it comes after."""
    if not late or found.state not in ("granted", "waiting"):
        return replace(found, late=late)
    return replace(found, state="waiting", why=f"after {', '.join(late)}", late=late)


def _judge(
    need: Need, before: Sequence[Need], verdicts: Sequence[Verdict], facts: Mapping[str, str]
) -> Judged:
    """Judge a need by what each person said to its rule, once those before it were approved."""
    holding, whys = list[str](), list[str]()
    for person in need.by:
        own = [n for n, v in enumerate(verdicts) if v.rule == need.rule and v.person == person]
        refused = max((n for n in own if not verdicts[n].granted), default=-1)
        if own and refused == own[-1] and _still(need, verdicts[refused], facts):
            return Judged(need=need, state="rejected", by=(person,), why=verdicts[refused].reason)
        said = [
            _void(need, verdicts[n], facts) or _early(before, verdicts[:n])
            for n in own
            if n > refused
        ]
        if "" in said:
            holding.append(person)
        else:
            whys += said[-1:]
    if need.by and len(holding) >= need.least:
        return Judged(need=need, state="granted", by=tuple(holding))
    return Judged(
        need=need, state="void" if whys else "waiting", by=tuple(holding), why="".join(whys[:1])
    )


def _still(need: Need, refusal: Verdict, facts: Mapping[str, str]) -> bool:
    """Say whether a refusal still stands: until the terms are better, or for somebody else."""
    return refusal.facts == facts and not improved(need, refusal.figures)


def _void(need: Need, verdict: Verdict, facts: Mapping[str, str]) -> str:
    """Say why an approval does not count for what is offered now; nothing if it does."""
    other = [name for name in facts if verdict.facts.get(name) != facts[name]]
    if other:
        name = other[0]
        return f"{name} was {verdict.facts.get(name, 'not known')}, is {facts[name]}"
    return "; ".join(worsened(need, verdict.figures)[:TOLD])


def _early(before: Sequence[Need], earlier: Sequence[Verdict]) -> str:
    """Say which rule had to be approved before; nothing if all were."""
    for need in before:
        people = {v.person for v in earlier if v.rule == need.rule and v.granted}
        if len(people & set(need.by)) < need.least:
            return f"it came before {need.rule}"
    return ""


def approval_of(found: Iterable[Judged]) -> Approval:
    """Say how approvals stand in all: none needed, all granted, or waiting for somebody."""
    states = {one.state for one in found}
    if not states:
        return ""
    return "granted" if states == {"granted"} else "waiting"
