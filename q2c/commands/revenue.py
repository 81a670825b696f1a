"""q2c revenue: what was earned month by month, and what is still owed either way."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Annotated

import typer

from q2c.commands.books import Books, added, read_books
from q2c.commands.call import At, Commit, DryRun, Message, MonthOption, call, today
from q2c.commands.desk import desk, stamp, tree
from q2c.commands.earning import Posted, posted
from q2c.commands.output import check_fields, hint, table
from q2c.commands.usage.gathering import used_and_spent
from q2c.commands.waterfall import Fall, falls
from q2c.commands.words import read_month_word
from q2c.core.billing import come
from q2c.core.fault import Fault, Invalid
from q2c.core.money import Money
from q2c.core.period import Period, month_of
from q2c.core.posting import month_key
from q2c.core.recognition import (
    obligations,
)
from q2c.store.changes import all_changes
from q2c.store.master import read_exchange_rates
from q2c.store.orders import all_deliveries, read_orders
from q2c.store.tree import Tree
from q2c.store.writing import Change

COLUMNS = (
    *("period", "obligation", "name", "progress", "earned", "recognised"),
    *("liability", "asset", "currency"),
)
SHORT = ("obligation", "name", "progress", "recognised", "liability", "asset", "currency")
FIGURES = ("opening", "invoiced", "recognised", "closing", "liability", "asset")
FALLS = ("obligation", "name", *FIGURES, "currency")
SHORT_FALLS = ("obligation", *FIGURES)  # fits 80 columns, as does the other
From = Annotated[
    Period | None,
    typer.Option(
        "--from", parser=read_month_word, metavar="MONTH", help="The first month.  [the first]"
    ),
]
To = Annotated[
    Period | None,
    typer.Option(
        "--to", parser=read_month_word, metavar="MONTH", help="The last month.  [this one]"
    ),
]


def recognise(
    *, month: MonthOption, dry_run: DryRun = False, commit: Commit = None, message: Message = ""
) -> None:
    """Post the revenue of a month; months that were skipped come first.

    Example: q2c revenue recognise --period 2026-11
    """
    with desk(dry_run=dry_run, commit=commit, message=message) as work:
        books = read_books(work.tree)
        refuse_ahead(month, books)
        done = list(_posted(work.tree, books, month))
        entries = [entry for one in done for entry in one.entries]
        check_fields(_row(done[0]) if done else dict.fromkeys(COLUMNS))
        _, lines = added(books, [entry for one in done for entry in one.entries], stamp(work.root))
        subject = f"Recognise revenue through {month_key(month.last)}"
        told = work.write(Change(appended=lines), subject) if done else ""
    for month_told, rows in groupby(map(_row, done), key=itemgetter("period")):
        if call().mode == "text":
            table(rows, SHORT, title=f"Revenue of {month_told}")
    if call().mode != "text":
        table(map(_row, done), COLUMNS)
    if not done:
        hint(f"Nothing is left to recognise through {month_key(month.last)}.")
    else:
        hint(f"{len(entries)} entries. {told}")


def refuse_ahead(month: Period, books: Books) -> None:
    """Refuse a month that has not begun: nothing of it can be earned."""
    now = today(books.company.time_zone)
    if month.first > now:
        message = f"{month_key(month.first)} has not begun on {now}."
        raise Invalid(Fault("period-ahead", message, remedy="Wait until it has."))


def _posted(files: Tree, books: Books, last: Period) -> Iterator[Posted]:
    """Work out month after month, each on what the one before left."""
    orders = read_orders(files)
    recorded = all_deliveries(files, list(orders))
    deliveries = {number: come(order, recorded[number]) for number, order in orders.items()}
    changes = all_changes(files, list(orders))
    used, spent = used_and_spent(files, list(orders.values()), last.last, books.ledger.by_key)
    found = obligations(orders.values(), deliveries, changes, used, spent)
    yield from posted(found, books.records, books.home, read_exchange_rates(files), last)


def _row(one: Posted) -> dict[str, object]:
    what, currency = one.what, one.what.revenue.currency
    return {
        "period": what.period,
        "obligation": what.obligation.ref,
        "name": what.obligation.line.name,
        "method": what.obligation.line.revenue,
        "progress": what.progress,
        "earned": what.target.amount,
        "recognised": what.revenue,
        "liability": Money(one.liability, currency),
        "asset": Money(one.asset, currency),
        "currency": currency,
    }


def waterfall(*, first: From = None, last: To = None, at: At = "") -> None:
    """Show by order line what was invoiced and earned, and what is left between.

    What is invoiced and not earned is a contract liability; what is earned and not
    invoiced a contract asset.

    Example: q2c revenue waterfall --from 2026-11 --to 2026-11
    """
    files = tree(at)
    books = read_books(files)
    ends = last or month_of(today(books.company.time_zone))
    begins = month_key(first.first) if first else ""
    rows = falls(books.records, begins, month_key(ends.last))
    names = _names(files)
    shown = [_fall(row, names) for row in rows]
    by_currency = sorted([*shown, *_totals(rows)], key=itemgetter("currency"))
    table(by_currency, SHORT_FALLS if call().mode == "text" else FALLS)


def _names(files: Tree) -> dict[str, str]:
    orders = read_orders(files).values()
    return {order.ref(line): line.name for order in orders for line in order.lines}


def _fall(row: Fall, names: dict[str, str]) -> dict[str, object]:
    figures = {name: Money(getattr(row, name), row.currency) for name in FIGURES}
    name = names.get(row.line, "")
    return {"obligation": row.line, "name": name, **figures, "currency": row.currency}


def _totals(rows: Sequence[Fall]) -> Iterator[dict[str, object]]:
    for currency in sorted({row.currency for row in rows}):
        mine = [row for row in rows if row.currency == currency]
        figures = {
            name: Money(sum(getattr(row, name) for row in mine), currency) for name in FIGURES
        }
        yield {"obligation": f"total {currency}", "name": "", **figures, "currency": currency}
