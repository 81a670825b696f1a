"""A firm at work in memory: what the commands do with the core, without a file."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import chain

from msgspec.structs import replace

from q2c.core.billing import Billed, Facts, claim, credit_claims, dues_of
from q2c.core.deposit import refuse_deducted
from q2c.core.deposit import standing as standing_deposits
from q2c.core.entry import Entry, Posting, Role, balanced
from q2c.core.fault import Held
from q2c.core.invoice import (
    Crediting,
    Invoice,
    Issue,
    credited,
    faults_of,
    issued,
    parts_of,
    uncredited,
)
from q2c.core.money import Money
from q2c.core.order import Delivery, Order, checked
from q2c.core.party import Customer
from q2c.core.period import read_month
from q2c.core.posting import balances_of, credit_entry, invoice_entry
from q2c.core.rates import ExchangeRate
from q2c.core.receivable import Payment, open_items, payment_entry, settle
from q2c.core.recognition import (
    Earned,
    earned,
    months_to_post,
    obligations,
    revenue_entries,
    standing,
)
from q2c.core.subscription import Change
from tests.values import customer, day, placing

HOME = "SEK"


class Firm:
    """Orders, deliveries, documents and the ledger's entries; each step adds to them.

    A `patient` one leaves orders aside that are held because their deposits exceed them.
    """

    patient = False

    def __init__(
        self,
        *orders: Order,
        buyer: Customer | None = None,
        rates: Sequence[ExchangeRate] = (),
    ) -> None:
        """Begin with orders of one buyer."""
        self.orders = {order.number: order for order in orders}
        self.buyer = buyer or customer()
        self.rates = rates
        self.deliveries: dict[str, list[Delivery]] = {number: [] for number in self.orders}
        self.changes: dict[str, list[Change]] = {number: [] for number in self.orders}
        self.entries: list[Entry] = []
        self.invoices: dict[str, Invoice] = {}
        self.notes: dict[str, list[Invoice]] = {}

    def add(self, entry: Entry) -> Entry:
        """Write an entry as the ledger does: balanced, a new id, no key twice."""
        assert balanced(entry.postings, HOME), entry
        assert entry.id not in {known.id for known in self.entries}, entry.id
        assert self.keys.isdisjoint(entry.keys), entry.keys
        self.entries.append(entry)
        return entry

    @property
    def keys(self) -> set[str]:
        """All charges that are billed, and not due again."""
        billed: set[str] = set()
        for entry in self.entries:
            billed.difference_update(entry.released)
            billed.update(entry.keys)
        return billed

    def deliver(self, ref: str, quantity: str | Decimal, on: str) -> None:
        """Deliver so much of an order line."""
        number, _, line = ref.rpartition("/")
        new = Delivery(date=day(on), line=line, quantity=Decimal(quantity))
        known = self.deliveries[number]
        known.append(checked(self.orders[number], known, new))

    def bill(self, through: str) -> list[Invoice]:
        """Issue what is due through a day, on that day."""
        return [made for order in self.orders.values() if (made := self._issue(order, through))]

    def _issue(self, order: Order, through: str) -> Invoice | None:
        deposits = standing_deposits(self.entries, HOME).get(order.number, ())
        facts = self._facts(order)
        facts = replace(facts, deposits=deposits)
        try:
            found = claim(order, facts, self.keys, placing(through, self.buyer))
        except Held as held:  # a deposit may be more than is left to pay in the end
            if not self.patient or held.faults[0].code != "deposits-exceed":
                raise
            return None
        if found is None:
            return None
        number = f"F-2026-{len(self.invoices) + 1:04}"
        invoice = issued(found, Issue(number=number, look=""), self.rates)
        assert not list(faults_of(invoice)), invoice
        self.invoices[number] = invoice
        self.notes[number] = []
        self.add(invoice_entry(invoice, (), balances_of(self.entries)))
        return invoice

    def _facts(self, order: Order) -> Facts:
        number = order.number
        return Facts(deliveries=tuple(self.deliveries[number]), changes=tuple(self.changes[number]))

    def give_back(self, through: str) -> list[Invoice]:
        """Credit what was billed too much through a day by what was changed since."""
        at = placing(through, self.buyer)
        dues = [
            due
            for order in self.orders.values()
            for _, due in dues_of(order, self._facts(order), self.keys, at)
            if due.reduces
        ]
        made = []
        for claimed in credit_claims(dues, self._billed):
            invoice, before = self.invoices[claimed.original], self.notes[claimed.original]
            what = Crediting(parts=claimed.parts, issued_on=day(through), reason=claimed.reason)
            made.append(self._noted(invoice, before, what))
        return made

    def _billed(self, key: str) -> Billed | None:
        for number, invoice in self.invoices.items():
            for line in invoice.lines:
                if key in line.keys and key in self.keys:
                    left = uncredited(invoice, self.notes[number])[line.id]
                    if not left.minor:
                        continue  # credited whole and billed again under the same key
                    return Billed(
                        number=number,
                        line=line.id,
                        source=line.source,
                        customer=invoice.customer,
                        language=invoice.language,
                        left=left,
                    )
        return None

    def credit(
        self,
        number: str,
        on: str,
        amounts: dict[str, Money] | None = None,
        *,
        rebill: bool = False,
    ) -> Invoice:
        """Credit an invoice, in full unless amounts are given by line."""
        refuse_deducted(number, self.entries, HOME)
        invoice, before = self.invoices[number], self.notes[number]
        what = Crediting(
            parts=parts_of(uncredited(invoice, before) if amounts is None else amounts),
            issued_on=day(on),
            reason="Agreed",
            rebill=rebill,
        )
        return self._noted(invoice, before, what)

    def _noted(self, invoice: Invoice, before: list[Invoice], what: Crediting) -> Invoice:
        count = sum(map(len, self.notes.values()))
        note = credited(invoice, before, what, Issue(number=f"K-2026-{count + 1:04}", look=""))
        assert not list(faults_of(note)), note
        before.append(note)
        self.add(credit_entry(note, (), balances_of(self.entries)))
        return note

    def pay(self, amount: Money, on: str, *numbers: str, rate: str = "") -> Entry:
        """Take in money for invoices."""
        payment = Payment(
            date=day(on),
            amount=amount,
            numbers=numbers,
            reference=str(len(self.entries)),
            rate=Decimal(rate) if rate else None,
        )
        settled = settle(payment, open_items(self.entries))
        return self.add(payment_entry(payment, settled, self.buyer.id, self.entries, HOME))

    def earned(self, month: str) -> list[Earned]:
        """Say what is earned through a month."""
        period = read_month(month)
        assert period
        found = obligations(self.orders.values(), self.deliveries, self.changes)
        return list(earned(found, self.entries, period))

    def recognise(self, month: str) -> list[Entry]:
        """Post revenue for all months through this one."""
        last = read_month(month)
        assert last
        posted = []
        for period in months_to_post(list(self.orders.values()), self.entries, last):
            at = standing(self.entries, period)
            for what in self.earned(f"{period.first:%Y-%m}"):
                new = revenue_entries(what, at, HOME, self.rates)
                posted += [self.add(entry) for entry in new]
        return posted

    def amount(self, role: Role, ref: str = "") -> int:
        """Give the balance of a role in minor units, debit positive, all or of one line."""
        return sum(posting.amount for posting in self._postings(role, ref))

    def book(self, role: Role, ref: str = "") -> int:
        """Give the balance of a role in öre."""
        return sum(posting.booked for posting in self._postings(role, ref))

    def _postings(self, role: Role, ref: str) -> list[Posting]:
        found = (posting for entry in self.entries for posting in entry.postings)
        return [p for p in found if p.role == role and ref in ("", p.line, p.item)]

    def invoiced(self, ref: str) -> int:
        """Give what was invoiced of an order line and not credited, without VAT."""
        lines = [(1, line) for invoice in self.invoices.values() for line in invoice.lines]
        notes = chain.from_iterable(self.notes.values())
        lines += [(-1, line) for note in notes for line in note.lines]
        return sum(sign * line.net.minor for sign, line in lines if line.source == ref)


def another(order: Order, number: str) -> Order:
    """Give the order a number of its own."""
    return replace(order, number=number)
