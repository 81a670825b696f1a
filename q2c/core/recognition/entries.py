"""The entries of a month's revenue: what leaves liabilities and assets, and what becomes one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from q2c.core.entry import Entry, Posting, Role
from q2c.core.money import Money, exchange
from q2c.core.period import Period, month_of
from q2c.core.posting import NONE, Balance, Balances, difference, line_balances, month_key
from q2c.core.rates import ExchangeRate, rate_on
from q2c.core.recognition.months import Earned

Booked = Callable[[int], int] | None


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
