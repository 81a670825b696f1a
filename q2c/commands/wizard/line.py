"""The wizard's questions about one line: billing period, options, quantity, and what it needs."""

from collections.abc import Callable, Sequence
from functools import partial

import typer
from msgspec.structs import replace

from q2c.commands.wizard.asking import Back, chosen, in_turn, tell, ticked, typed
from q2c.commands.wizard.searching import Choice
from q2c.commands.wizard.talk import (
    USUAL_TERM,
    Talk,
    asked_with,
    first_words,
    live,
    offer_for,
    tried,
    with_line,
)
from q2c.commands.wizard.told import frequencies, line_told, product_price
from q2c.commands.words import length, read_quantity
from q2c.core.catalog import Bundle, OptionGroup, Product
from q2c.core.fault import Fault, Refused
from q2c.core.party import spoken
from q2c.core.period import Every
from q2c.core.quote import Draft, DraftLine, Offer, Priced

Question = Callable[[Draft], Draft]
NONE = "-"
AGAIN, OUT = "?again", "?out"  # no ids


def line_of(talk: Talk, id_: str) -> DraftLine:
    """Begin a line with what was chosen, a product or a bundle."""
    product = talk.shop.shelf.catalog.products.get(id_)
    if product is None:
        return DraftLine(bundle=id_)
    every = talk.every if product.every not in (None, talk.every) else None
    return DraftLine(product=id_, every=every)


def settled(talk: Talk, draft: Draft, place: int, *, last: bool = False) -> Draft | None:
    """Ask all about a line until it can be sold so; nothing where it is left out.

    Begins with the `last` question where all were answered before. Esc at the first goes back.
    """
    offer = offer_for(talk, draft)
    before, _ = tried(without(draft, place), offer)
    while True:
        draft = in_turn(draft, questions(talk, draft, place, offer), last=last)
        answered = _right(talk, draft, place, offer)
        if answered is None:
            return None
        draft, last = answered
        quote, _ = tried(draft, offer)
        if quote is not None and not last:
            _tell_added(before, quote, offer)
            return draft


def _right(talk: Talk, draft: Draft, place: int, offer: Offer) -> tuple[Draft, bool] | None:
    """Ask for what a line needs besides, and put right what is wrong; nothing leaves it out.

    Says with it whether to go back to the last question of the line.
    """
    while True:
        _, faults = tried(draft, offer)
        if any(fault.code == "term-needed" for fault in faults):
            try:
                draft = ask_term(talk, draft, place)
            except Back:
                return draft, True
            continue
        if not faults:
            return draft, False
        said = _put_right(talk, draft, place, faults, offer)
        if said in (AGAIN, OUT):
            return None if said == OUT else (draft, False)
        draft = with_line(draft, len(draft.lines), line_of(talk, said))


def without(draft: Draft, place: int) -> Draft:
    """Give the draft as it is without a line."""
    return replace(draft, lines=(*draft.lines[:place], *draft.lines[place + 1 :]))


def questions(talk: Talk, draft: Draft, place: int, offer: Offer) -> list[Question]:
    """Give what is to be asked about a line: only what can be answered in more than one way."""
    item, found = talk.item(draft.lines[place]), list[Question]()
    if isinstance(item, Product) and item.every and len(frequencies(item, offer)) > 1:
        found.append(partial(ask_frequency, talk, place))
    found += [partial(ask_options, talk, place, group) for group in item.options]
    if not (isinstance(item, Product) and item.percent_of):
        found.append(partial(ask_quantity, talk, place))
    return found


def ask_frequency(talk: Talk, place: int, draft: Draft) -> Draft:
    """Ask how often a line is billed."""
    line, offer = draft.lines[place], offer_for(talk, draft)
    product = talk.item(line)
    assert isinstance(product, Product), line
    message = asked_with(talk, without(draft, place), f"{talk.name(line)}, billed")
    said = chosen(message, frequencies(product, offer), line.every or product.every or "")
    every: Every | None = None if said == product.every else said
    return with_line(draft, place, replace(line, every=every))


def ask_options(talk: Talk, place: int, group: OptionGroup, draft: Draft) -> Draft:
    """Ask which options of a group are wanted; what the catalogue has chosen is chosen already."""
    line, offer = draft.lines[place], offer_for(talk, draft)
    own, before = [choice.product for choice in group.choices], _picked(talk, line)
    name = f"{talk.name(line)}: {spoken(group.name, talk.shop.company.language)}"
    message = asked_with(talk, without(draft, place), name)
    choices = [_option(talk, line, id_, offer) for id_ in own]
    picked = _pick(message, group, choices, [id_ for id_ in own if id_ in before])
    wanted = {*picked} | (before - {*own})
    # What the catalogue chooses by itself needs no word in the draft.
    usual = wanted == _picked(talk, replace(line, options=None))
    options = None if usual else tuple(id_ for id_ in _known(talk, line) if id_ in wanted)
    return with_line(draft, place, replace(line, options=options))


