"""What is owed: open items, and how payments settle them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256
from types import MappingProxyType

from msgspec import Struct

from q2c.core.claim import DuePart
from q2c.core.contract import Contract
from q2c.core.deposit import standing
from q2c.core.entry import Entry, Posting
from q2c.core.fault import Fault, Invalid, Unknown, nearest
from q2c.core.money import Money, exchange, total, zero
from q2c.core.posting import NONE, Balances, difference, item_balances, month_key
from q2c.core.quote import Line


class OpenItem(Struct, frozen=True, kw_only=True):
    """An invoice and what is left to pay of it; below zero is owed to the customer."""

    number: str
    party: str
    issued_on: date
    invoiced: Money
    open: Money

    @property
    def settled(self) -> bool:
        """Say whether nothing is left to pay."""
        return self.open.minor <= 0


class Dues(Struct, frozen=True, kw_only=True):
    """When an invoice is to be paid: on a day, or so much of it by each of several days."""

    due_on: date
    instalments: tuple[DuePart, ...] = ()


def overdue(item: OpenItem, dues: Dues, day: date) -> Money:
    """Say what should have been paid of an item before a day, and was not.

    What is paid or credited counts for the part that is due first.
    """
    if item.settled:
        return zero(item.open.currency)
    parts = dues.instalments or (DuePart(due_on=dues.due_on, amount=item.invoiced),)
    late = total((part.amount for part in parts if part.due_on < day), item.open.currency)
    return max(late - (item.invoiced - item.open), zero(late.currency), key=_minor)


def next_due(item: OpenItem, dues: Dues) -> date:
    """Give the day by which the first part is to be paid that is not paid in full."""
    left = item.invoiced - item.open
    for part in dues.instalments:
        left -= part.amount
        if left.minor < 0:
            return part.due_on
    return dues.instalments[-1].due_on if dues.instalments else dues.due_on


def _minor(amount: Money) -> int:
    return amount.minor


class Payment(Struct, frozen=True, kw_only=True):
    """Money that came in: for these invoices, in this order; `rate` is into the home currency."""

    date: date
    amount: Money
    numbers: tuple[str, ...]
    reference: str = ""
    rate: Decimal | None = None


class Settlement(Struct, frozen=True):
    """How a payment is used: so much on each invoice, and what is over."""

    parts: tuple[tuple[str, Money], ...]
    over: Money


def open_items(entries: Sequence[Entry]) -> dict[str, OpenItem]:
    """Give every invoice with what is open on it, by number, in the order of issue."""
    left = item_balances(entries)
    items = {}
    for entry in entries:
        if entry.kind == "invoice-issued":
            owed = next(p for p in entry.postings if p.role == "receivable")
            open_ = left.get(("receivable", entry.number), NONE).amount
            items[entry.number] = OpenItem(
                number=entry.number,
                party=entry.party,
                issued_on=entry.date,
                invoiced=Money(owed.amount, owed.currency),
                open=Money(open_, owed.currency),
            )
    return items


def settle(payment: Payment, items: Mapping[str, OpenItem]) -> Settlement:
    """Use a payment on its invoices one after the other; what is over stays the customer's.

    Refuses an invoice that is not there, one of another currency or of another customer,
    and a payment of nothing.
    """
    faults = list(_payment_faults(payment, items))
    if faults:
        missing = any(fault.code == "no-such-invoice" for fault in faults)
        raise (Unknown if missing else Invalid)(*faults)
    rest, parts = payment.amount, []
    for number in dict.fromkeys(payment.numbers):
        part = min(rest.minor, max(0, items[number].open.minor))
        if part:
            parts.append((number, Money(part, rest.currency)))
            rest -= Money(part, rest.currency)
    return Settlement(tuple(parts), rest)


def _payment_faults(payment: Payment, items: Mapping[str, OpenItem]) -> Iterable[Fault]:
    if payment.amount.minor <= 0:
        message = f"A payment is more than nothing; this is {payment.amount}."
        yield Fault("bad-amount", message, remedy="Give the sum that came in.")
    found = [items[number] for number in payment.numbers if number in items]
    for number in payment.numbers:
        if number not in items:
            message = f"There is no invoice {number} in the ledger."
            yield Fault("no-such-invoice", message, remedy=nearest(number, items))
    for item in found:
        if item.open.currency != payment.amount.currency:
            owed, paid = item.open.currency, payment.amount.currency
            message = f"{item.number} is in {owed}, the payment in {paid}."
            yield Fault("other-currency", message, remedy=f"Give the sum in {owed}.")
    if len({item.party for item in found}) > 1:
        names = ", ".join(sorted({item.party for item in found}))
        message = f"One payment settles invoices of one customer; these are of {names}."
        yield Fault("several-customers", message, remedy="Record one payment for each of them.")
    for item in found:
        if payment.date < item.issued_on:
            message = f"{item.number} is of {item.issued_on}; it was not paid on {payment.date}."
            yield Fault("paid-before", message, remedy="Give the day with --date.")


def payment_id(payment: Payment) -> str:
    """Name a payment by what it says: same day, sum, invoices and reference are the same one."""
    said = [str(payment.date), str(payment.amount), *payment.numbers, payment.reference]
    return f"payment:{sha256('|'.join(said).encode()).hexdigest()[:16]}"


def payment_entry(
    payment: Payment, settled: Settlement, party: str, entries: Sequence[Entry], home: str
) -> Entry:
    """Make the entry of a payment; in a foreign currency with its exchange difference."""
    assert (payment.rate is None) == (payment.amount.currency == home), payment
    return Entry(
        id=payment_id(payment),
        kind="payment-received",
        date=payment.date,
        period=month_key(payment.date),
        party=party,
        note=payment.reference,
        postings=tuple(_postings(payment, settled, item_balances(entries), home)),
    )


def _postings(
    payment: Payment, settled: Settlement, left: Balances, home: str
) -> Iterable[Posting]:
    currency, sums = payment.amount.currency, 0

    def book(amount: int) -> int | None:
        if payment.rate is None:
            return None
        return exchange(Money(amount, currency), payment.rate, home).minor

    cash = book(payment.amount.minor)
    yield Posting(role="cash", amount=payment.amount.minor, currency=currency, book=cash)
    for number, part in settled.parts:
        value = left[("receivable", number)].part(part.minor) if payment.rate else None
        sums += value or 0
        yield Posting(
            role="receivable",
            amount=-part.minor,
            currency=currency,
            book=_minus(value),
            item=number,
        )
    over = book(settled.over.minor)
    if settled.over.minor:
        yield Posting(
            role="customer-advance",
            amount=-settled.over.minor,
            currency=currency,
            book=_minus(over),
        )
    if cash is not None and (gap := cash - sums - (over or 0)):
        yield difference(currency, -gap)


def _minus(value: int | None) -> int | None:
    return None if value is None else -value


def owed_by(
    customer: str,
    entries: Sequence[Entry],
    contracts: Iterable[Contract],
    changed: Mapping[str, Money] = MappingProxyType({}),
) -> dict[str, Money]:
    """Add up by currency what a customer owes, and will owe for what is agreed and not invoiced.

    With VAT. What is overpaid or credited counts against it; work beyond what was agreed does
    not count before it is invoiced. `changed` has what order lines come to that were changed.
    """
    owed = [item.open for item in open_items(entries).values() if item.party == customer]
    billed = _billed(entries)
    ahead = standing(entries, "")
    for contract in contracts:
        if contract.buyer.id == customer:  # a deposit is of what is still to be invoiced
            owed += [-deposit.total for deposit in ahead.get(contract.order, ())]
        for line in contract.lines:
            ref = f"{contract.order}/{line.id}"
            rest = changed.get(ref, _agreed(contract, line)).minor - billed.get(ref, 0)
            if contract.buyer.id == customer and rest > 0:
                owed.append(Money(rest, contract.currency).share(1 + line.treatment.rate / 100))
    return {
        currency: total((one for one in owed if one.currency == currency), currency)
        for currency in sorted({one.currency for one in owed})
    }


def _agreed(contract: Contract, line: Line) -> Money:
    """Give what was agreed for a line without VAT, to the minor unit or so."""
    part = 100 / (100 + line.treatment.rate) if contract.prices_include_vat else Decimal(1)
    return line.net.share(part)


def _billed(entries: Iterable[Entry]) -> dict[str, int]:
    """Add up what was invoiced of each order line and not credited, without VAT."""
    billed: dict[str, int] = {}
    for entry in entries:
        if entry.kind in ("invoice-issued", "credit-note-issued"):
            for posting in entry.postings:
                if posting.line:
                    billed[posting.line] = billed.get(posting.line, 0) - posting.amount
    return billed
