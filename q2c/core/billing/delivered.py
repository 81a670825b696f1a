"""What falls due with the order or with its deliveries: goods, hours, milestones."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from q2c.core.billing.owing import Due, Placing
from q2c.core.order import Delivery, Order, OrderLine, kept, worth
from q2c.core.period import Period
from q2c.core.pricing import cost, told
from q2c.core.trace import Step, shown

_Keyed = tuple[str, Delivery]


def due_on_order(
    order: Order, line: OrderLine, billed: Collection[str], through: date
) -> Iterator[Due]:
    """Claim a line on the day that it was agreed, once."""
    key = f"{order.ref(line)}:order"
    if key not in billed and order.agreed_on <= through:
        day = Period(order.agreed_on, order.agreed_on)
        yield Due(keys=(key,), quantity=line.quantity, net=line.net, supplied=day, steps=line.steps)


def delivery_key(order: Order, line: OrderLine, number: int) -> str:
    """Name the charge of a delivery: its order line and its place among the order's events."""
    return f"{order.ref(line)}:delivery-{number}"


def due_on_delivery(
    order: Order,
    line: OrderLine,
    deliveries: Sequence[Delivery],
    billed: Collection[str],
    at: Placing,
) -> Iterator[Due]:
    """Claim what deliveries are worth together, less what those billed before were worth.

    Days of different VAT rates are claimed apart. Nothing, or less than nothing because more
    units made all of them cheaper, waits for the next delivery.
    """
    before, fresh = Decimal(0), []
    for number, delivery in enumerate(deliveries):
        if delivery.line == line.id:
            key = delivery_key(order, line, number)
            if key in billed:
                before += delivery.quantity
            elif delivery.date <= at.through:
                fresh.append((key, delivery))
    if fresh:
        for groups in (_by_rate(fresh, _turns(line, at)), [fresh]):
            parts = list(_delivered(line, before, groups))
            if all(part.quantity > 0 and part.net.minor >= 0 for part in parts):
                yield from parts
                return


def _turns(line: OrderLine, at: Placing) -> list[date]:
    """Give the days on which the line's VAT rate changed."""
    country = at.company.address.country
    rows = (row for row in at.vat_rates if (row.country, row.vat) == (country, line.vat))
    return sorted(row.valid_from for row in rows)


def _by_rate(fresh: Sequence[_Keyed], turns: Sequence[date]) -> list[list[_Keyed]]:
    groups: dict[int, list[_Keyed]] = {}
    for key, delivery in fresh:
        groups.setdefault(bisect_right(turns, delivery.date), []).append((key, delivery))
    return [groups[era] for era in sorted(groups)]


def _delivered(
    line: OrderLine, before: Decimal, groups: Iterable[Sequence[_Keyed]]
) -> Iterator[Due]:
    """Claim group after group: what all through it is worth, less what all before it was."""
    for group in groups:
        days = [delivery.date for _, delivery in group]
        quantity = sum((delivery.quantity for _, delivery in group), Decimal(0))
        through = max(before + quantity, Decimal(0))
        already, now = worth(line, before), worth(line, through)
        rule = f"{through:f} {line.unit} delivered, of which {before:f} invoiced before"
        yield Due(
            keys=tuple(key for key, _ in group),
            quantity=quantity,
            net=now - already,
            supplied=Period(min(days), max(days)),
            steps=(*line.steps, *_worth(line, through), Step(rule, "", already.amount, now.amount)),
        )
        before = through


def _worth(line: OrderLine, quantity: Decimal) -> Iterator[Step]:
    """Say how a delivered quantity is worth what it is: by the rate, or as a share of the whole.

    Where the rate stands is said by the steps of the quote, which know the commit.
    """
    if line.open_ended and not line.bundle:
        exact, owed = cost(line.rate, quantity), worth(line, quantity).amount
        yield Step(told(line.rate, quantity), "", Decimal(0), shown(exact))
        if kept(line) != 1:
            rule = f"less the discounts: {line.net} of {line.gross} agreed"
            yield Step(rule, "", shown(exact), owed)
    elif quantity < line.quantity:
        owed = worth(line, quantity).amount
        rule = f"{quantity:f} of {line.quantity:f} {line.unit} for {line.net}"
        yield Step(rule, "", Decimal(0), owed)
