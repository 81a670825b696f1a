"""What falls due with the order or with its deliveries: goods, hours, milestones, expenses."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from q2c.core.billing.owing import Due, Facts, Placing
from q2c.core.billing.phrases import CAPPED
from q2c.core.money import Money, zero
from q2c.core.order import Delivery, Order, OrderLine, kept, worth
from q2c.core.party import spoken
from q2c.core.period import Period
from q2c.core.pricing import Rate, cost, told
from q2c.core.subscription import Change
from q2c.core.trace import Step, shown
from q2c.core.usage.hours import (
    NOTHING,
    Tally,
    capped,
    label_of,
    rate_on,
    span_of,
    tallies,
)
from q2c.core.usage.worked import worked_of

Keyed = tuple[str, Delivery]
Price = tuple[str, Rate]


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
    order: Order, line: OrderLine, facts: Facts, billed: Collection[str], at: Placing
) -> Iterator[Due]:
    """Claim what deliveries are worth together, less what those billed before were worth.

    Days of different VAT rates, and hours of different prices, are claimed apart. Nothing, or
    less than nothing because units were taken back or more of them made all cheaper, waits for
    the next delivery; it holds up no hours of another price.
    """
    before, fresh = parted(order, line, facts.deliveries, billed, at.through)
    parts = list[Due]()
    for groups in (by_vat(fresh, line, at), [fresh]) if fresh else ():
        parts = list(_delivered(line, before, groups, facts.changes, order.language))
        if all(map(_claimable, parts)):
            break
    yield from filter(_claimable, parts)


def _claimable(part: Due) -> bool:
    return part.quantity > 0 and part.net.minor >= 0


def parted(
    order: Order,
    line: OrderLine,
    deliveries: Sequence[Delivery],
    billed: Collection[str],
    through: date,
) -> tuple[list[Delivery], list[Keyed]]:
    """Part what was delivered of a line: what is billed, and what is not, with its keys."""
    before, fresh = list[Delivery](), list[Keyed]()
    for number, delivery in enumerate(deliveries):
        if delivery.line == line.id:
            key = delivery_key(order, line, number)
            if key in billed:
                before.append(delivery)
            elif delivery.date <= through:
                fresh.append((key, delivery))
    return before, fresh


def by_vat(fresh: Sequence[Keyed], line: OrderLine, at: Placing) -> list[list[Keyed]]:
    """Put deliveries together between the days on which the line's VAT rate changed."""
    country = at.company.address.country
    rows = (row for row in at.vat_rates if (row.country, row.vat) == (country, line.vat))
    turns = sorted(row.valid_from for row in rows)
    groups: dict[int, list[Keyed]] = {}
    for key, delivery in fresh:
        groups.setdefault(bisect_right(turns, delivery.date), []).append((key, delivery))
    return [groups[era] for era in sorted(groups)]


def _delivered(
    line: OrderLine,
    before: Sequence[Delivery],
    groups: Iterable[Sequence[Keyed]],
    changes: Sequence[Change],
    language: str,
) -> Iterator[Due]:
    """Claim group after group: what all through it is worth, less what all before it was.

    What rounding leaves of hours waits until they come to a whole step.
    """
    known = [*before]
    already = tallies(line, known, changes)
    charged = sum((one.worth for one in already.values()), zero(line.net.currency))
    for group in groups:
        known += [delivery for _, delivery in group]
        now = tallies(line, known, changes)
        for name, mine in _by_price(line, group, changes).items():
            if part := _part(line, mine, already.get(name), now[name], charged, language):
                if _claimable(part):
                    charged += now[name].worth - _worth_before(already.get(name), line)
                yield part
        already = now


def _by_price(
    line: OrderLine, group: Sequence[Keyed], changes: Sequence[Change]
) -> dict[Price, list[Keyed]]:
    """Put deliveries of one price together."""
    found: dict[Price, list[Keyed]] = {}
    for key, one in group:
        label = label_of(line, one)
        found.setdefault((label, rate_on(line, label, one.date, changes)), []).append((key, one))
    return found


def _worth_before(tally: Tally | None, line: OrderLine) -> Money:
    return tally.worth if tally else zero(line.net.currency)


def _part(
    line: OrderLine,
    mine: Sequence[Keyed],
    before: Tally | None,
    now: Tally,
    charged: Money,
    language: str,
) -> Due | None:
    """Claim hours of one price: what they add to all that was `charged` of the line, to its cap."""
    earlier = before.hours if before else NOTHING
    quantity, already = now.hours - earlier, _worth_before(before, line)
    added = now.worth - already
    if not quantity and not added.minor:
        return None
    net = capped(line, charged + added) - capped(line, charged)
    hours = line.takes_hours or line.charge == "expense"
    rule = f"{now.hours:f} {line.unit} delivered, of which {earlier:f} invoiced before"
    return Due(
        keys=tuple(key for key, _ in mine),
        quantity=quantity,
        net=net,
        supplied=span_of(one for _, one in mine),
        text="\n".join(filter(None, (_cap_told(added, net, language), now.label))),
        worked=worked_of(one for _, one in mine) if hours else (),
        line=None if now.rate == line.rate else replace(line, rate=now.rate),
        steps=(
            *line.steps,
            *_rounding_step(line, now),
            *_worth_steps(line, now),
            Step(rule, "", already.amount, now.worth.amount),
            *_cap_step(line, added, net),
        ),
    )


def _rounding_step(line: OrderLine, now: Tally) -> Iterator[Step]:
    rounding = line.working.rounding if line.working else None
    if rounding:
        how = {"up": "up", "nearest": "to the nearest", "down": "down"}[rounding.how]
        whose = "each entry" if rounding.per == "entry" else "each day of a person"
        rule = f"{whose} rounded {how}, in steps of {rounding.step:f} {line.unit}"
        yield Step(rule, "", now.raw, now.hours)


def _cap_told(added: Money, net: Money, language: str) -> str:
    """Tell the customer where work costs less than its hours, since the cap is reached."""
    return spoken(CAPPED, language) if net != added else ""


def _cap_step(line: OrderLine, added: Money, net: Money) -> Iterator[Step]:
    cap = line.working.cap if line.working else None
    if cap and net != added:
        rule = f"not to exceed {cap} in all: {added - net} is worked and not charged"
        yield Step(rule, "", added.amount, net.amount)


def _worth_steps(line: OrderLine, now: Tally) -> Iterator[Step]:
    """Say how a delivered quantity is worth what it is: by its rate, or as a share of the whole.

    Where the rate stands is said by the steps of the quote, which know the commit.
    """
    quantity = max(now.hours, NOTHING)
    if line.open_ended and not line.bundle:
        exact = cost(now.rate, quantity)
        label = f"{now.label}: " if now.label else ""
        yield Step(f"{label}{told(now.rate, quantity)}", "", Decimal(0), shown(exact))
        if kept(line) != 1:
            rule = f"less the discounts: {line.net} of {line.gross} agreed"
            yield Step(rule, "", shown(exact), now.worth.amount)
    elif quantity < line.quantity:
        owed = worth(line, quantity).amount
        rule = f"{quantity:f} of {line.quantity:f} {line.unit} for {line.net}"
        yield Step(rule, "", Decimal(0), owed)
