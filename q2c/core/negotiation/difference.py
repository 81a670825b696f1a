"""Differences: what is other in one quote than in another, as values to be told."""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.money import Money
from q2c.core.negotiation.terms import Value

How = Literal["added", "removed", "changed"]


class Change(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that differs: what it is, its name where it is one of several, both values.

    What comes off the whole quote has an `effect` on its net.
    """

    what: str
    name: str = ""
    before: Value = None
    after: Value = None
    effect: Money | None = None


class LineChange(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line that differs: how, what it cost and costs, and what that does to the net.

    Amounts are before what comes off the whole quote. A line that does not count in the total has
    amounts, too, and no effect; where the currencies differ there is no effect to tell.
    """

    how: How
    item: str
    name: str
    key: str = ""
    section: str = ""
    before: Money | None = None
    after: Money | None = None
    effect: Money | None = None
    changes: tuple[Change, ...] = ()


class Side(Struct, frozen=True, kw_only=True):
    """One of the two quotes: what it is called here, which it is, and what it comes to."""

    name: str
    number: str
    version: int
    net: Money
    tax: Money
    total: Money


class Difference(Struct, frozen=True, kw_only=True):
    """All that differs between two quotes.

    The effects of `lines` and of `discounts`, which come off the whole quote, add up to the
    difference of the nets. `inside` is for the seller's eyes only.
    """

    before: Side
    after: Side
    lines: tuple[LineChange, ...] = ()
    discounts: tuple[Change, ...] = ()
    terms: tuple[Change, ...] = ()
    texts: tuple[Change, ...] = ()
    totals: tuple[Change, ...] = ()
    inside: tuple[Change, ...] = ()

    @property
    def effect(self) -> Money | None:
        """What it does to the net; nothing where the currencies differ."""
        return less(self.after.net, self.before.net)

    def __bool__(self) -> bool:
        return any((self.lines, self.discounts, self.terms, self.texts, self.totals, self.inside))


def less(after: Money, before: Money) -> Money | None:
    """Subtract an amount from another; nothing where the currencies differ."""
    return after - before if after.currency == before.currency else None


def for_customer(found: Difference) -> Difference:
    """Give a difference without what only the seller sees: our figures, branches and files."""
    sides = {name: _bare(getattr(found, name)) for name in ("before", "after")}
    return replace(found, inside=(), **sides)


def _bare(side: Side) -> Side:
    version = f"{side.number}/v{side.version}" if side.version else f"{side.number} (draft)"
    return replace(side, name=version)
