"""The wizard's menu for what is rarely needed: lines changed, discounts, codes, dates, texts."""

from collections.abc import Callable, Iterator
from functools import partial

import typer
from msgspec.structs import replace

from q2c.commands.quotes.drafting import read_deposit, with_rest
from q2c.commands.wizard.asking import NOTHING, Back, chosen, tell, typed
from q2c.commands.wizard.changed import change_line
from q2c.commands.wizard.discount import ask_discount
from q2c.commands.wizard.line import is_length
from q2c.commands.wizard.searching import Choice
from q2c.commands.wizard.talk import Talk, asked_with, first_words, offer_for, tried
from q2c.commands.words import length, read_day, read_name, read_note
from q2c.core.money import grouped, total
from q2c.core.quote import Discount, Draft, Offer, Payment, Priced, dues
from q2c.core.quote.whole import over_told

DONE, LINE = "?done", "?line "
EMPTY = {"intro": "", "note": ""}  # what a quote says where it says nothing
Keep = Callable[[Draft], None]


def more(talk: Talk, draft: Draft, keep: Keep) -> Draft:
    """Let anything of the quote be changed, as often as wanted; Esc leaves one question."""
    while True:
        try:
            said = chosen(
                asked_with(talk, draft, "What else?"), list(_entries(talk, draft)), silent=True
            )
        except Back:
            return draft
        if said == DONE:
            return draft
        try:
            draft = _answered(talk, draft, said, keep)
        except Back:
            continue
        keep(draft)


def _answered(talk: Talk, draft: Draft, said: str, keep: Keep) -> Draft:
    if said.startswith(LINE):
        return change_line(talk, draft, int(said.removeprefix(LINE)), keep)
    return QUESTIONS[said](talk, draft)


def _entries(talk: Talk, draft: Draft) -> Iterator[Choice]:
    quote, _ = tried(draft, offer_for(talk, draft)) if draft.lines else (None, ())
    yield Choice(DONE, "Go on")
    for place, line in enumerate(draft.lines):
        name = f"{place + 1}. {talk.name(line)}, {line.quantity:f} {talk.unit(line)}"
        yield Choice(f"{LINE}{place}", name, _net(quote, place))
    if draft.lines:
        off = ", ".join(over_told(one) for one in quote.reduced) if quote else ""
        yield Choice("discount", "Discount on all of it", off)
        yield Choice("code", "Promotion code", ", ".join(draft.promotions))
        yield Choice("deposit", "Deposit", _paid(quote))
    if any(line.group for line in draft.lines):
        yield Choice("choice", "Which alternative counts")
    yield Choice("term", "Term", draft.term or "")
    yield Choice("starts", "First day of what recurs", str(draft.starts or ""))
    yield Choice("until", "Valid until", str(draft.valid_until))
    yield Choice("due", "Days to pay in", "" if draft.due_days is None else str(draft.due_days))
    yield Choice("title", "Title", draft.title or "")
    yield Choice("intro", "Text above the lines", draft.intro)
    yield Choice("note", "Text below the lines", draft.note)


def _net(quote: Priced | None, place: int) -> str:
    if quote is None:
        return ""
    lines = [line for line in quote.lines if line.part == place]
    marks = "".join(
        mark
        for mark, said in ((", optional", lines[0].optional), (", alternative", lines[0].group))
        if said
    )
    return f"{grouped(total((line.own for line in lines), quote.currency).amount)}{marks}"


def _paid(quote: Priced | None) -> str:
    found = dues(quote) if quote else []
    return ", ".join(f"{grouped(one.amount.amount)} on {one.on or one.date}" for one in found)


def _discount(talk: Talk, draft: Draft) -> Draft:
    def put(one: Draft, discounts: tuple[Discount, ...]) -> Draft:
        return replace(one, discounts=discounts)

    def told(_: Draft, quote: Priced | None, __: Offer) -> list[str]:
        return [over_told(one) for one in quote.reduced] if quote else []

    return ask_discount(talk, draft, "all of it", draft.discounts, put, told)


def _code(talk: Talk, draft: Draft) -> Draft:
    """Ask for a code; one that does not hold is told why, and asked for again."""
    offer = offer_for(talk, draft)

    def after(text: str) -> Draft:
        codes = dict.fromkeys((*draft.promotions, text.upper()))
        return replace(draft, promotions=() if text == NOTHING else tuple(codes))

    def right(text: str) -> bool | str:
        quote, faults = tried(after(text), offer) if text else (None, ())
        return True if quote or not text else first_words(faults)

    said = typed(asked_with(talk, draft, f"Code{_away(bool(draft.promotions))}"), "", right)
    changed = after(said) if said else draft
    quote, _ = tried(changed, offer)
    if said and quote and said != NOTHING:
        used = {promo.id for promo in offer.catalog.promotions if promo.code == said.upper()}
        if not used & {*quote.promotions}:
            tell(f"{said.upper()} holds, and nothing on this quote is in its scope.")
    return changed


