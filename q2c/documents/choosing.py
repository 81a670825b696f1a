"""What the customer chooses: alternatives, what can be added, and the boxes to tick."""

from collections.abc import Iterator

from q2c.core.money import Money
from q2c.core.quote import Priced
from q2c.documents.discounts import signed
from q2c.documents.language import Language, number, unit
from q2c.documents.offered import addable_table, choices_table, style_of
from q2c.documents.outline import Choice, Item, addable, groups_of
from q2c.documents.sheet import Boxes, Fact, Table


def choice_blocks(
    lang: Language, quote: Priced, changes: dict[str, Money], *, several: bool
) -> Iterator[Table]:
    """Write the alternatives of each group as a block, then what can be added."""
    groups = groups_of(quote)
    for at, choices in enumerate(groups, start=1):
        lines = [line for one in choices for line in one.all]
        style = style_of(lang, lines, quote.currency, several=several, choosing=True)
        yield choices_table(style, choices, changes, _title(lang, at, len(groups)))
    if items := addable(quote):
        lines = [line for item in items for line in item.all]
        yield addable_table(style_of(lang, lines, quote.currency, several=several), items)


def boxes_of(lang: Language, quote: Priced, changes: dict[str, Money]) -> Iterator[Boxes]:
    """Give a box for each alternative, and one for all that can be added."""
    groups, head = groups_of(quote), lang.say("column_difference")
    for at, choices in enumerate(groups, start=1):
        title = _title(lang, at, len(groups))
        yield Boxes(title, head, tuple(_box(lang, one, changes) for one in choices))
    if items := addable(quote):
        facts = (Fact(_called(lang, item), signed(lang, changes[item.first.id])) for item in items)
        yield Boxes(lang.say("addable"), head, tuple(facts))


def _called(lang: Language, item: Item) -> str:
    """Name what can be added, with how much of it where that is more than one."""
    first = item.first
    if first.bundle or item.ramp or first.percent_of or first.quantity in {0, 1}:
        return item.name
    return f"{item.name}, {number(lang, first.quantity)} {unit(lang, first.unit, first.quantity)}"


def _box(lang: Language, choice: Choice, changes: dict[str, Money]) -> Fact:
    told = lang.say("included") if choice.counts else signed(lang, changes[choice.id])
    return Fact(choice.label, told)


def _title(lang: Language, at: int, many: int) -> str:
    if many == 1:
        return lang.say("alternatives")
    return lang.say("alternatives_number", number=str(at))
