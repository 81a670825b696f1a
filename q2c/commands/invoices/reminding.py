"""q2c invoice remind: a letter about what is overdue. It posts nothing."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Final, get_args

import typer
from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.books import read_books
from q2c.commands.call import At, DateOption, today
from q2c.commands.desk import frozen_look, tree
from q2c.commands.ondemand import Out, common, put, spoken_to
from q2c.commands.output import hint, say
from q2c.commands.plain import fields_of
from q2c.core.entry import Entry
from q2c.core.fault import Fault, Invalid, Misused, Unknown
from q2c.core.money import total
from q2c.core.receivable import (
    Dues,
    OpenItem,
    ReferenceRate,
    aged_of,
    interest_on,
    late_of,
    open_items,
)
from q2c.documents.look import Look
from q2c.documents.reminder import Level, Overdue, Reminder, reminder_pdf, values
from q2c.store.invoices import read_dues, read_invoice
from q2c.store.reference import REFERENCE, read_reference_rates
from q2c.store.tree import Tree

# So many days a letter gives to pay in.
GIVEN: Final = timedelta(days=10)
Numbers = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NUMBER...]", help="Invoices of one customer.  [all overdue]"),
]


def remind(  # noqa: PLR0913 - a flag for each
    numbers: Numbers = None,
    *,
    customer: Annotated[
        str, typer.Option("--customer", metavar="ID", help="All that is overdue of a customer.")
    ] = "",
    level: Annotated[
        int, typer.Option("--level", metavar="1|2|3", min=1, max=3, help="How firmly it is said.")
    ] = 1,
    currency: Annotated[
        str, typer.Option("--currency", metavar="CODE", help="Only invoices in it.")
    ] = "",
    day: DateOption = None,
    out: Out = None,
    at: At = "",
) -> None:
    """Draw a reminder of invoices that are overdue, with late interest and how to pay now.

    Interest is told where rates/reference.yaml has the reference rates of all its half-years.
    Nothing is posted, and no fee is added.

    Example: q2c invoice remind --customer kiruna-konst --level 2
    """
    files = tree(at)
    who = customer or owner_of(files, numbers or ())
    asked = Wanted(numbers=tuple(numbers or ()), currency=currency, level=level)
    made, look = reminder_of(files, who, asked, day)
    name = f"{numbers[0] if numbers else who}.reminder"
    place, told = put(out, name, reminder_pdf(made, look))
    row = {"customer": who, "date": made.made_on, "level": made.level, "amount": made.amount}
    invoices = [fields_of(one) for one in made.invoices]
    say({**row, "interest": made.interest, "invoices": invoices, **place}, told)
    if made.interest is None:
        hint(f"No interest is told: {REFERENCE} lacks the reference rate of a half-year.")


class Wanted(Struct, frozen=True, kw_only=True):
    """What a reminder is asked to be about, and how firmly it is said."""

    numbers: tuple[str, ...] = ()
    currency: str = ""
    level: int = 1


def reminder_of(
    files: Tree, customer: str, asked: Wanted, day: date | None = None
) -> tuple[Reminder, Look]:
    """Gather what a reminder says to a customer, and the look that it is drawn with."""
    buyer, language = spoken_to(files, customer)
    look = frozen_look(files, language).look
    found = overdue_of(files, customer, asked.numbers, asked.currency, day)
    shared = common(files, buyer, day, invoice=True)
    made = Reminder(
        **shared,
        level=_level(asked.level),
        pay_by=shared["made_on"] + GIVEN,
        currency=found[0].open.currency,
        invoices=tuple(found),
    )
    return replace(made, words=_letter(files, made, look)), look


def _level(level: int) -> Level:
    return next(one for one in get_args(Level) if one == level)


def owner_of(files: Tree, numbers: Sequence[str]) -> str:
    """Say whose invoices some are; refuse those of several customers, and none."""
    if not numbers:
        message = "A reminder is of an invoice or of a customer."
        remedy = "Write: q2c invoice remind F-2026-0001"
        raise Misused(Fault("usage", message, remedy=remedy))
    records = read_books(files).records
    owners = {read_invoice(files, records, number).customer for number in numbers}
    if len(owners) > 1:
        message = f"One reminder goes to one customer; these are of {', '.join(sorted(owners))}."
        remedy = "Draw one for each of them."
        raise Invalid(Fault("several-customers", message, remedy=remedy))
    return owners.pop()


def overdue_of(
    files: Tree,
    customer: str,
    numbers: Sequence[str] = (),
    currency: str = "",
    day: date | None = None,
) -> list[Overdue]:
    """Give what a customer has not paid in time, of some invoices or of all; in one currency."""
    books = read_books(files)
    on = today(books.company.time_zone, day)
    records = [one for one in books.records if one.party == customer and one.date <= on]
    dues, rates = read_dues(files, records), read_reference_rates(files)
    items = (
        item
        for item in open_items(records).values()
        if (not numbers or item.number in numbers) and currency in ("", item.open.currency)
    )
    late = (_late(files, records, item, dues[item.number], rates, on) for item in items)
    found = [one for one in late if one]
    _refuse_unfit(customer, numbers, found, on)
    return found


def _late(
    files: Tree,
    records: Sequence[Entry],
    item: OpenItem,
    dues: Dues,
    rates: Sequence[ReferenceRate],
    on: date,
) -> Overdue | None:
    """Say what is late of an invoice, since when, and the interest on it; nothing if none is."""
    parts = [part for part in aged_of(item, dues, on) if part.days]
    if not parts:
        return None
    invoice = read_invoice(files, records, item.number)
    stretches = late_of(item, dues, records, on)
    return Overdue(
        number=item.number,
        issued_on=item.issued_on,
        due_on=parts[0].due_on,
        days=parts[0].days,
        open=total((part.open for part in parts), item.open.currency),
        ocr=invoice.ocr,
        rf=invoice.rf,
        interest=interest_on(stretches, invoice.late_interest_points, rates),
    )


def _refuse_unfit(
    customer: str, numbers: Sequence[str], found: Sequence[Overdue], on: date
) -> None:
    """Refuse where nothing is overdue, or not all that was named, or in several currencies."""
    lacking = [number for number in numbers if number not in {one.number for one in found}]
    if lacking or not found:
        what = ", ".join(lacking) or f"What {customer} owes"
        message = f"{what} is not overdue on {on}."
        remedy = "See: q2c invoice list --open"
        raise Unknown(Fault("not-overdue", message, remedy=remedy))
    currencies = sorted({one.open.currency for one in found})
    if len(currencies) > 1:
        message = f"A reminder is in one currency; {customer} owes {' and '.join(currencies)}."
        remedy = f"Draw one for each: --currency {currencies[0]}"
        raise Invalid(Fault("several-currencies", message, remedy=remedy))


def _letter(files: Tree, reminder: Reminder, look: Look) -> str:
    """Fill the letter of the workspace for a level and language, if it has one."""
    name = f"templates/letters/reminder.{reminder.level}.{look.language.code}.md"
    if not files.exists(name):
        return ""
    from q2c.documents.sandbox import filled
    from q2c.store.plaintext import plain

    return filled(plain(files.read(name), name), values(reminder, look.language), name)
