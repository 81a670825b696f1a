"""What is earned of an obligation in all: by days, by output, at a point in time, by use.

One obligation an order line. The transaction price is what was agreed for it less what was
credited; a credit of a service counts for the days that it names.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from types import MappingProxyType

from msgspec import Struct

from q2c.core.billing.metered import earned_by_use
from q2c.core.billing.prepaying import Spent
from q2c.core.entry import Entry
from q2c.core.money import Money, rounded
from q2c.core.order import Delivery, Order, OrderLine, quantity_through
from q2c.core.period import Period, common
from q2c.core.recognition.schedule import earned_in, schedule
from q2c.core.subscription import Change, changes_of, charged, stretches
from q2c.core.trace import Step, Traced, mixed
from q2c.core.usage.allowance import Paid, drawdown, overage, paid_of
from q2c.core.usage.hours import worth_of
from q2c.core.usage.metering import Reading


class Obligation(Struct, frozen=True, kw_only=True):
    """A performance obligation: an order line with what has been delivered of it, or used.

    `spent` says when which part of the credits that it granted was used, or expired.
    """

    order: Order
    line: OrderLine
    deliveries: tuple[Delivery, ...]
    changes: tuple[Change, ...] = ()
    readings: tuple[Reading, ...] = ()
    spent: tuple[Spent, ...] = ()

    @property
    def ref(self) -> str:
        """The order line's name: `O-2026-0001/1`."""
        return self.order.ref(self.line)


def obligations(
    orders: Iterable[Order],
    deliveries: Mapping[str, Sequence[Delivery]],
    changes: Mapping[str, Sequence[Change]] = MappingProxyType({}),
    readings: Mapping[str, Sequence[Reading]] = MappingProxyType({}),
    spent: Mapping[str, Sequence[Spent]] = MappingProxyType({}),
) -> list[Obligation]:
    """Give the obligations of all orders, in their order."""
    return [
        Obligation(
            order=order,
            line=line,
            deliveries=tuple(deliveries.get(order.number, ())),
            changes=changes_of(changes.get(order.number, ()), line.id),
            readings=tuple(readings.get(order.number, ())),
            spent=tuple(spent.get(order.ref(line), ())),
        )
        for order in orders
        for line in order.lines
    ]


class Credit(Struct, frozen=True):
    """What a credit note gave back of an order line, without VAT, and for which days of service."""

    amount: int
    service: Period | None


def credits_of(entries: Iterable[Entry], through: str) -> dict[str, list[Credit]]:
    """Gather by order line what credit notes gave back of it.

    What is due again is not given back; and what follows from a change of the order, which has
    keys, is in its price already.
    """
    found: dict[str, list[Credit]] = {}
    for entry in entries:
        given = entry.kind == "credit-note-issued" and not (entry.released or entry.keys)
        if given and entry.period <= through:
            for posting in entry.postings:
                if posting.line:
                    credit = Credit(posting.amount, posting.service)
                    found.setdefault(posting.line, []).append(credit)
    return found


def target(what: Obligation, credits_: Sequence[Credit], day: date) -> tuple[str, Traced]:
    """Say how far an obligation is through a day, and what is earned of it in all.

    Over time by days of service, both ends counted; by output in proportion to the
    delivered quantity; at a point in time when a whole unit is delivered; prepaid hours when
    they are worked, or expire (IFRS 15.B44-B46).
    """
    line = what.line
    if line.meter or line.once_granted:
        return _by_meter(what, credits_, day)
    if line.prepaid:
        return _by_use(what, credits_, day)
    if line.revenue == "over-time" and line.service:
        return _by_days(line, line.service, credits_, day, what.changes)
    back = Money(sum(credit.amount for credit in credits_), line.net.currency)
    quantity = quantity_through(what.deliveries, line.id, day)
    told = f"{quantity:f}/{line.quantity:f} {line.unit}"
    if line.revenue == "point-in-time" and quantity < line.quantity:
        quantity = quantity.quantize(Decimal(1), ROUND_DOWN)
    if line.open_ended:
        # What was credited and then taken back as well was never worth less than nothing.
        known = [one for one in what.deliveries if one.date <= day]
        worth = worth_of(line, known, what.changes)
        earned = Money(max(0, (worth - back).minor), back.currency)
        return told, _traced(f"{quantity:f} {line.unit} as performed", line.net, earned)
    earned = (line.net - back).share(Fraction(quantity) / Fraction(line.quantity))
    return told, _traced(f"{told} of {line.net - back}", line.net, earned)


