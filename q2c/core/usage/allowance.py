"""Prepaid hours of an order line: what is granted, what was worked of it, what that is worth."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from msgspec import Struct

from q2c.core.money import EXACT, Money
from q2c.core.order import Delivery, Order, OrderLine
from q2c.core.period import last_of
from q2c.core.prepaid import Draw, Drawdown, Grant, drawn
from q2c.core.subscription import Change, Slot, Stretch, amount, changes_of, pieces, slots
from q2c.core.subscription import stretches as stretches_of
from q2c.core.usage.hours import NOTHING, entries_of

HUNDREDTH = Decimal("0.01")


class Paid(Struct, frozen=True):
    """A grant and what was agreed to be paid for it, without VAT."""

    grant: Grant
    price: Money


class Standing(Struct, frozen=True, kw_only=True):
    """How prepaid hours stand on a day: what became of each grant, and the hours beyond.

    `values` is what an hour of each grant was paid with, exactly, in minor units; with hours
    that moved on it is what all in the grant were paid with together.
    """

    paid: tuple[Paid, ...]
    down: Drawdown
    values: Mapping[str, Fraction]

    @property
    def beyond(self) -> Decimal:
        """How many hours were worked beyond what was granted."""
        return sum((one.quantity for one in self.down.over), NOTHING)

    def deferred(self) -> Fraction:
        """Say what is paid for hours that may still be used, in minor units."""
        left = self.down.left.items()
        return sum((self.values[id_] * Fraction(hours) for id_, hours in left), Fraction(0))


def paid_of(order: Order, line: OrderLine, changes: Sequence[Change] = ()) -> list[Paid]:
    """Give the grants of a line: one with the order, or one for each billing period."""
    terms = line.prepaid
    assert terms is not None, line
    if line.service is None:
        last = last_of(terms.expires, order.agreed_on)
        id_ = f"{order.ref(line)}:order"
        return [Paid(Grant(id_, line.unit, line.quantity, order.agreed_on, last), line.net)]
    cut = stretches_of(line, changes_of(changes, line.id))
    return [_of_slot(order, line, slot, cut) for slot in slots(line)]


def _of_slot(order: Order, line: OrderLine, slot: Slot, cut: Sequence[Stretch]) -> Paid:
    """Grant the hours of a billing period; of a part of one by its days, to the hundredth."""
    terms, days = line.prepaid, slot.service
    assert terms is not None, line
    share = sum(
        (
            Fraction(terms.hours) * Fraction(stretch.line.quantity) * inside.days / slot.whole.days
            for stretch, inside in pieces(slot, cut)
            if stretch.state == "running"
        ),
        Fraction(0),
    )
    exact = EXACT.divide(Decimal(share.numerator), Decimal(share.denominator))
    hours = exact.quantize(HUNDREDTH, ROUND_HALF_UP, EXACT)
    id_ = f"{order.ref(line)}:{days.first}..{days.last}"
    grant = Grant(id_, "h", hours, days.first, days.last, terms.rollover)
    return Paid(grant, Money(amount(slot, cut), line.net.currency))


def draws_of(line: OrderLine, deliveries: Iterable[Delivery]) -> list[Draw]:
    """Give what was worked on a line as draws, in one order whatever order it came in."""
    return [Draw(entry.day, entry.hours, entry.person) for entry in entries_of(line, deliveries)]


def drawdown(
    paid: Sequence[Paid], line: OrderLine, deliveries: Iterable[Delivery], day: date = date.max
) -> Standing:
    """Say how prepaid hours stand at the end of a day."""
    grants = [one.grant for one in paid]
    down = drawn(grants, draws_of(line, deliveries), day)
    return Standing(paid=tuple(paid), down=down, values=dict(_values(paid, down, day)))


def _values(paid: Sequence[Paid], down: Drawdown, day: date) -> Iterator[tuple[str, Fraction]]:
    """Say what an hour of each grant was paid with; what moved on keeps what it was paid with.

    Of a grant that begins after the day there is only what moved on to it.
    """
    moved, worth = NOTHING, Fraction(0)
    for one in paid:
        begun = one.grant.first <= day
        hours = Fraction(moved) + (Fraction(one.grant.quantity) if begun else 0)
        total = worth + (one.price.minor if begun else 0)
        value = total / hours if hours else Fraction(0)
        yield one.grant.id, value
        moved = down.rolled.get(one.grant.id, NOTHING)
        worth = value * Fraction(moved)


def overage(line: OrderLine, hours: Decimal) -> Money:
    """Say what hours beyond the prepaid ones cost, rounded once."""
    assert line.prepaid is not None, line
    exact = Fraction(line.prepaid.overage) * Fraction(max(hours, NOTHING))
    return Money.of(exact, line.net.currency)
