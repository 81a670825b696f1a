"""The steps that made an amount, written out for people."""

from collections.abc import Sequence
from decimal import Decimal

from q2c.core.money import grouped
from q2c.core.trace import Step


def steps_told(steps: Sequence[Step], indent: str = "  ") -> list[str]:
    """Write each step on a line: the rule, the figure before and after, where it stands."""
    return [f"{indent}{_told(step)}" for step in steps]


def _told(step: Step) -> str:
    moved = step.before != step.after
    figures = f"   {_figure(step.before)} → {_figure(step.after)}" if moved else ""
    commit = f" @ {step.commit[:12]}" if step.commit else ""
    source = f"   {step.source}{commit}" if step.source else ""
    return f"{step.rule}{figures}{source}"


def _figure(number: Decimal) -> str:
    """Write a figure with at least two decimals, as amounts are."""
    shown = max(2, -int(number.normalize().as_tuple().exponent))
    return grouped(round(number, shown))
