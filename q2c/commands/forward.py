"""The business run forward: what each month to come would invoice, in memory alone."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.books import Books, added
from q2c.commands.desk import Stamp
from q2c.commands.invoices.outstanding import Asked, World, due_in, with_deposits
from q2c.core.billing import Claim, Hold
from q2c.core.invoice import ExchangeRate, Invoice, Issue, issued
from q2c.core.period import Period, month_of, months_after
from q2c.core.posting import balances_of, invoice_entry
from q2c.store import series


class Step(Struct, frozen=True, kw_only=True):
    """A month that was run: what was invoiced in it, what is held at its end, the books after."""

    month: Period
    invoices: tuple[Invoice, ...]
    held: tuple[Hold, ...]
    books: Books


def months_until(first: date, last: date) -> list[Period]:
    """Give the months from that of one day through that of another."""
    months = [month_of(first)]
    while months[-1].last < last:
        months.append(month_of(months_after(months[-1].first, 1)))
    return months


def forward(world: World, books: Books, months: Iterable[Period], mark: Stamp) -> Iterator[Step]:
    """Run month after month, each on what the ones before it left; nothing is written.

    A month is due through its last day and issued on it, at the latest exchange rate known.
    """
    for month in months:
        at = _with_rates(with_deposits(world, books), month.last)
        asked = Asked(through=month.last, issue_on=month.last)
        found = due_in(at, books.ledger.by_key, asked)
        invoices = tuple(_issued(found.claims, books, at.book.exchange_rates, month.last))
        balances = balances_of(books.records)
        entries = [invoice_entry(invoice, (), balances) for invoice in invoices]
        books, _ = added(books, entries, mark)
        yield Step(month=month, invoices=invoices, held=found.held, books=books)


def _issued(
    claims: Sequence[Claim], books: Books, rates: Sequence[ExchangeRate], day: date
) -> Iterator[Invoice]:
    pattern = books.company.series.invoice
    numbers = series.following(books.ledger.by_number, pattern, day.year)
    for claim in claims:
        yield issued(claim, Issue(number=next(numbers), look=""), rates)


def _with_rates(world: World, day: date) -> World:
    """Let the latest rate of each pair of currencies that is known before a day hold on it."""
    latest: dict[tuple[str, str], ExchangeRate] = {}
    for rate in sorted(world.book.exchange_rates, key=lambda one: one.on):
        if rate.on <= day:
            latest[rate.currency, rate.into] = rate
    rates = tuple(replace(rate, on=day) for rate in latest.values())
    book = replace(world.book, exchange_rates=(*world.book.exchange_rates, *rates))
    return replace(world, book=book)
