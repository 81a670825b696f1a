"""Ruling: what the catalogue's rules say of a selection - added, refused, remarked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.catalog import Choice, Rule
from q2c.core.fault import Fault
from q2c.core.money import EXACT, added
from q2c.core.party import spoken
from q2c.core.quote.lines import Alert

Found = Mapping[str, Decimal]
ZERO = Decimal(0)


class Present(Struct, frozen=True):
    """One thing on a quote, as rules see it: its names (product, family, bundle), how many."""

    names: tuple[str, ...]
    quantity: Decimal


class Added(Struct, frozen=True):
    """A line that a rule puts on a quote."""

    rule: Rule
    choice: Choice
    quantity: Decimal


def counted(things: Iterable[Present]) -> dict[str, Decimal]:
    """Add quantities up by name."""
    found: dict[str, Decimal] = {}
    for thing in things:
        for name in filter(None, thing.names):
            found[name] = EXACT.add(found.get(name, ZERO), thing.quantity)
    return found


def holds(rule: Rule, found: Found, segment: str) -> bool:
    """Say whether a rule is about what is there, for a customer of that segment."""
    when = rule.when
    return (
        all(id_ in found for id_ in when.has)
        and (not when.any or any(id_ in found for id_ in when.any))
        and not any(id_ in found for id_ in when.lacks)
        and all(found.get(id_, ZERO) >= least for id_, least in when.at_least.items())
        and all(found.get(id_, ZERO) <= most for id_, most in when.at_most.items())
        and (not when.segments or segment in when.segments)
    )


def additions(rules: Sequence[Rule], found: Found, segment: str) -> list[Added]:
    """Say what the rules add to what is there, in their order, until nothing more is added.

    What scales is added for each unit of what the rule looks for, else once. A product that is
    there already is not added again.
    """
    there, added = dict(found), list[Added]()
    grew = True
    while grew:
        grew = False
        for rule in rules:
            for choice in rule.add:
                if choice.product not in there and holds(rule, there, segment):
                    quantity = _scaled(rule, choice, there)
                    added.append(Added(rule, choice, quantity))
                    there[choice.product] = quantity
                    grew = True
    return added


def _scaled(rule: Rule, choice: Choice, found: Found) -> Decimal:
    names = (*rule.when.has, *rule.when.any, *rule.when.at_least)
    units = added(found.get(name, ZERO) for name in dict.fromkeys(names))
    return EXACT.multiply(choice.quantity, units) if choice.scales and units else choice.quantity


def broken(rules: Sequence[Rule], found: Found, segment: str, language: str) -> Iterator[Fault]:
    """Say which rules are broken, each in its author's words."""
    for rule in rules:
        if not holds(rule, found, segment):
            continue
        wants = [id_ for id_ in rule.require if id_ not in found]
        some = rule.require_any and not any(id_ in found for id_ in rule.require_any)
        wrong = [id_ for id_ in rule.exclude if id_ in found]
        said = spoken(rule.say, language)
        if wants or some:
            missing = ", ".join(wants) or " or ".join(rule.require_any)
            yield Fault("rule-requires", said, remedy=f"Add {missing} ({_whose(rule)}).")
        if wrong:
            remedy = f"Take {', '.join(wrong)} away ({_whose(rule)})."
            yield Fault("rule-excludes", said, remedy=remedy)


def _whose(rule: Rule) -> str:
    return f"rule {rule.id}, {rule.source()}" if rule.file else f"rule {rule.id}"


def alerts(rules: Sequence[Rule], found: Found, segment: str, language: str) -> tuple[Alert, ...]:
    """Give what rules say that only speak."""
    speaking = (rule for rule in rules if rule.alerts and holds(rule, found, segment))
    return tuple(Alert(rule.id, spoken(rule.say, language)) for rule in speaking)


def touching(rules: Sequence[Rule], names: Iterable[str]) -> tuple[Rule, ...]:
    """Give the rules that name something of what is offered, without their places."""
    offered = set(names)
    found = (rule for rule in rules if offered & set(_named(rule)))
    anyone = {rule.id: replace(rule.when, segments=()) for rule in rules}
    return tuple(replace(rule, file="", places="", when=anyone[rule.id]) for rule in found)


def _named(rule: Rule) -> Iterator[str]:
    when = rule.when
    yield from (*when.has, *when.any, *when.lacks, *when.at_least, *when.at_most)
    yield from (*rule.require, *rule.require_any, *rule.exclude)
