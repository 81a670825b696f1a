"""What a plan would invoice beside the month before: the largest changes, and why."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from q2c.commands.books import Books
from q2c.core.billing import Charge, Claim, Plan, deposit_line
from q2c.core.entry import Entry
from q2c.core.invoice import Invoice, InvoiceLine
from q2c.core.measure import Known, Movement, billed_of, movements
from q2c.core.money import total
from q2c.core.order import OrderLine
from q2c.core.period import ONE_DAY, Period, month_of
from q2c.core.posting import month_key
from q2c.core.subscription import Change, changes_of, stands_on
from q2c.store.changes import read_changes
from q2c.store.invoices import read_issued
from q2c.store.ledger import ISSUED
from q2c.store.orders import some_orders
from q2c.store.tree import Tree

_Row = tuple[str, Charge | InvoiceLine, int]


def month_before(plan: Plan) -> Period:
    """Give the month before that of the plan's invoices."""
    return month_of(plan.issue_on.replace(day=1) - ONE_DAY)


def changes(plan: Plan, files: Tree, books: Books) -> list[Movement]:
    """Say what is invoiced more or less than in the month before, by currency and size.

    What was issued in the plan's own month before it counts with it; a plan for one customer
    is compared with what was this customer's.
    """
    before = _issued(files, books, month_key(month_before(plan).first), plan)
    planned = [*_planned(plan), *_given_back(plan, files, books)]
    now = [*_issued(files, books, month_key(plan.issue_on), plan), *planned]
    known = replace(
        _known(plan, files, books, {row.source for _, row, _ in before}),
        credited=_credited(files, books, plan),
    )
    currencies = dict.fromkeys(row.net.currency for _, row, _ in (*before, *now))
    return [
        one
        for currency in sorted(currencies)
        for one in movements(billed_of(before, currency), billed_of(now, currency), known)
    ]


def _planned(plan: Plan) -> Iterator[_Row]:
    for claim in plan.claims:
        for charge in claim.charges:
            yield claim.customer, charge, 1
        yield from _deducted(claim, claim.charges[0], -1)


def _given_back(plan: Plan, files: Tree, books: Books) -> Iterator[_Row]:
    """Give the lines of invoices that the plan's credit notes are for, with what goes back."""
    numbers = {one.original for one in plan.credits}
    found = read_issued(files, (one for one in books.records if one.number in numbers))
    lines = {(one.number, line.id): line for one in found for line in one.lines}
    for credit in plan.credits:
        for part in credit.parts:
            line = lines.get((credit.original, part.line))
            if line is not None:
                units = part.quantity or Decimal(0)
                given = replace(line, net=part.amount, quantity=units, service=part.service)
                yield credit.customer, given, -1


def _issued(files: Tree, books: Books, month: str, plan: Plan) -> list[_Row]:
    """Give the lines of the documents of a month that the plan did not issue."""
    found = read_issued(files, _entries(books, month, plan))
    return [row for document in found for row in _lines(document)]


def _entries(books: Books, month: str, plan: Plan) -> Iterator[Entry]:
    for record in books.records:
        ours = not plan.customer or record.party == plan.customer
        if ours and record.kind in ISSUED and record.period == month and record.plan != plan.id:
            yield record


def _credited(files: Tree, books: Books, plan: Plan) -> set[str]:
    """Give the order lines that were credited by hand in one of the two months.

    What goes back because something agreed has changed is named by keys; that is no reason.
    """
    months = (month_key(month_before(plan).first), month_key(plan.issue_on))
    by_hand = [
        entry
        for month in months
        for entry in _entries(books, month, plan)
        if entry.kind == "credit-note-issued" and not entry.keys
    ]
    return {line.source for note in read_issued(files, by_hand) for line in note.lines}


def _lines(document: Invoice) -> Iterator[_Row]:
    sign = 1 if document.kind == "invoice" else -1
    for line in document.lines:
        yield document.customer, line, sign
    yield from _deducted(document, document.lines[0], -sign)


def _deducted(document: Claim | Invoice, like: Charge | InvoiceLine, sign: int) -> Iterator[_Row]:
    """Give what deposits take off a document, as a line like its others."""
    if document.deposits:
        source = deposit_line(document.order)
        name = ", ".join(one.number for one in document.deposits)
        net = total((one.net for one in document.deposits), document.currency)
        row = replace(like, source=source, name=name, quantity=Decimal(1), net=net)
        yield document.customer, row, sign


def _known(plan: Plan, files: Tree, books: Books, before: Iterable[str]) -> Known:
    """Say how order lines of before are charged, which were ever invoiced, and which are over."""
    charges, over = dict[str, str](), set[str]()
    for order in some_orders(files, sorted({ref.partition("/")[0] for ref in before})).values():
        changes = read_changes(files, order.number)
        for line in order.lines:
            ref = order.ref(line)
            charges[ref] = line.charge
            if _is_over(line, changes_of(changes, line.id), plan.through):
                over.add(ref)
    ever = {
        posting.line
        for record in books.records
        if record.kind == "invoice-issued" and record.period < month_key(plan.issue_on)
        for posting in record.postings
        if posting.line
    }
    return Known(
        charges=charges,
        ever=ever,
        over=over,
        held={one.order for one in plan.held},
        left={order for one in plan.skipped for order in one.orders},
    )


def _is_over(line: OrderLine, changes: Sequence[Change], through: date) -> bool:
    """Say whether nothing more comes of a line after a day."""
    if line.service is None:
        return line.bill == "on-order"
    stands = stands_on(line, changes, through + ONE_DAY)
    return line.service.last <= through or (stands is not None and stands.state == "cancelled")
