"""Otherwise: what a quote would come to with what the customer may take and does not count now."""

from collections.abc import Mapping

from msgspec.structs import replace

from q2c.core.money import Money, total
from q2c.core.quote.choice import chosen_in, groups_of
from q2c.core.quote.lines import Line, Priced
from q2c.core.quote.selection import Selection
from q2c.core.quote.whole import percented, taken_off


def differences(quote: Priced) -> dict[str, Money]:
    """Say by how much the net would change with each alternative and each optional line.

    An alternative is taken instead of what counts in its group, an optional line besides what
    it belongs to. Percentages of other lines and what comes off the whole follow. The answer
    stands at the id of the first line that it is about.
    """
    first = {group: next(iter(choices)) for group, choices in groups_of(quote).items()}
    standing = {**first, **chosen_in(quote)}
    found: dict[object, tuple[str, Money]] = {}
    for line in quote.lines:
        key = line.part if line.optional else (line.group, line.choice)
        if not line.counts and key not in found:
            found[key] = (line.id, _difference(quote, line, standing))
    return dict(found.values())


def _difference(quote: Priced, line: Line, standing: Mapping[str, str]) -> Money:
    chosen = {**standing, line.group: line.choice} if line.group else standing
    if not line.optional:
        return _net(quote, Selection(chosen)) - quote.net
    taken = Selection(chosen, frozenset({line.part}))
    return _net(quote, taken) - _net(quote, Selection(chosen))


def _net(quote: Priced, selection: Selection) -> Money:
    marked = [replace(line, counts=selection.counts(line, line.part)) for line in quote.lines]
    lines = [line for line in percented(marked) if line.counts]
    return total((line.net for line in taken_off(lines, quote.reduced)), quote.currency)
