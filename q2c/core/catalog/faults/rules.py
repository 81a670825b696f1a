"""Everything that can be wrong with the rules of configuration."""

from collections.abc import Iterator, Mapping

from q2c.core.catalog.faults.figures import Known, choice_faults
from q2c.core.catalog.products import LARGEST_QUANTITY
from q2c.core.catalog.rules import Rule, When
from q2c.core.fault import Fault, nearest


def rule_faults(rule: Rule, known: Known) -> Iterator[Fault]:
    """Say everything that is wrong with a rule."""
    for path, id_ in _named(rule):
        if id_ not in known:
            message = f"There is no product, bundle or family '{id_}'."
            yield rule.fault("unknown-product", message, path, nearest(id_, known))
    for number, choice in enumerate(rule.add):
        yield from choice_faults(rule, f"add.{number}", choice, known)
    for name in ("at_least", "at_most"):
        yield from _bound_faults(rule, name)
    yield from _never_faults(rule)
    yield from _contrary_faults(rule)
    yield from _idle_faults(rule)


def _named(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield each name in a rule, with where it stands."""
    when = rule.when
    listed = {
        **{f"when.{name}": getattr(when, name) for name in ("has", "any", "lacks")},
        **{name: getattr(rule, name) for name in ("require", "require_any", "exclude")},
    }
    for path, ids in listed.items():
        yield from ((f"{path}.{number}", id_) for number, id_ in enumerate(ids))
    for name in ("at_least", "at_most"):
        yield from ((f"when.{name}.{id_}", id_) for id_ in getattr(when, name))


def _bound_faults(rule: Rule, name: str) -> Iterator[Fault]:
    bounds: Mapping[str, object] = getattr(rule.when, name)
    for id_, bound in bounds.items():
        if not 0 <= bound < LARGEST_QUANTITY:  # type: ignore[operator]  # both maps hold decimals
            message = f"A bound is from 0 to below {LARGEST_QUANTITY:,}."
            path = f"when.{name}.{id_}"
            yield rule.fault("bad-quantity", message, path, "Write how many units are meant.")


def _never_faults(rule: Rule) -> Iterator[Fault]:
    """Say that what a rule looks for contradicts itself, if it does."""
    if clash := next(_contradictions(rule.when), ""):
        message = f"The rule can never hold: {clash}."
        yield rule.fault("rule-never", message, "when", "Say what it looks for otherwise.")


def _contradictions(when: When) -> Iterator[str]:
    for id_ in when.has:
        if id_ in when.lacks:
            yield f"'{id_}' would be there and not be there"
    if when.any and set(when.any) <= set(when.lacks):
        yield "all of 'any' would not be there"
    for id_, least in when.at_least.items():
        if least > when.at_most.get(id_, least):
            yield f"'{id_}' would be at least {least:f} and at most {when.at_most[id_]:f}"
        if least > 0 and id_ in when.lacks:
            yield f"'{id_}' would be at least {least:f} and not be there"


def _contrary_faults(rule: Rule) -> Iterator[Fault]:
    """Say what a rule wants and forbids at once."""
    wanted = {*rule.require, *(choice.product for choice in rule.add)}
    if rule.require_any and set(rule.require_any) <= set(rule.exclude):
        wanted |= set(rule.require_any)
    for number, id_ in enumerate(rule.exclude):
        if id_ in wanted or id_ in rule.when.has:
            what = "wanted" if id_ in wanted else "looked for"
            message = f"'{id_}' is {what} and excluded by the same rule."
            remedy = "Take it out of one of the two."
            yield rule.fault("rule-contrary", message, f"exclude.{number}", remedy)


def _idle_faults(rule: Rule) -> Iterator[Fault]:
    """Say which parts of a rule change nothing, because what they look for says it already."""
    there, gone = set(rule.when.has), set(rule.when.lacks)
    idle = [
        *((f"require.{n}", id_) for n, id_ in enumerate(rule.require) if id_ in there),
        *((f"require_any.{n}", id_) for n, id_ in enumerate(rule.require_any) if id_ in there),
        *((f"add.{n}", one.product) for n, one in enumerate(rule.add) if one.product in there),
        *((f"exclude.{n}", id_) for n, id_ in enumerate(rule.exclude) if id_ in gone),
    ]
    for path, id_ in idle:
        message = f"The rule does nothing about '{id_}': it holds only where that is so already."
        yield rule.fault("rule-idle", message, path, "Take it away, or look for something else.")
