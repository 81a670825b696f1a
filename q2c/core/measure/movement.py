"""Movements: what is invoiced of each order line beside the month before, and why it differs."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from q2c.core.claim import LINE, Charge
from q2c.core.invoice import InvoiceLine
from q2c.core.money import Money, zero

Why = Literal[
    "new",
    "again",
    "ended",
    "waiting",
    "stopped",
    "later",
    "credited",
    "deposit",
    "deducted",
    "usage",
    "quantity",
    "price",
    "quantity-price",
    "days",
    "periods",
    "quantity-days",
]
METERED = frozenset({"hourly", "usage"})
MONTHS_DIFFER = 3  # days between the shortest month and the longest


class Billed(Struct, frozen=True, kw_only=True):
    """What is invoiced of an order line in a month, without VAT."""

    source: str
    customer: str
    name: str
    quantity: Decimal
    unit_price: Decimal | None
    net: Money
    days: int = 0
    periods: int = 0


class Movement(Struct, frozen=True, kw_only=True):
    """How an order line's invoicing differs from the month before: by how much, and why.

    `by_price` is the part of it that a changed unit price makes, at the quantity of now; the
    rest is by quantity. Both are told where both changed.
    """

    source: str
    customer: str
    name: str
    before: Money
    now: Money
    why: Why
    by_price: Money | None = None

    @property
    def change(self) -> Money:
        """What is invoiced more now; below zero less."""
        return self.now - self.before


class Known(Struct, frozen=True):
    """What is known of order lines: how they are charged, which were invoiced, which are over.

    `held` and `left` are orders that a plan leaves out, `credited` the lines of which something
    was given back by hand.
    """

    charges: Mapping[str, str]
    ever: Collection[str]
    over: Collection[str]
    held: Collection[str] = ()
    left: Collection[str] = ()
    credited: Collection[str] = ()


def billed_of(
    rows: Iterable[tuple[str, Charge | InvoiceLine, int]], currency: str
) -> dict[str, Billed]:
    """Add up rows of a currency by order line; each comes with its customer and its sign."""
    found: dict[str, Billed] = {}
    for customer, row, sign in rows:
        if row.net.currency == currency:
            one = _one(customer, row, sign)
            known = found.get(one.source)
            found[one.source] = _both(known, one) if known else one
    return found


def _one(customer: str, row: Charge | InvoiceLine, sign: int) -> Billed:
    return Billed(
        source=row.source,
        customer=customer,
        name=row.name,
        quantity=row.quantity * sign,
        unit_price=row.unit_price,
        net=row.net if sign > 0 else -row.net,
        days=row.service.days * sign if row.service else 0,
        periods=sign if row.service else 0,
    )


def _both(one: Billed, other: Billed) -> Billed:
    """Add two rows of a line; of several prices there is none."""
    same = one.unit_price == other.unit_price
    recurring = one.days and other.days  # two periods of five seats are five seats
    return Billed(
        source=one.source,
        customer=one.customer,
        name=one.name,
        quantity=max(one.quantity, other.quantity) if recurring else one.quantity + other.quantity,
        unit_price=one.unit_price if same else None,
        net=one.net + other.net,
        days=one.days + other.days,
        periods=one.periods + other.periods,
    )


def movements(
    before: Mapping[str, Billed], now: Mapping[str, Billed], known: Known
) -> list[Movement]:
    """Say of each order line what is invoiced more or less now, the largest change first."""
    found = [one for one in _movements(before, now, known) if one.change.minor]
    return sorted(found, key=lambda one: (-abs(one.change.minor), one.source))


def _movements(
    before: Mapping[str, Billed], now: Mapping[str, Billed], known: Known
) -> Iterator[Movement]:
    for source in (*now, *(source for source in before if source not in now)):
        if source.endswith(f"/{LINE}"):
            yield _of_deposits(before.get(source), now.get(source))
    before, now = _without_deposits(before), _without_deposits(now)
    for source, new in now.items():
        if source in known.over and new.net.minor <= 0 and source in before:
            yield _movement(new, before[source].net, new.net, "ended")
        elif source in before:
            yield _changed(before[source], new, known)
        else:
            yield _movement(new, zero(new.net.currency), new.net, _came(source, known))
    for source, old in before.items():
        if source not in now:
            yield _movement(old, old.net, zero(old.net.currency), _went(source, known))


def _came(source: str, known: Known) -> Why:
    """Say why a line is in this month and was not in that one."""
    if source in known.credited:
        return "credited"
    return "again" if source in known.ever else "new"


def _went(source: str, known: Known) -> Why:
    """Say why a line was in that month and is not in this one."""
    order = source.partition("/")[0]
    if order in known.held:
        return "stopped"
    if order in known.left:
        return "later"
    return "ended" if source in known.over else "waiting"


def _without_deposits(rows: Mapping[str, Billed]) -> dict[str, Billed]:
    return {source: one for source, one in rows.items() if not source.endswith(f"/{LINE}")}


def _of_deposits(old: Billed | None, new: Billed | None) -> Movement:
    """Say of an order's deposits what is asked for more or less, or deducted."""
    one = new or old
    assert one is not None
    nothing = zero(one.net.currency)
    why: Why = "deducted" if one.net.minor < 0 else "deposit"
    return _movement(one, old.net if old else nothing, new.net if new else nothing, why)


def _movement(one: Billed, before: Money, now: Money, why: Why) -> Movement:
    return Movement(
        source=one.source,
        customer=one.customer,
        name=one.name,
        before=before,
        now=now,
        why=why,
    )


def _changed(old: Billed, new: Billed, known: Known) -> Movement:
    """Say why a line that is invoiced in both months costs something else."""
    if new.source in known.credited:
        return _movement(new, old.net, new.net, "credited")
    quantity = old.quantity != new.quantity
    if old.unit_price is None or new.unit_price is None or old.unit_price == new.unit_price:
        metered = known.charges.get(new.source) in METERED
        why: Why = "usage" if metered and quantity else _otherwise(old, new)
        return _movement(new, old.net, new.net, why)
    by_price = Money.of((new.unit_price - old.unit_price) * new.quantity, new.net.currency)
    return Movement(
        source=new.source,
        customer=new.customer,
        name=new.name,
        before=old.net,
        now=new.net,
        why="quantity-price" if quantity else "price",
        by_price=by_price if quantity else None,
    )


def _otherwise(old: Billed, new: Billed) -> Why:
    """Say whether other days, another quantity, or else a price makes the difference."""
    quantity = old.quantity != new.quantity
    if abs(old.days - new.days) <= MONTHS_DIFFER:
        return "quantity" if quantity else "price"
    if quantity:
        return "quantity-days"
    return "days" if old.periods == new.periods else "periods"
