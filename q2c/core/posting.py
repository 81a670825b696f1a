"""What each document posts: receivable, VAT, and the contract balances of each order line.

A contract liability is invoiced and not yet earned, a contract asset earned and not yet
invoiced (IFRS 15.105-107); neither is ever a receivable.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.claim import CreditPart, deposit_line
from q2c.core.entry import Entry, Posting, Role, Vat
from q2c.core.invoice import Invoice, InvoiceLine
from q2c.core.money import Money, allocate, exchange, rounded
from q2c.core.trace import Paper


class Balance(Struct, frozen=True):
    """Minor units of a currency, and the same in the company's; debit is positive."""

    amount: int = 0
    book: int = 0

    def part(self, amount: int) -> int:
        """Give the book value of a part of the balance, at the rate the whole has."""
        return rounded(self.book * amount * _sign(self.amount), abs(self.amount))

    def after(self, posting: Posting) -> "Balance":
        """Give the balance with one more posting on it."""
        return Balance(self.amount + posting.amount, self.book + posting.booked)


Balances = Mapping[tuple[Role, str], Balance]
NONE = Balance()


def _sign(number: int) -> int:
    return -1 if number < 0 else 1


def line_balances(entries: Iterable[Entry]) -> dict[tuple[Role, str], Balance]:
    """Add up every role of every order line."""
    return _summed((p.role, p.line, p) for entry in entries for p in entry.postings if p.line)


def item_balances(entries: Iterable[Entry]) -> dict[tuple[Role, str], Balance]:
    """Add up what is open on every invoice."""
    return _summed(
        (p.role, p.item, p)
        for entry in entries
        for p in entry.postings
        if p.item and p.role == "receivable"
    )


def _summed(rows: Iterable[tuple[Role, str, Posting]]) -> dict[tuple[Role, str], Balance]:
    sums: dict[tuple[Role, str], Balance] = {}
    for role, name, posting in rows:
        sums[role, name] = sums.get((role, name), NONE).after(posting)
    return sums


def month_key(day: date) -> str:
    """Give the posting period a day lies in: `2026-11`."""
    return f"{day:%Y-%m}"


def balances_of(entries: Sequence[Entry]) -> dict[tuple[Role, str], Balance]:
    """Add up order lines and invoices: all that a document or revenue can relieve."""
    return {**line_balances(entries), **item_balances(entries)}


def invoice_entry(invoice: Invoice, papers: Sequence[Paper], balances: Balances) -> Entry:
    """Make the entry of an invoice: what was earned before leaves the contract asset first.

    The deposits that it deducts leave the contract liability that they were invoiced as.
    """
    credit = [*_vat_postings(invoice, -1), *_by_line(invoice, balances, _claimed)]
    if invoice.deposits:
        credit = _with_deposits(invoice, credit)
    credit += _rounding(invoice, -1)
    owed = _receivable(invoice, invoice.payable, credit, invoice.number)
    entry = _entry(invoice, papers, (owed, *credit))
    return replace(entry, keys=_keys(invoice), plan=invoice.plan)


def credit_entry(note: Invoice, papers: Sequence[Paper], balances: Balances) -> Entry:
    """Make the entry of a credit note: what is not earned leaves the contract liability first.

    What follows from a change of what was agreed has keys, so that it goes back once; what is
    billed again makes its keys due. In a foreign currency each balance leaves at the rate it was
    booked at.
    """
    assert note.original is not None, note
    number = note.original.number
    debit = [*_vat_postings(note, 1), *_by_line(note, balances, _given_back), *_moved(note, -1)]
    debit += _rounding(note, 1)
    owed = _receivable(note, -note.payable, debit, number)
    open_ = balances.get(("receivable", number), NONE)
    if note.home:
        known = max(0, min(open_.amount, note.payable.minor))
        rest = _book(note, note.payable.minor - known) or 0
        owed = replace(owed, book=-(open_.part(known) if known else 0) - rest)
        debit += _difference(note, -sum(posting.booked for posting in (owed, *debit)))
    entry = _entry(note, papers, (owed, *debit))
    keys = _keys(note)
    if note.rebill:
        return replace(entry, note=note.reason, released=keys)
    return replace(entry, note=note.reason, keys=keys, plan=note.plan)


