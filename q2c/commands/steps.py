"""The steps that made an amount, written out for people."""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from q2c.commands.visible import WIDE, padded, width, wrapped
from q2c.core.money import grouped
from q2c.core.trace import Step

STAGE = len("contracted")  # the longest


def steps_told(steps: Sequence[Step], indent: str = "  ", moved: Collection[str] = ()) -> list[str]:
    """Write out each step, what it does and where it stands, on lines of a terminal's width.

    A step of the price waterfall begins with its stage and what it adds or takes off; of any other
    the figure before and after is told. `moved` are places that read otherwise today.
    """
    effects = {n: effect_told(step) for n, step in enumerate(steps) if step.stage}
    room = max(map(width, effects.values()), default=0)
    lines: list[str] = []
    for number, step in enumerate(steps):
        place = _place(step, moved)
        if step.stage:
            head = (
                f"{indent}{padded(step.stage, STAGE)}  {padded(effects[number], room, right=True)}"
            )
            lines += _set(f"{head}  ", step.rule, place)
        else:
            lines += _set(indent, f"{step.rule}{_moved(step)}", place)
    return lines


def effect_told(step: Step) -> str:
    """Write what a step makes of nothing, adds or takes off."""
    effect = figure(step.after - step.before)
    return effect if not step.before or step.after < step.before else f"+{effect}"


def figure(number: Decimal) -> str:
    """Write a figure with at least two decimals, as amounts are."""
    shown = max(2, -int(number.normalize().as_tuple().exponent))
    return grouped(round(number, shown))


def _moved(step: Step) -> str:
    return f"   {figure(step.before)} → {figure(step.after)}" if step.before != step.after else ""


def _place(step: Step, moved: Collection[str]) -> str:
    commit = f" @ {step.commit[:12]}" if step.commit else ""
    since = " (moved on since)" if step.source in moved else ""
    return f"{step.source}{commit}{since}"


def _set(head: str, rule: str, place: str) -> Iterator[str]:
    """Set a rule and its place beside a head, on one line where they fit."""
    margin = " " * width(head)
    whole = f"{rule}   {place}" if place else rule
    if width(head) + width(whole) <= WIDE:
        yield f"{head}{whole}"
        return
    first, *rest = wrapped(rule, WIDE - width(head))
    yield f"{head}{first}"
    for line in [*rest, *([place] if place else [])]:
        yield f"{margin}{line}"