def _by_meter(what: Obligation, credits_: Sequence[Credit], day: date) -> tuple[str, Traced]:
    """Earn use by what its readings are worth, and credits for it as they are used or expire."""
    line = what.line
    back = Money(sum(credit.amount for credit in credits_), line.net.currency)
    if line.meter:
        told, worth = "use as counted", earned_by_use(line, what.readings, day) - back
    else:
        part = sum((share for on, share in what.spent if on <= day), Fraction(0))
        told, worth = f"{mixed(part)} of the credits", (line.net - back).share(part)
    return told, _traced(told, line.net, Money(max(0, worth.minor), line.net.currency))


def _by_use(what: Obligation, credits_: Sequence[Credit], day: date) -> tuple[str, Traced]:
    """Earn prepaid hours as they are worked, the rest when they expire, and those beyond by price.

    What is credited of a billing period was never paid for its hours.
    """
    line, currency = what.line, what.line.net.currency
    paid = paid_of(what.order, line, what.changes)
    kept = [_less(one, credits_) for one in paid]
    now = drawdown(kept, line, what.deliveries, day)
    begun = sum(one.price.minor for one in kept if one.grant.first <= day)
    held = now.deferred()
    beyond = overage(line, now.beyond).minor
    spread = sum(one.price.minor - less.price.minor for one, less in zip(paid, kept, strict=True))
    other = sum(credit.amount for credit in credits_) - spread
    amount = begun - rounded(held.numerator, held.denominator) + max(0, beyond - other)
    worked = sum((row.quantity for row in now.down.rows), now.beyond)
    told = f"{worked.normalize():f} h worked"
    return told, _traced(
        f"{told}, {now.beyond.normalize():f} h beyond the prepaid",
        line.net,
        Money(max(0, amount), currency),
    )


def _less(one: Paid, credits_: Sequence[Credit]) -> Paid:
    """Take off a grant's price what was credited of its days, or of the whole of it."""
    back = sum(
        credit.amount
        for credit in credits_
        if (one.grant.id.endswith(":order") and credit.service is None)
        or (credit.service is not None and one.grant.covers(credit.service.first))
    )
    return Paid(one.grant, Money(max(0, one.price.minor - back), one.price.currency))


def _by_days(
    line: OrderLine,
    service: Period,
    credits_: Sequence[Credit],
    day: date,
    changes: Sequence[Change] = (),
) -> tuple[str, Traced]:
    """Spread the price over the days of service, and each credit over the days it is for.

    What is given back of the days to come thus leaves alone what was earned before, and a
    reduction for a bad month falls on that month (IFRS 15.85). Where the line was changed, no
    more is given back of days than they cost.
    """
    passed = Period(service.first, day)
    told = f"{common(service, passed)}/{service.days} days"
    cut = stretches(line, changes)
    held = schedule(line, service, changes)
    earned = earned_in(held, passed)
    for days, given in _by_service(credits_, service):
        back = min(given, charged(line, cut, days)) if changes else given
        earned -= Fraction(back * common(days, passed), days.days)
    amount = Money(max(0, rounded(earned.numerator, earned.denominator)), line.net.currency)
    price = Money(int(sum(minor for _, minor in held)), line.net.currency)
    rule = f"{told} of {price}{', less what was credited of them' if credits_ else ''}"
    return told, _traced(rule, price, amount)


def _by_service(credits_: Sequence[Credit], service: Period) -> Iterable[tuple[Period, int]]:
    """Add up credits of the same days; those of no days are of the whole service."""
    sums: Counter[Period] = Counter()
    for credit in credits_:
        sums[credit.service or service] += credit.amount
    return sums.items()


def _traced(rule: str, agreed: Money, earned: Money) -> Traced:
    return Traced(earned, (Step(rule, "", agreed.amount, earned.amount),))
