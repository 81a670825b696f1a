"""Revenue: what is earned of each order line by a day, and what is still to be posted.

One obligation an order line. The transaction price is what was agreed for it less what was
credited; a credit of a service counts for the days that it names. Posted is the target to
date less what was posted before (IFRS 15.39-45, B14-B19).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from types import MappingProxyType

from msgspec import Struct

from q2c.core.billing.metered import earned_by_use
from q2c.core.billing.prepaying import Spent
from q2c.core.entry import Entry, Posting, Role
from q2c.core.fault import Fault, Invalid
from q2c.core.invoice import ExchangeRate, rate_on
from q2c.core.money import Money, exchange, rounded
from q2c.core.order import Delivery, Order, OrderLine, quantity_through
from q2c.core.period import Period, common, month_of, months_after
from q2c.core.posting import NONE, Balance, Balances, difference, line_balances, month_key
from q2c.core.subscription import Change, changes_of, charged, prices, stretches
from q2c.core.trace import Step, Traced, mixed
from q2c.core.usage.allowance import Paid, drawdown, overage, paid_of
from q2c.core.usage.hours import worth_of
from q2c.core.usage.metering import Reading

Booked = Callable[[int], int] | None


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


class Earned(Struct, frozen=True, kw_only=True):
    """An obligation in a month: earned to date, posted before, and this month's revenue.

    `entries` counts the revenue entries that the month has of it already: late facts make more.
    """

    obligation: Obligation
    period: str
    progress: str
    target: Traced
    posted: Money
    entries: int = 0

    @property
    def revenue(self) -> Money:
        """What is still to be posted; below zero takes revenue back."""
        return self.target.amount - self.posted


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
    reduction for a bad month falls on that month (IFRS 15.85). Where the line was changed, each
    stretch of days has a price of its own (IFRS 15.21a), and no more is given back of days than
    they cost.
    """
    passed = Period(service.first, day)
    told = f"{common(service, passed)}/{service.days} days"
    cut = stretches(line, changes)
    stretched = prices(line, cut) if changes else [(service, line.net.minor)]
    earned = _spread(stretched, passed)
    for days, given in _by_service(credits_, service):
        back = min(given, charged(line, cut, days)) if changes else given
        earned -= Fraction(back * common(days, passed), days.days)
    amount = Money(max(0, rounded(earned.numerator, earned.denominator)), line.net.currency)
    price = Money(sum(minor for _, minor in stretched), line.net.currency)
    rule = f"{told} of {price}{', less what was credited of them' if credits_ else ''}"
    return told, _traced(rule, price, amount)


def _by_service(credits_: Sequence[Credit], service: Period) -> Iterable[tuple[Period, int]]:
    """Add up credits of the same days; those of no days are of the whole service."""
    sums: Counter[Period] = Counter()
    for credit in credits_:
        sums[credit.service or service] += credit.amount
    return sums.items()


def _spread(stretched: Iterable[tuple[Period, int]], days: Period) -> Fraction:
    """Add up what days cost of stretches that have each its price."""
    parts = (Fraction(price * common(own, days), own.days) for own, price in stretched)
    return sum(parts, Fraction(0))


def _traced(rule: str, agreed: Money, earned: Money) -> Traced:
    return Traced(earned, (Step(rule, "", agreed.amount, earned.amount),))


def earned(
    found: Iterable[Obligation], entries: Sequence[Entry], month: Period
) -> Iterator[Earned]:
    """Say for each obligation what is earned through a month, and what was posted before.

    Refuses a month before one that has revenue already: revenue is recognised in order.
    """
    key = month_key(month.last)
    revenue = [entry for entry in entries if entry.kind == "revenue-recognised"]
    later = [entry.period for entry in revenue if entry.period > key]
    if later:
        message = f"Revenue is recognised through {max(later)}; {key} comes before it."
        remedy = f"Late facts are caught up: q2c revenue recognise --period {max(later)}."
        raise Invalid(Fault("period-recognised", message, remedy=remedy))
    back = credits_of(entries, key)
    # A credit note of a later month is that month's affair, also where it took revenue back.
    posted = line_balances(entry for entry in entries if entry.period <= key)
    times = Counter(p.line for e in revenue if e.period == key for p in e.postings[-1:])
    for obligation in found:
        if obligation.order.agreed_on > month.last:
            continue
        progress, traced = target(obligation, back.get(obligation.ref, ()), month.last)
        before = -posted.get(("revenue", obligation.ref), NONE).amount
        yield Earned(
            obligation=obligation,
            period=key,
            progress=progress,
            target=traced,
            posted=Money(before, obligation.order.currency),
            entries=times[obligation.ref],
        )


def months_to_post(orders: Sequence[Order], entries: Sequence[Entry], last: Period) -> list[Period]:
    """Give the months that have no revenue yet, through the last: skipped ones come first."""
    done = [entry.period for entry in entries if entry.kind == "revenue-recognised"]
    agreed = min((order.agreed_on for order in orders), default=last.first)
    starts = [line.service.first for order in orders for line in order.lines if line.service]
    first = month_of(min([agreed, *starts]))
    if done:
        year, month = (int(part) for part in max(done).split("-"))
        first = month_of(date(year, month, 1))
    months = []
    while first.first <= last.first:
        months.append(first)
        first = month_of(months_after(first.first, 1))
    return months or [last]