def after_credits(balances: Balances, earlier: Iterable[CreditPart]) -> Balances:
    """Give balances after credit notes of the same run: they took the liabilities first."""
    left = dict(balances)
    for part in earlier:
        name: tuple[Role, str] = ("contract-liability", part.source)
        held = left.get(name, NONE)
        taken = max(0, min(-held.amount, part.amount.minor))
        if taken:
            left[name] = Balance(held.amount + taken, held.book - held.part(-taken))
    return left


def _rounding(document: Invoice, sign: int) -> Iterator[Posting]:
    """Post what is added or left out so that what is to be paid comes in steps of cash."""
    if document.rounded:
        amount = sign * document.rounded.minor
        yield Posting(role="rounding", amount=amount, currency=document.currency)


def _with_deposits(invoice: Invoice, credit: Sequence[Posting]) -> list[Posting]:
    """Add the deposits that an invoice deducts, at the rate of their own day (IFRIC 22).

    What they were worth more or less then than now is part of what the lines are worth.
    """
    moved = [*_moved(invoice, 1)]
    if invoice.home is None:
        return [*credit, *moved]
    owed = _book(invoice, invoice.payable.minor) or 0
    gap = -owed - sum(posting.booked for posting in (*credit, *moved))
    unearned = [p for p in credit if p.role == "contract-liability" and p.amount]
    if not unearned:
        return [*credit, *moved, *_difference(invoice, gap)]
    weights = [abs(posting.amount) for posting in unearned]
    shares = iter(allocate(Money(gap, invoice.home.vat.currency), weights))
    return [
        *(replace(p, book=p.booked + next(shares).minor) if p in unearned else p for p in credit),
        *moved,
    ]


def _moved(document: Invoice, sign: int) -> Iterator[Posting]:
    """Move deposits off the line that they were invoiced on, or back to it."""
    for deposit in document.deposits:
        rows = [row for row in deposit.vat if row.base.minor]
        books: list[int | None] = [None] * len(rows)
        if deposit.book is not None and rows:
            parts = allocate(deposit.book, [row.base.minor for row in rows])
            books = [sign * part.minor for part in parts]
        for row, book in zip(rows, books, strict=True):
            yield Posting(
                role="contract-liability",
                amount=sign * row.base.minor,
                currency=document.currency,
                book=book,
                item=deposit.number,
                line=deposit_line(document.order),
                vat=Vat(row.category, row.rate),
            )


def _keys(document: Invoice) -> tuple[str, ...]:
    return tuple(key for line in document.lines for key in line.keys)


def _by_line(
    document: Invoice,
    balances: Balances,
    posted: Callable[[Invoice, InvoiceLine, Balances], Iterable[Posting]],
) -> Iterator[Posting]:
    """Post line by line; lines of one order line find what those before them left."""
    roles: tuple[Role, ...] = ("contract-asset", "contract-liability", "revenue")
    names = {(role, line.source) for role in roles for line in document.lines}
    left = {name: balances.get(name, NONE) for name in names}
    for line in document.lines:
        for posting in posted(document, line, left):
            yield posting
            name = (posting.role, posting.line)
            if name in left:
                left[name] = left[name].after(posting)


def _entry(invoice: Invoice, papers: Sequence[Paper], postings: tuple[Posting, ...]) -> Entry:
    credit = invoice.kind == "credit-note"
    return Entry(
        id=f"{'credit' if credit else 'invoice'}:{invoice.number}",
        kind="credit-note-issued" if credit else "invoice-issued",
        date=invoice.issued_on,
        period=month_key(invoice.issued_on),
        party=invoice.customer,
        number=invoice.number,
        documents=tuple(papers),
        commit=invoice.commit,
        program=invoice.program,
        postings=postings,
    )


