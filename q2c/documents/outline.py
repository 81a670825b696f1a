"""The outline of an offer: which lines stand together, and below which heading."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from q2c.core.money import Money, total
from q2c.core.period import ONE_DAY
from q2c.core.quote import Line, Priced


class Item(Struct, frozen=True):
    """What is sold in one piece: a line, a bundle's parts or a ramp's segments, and its options."""

    lines: tuple[Line, ...]
    options: tuple["Item", ...] = ()

    @property
    def first(self) -> Line:
        """The line that speaks for all of them."""
        return self.lines[0]

    @property
    def ramp(self) -> bool:
        """Say whether its lines are what one thing costs on days that follow each other."""
        return len(self.lines) > 1 and not self.first.bundle

    @property
    def free(self) -> bool:
        """Say whether it has no price at all, rather than one that was taken off."""
        return not any(line.gross.minor or line.own.minor for line in self.all)

    @property
    def name(self) -> str:
        """What the customer calls it."""
        return self.first.bundle_name or self.first.name

    @property
    def all(self) -> tuple[Line, ...]:
        """Its lines and those of its options."""
        return (*self.lines, *(line for option in self.options for line in option.all))

    @property
    def own(self) -> Money:
        """What it costs with its options, before what comes off the whole quote."""
        return total((line.own for line in self.all), self.first.own.currency)


class Choice(Struct, frozen=True, kw_only=True):
    """One of several alternatives: what the customer reads, and whether it is the one counted."""

    id: str
    label: str
    items: tuple[Item, ...]
    counts: bool

    @property
    def all(self) -> tuple[Line, ...]:
        """The lines of everything in it."""
        return tuple(line for item in self.items for line in item.all)

    @property
    def own(self) -> Money:
        """What it costs, before what comes off the whole quote."""
        return total((line.own for line in self.all), self.items[0].first.own.currency)


def items_of(lines: Iterable[Line]) -> list[Item]:
    """Put lines together: segments of a ramp, parts of a bundle, options below what has them."""
    items: list[Item] = []
    for run in _runs(lines):
        last = items[-1] if items else None
        if last and run[0].parent and run[0].part == last.first.part:
            items[-1] = Item(last.lines, (*last.options, Item(tuple(run))))
        else:
            items.append(Item(tuple(run)))
    return items


def _runs(lines: Iterable[Line]) -> list[list[Line]]:
    runs: list[list[Line]] = []
    for line in lines:
        if runs and _goes_on(runs[-1][-1], line):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _goes_on(before: Line, line: Line) -> bool:
    """Say whether a line is the next part of a bundle, or what the same costs from there on."""
    if line.bundle or before.bundle:
        return (before.part, before.bundle) == (line.part, line.bundle)
    same = (before.part, before.product, before.parent) == (line.part, line.product, line.parent)
    one, other = before.service, line.service
    return same and bool(one and other and one.last + ONE_DAY == other.first)


def sections_of(items: Iterable[Item]) -> list[tuple[str, list[Item]]]:
    """Gather what stands in the same section, in the order in which the sections come first."""
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.first.section, []).append(item)
    return list(found.items())


def groups_of(quote: Priced) -> list[list[Choice]]:
    """Give the choices of each group that has more than one, without optional lines in them."""
    found: dict[str, dict[str, list[Line]]] = {}
    for line in quote.lines:
        if line.group and not line.optional:
            found.setdefault(line.group, {}).setdefault(line.choice, []).append(line)
    return [
        [_choice(lines) for lines in choices.values()]
        for choices in found.values()
        if len(choices) > 1
    ]


def _choice(lines: Sequence[Line]) -> Choice:
    first = lines[0]
    return Choice(
        id=first.id,
        label=first.label or first.bundle_name or first.name,
        items=tuple(items_of(lines)),
        counts=first.counts,
    )


def addable(quote: Priced) -> list[Item]:
    """Give what the customer may add: the optional lines that are not in the total."""
    return items_of(line for line in quote.lines if line.optional and not line.counts)