class Standing(Struct, frozen=True):
    """The balances of every order line at the end of a month, and now; and its last entry's day."""

    at_end: Balances
    now: Balances
    last: Mapping[str, date]


def standing(entries: Sequence[Entry], month: Period) -> Standing:
    """Say how the order lines stand at the end of a month and after all entries."""
    key = month_key(month.last)
    return Standing(
        line_balances(entry for entry in entries if entry.period <= key),
        line_balances(entries),
        # Not the entry that was written last: a month that is caught up comes after later days.
        {p.line: e.date for e in sorted(entries, key=_date) for p in e.postings},
    )


def _date(entry: Entry) -> date:
    return entry.date


def revenue_entries(
    what: Earned, at: Standing, home: str, rates: Sequence[ExchangeRate]
) -> tuple[Entry, ...]:
    """Make the entries of a month's revenue of an obligation; none where none is due.

    The month is closed on its own balances. Where a later invoice stands already, the asset
    that the month ends with and the liability of the invoice are netted on the day of the
    later entry (IFRS 15.105: one or the other, never both).
    """
    revenue = revenue_entry(what, at.at_end, home, rates)
    if revenue is None:
        return ()
    ref, balances = what.obligation.ref, dict(at.now)
    for posting in revenue.postings:
        name = (posting.role, ref)
        balances[name] = balances.get(name, NONE).after(posting)
    return revenue, *_netted(what, balances, at.last.get(ref, revenue.date), home)


def _netted(what: Earned, balances: Balances, day: date, home: str) -> Iterator[Entry]:
    """Move one contract balance to the other where an order line has both, or one reversed."""
    ref = what.obligation.ref
    roles: tuple[Role, Role] = ("contract-liability", "contract-asset")
    liability, asset = (balances.get((role, ref), NONE) for role in roles)
    moved, kept = (asset, liability) if liability.amount + asset.amount <= 0 else (liability, asset)
    book = kept.part(moved.amount) if kept.amount else moved.book
    if kept.amount == -moved.amount:  # nothing stays, in the company's currency neither
        book = -kept.book
    if moved.amount or moved.book or book:
        leaving, staying = reversed(roles) if moved is asset else roles
        currency = what.revenue.currency
        values = ((leaving, -moved.amount, -moved.book), (staying, moved.amount, book))
        postings = [
            Posting(
                role=role,
                amount=amount,
                currency=currency,
                book=None if currency == home else value,
                line=ref,
            )
            for role, amount, value in values
        ]
        if currency != home and moved.book != book:
            postings.append(difference(currency, moved.book - book))
        yield Entry(
            id=f"netted:{ref}:{what.period}:{what.entries + 1}",
            kind="contract-balances-netted",
            date=day,
            period=month_key(day),
            party=what.obligation.order.customer,
            postings=tuple(postings),
        )


def revenue_entry(
    what: Earned, balances: Balances, home: str, rates: Sequence[ExchangeRate]
) -> Entry | None:
    """Make the entry of a month's revenue of an obligation, or nothing where none is due.

    What was invoiced leaves the contract liability, at the rate it arose at (IFRIC 22);
    the rest is a contract asset, at the month's rate. Revenue that is taken back leaves at
    the rate it was posted at.
    """
    if what.revenue.minor == 0:
        return None
    order, line = what.obligation.order, what.obligation
    month = _last_day(what.period)

    def book(minor: int) -> int:
        found = rate_on(order.currency, home, month, rates)
        return exchange(Money(minor, order.currency), found.rate, home).minor

    return Entry(
        id=f"revenue:{line.ref}:{what.period}:{what.entries + 1}",
        kind="revenue-recognised",
        date=month,
        period=what.period,
        party=order.customer,
        note=what.progress,
        postings=tuple(_postings(what, balances, book if order.currency != home else None)),
    )


def _last_day(period: str) -> date:
    year, month = (int(part) for part in period.split("-"))
    return month_of(date(year, month, 1)).last


def _postings(what: Earned, balances: Balances, book: Booked) -> Iterator[Posting]:
    """Take from the liability (or, backwards, from the asset) first, then from the other."""
    amount, ref, currency = what.revenue.minor, what.obligation.ref, what.revenue.currency
    roles: tuple[Role, Role] = ("contract-liability", "contract-asset")
    first, second = roles if amount > 0 else reversed(roles)
    held, rest = balances.get((first, ref), NONE), NONE
    if amount > 0:
        part = min(amount, max(0, -held.amount))
    else:
        part, rest = max(amount, min(0, -held.amount)), balances.get(("revenue", ref), NONE)
    booked = 0
    for role, minor, of in ((first, part, held), (second, amount - part, rest)):
        if minor:
            value = _valued(minor, of, book)
            booked += value or 0
            yield Posting(role=role, amount=minor, currency=currency, book=value, line=ref)
    total = None if book is None else -booked
    yield Posting(role="revenue", amount=-amount, currency=currency, book=total, line=ref)


def _valued(minor: int, held: Balance, book: Booked) -> int | None:
    """Value a part of a balance at the balance's own rate, or else at the month's."""
    if book is None:
        return None
    return held.part(minor) if held.amount else book(minor)
