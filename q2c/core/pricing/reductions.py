"""Reductions: what comes off a price, in the one order that is documented."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.catalog import Policy
from q2c.core.money import EXACT, added

StageName = Literal["schedule", "promotion", "manual"]
STAGES: tuple[StageName, ...] = ("schedule", "promotion", "manual")
ZERO, PER_CENT = Decimal(0), Decimal("0.01")


class Reduction(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What comes off a line: per cent of its price, or an amount in each billing period.

    An amount is for the line, or `per_unit`; below 0 it is a surcharge. `periods` is how many
    billing periods of what recurs it lasts for, all if it does not say. `added` percentages are
    of the price before the first of their stage, not of what was left. `slices` are so many units
    at so many per cent each; together they are a percentage of the whole. `reached` says for a step
    which band of a schedule it is; the name alone is in the customer's language.
    """

    stage: StageName
    id: str = ""
    name: str = ""
    percent: Decimal = ZERO
    amount: Decimal = ZERO
    per_unit: bool = False
    periods: int | None = None
    exclusive: bool = False
    added: bool = False
    slices: tuple[tuple[Decimal, Decimal], ...] = ()
    reached: str = ""
    source: str = ""


def reduced(
    amount: Decimal, base: Decimal, reduction: Reduction, quantity: Decimal, times: Decimal | int
) -> Decimal:
    """Take a reduction off an amount, exactly; what is left is never below nothing.

    `base` is what the stage began its percentages with.
    """
    if reduction.percent:
        of = base if reduction.added else amount
        off = EXACT.multiply(of, EXACT.multiply(reduction.percent, PER_CENT))
        left = EXACT.subtract(amount, off)
    elif reduction.slices:
        left = EXACT.subtract(
            amount, _sliced(base if reduction.added else amount, reduction.slices)
        )
    else:
        off = EXACT.multiply(reduction.amount, times)
        left = EXACT.subtract(amount, EXACT.multiply(off, quantity) if reduction.per_unit else off)
    return max(left, ZERO) if amount >= ZERO else left


def _sliced(amount: Decimal, slices: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    units = added(units for units, _ in slices)
    weighed = added(EXACT.multiply(units, percent) for units, percent in slices)
    return EXACT.divide(EXACT.multiply(amount, weighed), EXACT.multiply(units, 100))


def arranged(
    found: Iterable[Reduction],
    policy: Policy,
    gross: Decimal,
    quantity: Decimal,
    times: Decimal | int,
) -> tuple[Reduction, ...]:
    """Put reductions in their order: schedule, promotion, manual; in each, as the policy has it.

    With `stacking: best` only that of the schedules and promotions is kept which leaves least.
    An exclusive promotion takes the place of all others where it leaves less than they do.
    Of equal ones the first written is kept.
    """
    ordered = [
        one for stage in STAGES for one in _stage([r for r in found if r.stage == stage], policy)
    ]
    own = [one for one in ordered if one.stage == "manual"]
    given = [one for one in ordered if one.stage != "manual"]

    def left(some: Sequence[Reduction]) -> Decimal:
        return run(gross, some, quantity, times)[-1] if some else gross

    together = [one for one in given if not one.exclusive]
    alone = [[one] for one in given if one.exclusive]
    if policy.stacking == "best":
        alone, together = [[one] for one in given], []
    return (*min([together, *alone] if together or not alone else alone, key=left), *own)


def run(
    amount: Decimal, reductions: Iterable[Reduction], quantity: Decimal, times: Decimal | int
) -> list[Decimal]:
    """Take reductions off one after another; give what is left after each."""
    left, base, stage, of = [], amount, "", False
    for one in reductions:
        if one.stage != stage or (one.added and not of):
            base, stage, of = amount, one.stage, one.added
        amount = reduced(amount, base, one, quantity, times)
        left.append(amount)
    return left


def _stage(found: list[Reduction], policy: Policy) -> list[Reduction]:
    if policy.percentages == "sum":
        found = [replace(one, added=True) if rated(one) else one for one in found]
    if policy.order == "as-written":
        return found
    first = policy.order == "percentages-first"
    return sorted(found, key=lambda one: rated(one) != first)


def rated(one: Reduction) -> bool:
    """Say whether it is a percentage, and not an amount."""
    return bool(one.percent or one.slices)
