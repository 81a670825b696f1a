"""The price waterfall of a quote written out: each line stage by stage, and all lines together."""

from collections.abc import Iterator, Sequence

from q2c.commands.steps import STAGE, effect_told, steps_told
from q2c.commands.visible import WIDE, padded, width, wrapped
from q2c.core.money import grouped
from q2c.core.quote import Line, Priced
from q2c.core.quote.waterfall import levels
from q2c.core.trace import Step

COLUMNS = ("line", "name", "stage", "rule", "before", "after", "source", "commit")
ALL = "all"


def explained(quote: Priced, only: Sequence[Line]) -> Iterator[str]:
    """Say of lines how each came about; where it is all of them, also what the stages come to."""
    for line in only:
        aside = "" if line.counts else "   not in the total"
        yield f"{line.id}  {line.name}   {line.net}{aside}"
        yield from steps_told(line.steps, "   ")
    yield from _taxed(only)
    if len(only) == len(quote.lines):
        yield f"{ALL}  what counts, by stage"
        yield from _stages(quote)


def _taxed(lines: Sequence[Line]) -> Iterator[str]:
    """Say how lines are taxed, those that are taxed alike together."""
    alike: dict[tuple[Step, ...], list[str]] = {}
    for line in lines:
        alike.setdefault(line.treatment.steps, []).append(line.id)
    for steps, ids in alike.items():
        yield from wrapped(f"VAT of {', '.join(ids)}", WIDE)
        yield from steps_told(steps, "   ")


def _stages(quote: Priced) -> Iterator[str]:
    found = levels(quote.counted)
    steps = [Step("", "", one.before, one.after, stage=one.stage) for one in found]
    rows = [(step.stage, effect_told(step)) for step in steps]
    rows += [("=", grouped(quote.priced.amount))]
    room = max(width(said) for _, said in rows)
    for name, said in rows:
        yield f"   {padded(name, STAGE)}  {padded(said, room, right=True)}"


def waterfall_rows(quote: Priced, only: Sequence[Line]) -> list[dict[str, object]]:
    """Give each step of each line by name, then the stages of all lines that count together."""
    rows = [
        {"line": line.id, "name": line.name, **_fields(step)}
        for line in only
        for step in line.steps
    ]
    if len(only) == len(quote.lines):
        for one in levels(quote.counted):
            step = Step("", "", one.before, one.after, stage=one.stage)
            rows.append({"line": ALL, "name": "", **_fields(step)})
    return rows


def _fields(step: Step) -> dict[str, object]:
    return {name: getattr(step, name) for name in COLUMNS[2:]}
