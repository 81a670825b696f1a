"""Months: what is earned in each, and what was posted before.

Posted is the target to date less what was posted before (IFRS 15.39-45, B14-B19).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from q2c.core.billing import SLACK
from q2c.core.entry import Entry, Role
from q2c.core.fault import Fault, Invalid
from q2c.core.money import Money
from q2c.core.order import Order
from q2c.core.period import Period, month_of, months_after
from q2c.core.posting import NONE, Balances, line_balances, month_key
from q2c.core.recognition.target import Obligation, credits_of, target
from q2c.core.trace import Step, Traced


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
        traced = _as_invoiced(obligation, traced, posted)
        before = -posted.get(("revenue", obligation.ref), NONE).amount
        yield Earned(
            obligation=obligation,
            period=key,
            progress=progress,
            target=traced,
            posted=Money(before, obligation.order.currency),
            entries=times[obligation.ref],
        )


def _as_invoiced(what: Obligation, earned: Traced, at: Balances) -> Traced:
    """Earn what the invoices of a price with VAT came to, once all of it is earned.

    The VAT is taken out of each invoice by itself, which may leave some minor units more or less.
    """
    line, amount = what.line, earned.amount
    if line.with_vat is None or not earned.steps or earned.steps[0].before != amount.amount:
        return earned
    names: tuple[Role, ...] = ("contract-liability", "contract-asset", "revenue")
    invoiced = -sum(at.get((name, what.ref), NONE).amount for name in names)
    off = abs(invoiced - amount.minor)
    if not 0 < off <= SLACK * max(line.times, len(what.deliveries)):
        return earned
    whole = Money(invoiced, amount.currency)
    step = Step("what its invoices left after VAT", "", amount.amount, whole.amount)
    return Traced(whole, (*earned.steps, step))


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
