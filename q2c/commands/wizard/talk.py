"""What the wizard knows while it asks: the shop, the day, and how the answers are priced."""

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.visible import width
from q2c.commands.wizard.asking import columns
from q2c.core.approval.rules import Approvals
from q2c.core.catalog import Bundle, Product
from q2c.core.fault import Fault, Refused
from q2c.core.money import decimals, grouped
from q2c.core.party import spoken
from q2c.core.period import Day, Every
from q2c.core.quote import Draft, DraftLine, Offer, Priced, inner_of, priced
from q2c.store.master import read_customer
from q2c.store.shop import Shop, offer_of

GAP = "   "
USUAL_TERM = "12 months"


class Talk(Struct, frozen=True, kw_only=True):
    """A talk with a seller: what is sold, on which day, and who must agree to what.

    `every` is how often what recurs is billed, where that was said before; `customers` says
    whether a new customer may be written on the way: not on a dry run.
    """

    shop: Shop
    on: Day
    approvals: Approvals = Approvals()
    every: Every | None = None
    customers: bool = True
    commit: bool | None = None

    def item(self, line: DraftLine) -> Product | Bundle:
        """Give what a line is of."""
        catalog = self.shop.shelf.catalog
        if line.bundle:
            return catalog.bundles[line.bundle]
        return catalog.products[line.product or ""]

    def name(self, line: DraftLine) -> str:
        """Give the name of what a line is of, as the workspace speaks."""
        return spoken(self.item(line).name, self.shop.company.language)

    def unit(self, line: DraftLine) -> str:
        """Give the unit that a line is counted in."""
        item = self.item(line)
        unit = item.unit if isinstance(item, Product) else "pcs"
        return spoken(unit, self.shop.company.language)


def offer_for(talk: Talk, draft: Draft) -> Offer:
    """Gather what the customer is offered on."""
    return offer_of(talk.shop, draft, read_customer(talk.shop.files, draft.customer))


def tried(draft: Draft, offer: Offer) -> tuple[Priced | None, tuple[Fault, ...]]:
    """Price what is answered so far; beside it stands what is wrong with it."""
    if not draft.lines:
        return None, ()
    try:
        return priced("", draft, offer), ()
    except Refused as refused:
        return None, refused.faults


def with_line(draft: Draft, place: int, line: DraftLine) -> Draft:
    """Put a line in the place of another, or behind the last one."""
    return replace(draft, lines=(*draft.lines[:place], line, *draft.lines[place + 1 :]))


def without_line(draft: Draft, place: int) -> Draft:
    """Take a line away, and what was said of a group that is no longer there."""
    return regrouped(replace(draft, lines=(*draft.lines[:place], *draft.lines[place + 1 :])))


def regrouped(draft: Draft) -> Draft:
    """Let a line that is an alternative to nothing stand by itself."""
    there = {(line.group, line.choice) for line in draft.lines}
    alone = Counter(group for group, _ in there)
    lines = tuple(
        replace(line, group=None, choice=None, label=None)
        if line.group and alone[line.group] == 1
        else line
        for line in draft.lines
    )
    left = {(line.group, line.choice) for line in lines}
    choices = {group: one for group, one in draft.choices.items() if (group, one) in left}
    return replace(draft, lines=lines, choices=choices)


def head(draft: Draft, quote: Priced | None) -> str:
    """Say what the quote comes to: lines, net, VAT, total, our margin, and what rules remark."""
    count = f"{len(draft.lines)} line{'' if len(draft.lines) == 1 else 's'}"
    if quote is None:
        return count if not draft.lines else f"{count}{GAP}no total yet"
    parts = [count, f"net {grouped(quote.net.amount)}", f"VAT {grouped(quote.tax.amount)}"]
    parts.append(f"total {quote.total}")
    margin = inner_of(quote).margin_percent
    if margin is not None:
        parts.append(f"margin {margin} %")
    return "\n".join([*joined(parts), *(f"! {alert.say}" for alert in quote.alerts)])


def totals(talk: Talk, draft: Draft) -> str:
    """Say what is answered so far comes to."""
    if not draft.customer or not draft.lines:
        return head(draft, None)
    try:
        offer = offer_for(talk, draft)
    except Refused:
        return head(draft, None)
    return head(draft, tried(draft, offer)[0])


def asked_with(talk: Talk, draft: Draft, question: str) -> str:
    """Put a question below what the quote comes to."""
    return f"{totals(talk, draft)}\n{question}"


Told = Callable[[Draft, Priced | None, Offer], Sequence[str]]


def live(
    talk: Talk, draft: Draft, question: str, change: Callable[[str], Draft | None], told: Told
) -> Callable[[str], str]:
    """Make a question whose totals follow what is typed; `told` says more of what it does.

    `change` gives the draft with what is typed in it, or nothing while that cannot be read.
    """
    offer = offer_for(talk, draft)

    @lru_cache(maxsize=1)  # a screen is drawn several times for each key
    def message(text: str) -> str:
        after = change(text) or draft
        quote, _ = tried(_termed(after), offer)
        return "\n".join([head(after, quote), *told(after, quote, offer), question])

    return message


def _termed(draft: Draft) -> Draft:
    """Assume the usual term where none is said yet, so that there is a price to show."""
    return draft if draft.term else replace(draft, term=USUAL_TERM)


def joined(parts: Sequence[str]) -> list[str]:
    """Put parts beside each other, as many as the terminal is wide for."""
    lines = [""]
    for part in parts:
        longer = f"{lines[-1]}{GAP}{part}" if lines[-1] else part
        if lines[-1] and width(longer) > columns() - 2:
            lines.append(part)
        else:
            lines[-1] = longer
    return lines


def money(amount: Decimal, currency: str) -> str:
    """Write a price with the decimals of its currency, or as many as it has."""
    shown = max(decimals(currency), -int(amount.as_tuple().exponent))
    return grouped(round(amount, shown))


def first_words(faults: Sequence[Fault]) -> str:
    """Say what is wrong, and what can be done about it, in one line."""
    return " ".join(filter(None, (faults[0].message, faults[0].remedy)))
