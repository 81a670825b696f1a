"""The wizard: a quote by questions on a terminal, with its totals as it grows."""

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
import typer
from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.call import call, today
from q2c.commands.desk import tree
from q2c.commands.drafting import Asked, draft_of, same_words
from q2c.commands.linewords import AskedLine
from q2c.commands.output import hint
from q2c.commands.prompt import confirm, editor
from q2c.commands.visible import visible
from q2c.commands.words import length, read_quantity
from q2c.core.catalog import Bundle, Catalog, Product
from q2c.core.fault import Refused
from q2c.core.money import grouped
from q2c.core.party import Customer, spoken
from q2c.core.period import Day
from q2c.core.quote import Priced
from q2c.store.master import read_customers
from q2c.store.shop import Shop, quoted, read_shop

if TYPE_CHECKING:
    from pathlib import Path

SAVE, EDIT, DROP = "Save", "Save and open editor", "Throw away"
KEPT = "Nothing was written; your answers are offered next time."
USUAL = "12 months"


class Answers(Struct, frozen=True):
    """What was answered, and whether the draft is to be opened in an editor."""

    asked: Asked
    edits: bool


class Choice(Struct, frozen=True):
    """Something that can be searched for: its id, its name, and what else to know of it."""

    id: str
    name: str
    about: str


def interview(asked: Asked, day: Day | None) -> Answers:
    """Ask for what is missing of a quote, line by line, until it is saved or thrown away."""
    shop = read_shop(tree())
    on = today(shop.company.time_zone, day)
    store = call().root / ".q2c" / "cache" / "wizard.json"
    answered = _resumed(store, asked)
    try:
        answered = answered if answered.customer else _with_customer(shop, answered)
        while True:
            line = _line(shop, answered, on)
            if line is None:
                break
            answered = line
        # Who has named no editor is not offered one.
        ways = (SAVE, EDIT, DROP) if editor() else (SAVE, DROP)
        chosen = _chosen("Save as a draft?", ways)
    except (KeyboardInterrupt, EOFError):
        _keep(store, answered)
        raise KeyboardInterrupt(KEPT) from None
    store.unlink(missing_ok=True)
    if chosen == DROP:
        hint("Thrown away; nothing was written.")
        raise typer.Exit
    hint(f"Same thing without questions:\n  {same_words(answered)}")
    return Answers(answered, chosen == EDIT)


def _resumed(store: "Path", asked: Asked) -> Asked:
    """Offer to go on with a quote that was broken off, unless another one was begun."""
    try:
        kept = msgspec.json.decode(store.read_bytes(), type=Asked)
    except (OSError, msgspec.DecodeError):
        return asked
    if asked.lines or asked.customer not in ("", kept.customer):
        return asked
    items = ", ".join(line.item for line in kept.lines) or "no lines yet"
    return kept if confirm(f"Go on with the quote to {kept.customer} ({items})?") else asked


def _keep(store: "Path", answered: Asked) -> None:
    if answered.customer:
        store.parent.mkdir(parents=True, exist_ok=True)
        store.write_bytes(msgspec.json.encode(answered))


def _with_customer(shop: Shop, asked: Asked) -> Asked:
    customers = read_customers(shop.files)
    choices = [_buyer(customer, shop) for customer in customers.values()]
    return replace(asked, customer=_searched("Customer", choices, empty=False))


def _buyer(customer: Customer, shop: Shop) -> Choice:
    due = customer.terms.due_days
    days = shop.company.terms.due_days if due is None else due
    currency = customer.currency or shop.company.currency
    about = f"net {days}, {currency}, {customer.address.country}"
    return Choice(customer.id, customer.name, about)


def _line(shop: Shop, asked: Asked, on: Day) -> Asked | None:
    """Ask for one more line; nothing when there are enough."""
    quote = _priced(shop, asked, on) if asked.lines else None
    head = f"{_totals(quote)}\n{'Product (Enter when done)' if asked.lines else 'Product'}"
    chosen = _searched(head, _items(shop), empty=bool(asked.lines))
    if not chosen:
        return None
    catalog = shop.shelf.catalog
    item = catalog.products.get(chosen) or catalog.bundles[chosen]
    unit = spoken(item.unit, shop.company.language) if isinstance(item, Product) else "pcs"
    quantity = read_quantity(_typed(f"Quantity ({unit})", "1", _is_quantity))
    term = asked.term
    if _recurs(item, catalog) and not term:
        term = length(_typed("Term", USUAL, _is_length))
    more = replace(asked, lines=(*asked.lines, AskedLine(chosen, quantity)), term=term)
    try:
        _priced(shop, more, on)
    except Refused as refused:
        for fault in refused.faults:
            hint(f"{fault.message} {fault.remedy}")
        return asked
    return more


def _items(shop: Shop) -> list[Choice]:
    language, catalog = shop.company.language, shop.shelf.catalog
    goods: Sequence[Product | Bundle] = [*catalog.products.values(), *catalog.bundles.values()]
    return [
        Choice(item.id, spoken(item.name, language), _price(item, shop))
        for item in goods
        if item.active
    ]


