"""The wizard's menu for one line: what it is, what comes off it, how it stands on the quote."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import typer
from msgspec.structs import replace

from q2c.commands.quotes.linewords import discount_word
from q2c.commands.wizard.asking import NOTHING, Back, chosen, typed
from q2c.commands.wizard.discount import approvals_told, ask_discount
from q2c.commands.wizard.line import ask_quantity, questions, settled, told
from q2c.commands.wizard.searching import Choice
from q2c.commands.wizard.talk import (
    Talk,
    asked_with,
    first_words,
    live,
    offer_for,
    regrouped,
    tried,
    with_line,
    without_line,
)
from q2c.commands.words import (
    read_day,
    read_free_word,
    read_name,
    read_note,
    read_number,
    read_trial_word,
)
from q2c.core.likeness import named
from q2c.core.party import spoken
from q2c.core.period import by_every
from q2c.core.quote import Discount, Draft, DraftLine, Offer, Priced

DONE, AWAY = "?done", "?away"
ALONE = "?alone"


def change_line(talk: Talk, draft: Draft, place: int, keep: Callable[[Draft], None]) -> Draft:
    """Let anything of a line be changed, as often as wanted; Esc leaves one question."""
    while True:
        name = f"{place + 1}. {talk.name(draft.lines[place])}"
        try:
            said = chosen(
                asked_with(talk, draft, name), list(_entries(talk, draft, place)), silent=True
            )
        except Back:
            return draft
        if said == DONE:
            return draft
        if said == AWAY:
            return without_line(draft, place)
        try:
            draft = QUESTIONS[said](talk, draft, place)
        except Back:
            continue
        keep(draft)


def _entries(talk: Talk, draft: Draft, place: int) -> Iterator[Choice]:
    line, offer = draft.lines[place], offer_for(talk, draft)
    yield Choice(DONE, "Go on")
    if not getattr(talk.item(line), "percent_of", None):
        yield Choice("quantity", "Quantity", f"{line.quantity:f} {talk.unit(line)}")
    if len(questions(talk, draft, place, offer)) > 1:
        yield Choice("answers", "Billing and options", _billed(talk, line))
    yield Choice("discount", "Discount", ", ".join(map(discount_word, line.discounts)))
    yield Choice("price", "Price by hand", "" if line.price is None else f"{line.price:f}")
    if getattr(talk.item(line), "every", None):
        yield Choice("ends", "Last day", str(line.ends or ""))
        yield Choice("trial", "Free trial", line.trial or "")
        yield Choice("free", "Free periods", line.free or "")
    yield Choice("optional", "Optional", "yes" if line.optional else "no")
    yield Choice("group", "Alternative", f"{line.group}: {line.choice}" if line.group else "")
    yield Choice("section", "Section", line.section or "")
    yield Choice("text", "Text", line.text)
    yield Choice(AWAY, "Take the line away")


def _billed(talk: Talk, line: DraftLine) -> str:
    """Say how often a line is billed, and its options by name."""
    products, language = talk.shop.shelf.catalog.products, talk.shop.company.language
    names = [spoken(products[id_].name, language) for id_ in line.options or ()]
    return ", ".join([*([by_every(line.every)] if line.every else []), *names])


def _discount(talk: Talk, draft: Draft, place: int) -> Draft:
    line = draft.lines[place]

    def put(one: Draft, discounts: tuple[Discount, ...]) -> Draft:
        return with_line(one, place, replace(one.lines[place], discounts=discounts))

    return ask_discount(
        talk, draft, talk.name(line), line.discounts, put, partial(told, talk, place)
    )


def _price(talk: Talk, draft: Draft, place: int) -> Draft:
    """Ask for a unit price that is set by hand."""
    line, offer = draft.lines[place], offer_for(talk, draft)

    def after(text: str) -> Draft:
        price = None if text == NOTHING else read_number(text)
        return with_line(draft, place, replace(line, price=price))

    def right(text: str) -> bool | str:
        try:
            _, faults = tried(after(text), offer) if text else (None, ())
        except typer.BadParameter as error:
            return error.message
        return first_words(faults) if faults else True

    def effect(one: Draft, quote: Priced | None, offer: Offer) -> Sequence[str]:
        return [*told(talk, place, one, quote, offer), *approvals_told(talk, quote)]

    question = f"Price of one {talk.unit(line)} in {offer.currency} ({NOTHING}: that of the list)"
    message = live(
        talk,
        draft,
        question,
        lambda text: after(text) if right(text) is True and text else None,
        effect,
    )
    said = typed(message, "" if line.price is None else f"{line.price:f}", right)
    return after(said) if said else draft


def _recurring(
    question: str, name: str, read: Callable[[str], object], talk: Talk, draft: Draft, place: int
) -> Draft:
    """Ask for a term of what recurs; what it makes of the line stands above the question."""
    line, offer = draft.lines[place], offer_for(talk, draft)

    def after(text: str) -> Draft:
        value = None if text == NOTHING else read(text)
        away = {"term": None} if name == "ends" and value else {}
        return with_line(draft, place, replace(line, **{name: value, **away}))

    def right(text: str) -> bool | str:
        try:
            _, faults = tried(after(text), offer) if text else (None, ())
        except typer.BadParameter as error:
            return error.message
        return first_words(faults) if faults else True

    def change(text: str) -> Draft | None:
        return after(text) if text and right(text) is True else None

    before = getattr(line, name)
    asked = f"{question} ({NOTHING}: as usual)"
    message = live(talk, draft, asked, change, partial(told, talk, place))
    said = typed(message, str(before or ""), right)
    return after(said) if said else draft


def _optional(talk: Talk, draft: Draft, place: int) -> Draft:
    """Turn a line into one that the customer may take besides, or back."""
    line = draft.lines[place]
    ways = [
        Choice("no", "Part of the offer"),
        Choice("yes", "Optional", "out of the total until the customer takes it"),
    ]
    usual = "yes" if line.optional else "no"
    said = chosen(asked_with(talk, draft, talk.name(line)), ways, usual)
    return with_line(draft, place, replace(line, optional=said == "yes"))


def _alternative(talk: Talk, draft: Draft, place: int) -> Draft:
    """Ask what a line is an alternative to; of those the customer takes one."""
    line = draft.lines[place]
    others = [
        Choice(str(other), f"Instead of {other + 1}. {talk.name(one)}")
        for other, one in enumerate(draft.lines)
        if other != place
    ]
    alone = Choice(ALONE, "No alternative: it stands by itself")
    said = chosen(asked_with(talk, draft, talk.name(line)), [*others, alone])
    lines = list(draft.lines)
    lines[place] = replace(line, group=None, choice=None, label=None)
    if said != ALONE:
        lines = _grouped(lines, place, int(said))
    return regrouped(replace(draft, lines=tuple(lines)))


def _grouped(lines: list[DraftLine], place: int, other: int) -> list[DraftLine]:
    """Put a line into the group of another, or both into a new one, each as its own choice."""
    result = list(lines)
    group = result[other].group
    if group is None:
        group = named("choice", {one.group for one in lines if one.group})
        result[other] = replace(result[other], group=group, choice=_id(result[other]))
    taken = {one.choice for one in result if one.group == group and one.choice}
    result[place] = replace(result[place], group=group, choice=named(_id(result[place]), taken))
    return result


def _id(line: DraftLine) -> str:
    return line.product or line.bundle or "choice"


def _text(
    question: str, name: str, read: Callable[[str], str], talk: Talk, draft: Draft, place: int
) -> Draft:
    """Ask for words that a line carries."""
    line = draft.lines[place]
    before = getattr(line, name) or ""

    def right(text: str) -> bool | str:
        try:
            return bool(read(text)) if text else True
        except typer.BadParameter as error:
            return error.message

    away = f" ({NOTHING}: none)" if before else ""
    said = typed(asked_with(talk, draft, f"{question}{away}"), before, right)
    none = None if name == "section" else ""
    value = none if said in ("", NOTHING) else read(said)
    return with_line(draft, place, replace(line, **{name: value}))


def _answers(talk: Talk, draft: Draft, place: int) -> Draft:
    return settled(talk, draft, place) or draft


def _quantity(talk: Talk, draft: Draft, place: int) -> Draft:
    return ask_quantity(talk, place, draft)


QUESTIONS: dict[str, Callable[[Talk, Draft, int], Draft]] = {
    "quantity": _quantity,
    "answers": _answers,
    "discount": _discount,
    "price": _price,
    "ends": partial(_recurring, "Last day", "ends", read_day),
    "trial": partial(
        _recurring, "Free before it is paid: 14 days, 1 month, 0", "trial", read_trial_word
    ),
    "free": partial(_recurring, "Free periods: 2, last 1, 0", "free", read_free_word),
    "optional": _optional,
    "group": _alternative,
    "section": partial(_text, "Section", "section", read_name),
    "text": partial(_text, "Text of the line", "text", read_note),
}