def _pick(
    message: str, group: OptionGroup, choices: Sequence[Choice], usual: Sequence[str]
) -> Sequence[str]:
    """Let options be chosen: one by arrow keys, or ticked where it may be several."""
    most = len(choices) if group.max is None else group.max
    if most > 1:
        question = f"{message}, {_allowed(group.min, most)}"
        return ticked(question, choices, usual, partial(_enough, group.min, most))
    none = [] if group.min else [Choice(NONE, "none of these")]
    before = usual[0] if usual else "" if group.min else NONE
    said = chosen(message, [*choices, *none], before)
    return [] if said == NONE else [said]


def _allowed(least: int, most: int) -> str:
    return f"{least}" if least == most else f"{least} to {most}" if least else f"up to {most}"


def _enough(least: int, most: int, picked: list[str]) -> bool | str:
    if least <= len(picked) <= most:
        return True
    return f"Choose {_allowed(least, most)}; {len(picked)} are ticked."


def _known(talk: Talk, line: DraftLine) -> list[str]:
    return [choice.product for group in talk.item(line).options for choice in group.choices]


def _picked(talk: Talk, line: DraftLine) -> set[str]:
    """Give the options of a line: those that were chosen, else the catalogue's defaults."""
    if line.options is not None:
        return set(line.options)
    groups = talk.item(line).options
    return {choice.product for group in groups for choice in group.choices if choice.default}


def _option(talk: Talk, line: DraftLine, id_: str, offer: Offer) -> Choice:
    language = talk.shop.company.language
    product = offer.catalog.products[id_]
    every = (line.every or product.every) if product.every else None
    price = product_price(product, offer, every, language)
    return Choice(id_, spoken(product.name, language), price)


def ask_quantity(talk: Talk, place: int, draft: Draft) -> Draft:
    """Ask how many; what they come to, and the next step of the price, stand above the question."""
    line = draft.lines[place]

    def change(text: str) -> Draft | None:
        if is_quantity(text) is not True:
            return None
        return with_line(draft, place, replace(line, quantity=read_quantity(text)))

    message = live(talk, draft, f"Quantity ({talk.unit(line)})", change, partial(told, talk, place))
    said = typed(message, f"{line.quantity:f}", is_quantity)
    return with_line(draft, place, replace(line, quantity=read_quantity(said)))


def ask_term(talk: Talk, draft: Draft, place: int) -> Draft:
    """Ask how long what recurs runs: once for the whole quote."""

    def change(text: str) -> Draft | None:
        return replace(draft, term=length(text)) if is_length(text) is True else None

    message = live(talk, draft, "Term", change, partial(told, talk, place))
    return replace(draft, term=length(typed(message, draft.term or USUAL_TERM, is_length)))


def told(talk: Talk, place: int, draft: Draft, quote: Priced | None, offer: Offer) -> Sequence[str]:
    """Say what a line comes to as it stands, or why it cannot be sold so."""
    if quote is not None:
        return line_told(talk, place, draft, quote, offer)
    _, faults = tried(draft, offer)
    return [fault.message for fault in faults if fault.code != "term-needed"][:2]


def is_quantity(text: str) -> bool | str:
    """Say whether a text is a quantity, or what is wrong with it."""
    try:
        return bool(read_quantity(text))
    except typer.BadParameter as error:
        return error.message


def is_length(text: str) -> bool | str:
    """Say whether a text is a length of time, or how to write one."""
    try:
        return bool(length(text))
    except Refused as refused:
        return refused.faults[0].remedy


def _tell_added(before: Priced | None, quote: Priced, offer: Offer) -> None:
    """Tell what a rule put on the quote beside what was asked for."""
    there = {line.product for line in before.lines} if before else set()
    said = {rule.id: spoken(rule.say, offer.language) for rule in offer.catalog.rules}
    for line in quote.lines:
        if line.added_by and line.product not in there:
            why = f"{said[line.added_by]} (rule {line.added_by})"
            tell(f"+ {line.name}, {line.quantity:f} {line.unit}: {why}")


def _put_right(talk: Talk, draft: Draft, place: int, faults: Sequence[Fault], offer: Offer) -> str:
    """Tell what is wrong with a line; ask what to add for it, or to answer again, or leave it."""
    for fault in faults:
        tell(f"{first_words([fault])}")
    goods: dict[str, Product | Bundle] = {**offer.catalog.products, **offer.catalog.bundles}
    language = talk.shop.company.language
    ways = [
        Choice(id_, f"Add {spoken(goods[id_].name, language)} as well")
        for id_ in _cures(faults, offer)
        if id_ in goods
    ]
    if len(questions(talk, draft, place, offer)) > 1:
        ways.append(Choice(AGAIN, "Answer again"))
    if not ways:
        return OUT
    out = Choice(OUT, f"Leave {talk.name(draft.lines[place])} out")
    return chosen("What now?", [*ways, out])


def _cures(faults: Sequence[Fault], offer: Offer) -> list[str]:
    """Name what would satisfy the rules that are broken for want of something."""
    said = {fault.message for fault in faults if fault.code == "rule-requires"}
    rules = [one for one in offer.catalog.rules if spoken(one.say, offer.language) in said]
    return list(dict.fromkeys(id_ for one in rules for id_ in (*one.require, *one.require_any)))