def _price(item: Product | Bundle, shop: Shop) -> str:
    amount = item.price.get(shop.company.currency)
    if amount is None:
        return "by tier"
    per = f" / {item.every}" if isinstance(item, Product) and item.every else ""
    return f"{grouped(amount)} {shop.company.currency}{per}"


def _recurs(item: Product | Bundle, catalog: Catalog) -> bool:
    if isinstance(item, Product):
        return item.every is not None
    return any(part.product and catalog.products[part.product].every for part in item.items)


def _priced(shop: Shop, asked: Asked, on: Day) -> Priced:
    return quoted(shop, "", draft_of(asked, shop.company, shop.shelf.catalog, on))


def _totals(quote: Priced | None) -> str:
    if quote is None:
        return "0 lines"
    count = f"{len(quote.lines)} line{'' if len(quote.lines) == 1 else 's'}"
    net, tax = grouped(quote.net.amount), grouped(quote.tax.amount)
    return f"{count}   net {net}   VAT {tax}   total {quote.total}"


def found(typed: str, choices: Iterable[Choice]) -> list[Choice]:
    """Find what has the typed letters in their order, the closest together first."""
    letters = [re.escape(letter) for letter in typed.casefold() if not letter.isspace()]
    pattern = re.compile(".*?".join(letters))
    ranked: list[tuple[int, int, Choice]] = []
    for choice in choices:
        spans = [pattern.search(text.casefold()) for text in (choice.id, choice.name)]
        hits = [(span.end() - span.start(), span.start()) for span in spans if span]
        if hits:
            ranked.append((*min(hits), choice))
    return [choice for *_, choice in sorted(ranked, key=lambda hit: hit[:2])]


def _searched(message: str, choices: Sequence[Choice], *, empty: bool) -> str:
    """Let one be searched for; give its id, or nothing for an empty answer."""
    known = {choice.id for choice in choices}

    def right(text: str) -> bool | str:
        if not text.strip():
            return empty or "Type a part of the name; the down arrow shows all."
        return bool(found(text, choices)) or "Nothing is called so."

    text: str = _asked(message, validate=right, completer=_completer(choices)).strip()
    if not text or text in known:
        return text
    best = found(text, choices)[0]
    hint(f"  {best.name}")
    return best.id


def _typed(message: str, usual: str, check: Callable[[str], bool | str]) -> str:
    """Let a text be typed; an empty answer is the usual one."""

    def right(text: str) -> bool | str:
        return check(text.strip() or usual)

    return _asked(f"{message} [{usual}]", validate=right).strip() or usual


def _is_quantity(text: str) -> bool | str:
    try:
        return read_quantity(text) > Decimal(0)
    except typer.BadParameter as error:
        return error.message


def _is_length(text: str) -> bool | str:
    try:
        return bool(length(text))
    except Refused as refused:
        return refused.faults[0].remedy


def _asked(message: str, **about: Any) -> str:  # noqa: ANN401 - what questionary takes
    import questionary

    shown = visible(message, keep="\n")
    said: str = _answer(questionary.text(shown, qmark="", **_terminal(), **about))
    return said


def _chosen(message: str, choices: Sequence[str]) -> str:
    import questionary

    question = questionary.select(
        message, list(choices), qmark="", use_jk_keys=False, **_terminal()
    )
    chosen: str = _answer(question)
    return chosen


def _terminal() -> Mapping[str, Any]:
    """Ask on standard error, which leaves standard output to the result."""
    from prompt_toolkit.output import create_output

    return {"output": create_output(stdout=sys.stderr)}


def _answer(question: Any) -> Any:  # noqa: ANN401 - a question of any kind
    """Wait for the answer; Esc breaks off as Ctrl-C does."""
    from prompt_toolkit.key_binding import KeyBindings, merge_key_bindings

    keys = KeyBindings()

    @keys.add("escape", eager=True)
    def _(event: Any) -> None:  # noqa: ANN401 - a type of prompt_toolkit
        event.app.exit(exception=KeyboardInterrupt)

    application = question.application
    application.key_bindings = merge_key_bindings([application.key_bindings, keys])
    return question.unsafe_ask()


def _completer(choices: Sequence[Choice]) -> Any:  # noqa: ANN401 - a type of prompt_toolkit
    from prompt_toolkit.completion import Completer, Completion

    class Search(Completer):
        """Offers what was found, with its name and what to know of it."""

        def get_completions(self, document: Any, complete_event: Any) -> Iterable[Completion]:  # noqa: ANN401, ARG002 - as above
            text = document.text_before_cursor
            for choice in found(text, choices):
                yield Completion(
                    choice.id,
                    start_position=-len(text),
                    display=visible(choice.name),
                    display_meta=f"{choice.id}  {choice.about}",
                )

    return Search()
