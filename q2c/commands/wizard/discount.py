"""The wizard's question about a discount: what it does, and which approval it will need."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial

import typer
from msgspec.structs import replace

from q2c.commands.quotes.linewords import discount_word, read_discount
from q2c.commands.wizard.asking import chosen, typed
from q2c.commands.wizard.searching import Choice
from q2c.commands.wizard.talk import Talk, live, offer_for, tried
from q2c.core.approval.judging import Need, needs
from q2c.core.approval.rules import watched_by
from q2c.core.approval.watched import CREDIT, Context, Credit
from q2c.core.fault import Refused
from q2c.core.quote import Discount, Draft, Offer, Priced
from q2c.store.credit import credit_of

Put = Callable[[Draft, tuple[Discount, ...]], Draft]
TellMore = Callable[[Draft, Priced | None, Offer], Sequence[str]]
NO, KEEP, LESS = "0", "keep", "less"


def ask_discount(
    talk: Talk, draft: Draft, what: str, before: Sequence[Discount], put: Put, effect: TellMore
) -> Draft:
    """Ask for a discount, per cent or an amount; 0 takes away what there was.

    Where it will need an approval that is not needed without it, ask whether it is to stay so.
    """
    usual = discount_word(before[0]) if before else NO

    def change(text: str) -> Draft | None:
        return put(draft, _discounts(text)) if is_discount(text) is True else None

    def told(after: Draft, quote: Priced | None, offer: Offer) -> Sequence[str]:
        return [*effect(after, quote, offer), *approvals_told(talk, quote)]

    question = f"Discount on {what} (as 10 % or 500; 0: none)"
    check = partial(_right, draft, offer_for(talk, draft), put)
    said = typed(live(talk, draft, question, change, told), usual, check)
    after = put(draft, _discounts(said))
    if not _discounts(said):
        return after
    return _approved(talk, draft, after, said, put)


def _approved(talk: Talk, draft: Draft, after: Draft, said: str, put: Put) -> Draft:
    """Let a discount stay that will need an approval, or take the most that needs none."""
    offer, plain = offer_for(talk, draft), put(draft, ())
    free = {need.rule for need in needed(talk, tried(plain, offer)[0])}

    def more(one: Draft) -> list[Need]:
        return [n for n in needed(talk, tried(one, offer)[0]) if n.rule not in free]

    if not (wanted := more(after)):
        return after
    least = _most(_discounts(said)[0], lambda one: not more(put(draft, (one,))))
    ways = [Choice(KEEP, f"Keep {_said(_discounts(said)[0])} and ask {_who(talk, wanted)}")]
    if least:
        ways.append(Choice(LESS, f"Use {_said(least)}, the most that needs no approval"))
    ways.append(Choice(NO, "None"))
    answer = chosen("\n".join([*(need_told(talk, n) for n in wanted), "What now?"]), ways)
    if answer == LESS and least:
        return put(draft, (least,))
    return after if answer == KEEP else plain


def _most(wanted: Discount, free: Callable[[Discount], bool]) -> Discount | None:
    """Find the largest discount of its kind that needs nothing, in tenths of a per cent or whole.

    Looks for it by halving: what needs an approval needs it all the more when it grows.
    """
    unit = Decimal("0.1") if wanted.percent is not None else Decimal(1)
    figure = wanted.percent if wanted.percent is not None else wanted.amount
    low, high = 0, int((figure or Decimal(0)) / unit)
    while high - low > 1:
        middle = (low + high) // 2
        if free(_of(wanted, middle * unit)):
            low = middle
        else:
            high = middle
    return _of(wanted, low * unit) if low else None


def _of(wanted: Discount, figure: Decimal) -> Discount:
    figure = figure.normalize() if figure % 1 else figure.quantize(Decimal(1))
    if wanted.percent is not None:
        return replace(wanted, percent=figure)
    return replace(wanted, amount=figure)


def _said(one: Discount) -> str:
    return discount_word(one).partition(":")[0].replace("%", " %")


def needed(talk: Talk, quote: Priced | None, credit: Credit | None = None) -> tuple[Need, ...]:
    """Give the approvals that a quote will need; what looks at the customer's credit needs that."""
    if quote is None:
        return ()
    context = Context(credit=credit, clauses=talk.approvals.clauses)
    return needs(quote, talk.approvals, context)


def approvals_told(talk: Talk, quote: Priced | None, credit: Credit | None = None) -> list[str]:
    """Say which approvals a quote will need."""
    return [need_told(talk, need) for need in needed(talk, quote, credit)]


def credit_for(talk: Talk, quote: Priced) -> Credit | None:
    """Add up what the customer owes, where a rule of approval asks for it."""
    asked = (watched_by(rule).keys() for rule in talk.approvals.rules)
    if not any(CREDIT & names for names in asked):
        return None
    try:
        return credit_of(talk.shop.files, quote)
    except Refused:  # whoever sends the quote is told
        return None


def need_told(talk: Talk, need: Need) -> str:
    """Say who has to approve, and why: `needs approval by Eva Ek (rule big-discount)`."""
    say = f": {need.say}" if need.say else ""
    return f"needs approval by {_who(talk, [need])} (rule {need.rule}){say}"


def _who(talk: Talk, wanted: Sequence[Need]) -> str:
    names = {one.id: one.name for one in talk.approvals.people}
    people = [names.get(id_, id_) for id_ in dict.fromkeys(id_ for n in wanted for id_ in n.by)]
    every = all(need.least == len(need.by) for need in wanted)
    return (" and " if every else " or ").join(people) or "nobody who is listed"


def _discounts(text: str) -> tuple[Discount, ...]:
    one = read_discount(text.replace(" %", "%"))
    return () if not (one.percent or one.amount) else (one,)


def is_discount(text: str) -> bool | str:
    """Say whether a text is a discount, or what is wrong with it."""
    try:
        _discounts(text)
    except typer.BadParameter as error:
        return error.message
    return True


def _right(draft: Draft, offer: Offer, put: Put, text: str) -> bool | str:
    """Say whether a discount can be given, or why not."""
    verdict = is_discount(text)
    if verdict is not True:
        return verdict
    _, faults = tried(put(draft, _discounts(text)), offer)
    own = [fault for fault in faults if fault.code in ("discount-too-large", "discount-what")]
    return f"{own[0].message} {own[0].remedy}" if own else True
