"""What a customer's account holds: what moved it between two days, and how old what is open is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, Literal

from msgspec import Struct

from q2c.core.claim import DuePart
from q2c.core.entry import Entry
from q2c.core.money import Money, total
from q2c.core.period import Period
from q2c.core.receivable.items import Dues, OpenItem, open_items

# So many days late is the most of each age; the first is not late, the last has no end.
AGES: Final = (0, 30, 60, 90)
_OWED: Final = ("receivable", "customer-advance")
Kind = Literal["invoice", "credit-note", "payment"]
_KINDS: Final[dict[str, Kind]] = {
    "invoice-issued": "invoice",
    "credit-note-issued": "credit-note",
    "payment-received": "payment",
}


class Movement(Struct, frozen=True, kw_only=True):
    """What moved an account: more is owed by an amount above zero, less by one below.

    `items` are the invoices that a credit note or a payment is of.
    """

    date: date
    kind: Kind
    number: str
    items: tuple[str, ...] = ()
    note: str = ""
    amount: Money
    balance: Money


class Aged(Struct, frozen=True, kw_only=True):
    """What is open of an invoice, or of one of its instalments, and how many days it is late."""

    number: str
    issued_on: date
    due_on: date
    open: Money
    days: int

    @property
    def age(self) -> int:
        """Its place among the ages: 0 is not late, the last is the oldest."""
        return sum(self.days > most for most in AGES)


class Account(Struct, frozen=True, kw_only=True):
    """A customer's account in a currency, from its opening balance to its closing one.

    `advance` is what was paid beyond what was owed, and counts against what is open.
    """

    currency: str
    opening: Money
    movements: tuple[Movement, ...]
    closing: Money
    items: tuple[Aged, ...]
    advance: Money

    @property
    def ages(self) -> tuple[Money, ...]:
        """What is open by age; what is owed to the customer counts as not late."""
        return tuple(
            total((one.open for one in self.items if one.age == age), self.currency)
            for age in range(len(AGES) + 1)
        )


def statement_of(
    customer: str, entries: Sequence[Entry], dues: Mapping[str, Dues], days: Period
) -> tuple[Account, ...]:
    """Give a customer's accounts over some days, one a currency, as they stood on the last.

    The closing balance is what is open less what was paid ahead.
    """
    mine = [one for one in entries if one.party == customer and one.kind in _KINDS]
    known = sorted((one for one in mine if one.date <= days.last), key=lambda one: one.date)
    currencies = dict.fromkeys(one.postings[0].currency for one in known)
    return tuple(_account(known, dues, days, currency) for currency in sorted(currencies))


def _account(
    known: Sequence[Entry], dues: Mapping[str, Dues], days: Period, currency: str
) -> Account:
    mine = [one for one in known if one.postings[0].currency == currency]
    before = [one for one in mine if one.date < days.first]
    opening = total(map(_moved, before), currency)
    movements = tuple(_movements(mine[len(before) :], opening))
    items = [item for item in open_items(mine).values() if item.open.minor]
    ahead = (p.amount for one in mine for p in one.postings if p.role == "customer-advance")
    return Account(
        currency=currency,
        opening=opening,
        movements=movements,
        closing=movements[-1].balance if movements else opening,
        items=tuple(aged for item in items for aged in aged_of(item, dues[item.number], days.last)),
        advance=Money(-sum(ahead), currency),
    )


def _moved(entry: Entry) -> Money:
    """Give what an entry changes of what its customer owes."""
    amounts = (posting.amount for posting in entry.postings if posting.role in _OWED)
    return Money(sum(amounts), entry.postings[0].currency)


def _movements(entries: Iterable[Entry], balance: Money) -> Iterator[Movement]:
    for entry in entries:
        amount, kind = _moved(entry), _KINDS[entry.kind]
        balance += amount
        items = dict.fromkeys(posting.item for posting in entry.postings if posting.item)
        yield Movement(
            date=entry.date,
            kind=kind,
            number=entry.number,
            items=tuple(items) if kind != "invoice" else (),
            note=entry.note if kind == "payment" else "",
            amount=amount,
            balance=balance,
        )


def aged_of(item: OpenItem, dues: Dues, day: date) -> Iterator[Aged]:
    """Give what is open of an invoice by the days that its parts are due on.

    What is paid or credited counts for the part that is due first.
    """
    if item.open.minor < 0:
        yield _aged(item, item.issued_on, item.open, item.issued_on)
        return
    settled = item.invoiced - item.open
    for part in dues.instalments or (DuePart(due_on=dues.due_on, amount=item.invoiced),):
        taken = min(part.amount.minor, settled.minor)
        settled -= Money(taken, settled.currency)
        left = part.amount - Money(taken, part.amount.currency)
        if left.minor > 0:
            yield _aged(item, part.due_on, left, day)


def _aged(item: OpenItem, due: date, left: Money, day: date) -> Aged:
    late = max(0, (day - due).days)
    return Aged(number=item.number, issued_on=item.issued_on, due_on=due, open=left, days=late)