def _receivable(invoice: Invoice, amount: Money, others: Iterable[Posting], item: str) -> Posting:
    """Post what is owed on an invoice; in the company's currency it balances the others."""
    book = -sum(posting.booked for posting in others) if invoice.home else None
    return Posting(
        role="receivable",
        amount=amount.minor,
        currency=amount.currency,
        book=book,
        item=item,
    )


def _book(invoice: Invoice, amount: int) -> int | None:
    """Give an amount of the invoice in the company's currency, or nothing where it is that."""
    if invoice.home is None:
        return None
    home = invoice.home
    return exchange(Money(amount, invoice.currency), home.rate, home.vat.currency).minor


def _vat_postings(invoice: Invoice, sign: int) -> Iterator[Posting]:
    """Post the VAT of each rate; in the company's currency they add up to what the paper says."""
    rows = [row for row in invoice.taxed if row.vat.minor]
    through, booked = 0, 0
    for row in rows:
        through += row.vat.minor
        book = None
        if invoice.home:
            whole = invoice.home.vat.minor if row is rows[-1] else _book(invoice, through) or 0
            book, booked = sign * (whole - booked), whole
        yield Posting(
            role="output-vat",
            amount=sign * row.vat.minor,
            currency=invoice.currency,
            book=book,
            vat=Vat(row.category, row.rate),
        )


def _claimed(invoice: Invoice, line: InvoiceLine, balances: Balances) -> Iterator[Posting]:
    net = line.net.minor
    asset = balances.get(("contract-asset", line.source), NONE)
    earned = max(0, min(asset.amount, net))
    base = Posting(
        role="contract-liability",
        amount=0,
        currency=invoice.currency,
        item=invoice.number,
        line=line.source,
        service=line.service,
        vat=Vat(line.treatment.category, line.treatment.rate),
    )
    if earned:
        book = -asset.part(earned) if invoice.home else None
        yield replace(base, role="contract-asset", amount=-earned, book=book)
        yield from _difference(invoice, -(_book(invoice, earned) or 0) - (book or 0))
    if net - earned or not net:
        rest = earned - net
        yield replace(base, amount=rest, book=_book(invoice, rest))


def _difference(invoice: Invoice, book: int) -> Iterator[Posting]:
    """Post what a balance is worth more or less in the company's currency than when it arose."""
    if invoice.home and book:
        yield difference(invoice.currency, book)


def difference(currency: str, book: int) -> Posting:
    """Post an exchange difference: nothing in the foreign currency, credit is a gain."""
    role: Role = "exchange-gain" if book < 0 else "exchange-loss"
    return Posting(role=role, amount=0, currency=currency, book=book)


def _given_back(note: Invoice, line: InvoiceLine, balances: Balances) -> Iterator[Posting]:
    net = line.net.minor
    liability = balances.get(("contract-liability", line.source), NONE)
    unearned = max(0, min(-liability.amount, net))
    base = Posting(
        role="contract-liability",
        amount=0,
        currency=note.currency,
        item=note.original.number if note.original else "",
        line=line.source,
        service=line.service,
        vat=Vat(line.treatment.category, line.treatment.rate),
    )
    if unearned:
        book = -liability.part(-unearned) if note.home else None
        yield replace(base, amount=unearned, book=book)
    if net - unearned and note.rebill:
        # It stays earned, and until it is invoiced again it is a contract asset.
        earned = net - unearned
        yield replace(base, role="contract-asset", amount=earned, book=_book(note, earned))
    elif net - unearned:
        earned, revenue = net - unearned, balances.get(("revenue", line.source), NONE)
        book = revenue.part(earned) if note.home and revenue.amount else _book(note, earned)
        yield replace(base, role="revenue", amount=earned, book=book)
