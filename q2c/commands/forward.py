"""The business run forward: what each month to come would invoice, in memory alone."""

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.books import Books, added
from q2c.commands.desk import Stamp
from q2c.commands.earning import posted
from q2c.commands.invoices.before import billed_by
from q2c.commands.invoices.outstanding import Asked, Due, World, due_in, with_deposits
from q2c.commands.usage.gathering import used_and_spent
from q2c.core.billing import Hold, Skip
from q2c.core.entry import Entry
from q2c.core.invoice import Crediting, Invoice, Issue, credited, issued
from q2c.core.period import Period, month_of, months_after
from q2c.core.posting import (
    Balances,
    after_credits,
    balances_of,
    credit_entry,
    invoice_entry,
    month_key,
)
from q2c.core.rates import ExchangeRate
from q2c.core.recognition import Obligation, obligations
from q2c.core.subscription.repricing import repriced
from q2c.store import series
from q2c.store.invoices import credit_notes, read_invoice
from q2c.store.tree import Tree


class Step(Struct, frozen=True, kw_only=True):
    """A month that was run: its documents and revenue, what waits at its end, the books after."""

    month: Period
    documents: tuple[Invoice, ...]
    earned: tuple[Entry, ...]
    held: tuple[Hold, ...]
    skipped: tuple[Skip, ...]
    books: Books


def months_until(first: date, last: date) -> list[Period]:
    """Give the months from that of one day through that of another."""
    months = [month_of(first)]
    while months[-1].last < last:
        months.append(month_of(months_after(months[-1].first, 1)))
    return months


class Archive:
    """The documents of a run, beside those that stand in the files."""

    def __init__(self, files: Tree, books: Books) -> None:
        """Begin with what the books issued before."""
        self._files, self._before = files, books.records
        self._made: dict[str, list[Invoice]] = {}

    def documents(self, number: str) -> list[Invoice]:
        """Give an invoice with its credit notes, in their order."""
        if number not in self._made:
            first = read_invoice(self._files, self._before, number)
            self._made[number] = [first, *credit_notes(self._files, self._before, number)]
        return self._made[number]

    def add(self, document: Invoice) -> None:
        """Keep a document that the run made."""
        if document.original:
            self.documents(document.original.number).append(document)
        else:
            self._made[document.number] = [document]


def with_prices(world: World) -> World:
    """Make the price changes of the files that nobody has made of the orders yet."""
    facts = dict(world.facts)
    for order in world.orders:
        buyer = world.book.customers.get(order.customer)
        for change in sorted(world.price_changes, key=lambda one: one.existing_from):
            known = facts[order.number]
            found = repriced(change, order, known.changes, buyer) if buyer else ()
            new = (one.change for one in found if one.change)
            facts[order.number] = replace(known, changes=(*known.changes, *new))
    return replace(world, facts=facts)


def forward(
    world: World, books: Books, months: Sequence[Period], mark: Stamp, files: Tree
) -> Iterator[Step]:
    """Run month after month, each on what the ones before it left; nothing is written.

    A month is due through its last day and issued on it, at the latest exchange rate known.
    Then its revenue is earned, where none of a later month is in the books already.
    """
    archive, promised = Archive(files, books), _obligations(world, files, books, months[-1].last)
    for month in months:
        at = with_deposits(_with_rates(world, month.last), books)
        asked = Asked(through=month.last, issue_on=month.last)
        found = due_in(at, books.ledger.by_key, asked, billed_by(books, archive.documents))
        made = list(_issued(found, books, at.book.exchange_rates, archive, month.last))
        for document, _ in made:
            archive.add(document)
        books, _ = added(books, [entry for _, entry in made], mark)
        earned = _earned(promised, books, at.book.exchange_rates, month)
        books, _ = added(books, earned, mark)
        yield Step(
            month=month,
            documents=tuple(document for document, _ in made),
            earned=tuple(earned),
            held=found.held,
            skipped=found.skipped,
            books=books,
        )


def _obligations(world: World, files: Tree, books: Books, through: date) -> list[Obligation]:
    """Give what is to be performed, with all that is recorded of it or comes by its day."""
    deliveries = {number: facts.deliveries for number, facts in world.facts.items()}
    changes = {number: facts.changes for number, facts in world.facts.items()}
    used, spent = used_and_spent(files, world.orders, through, books.ledger.by_key)
    return obligations(world.orders, deliveries, changes, used, spent)


def _earned(
    promised: Sequence[Obligation], books: Books, rates: Sequence[ExchangeRate], month: Period
) -> list[Entry]:
    key = month_key(month.last)
    if any(one.kind == "revenue-recognised" and one.period > key for one in books.records):
        return []
    found = posted(promised, books.records, books.home, rates, month)
    return [entry for one in found for entry in one.entries]


def _issued(
    found: Due, books: Books, rates: Sequence[ExchangeRate], archive: Archive, day: date
) -> Iterator[tuple[Invoice, Entry]]:
    """Make the invoices of a month, then its credit notes, with their entries."""
    names, taken = books.company.series, books.ledger.by_number
    balances: Balances = balances_of(books.records)
    numbers = series.following(taken, names.invoice, day.year)
    for claim in found.claims:
        invoice = issued(claim, Issue(number=next(numbers), look=""), rates)
        yield invoice, invoice_entry(invoice, (), balances)
    numbers = series.following(taken, names.credit, day.year)
    for back in found.credits:
        original, *before = archive.documents(back.original)
        what = Crediting(parts=back.parts, issued_on=day, reason=back.reason)
        note = credited(original, before, what, Issue(number=next(numbers), look=""))
        yield note, credit_entry(note, (), balances)
        balances = after_credits(balances, back.parts)


def _with_rates(world: World, day: date) -> World:
    """Let the latest rate of each pair of currencies that is known before a day hold on it."""
    latest: dict[tuple[str, str], ExchangeRate] = {}
    for rate in sorted(world.book.exchange_rates, key=lambda one: one.on):
        if rate.on <= day:
            latest[rate.currency, rate.into] = rate
    rates = tuple(replace(rate, on=day) for rate in latest.values())
    book = replace(world.book, exchange_rates=(*world.book.exchange_rates, *rates))
    return replace(world, book=book)
