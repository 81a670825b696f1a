"""Earning: the revenue entries of one month after another, each on what the one before left."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from q2c.commands.waterfall import ROLES
from q2c.core.entry import Entry
from q2c.core.period import Period
from q2c.core.posting import NONE, Balances
from q2c.core.rates import ExchangeRate
from q2c.core.recognition import (
    Earned,
    Obligation,
    earned,
    months_to_post,
    revenue_entries,
    standing,
)


class Posted(Struct, frozen=True):
    """The revenue of an obligation in a month: how it came about, its entry, what is left."""

    what: Earned
    entries: tuple[Entry, ...]
    liability: int
    asset: int


def posted(
    found: Sequence[Obligation],
    records: Sequence[Entry],
    home: str,
    rates: Sequence[ExchangeRate],
    last: Period,
) -> Iterator[Posted]:
    """Work out the revenue of every month through the last that has none yet."""
    entries = list(records)
    orders = list({what.order.number: what.order for what in found}.values())
    for month in months_to_post(orders, entries, last):
        at, made = standing(entries, month), list[Entry]()
        for what in earned(found, entries, month):
            new = revenue_entries(what, at, home, rates)
            if new:
                made += new
                yield _with_balances(what, new, at.at_end)
        entries += made


def _with_balances(what: Earned, entries: tuple[Entry, ...], balances: Balances) -> Posted:
    """Say how an obligation stands at the end of the month."""
    ref, entry = what.obligation.ref, entries[0]
    left = {
        role: balances.get((role, ref), NONE) for role in ("contract-liability", "contract-asset")
    }
    for posting in entry.postings:
        if posting.role in left:
            left[posting.role] = left[posting.role].after(posting)
    return Posted(what, entries, -left[ROLES[0]].amount, left[ROLES[1]].amount)
