"""Selection: which alternatives and optional lines count, before and when the customer chooses."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from q2c.core.fault import Fault, Invalid, nearest
from q2c.core.quote.draft import Draft, DraftLine
from q2c.core.quote.lines import Line


class Selection(Struct, frozen=True):
    """A choice for each group, and the optional lines that are taken, by their part."""

    choices: Mapping[str, str] = {}
    optional: frozenset[int] = frozenset()

    def counts(self, line: DraftLine | Line, part: int) -> bool:
        """Say whether a line is part of what is sold."""
        if line.group and self.choices.get(line.group) != line.choice:
            return False
        return not line.optional or part in self.optional

    def having(self, group: str, choice: str) -> "Selection":
        """Give the same with another choice of a group."""
        return Selection({**self.choices, group: choice}, self.optional)

    def with_optional(self, line: DraftLine, part: int) -> "Selection":
        """Give the same with an optional line taken, and the choice that it is a part of."""
        choices = {line.group: line.choice} if line.group and line.choice else {}
        return Selection({**self.choices, **choices}, self.optional | {part})


def chosen_of(draft: Draft) -> Selection:
    """Give what counts in a draft: of each group the choice it names, else the first.

    Refuses a group without a choice in it, a choice outside a group, and a choice named for a
    group that does not have it.
    """
    groups = groups_in(draft)
    faults = [*_line_faults(draft)]
    for group, choice in draft.choices.items():
        path = f"choices.{group}"
        if group not in groups:
            message, remedy = f"There is no group '{group}'.", nearest(group, groups)
            faults.append(draft.fault("unknown-choice", message, path, remedy))
        elif choice not in groups[group]:
            message = f"'{group}' has no choice '{choice}'."
            faults.append(
                draft.fault("unknown-choice", message, path, nearest(choice, groups[group]))
            )
    if faults:
        raise Invalid(*faults)
    first = {group: choices[0] for group, choices in groups.items()}
    return Selection({**first, **draft.choices})


def groups_in(draft: Draft) -> dict[str, list[str]]:
    """Give the choices of each group, in the order they are written in."""
    groups: dict[str, list[str]] = {}
    for line in draft.lines:
        if line.group and line.choice and line.choice not in groups.setdefault(line.group, []):
            groups[line.group].append(line.choice)
    return groups


def _line_faults(draft: Draft) -> Iterator[Fault]:
    for part, line in enumerate(draft.lines):
        if (line.group is None) != (line.choice is None):
            path = f"lines.{part}.{'group' if line.group else 'choice'}"
            message = "An alternative names its group and which choice of the group it is."
            yield draft.fault("group-choice", message, path, "Write group: … and choice: ….")


def selections(draft: Draft, base: Selection) -> Iterator[Selection]:
    """Give what the customer may choose: as it stands first, then each other choice by itself."""
    yield base
    for group, choices in groups_in(draft).items():
        for choice in choices:
            if choice != base.choices[group]:
                yield base.having(group, choice)
    for part, line in enumerate(draft.lines):
        if line.optional:
            yield base.with_optional(line, part)
