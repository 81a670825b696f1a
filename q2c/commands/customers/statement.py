"""q2c customer statement: what a customer's account holds, and what moved it."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

import typer

from q2c.commands.books import read_books
from q2c.commands.call import At, DateOption, call, today
from q2c.commands.desk import frozen_look, tree
from q2c.commands.ondemand import Out, common, put, spoken_to
from q2c.commands.output import hint, say, table
from q2c.commands.plain import fields_of
from q2c.commands.words import read_day
from q2c.core.fault import Fault, Misused
from q2c.core.money import zero
from q2c.core.party import Customer
from q2c.core.period import Period
from q2c.core.receivable import Account, statement_of
from q2c.documents.statement import Statement, statement_pdf
from q2c.store.invoices import read_dues
from q2c.store.tree import Tree

COLUMNS = ("date", "what", "number", "amount", "balance", "currency")
First = Annotated[
    date | None,
    typer.Option("--from", parser=read_day, metavar="DAY", help="From a day.  [the first]"),
]
Last = Annotated[
    date | None,
    typer.Option("--to", parser=read_day, metavar="DAY", help="Through a day.  [today]"),
]
Currency = Annotated[
    str, typer.Option("--currency", metavar="CODE", help="Only this currency.  [all]")
]


def state_account(  # noqa: PLR0913 - a flag for each
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="Such as fjord-foods.")],
    *,
    first: First = None,
    last: Last = None,
    currency: Currency = "",
    day: DateOption = None,
    out: Out = None,
    at: At = "",
) -> None:
    """Draw a statement of account: balances, what moved them, and what is open by age.

    Amounts above zero are owed by the customer. Every currency has an account of its own.

    Example: q2c customer statement kiruna-konst --from 2026-11-21 --out statement.pdf
    """
    files = tree(at)
    buyer, language = spoken_to(files, customer)
    made = statement_for(files, buyer, (first, last), currency, day)
    data = statement_pdf(made, frozen_look(files, language).look)
    place, told = put(out, f"{customer}.statement", data)
    if call().mode == "json":
        accounts = [{**fields_of(one), "ages": one.ages} for one in made.accounts]
        days = {"from": first, "to": made.days.last}
        say({"customer": customer, **days, "accounts": accounts, **place})
        return
    table(_rows(made), COLUMNS)
    hint(told)


def statement_for(
    files: Tree,
    customer: Customer,
    asked: tuple[date | None, date | None] = (None, None),
    currency: str = "",
    day: date | None = None,
) -> Statement:
    """Gather what a statement of account says: through today, and from the first day on."""
    books = read_books(files)
    on = today(books.company.time_zone, day)
    first, last = asked[0] or date.min, asked[1] or on
    if first > last:
        message = f"A statement from {first} cannot end on {last}."
        raise Misused(Fault("usage", message, remedy="Put --to on or after --from."))
    mine = [one for one in books.records if one.party == customer.id]
    days = Period(first, last)
    accounts = statement_of(customer.id, mine, read_dues(files, mine), days)
    chosen = [one for one in accounts if currency in ("", one.currency)]
    empty = _empty(currency or customer.currency or books.home)
    return Statement(
        **common(files, customer, day, invoice=True),
        days=days,
        since=asked[0] is not None,
        accounts=tuple(chosen or [empty]),
    )


def _empty(currency: str) -> Account:
    nothing = zero(currency)
    return Account(
        currency=currency,
        opening=nothing,
        movements=(),
        closing=nothing,
        items=(),
        advance=nothing,
    )


def _rows(made: Statement) -> Iterator[dict[str, object]]:
    for account in made.accounts:
        same = {"currency": account.currency, "number": "", "amount": None}
        first = made.days.first
        if made.since:
            yield {**same, "date": first, "what": "opening balance", "balance": account.opening}
        for one in account.movements:
            yield {
                "date": one.date,
                "what": one.kind,
                "number": one.number or ", ".join(one.items),
                "amount": one.amount,
                "balance": one.balance,
                "currency": account.currency,
            }
        last = made.days.last
        yield {**same, "date": last, "what": "closing balance", "balance": account.closing}
