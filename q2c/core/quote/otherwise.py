"""Otherwise: what a quote would come to with what the customer may take and does not count now."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from msgspec.structs import replace

from q2c.core.money import Money, total, zero
from q2c.core.quote.choice import chosen_in, groups_of
from q2c.core.quote.lines import Line, Priced
from q2c.core.quote.selection import Selection
from q2c.core.quote.whole import percented, taken_off

# What a quote comes to under a selection.
Net: TypeAlias = Callable[[Selection], Money]


def differences(quote: Priced) -> dict[str, Money]:
    """Say by how much the net would change with each alternative and each optional line.

    An alternative is taken instead of what counts in its group, an optional line besides what
    it belongs to. Percentages of other lines and what comes off the whole follow. The answer
    stands at the id of the first line that it is about.
    """
    first = {group: next(iter(choices)) for group, choices in groups_of(quote).items()}
    standing = {**first, **chosen_in(quote)}
    net = _summed(quote) if _by_sums(quote) else _priced_anew(quote)
    found: dict[object, tuple[str, Money]] = {}
    for line in quote.lines:
        key = line.part if line.optional else (line.group, line.choice)
        if not line.counts and key not in found:
            found[key] = (line.id, _difference(quote, line, standing, net))
    return dict(found.values())


def _difference(quote: Priced, line: Line, standing: Mapping[str, str], net: Net) -> Money:
    chosen = {**standing, line.group: line.choice} if line.group else standing
    if not line.optional:
        return net(Selection(chosen)) - quote.priced
    taken = Selection(chosen, frozenset({line.part}))
    return net(taken) - net(Selection(chosen))


def _priced_anew(quote: Priced) -> Net:
    """Work the whole quote out anew for each selection."""
    scoped = any(one.scope for one in quote.reduced)

    def net(selection: Selection) -> Money:
        lines = [line for line in percented(_marked(quote, selection)) if line.counts]
        if not scoped:
            return _left(quote, total((line.own for line in lines), quote.currency))
        return total((line.net for line in taken_off(lines, quote.reduced)), quote.currency)

    return net


def _marked(quote: Priced, selection: Selection) -> list[Line]:
    """Mark which lines count; most count as they do already."""
    counts = [selection.counts(line, line.part) for line in quote.lines]
    return [
        line if line.counts == there else replace(line, counts=there)
        for line, there in zip(quote.lines, counts, strict=True)
    ]


def _left(quote: Priced, own: Money) -> Money:
    """Say what is left of a sum of lines after what comes off all of them."""
    [whole] = taken_off((replace(quote.lines[0], own=own, counts=True),), quote.reduced)
    return whole.net


def _by_sums(quote: Priced) -> bool:
    """Say whether the net follows from the sum of the lines alone, whichever they are."""
    scoped = any(one.scope for one in quote.reduced)
    return not scoped and not any(line.percent_of for line in quote.lines)


def _summed(quote: Priced) -> Net:
    """Add lines up once, by what is chosen together, so that a selection costs no more for many."""
    always = zero(quote.currency)
    choices: dict[tuple[str, str], Money] = {}
    parts: dict[int, Money] = {}
    for line in quote.lines:
        if line.optional:
            parts[line.part] = parts.get(line.part, zero(quote.currency)) + line.own
        elif line.group:
            key = line.group, line.choice
            choices[key] = choices.get(key, zero(quote.currency)) + line.own
        else:
            always += line.own

    def net(selection: Selection) -> Money:
        chosen = (choices[key] for key in selection.choices.items() if key in choices)
        taken = (parts[part] for part in selection.optional if part in parts)
        return _left(quote, total([always, *chosen, *taken], quote.currency))

    return net
