"""The waterfall of a quote: what each stage, and each reduction of the whole, does to its net."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from msgspec import Struct

from q2c.core.money import EXACT, Money, total
from q2c.core.quote.lines import Line, Priced, Reduced
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


def over_all_steps(quote: Priced) -> list[Step]:
    """Say what each reduction of the whole quote took off the lines that count, in their order."""
    effects, commits = [ZERO] * len(quote.reduced), [""] * len(quote.reduced)
    for line in quote.counted:
        for place, step in _matched(line.steps, quote.reduced):
            effects[place] = EXACT.add(effects[place], EXACT.subtract(step.after, step.before))
            commits[place] = commits[place] or step.commit
    found, before = [], own_sum(quote).amount
    for one, effect, commit in zip(quote.reduced, effects, commits, strict=True):
        after = EXACT.add(before, effect)
        found.append(Step(over_told(one), one.source, before, after, commit, "quote"))
        before = after
    return found


def own_sum(quote: Priced) -> Money:
    """Add up what the lines that count cost before anything comes off the whole quote."""
    return total((line.own for line in quote.counted), quote.currency)


def _matched(steps: Iterable[Step], reduced: Sequence[Reduced]) -> Iterator[tuple[int, Step]]:
    """Find the reduction that each step is of: they come in the same order."""
    place = 0
    for step in steps:
        if step.stage == "quote":
            while (over_told(reduced[place], part=True), reduced[place].source) != (
                step.rule,
                step.source,
            ):
                place += 1
            yield place, step
            place += 1
