"""The wizard: a quote by questions on a terminal, with its totals as it grows."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import typer
from msgspec import Struct, structs
from msgspec.structs import replace

from q2c.commands.call import call, today
from q2c.commands.desk import tree
from q2c.commands.output import hint
from q2c.commands.prompt import confirm, editor
from q2c.commands.quotes.drafting import Asked, asked_of, draft_of, same_words
from q2c.commands.wizard.asking import Back, chosen, searched, tell
from q2c.commands.wizard.customer import Said, ask_customer, new_customer
from q2c.commands.wizard.discount import approvals_told, credit_for
from q2c.commands.wizard.line import line_of, settled, without
from q2c.commands.wizard.more import more
from q2c.commands.wizard.searching import Choice
from q2c.commands.wizard.talk import Talk, asked_with, first_words, offer_for, tried, with_line
from q2c.commands.wizard.told import items
from q2c.core.approval.rules import Approvals
from q2c.core.fault import Refused
from q2c.core.period import Day
from q2c.core.quote import Draft
from q2c.store.approvals import read_approvals
from q2c.store.shop import Shop, read_shop

CACHE = Path(".q2c", "cache", "wizard.json")
KEPT = "No quote was written; your answers are offered next time."
SAVE, EDIT, MORE, DROP = "Save", "Save and open editor", "More …", "Throw away"
ELSE = Choice("?", "? more", "change a line, discount, code, deposit, dates, texts")


class Answers(Struct, frozen=True):
    """What was answered, and whether the draft is to be opened in an editor."""

    asked: Asked
    edits: bool

    def forget(self) -> None:
        """Forget what was answered, once it is written down."""
        _forget()


class Kept(Struct, frozen=True):
    """Answers that wait to be gone on with: of the quote, and of a customer who is new."""

    asked: Asked
    newcomer: dict[str, str] = {}


def interview(
    asked: Asked, day: Day | None, *, dry_run: bool = False, commit: bool | None = None
) -> Answers:
    """Ask for what is missing of a quote, line by line, until it is saved or thrown away.

    What is answered is kept after each answer, until the quote is written.
    """
    shop = read_shop(tree())
    talk = Talk(
        shop=shop,
        on=today(shop.company.time_zone, day),
        approvals=_approvals(shop),
        every=asked.every,
        customers=not dry_run,
        commit=commit,
    )
    kept = _resumed(asked)
    draft = draft_of(kept.asked, shop.company, shop.shelf.catalog, talk.on)
    try:
        draft, way = _talked(talk, draft, kept.newcomer)
    except (KeyboardInterrupt, EOFError, Back):
        raise KeyboardInterrupt(*([KEPT] if _cache().exists() else [])) from None
    if way == DROP:
        _forget()
        hint("Thrown away; no quote was written.")
        raise typer.Exit
    answered = asked_of(draft, shop.company)
    hint(f"Same thing without questions:\n  {same_words(answered)}")
    return Answers(answered, way == EDIT)


def _approvals(shop: Shop) -> Approvals:
    try:
        return read_approvals(shop.files)
    except Refused:  # whoever sends the quote is told what is wrong with the rules
        return Approvals()


def _resumed(asked: Asked) -> Kept:
    """Offer to go on with a quote that was broken off, unless another one was begun."""
    try:
        kept = msgspec.json.decode(_cache().read_bytes(), type=Kept)
    except (OSError, msgspec.DecodeError):
        return Kept(asked)
    if asked.lines or asked.customer not in ("", kept.asked.customer):
        return Kept(asked)
    items = ", ".join(line.item for line in kept.asked.lines) or "no lines yet"
    whose = kept.asked.customer or f"{kept.newcomer.get('name', 'somebody')}, who is new"
    if not confirm(f"Go on with the quote to {whose} ({items})?"):
        return Kept(asked)
    # What is said now, by flags, counts for more than what was said then.
    said = {name: getattr(asked, name) for name in asked.__struct_fields__}
    usual = structs.asdict(Asked())
    return replace(
        kept, asked=replace(kept.asked, **{k: v for k, v in said.items() if v != usual[k]})
    )


def _cache() -> Path:
    return call().root / CACHE


def _forget() -> None:
    _cache().unlink(missing_ok=True)


def _keep(kept: Kept) -> None:
    _cache().parent.mkdir(parents=True, exist_ok=True)
    _cache().write_bytes(msgspec.json.encode(kept))


def _talked(talk: Talk, draft: Draft, newcomer: Said) -> tuple[Draft, str]:
    """Ask for the customer where none is named, for the lines, and what to do with them."""

    def keep(one: Draft) -> None:
        _keep(Kept(asked_of(one, talk.shop.company)))

    asked = not draft.customer
    while True:
        if not draft.customer:
            draft, newcomer = _with_customer(talk, draft, newcomer), {}
        try:
            offer_for(talk, draft)
        except Refused as refused:
            if not asked:
                raise
            tell(f"{first_words(refused.faults)}")
            draft = replace(draft, customer="")
            continue
        keep(draft)
        try:
            return _bought(talk, draft, keep)
        except Back:
            if not asked:
                raise
            draft = replace(draft, customer="")


def _with_customer(talk: Talk, draft: Draft, newcomer: Said) -> Draft:
    def keep(said: Said) -> None:
        _keep(Kept(asked_of(draft, talk.shop.company), {**said}))

    if newcomer:
        try:
            return replace(draft, customer=new_customer(talk, newcomer, keep))
        except Back:
            pass
    return replace(draft, customer=ask_customer(talk, keep))


def _bought(talk: Talk, draft: Draft, keep: Callable[[Draft], None]) -> tuple[Draft, str]:
    """Ask for lines until there are enough, and then what to do with the quote."""
    # Who has named no editor is not offered one.
    ways = [Choice(way, way) for way in (SAVE, *([EDIT] if editor() else []), MORE, DROP)]
    while True:
        draft = _lines(talk, draft, keep)
        quote, _ = tried(draft, offer_for(talk, draft))
        credit = credit_for(talk, quote) if quote else None
        question = "\n".join([*approvals_told(talk, quote, credit), "Save as a draft?"])
        try:
            way = chosen(asked_with(talk, draft, question), ways, silent=True)
        except Back:
            continue
        if way != MORE:
            return draft, way
        draft = more(talk, draft, keep)


def _lines(talk: Talk, draft: Draft, keep: Callable[[Draft], None]) -> Draft:
    """Ask for one line more until there are enough; Esc without any goes back to the customer."""
    goods = items(talk, offer_for(talk, draft))
    while True:
        some = bool(draft.lines)
        question = f"Product{' (Enter when done, ? for more)' if some else ''}"
        try:
            said = searched(asked_with(talk, draft, question), goods, empty=some, more=ELSE)
        except Back:
            if not some:
                raise
            draft = _again(talk, draft)
            continue
        if not said:
            return draft
        draft = more(talk, draft, keep) if said == ELSE.id else _with_line(talk, draft, said)
        keep(draft)


def _with_line(talk: Talk, draft: Draft, id_: str) -> Draft:
    """Ask all about a new line; the draft stays as it is where the line is given up."""
    place = len(draft.lines)
    try:
        return settled(talk, with_line(draft, place, line_of(talk, id_)), place) or draft
    except Back:
        return draft


def _again(talk: Talk, draft: Draft) -> Draft:
    """Ask the last question of the last line again; Esc at its first breaks off."""
    place = len(draft.lines) - 1
    try:
        return settled(talk, draft, place, last=True) or without(draft, place)
    except Back:
        raise KeyboardInterrupt from None
