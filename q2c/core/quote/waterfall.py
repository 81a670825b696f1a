"""The waterfall of a quote: what each stage, and each reduction of the whole, does to its net."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from msgspec import Struct

from q2c.core.money import EXACT, Money, total
from q2c.core.quote.lines import Line, Reduced
from q2c.core.quote.whole import over_told
from q2c.core.trace import Step

# As lines are worked out; a part of a bundle is rounded before it gets its share, here with the
# other roundings at the end.
STAGES = (
    *("list", "contracted", "model", "bundle", "schedule", "promotion", "manual", "quote", "net"),
)
ZERO = Decimal(0)


class Level(Struct, frozen=True):
    """A stage of the waterfall: what lines cost together before it, and after it."""

    stage: str
    before: Decimal
    after: Decimal

    @property
    def effect(self) -> Decimal:
        """What the stage adds; below 0 it takes off."""
        return EXACT.subtract(self.after, self.before)


def levels(lines: Iterable[Line]) -> list[Level]:
    """Add up what the steps of lines do, stage by stage: from nothing to the sum of their nets.

    Stages that no line has are left out.
    """
    effects: dict[str, Decimal] = {}
    for line in lines:
        for step in line.steps:
            effect = EXACT.subtract(step.after, step.before)
            effects[step.stage] = EXACT.add(effects.get(step.stage, ZERO), effect)
    return list(_running(effects))


def _running(effects: dict[str, Decimal]) -> Iterator[Level]:
    before = ZERO
    for stage in sorted(effects, key=STAGES.index):
        after = EXACT.add(before, effects[stage])
        yield Level(stage, before, after)
        before = after


def over_all_steps(lines: Iterable[Line], reduced: Sequence[Reduced], currency: str) -> list[Step]:
    """Say what each reduction of the whole took off the lines that count, in their order."""
    counted = [line for line in lines if line.counts]
    effects, commits = [ZERO] * len(reduced), [""] * len(reduced)
    for line in counted:
        for place, step in _matched(line, reduced):
            effects[place] = EXACT.add(effects[place], EXACT.subtract(step.after, step.before))
            commits[place] = commits[place] or step.commit
    found, before = [], own_sum(counted, currency).amount
    for one, effect, commit in zip(reduced, effects, commits, strict=True):
        after = EXACT.add(before, effect)
        found.append(Step(over_told(one), one.source, before, after, commit, "quote"))
        before = after
    return found


def own_sum(lines: Iterable[Line], currency: str) -> Money:
    """Add up what the lines that count cost before anything comes off the whole quote."""
    return total((line.own for line in lines if line.counts), currency)


def _matched(line: Line, reduced: Iterable[Reduced]) -> Iterator[tuple[int, Step]]:
    """Find the reduction that each step of a line is of: they come in the same order.

    One that takes nothing has no step. Words do not matter: they may be another program's.
    """
    steps = [step for step in line.steps if step.stage == "quote"]
    for place, one in enumerate(reduced):
        nothing = not one.percent and not (one.amount and one.amount.minor)
        if steps and not nothing and one.covers(line) and steps[0].source == one.source:
            yield place, steps.pop(0)
