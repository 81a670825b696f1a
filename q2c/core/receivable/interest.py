"""Interest on what is paid late: by the reference rate of each half-year and so many points above.

räntelagen (1975:635), as directive 2011/7/EU asks of every member state.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from msgspec import Struct

from q2c.core.claim import DuePart
from q2c.core.entry import Entry
from q2c.core.fault import Fault
from q2c.core.money import Money, total, zero
from q2c.core.receivable.items import Dues, OpenItem
from q2c.core.trace import Sourced

YEAR = 365  # days of a year, in leap years too
DAY = timedelta(days=1)


class ReferenceRate(
    Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """The reference rate of the half-year that begins on a day, in per cent (9 §)."""

    valid_from: date
    rate: Decimal
    published_by: str


class ReferenceRates(Struct, frozen=True, forbid_unknown_fields=True):
    """What `rates/reference.yaml` holds."""

    rates: tuple[ReferenceRate, ...]


def reference_faults(rates: Iterable[ReferenceRate]) -> Iterator[Fault]:
    """Say which reference rates cannot be, and where two of one half-year differ."""
    known: dict[date, ReferenceRate] = {}
    for row in rates:
        if row.valid_from != half_year(row.valid_from):
            message = (
                f"A reference rate holds for a half-year, and none begins on {row.valid_from}."
            )
            remedy = "Begin it on 1 January or 1 July."
            yield row.fault("bad-period", message, "valid_from", remedy)
        if abs(row.rate) >= 100:  # noqa: PLR2004 - per cent
            message = "A reference rate is in per cent, and below 100."
            yield row.fault("bad-rate", message, "rate", "Write 2.5 for 2.5 %.")
        first = known.setdefault(row.valid_from, row)
        if first.rate != row.rate:
            message = f"There are two reference rates from {row.valid_from}."
            yield row.fault("rates-overlap", message, "rate", "Keep the one that was published.")


def half_year(day: date) -> date:
    """Give the first day of the half-year that a day lies in."""
    return date(day.year, 1 if day.month < 7 else 7, 1)  # noqa: PLR2004 - July


class Late(Struct, frozen=True):
    """An amount that was overdue from a day through another."""

    first: date
    last: date
    amount: Money


class Interest(Struct, frozen=True, kw_only=True):
    """Interest on an amount over some days of one half-year, at a rate in per cent a year."""

    first: date
    last: date
    amount: Money
    rate: Decimal
    interest: Money

    @property
    def days(self) -> int:
        """How many days it is for."""
        return (self.last - self.first).days + 1


def late_of(item: OpenItem, dues: Dues, entries: Iterable[Entry], through: date) -> list[Late]:
    """Say what of an invoice was overdue on which days, through a day.

    Interest begins on the day after the due date (3 §), and the day of a payment still counts.
    What was credited counts as never owed.
    """
    parts = dues.instalments or (DuePart(due_on=dues.due_on, amount=item.invoiced),)
    paid: list[tuple[date, Money]] = []
    credited = zero(item.invoiced.currency)
    for entry in entries:
        for posting in entry.postings:
            if posting.role == "receivable" and posting.item == item.number:
                amount = Money(-posting.amount, posting.currency)
                if entry.kind == "payment-received":
                    paid.append((entry.date, amount))
                elif entry.kind == "credit-note-issued":
                    credited += amount
    days = {part.due_on + DAY for part in parts} | {day + DAY for day, _ in paid}
    turns = [*sorted(day for day in days if day <= through), through + DAY]
    found = []
    for first, after in pairwise(turns):
        due = total((p.amount for p in parts if p.due_on < first), credited.currency)
        left = due - credited - total((one for day, one in paid if day < first), due.currency)
        if left.minor > 0:
            found.append(Late(first, after - DAY, left))
    return found


def interest_on(
    late: Sequence[Late], points: Decimal, rates: Sequence[ReferenceRate]
) -> tuple[Interest, ...] | None:
    """Work out simple interest: rounded for each half-year and then added; by days of 365.

    Gives nothing where the rate of one of the half-years is not known: half of it would be wrong.
    """
    known = {row.valid_from: row.rate for row in rates}
    found = []
    for one in late:
        for first, last in _by_half_year(one.first, one.last):
            if (reference := known.get(half_year(first))) is None:
                return None
            rate = reference + points
            days = (last - first).days + 1
            share = Fraction(rate) * days / (100 * YEAR)
            interest = one.amount.share(share)
            found.append(
                Interest(first=first, last=last, amount=one.amount, rate=rate, interest=interest)
            )
    return tuple(found)


def _by_half_year(first: date, last: date) -> Iterator[tuple[date, date]]:
    while first <= last:
        begun = half_year(first)
        after = date(begun.year, 7, 1) if begun.month == 1 else date(begun.year + 1, 1, 1)
        yield first, min(last, after - DAY)
        first = after