def _deposit(talk: Talk, draft: Draft) -> Draft:
    """Ask for a part that is paid on acceptance, and when the rest is."""
    before = f"{draft.payments[0].percent:f}%" if _deposited(draft) else ""
    question = f"Deposit, with VAT (as 30 % or 5000){_away(bool(draft.payments))}"
    offer = offer_for(talk, draft)

    def right(text: str) -> bool | str:
        if text in ("", NOTHING):
            return True
        try:
            part = read_deposit(text.replace(" ", ""))
        except typer.BadParameter as error:
            return error.message
        _, faults = tried(replace(draft, payments=with_rest(part, ())), offer)
        return first_words(faults) if faults else True

    said = typed(asked_with(talk, draft, question), before, right).replace(" ", "")
    if said in ("", NOTHING):
        return replace(draft, payments=()) if said else draft
    rest = [
        Choice("delivery", "The rest on delivery"),
        Choice("start", "The rest on the first day of what recurs"),
        Choice("acceptance", "The rest 30 days after acceptance"),
    ]
    when = chosen("And the rest?", rest)
    days = 30 if when == "acceptance" else 0
    last = Payment(on=when, days=days)  # type: ignore[arg-type]  # one of those that were offered
    return replace(draft, payments=(read_deposit(said), last))


def _deposited(draft: Draft) -> bool:
    return bool(draft.payments) and draft.payments[0].percent is not None


def _choice(talk: Talk, draft: Draft) -> Draft:
    """Ask which choice of each group counts in the total before the customer chooses."""
    groups = dict.fromkeys(line.group for line in draft.lines if line.group)
    for group in groups:
        choices: dict[str, str] = {}
        for line in draft.lines:
            if line.group == group and line.choice:
                choices.setdefault(line.choice, line.label or talk.name(line))
        offered = [Choice(id_, name) for id_, name in choices.items()]
        usual = draft.choices.get(group, next(iter(choices)))
        said = chosen(asked_with(talk, draft, f"Of {group} counts"), offered, usual)
        draft = replace(draft, choices={**draft.choices, group: said})
    return draft


def _away(said: bool) -> str:  # noqa: FBT001 - whether there is something to take away
    return f" ({NOTHING}: none)" if said else ""


def _field(
    question: str, name: str, read: Callable[[str], object], talk: Talk, draft: Draft
) -> Draft:
    """Ask for one thing that a quote says of itself."""
    before = getattr(draft, name)
    usual = "" if before is None else str(before)
    needed = name == "valid_until"

    def changed(text: str) -> Draft:
        if text == NOTHING and not needed:
            return replace(draft, **{name: EMPTY.get(name)})
        return replace(draft, **{name: read(text)})

    def right(text: str) -> bool | str:
        if not text:
            return True
        try:
            _, faults = tried(changed(text), offer_for(talk, draft))
        except typer.BadParameter as error:
            return error.message
        return first_words(faults) if faults else True

    said = typed(f"{question}{_away(bool(usual) and not needed)}", usual, right)
    return changed(said) if said else draft


def _days(text: str) -> int:
    if not text.isdigit() or int(text) > 365:  # noqa: PLR2004 - days of a year
        raise typer.BadParameter("Write a number of days up to 365.")
    return int(text)


def _length(text: str) -> str:
    if (verdict := is_length(text)) is not True:
        raise typer.BadParameter(str(verdict))
    return length(text)


QUESTIONS: dict[str, Callable[[Talk, Draft], Draft]] = {
    "discount": _discount,
    "code": _code,
    "deposit": _deposit,
    "choice": _choice,
    "term": partial(_field, "Term", "term", _length),
    "starts": partial(_field, "First day of what recurs (as 2027-01-01)", "starts", read_day),
    "until": partial(_field, "Valid until (as 2027-01-01)", "valid_until", read_day),
    "due": partial(_field, "Days to pay in", "due_days", _days),
    "title": partial(_field, "Title", "title", read_name),
    "intro": partial(_field, "Text above the lines", "intro", read_note),
    "note": partial(_field, "Text below the lines", "note", read_note),
}
