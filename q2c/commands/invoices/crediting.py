"""Crediting: what is given back of an invoice, as a document of its own series."""

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from q2c.commands.books import Books
from q2c.commands.call import today
from q2c.commands.desk import Desk, frozen_look, stamp
from q2c.commands.invoices.drawing import Drawn, drawn, issue_of
from q2c.commands.words import read_amount
from q2c.core.deposit import deposits_of
from q2c.core.fault import Fault, Invalid, Stale, Unknown
from q2c.core.invoice import Crediting, Invoice, credited, parts_of, uncredited
from q2c.core.money import Money
from q2c.core.posting import balances_of
from q2c.store.invoices import credit_notes, read_invoice
from q2c.store.ledger import next_number
from q2c.store.tree import Tree


class Said(Struct, frozen=True, kw_only=True):
    """What is said of a credit note: its day, why, and whether its charges are due again."""

    day: date | None
    reason: str
    rebill: bool


def creditable(files: Tree, books: Books, number: str) -> Invoice:
    """Read an invoice; refuse a credit note, and a deposit that a final invoice has deducted."""
    found = read_invoice(files, books.records, number)
    if found.kind == "credit-note":
        message = f"{number} is a credit note; only invoices are credited."
        named = found.original.number if found.original else ""
        remedy = f"Credit the invoice {named}, or issue a new one."
        raise Invalid(Fault("not-an-invoice", message, remedy=remedy))
    if found.scheduled == "deposit":
        _refuse_deducted(books, number)
    return found


def _refuse_deducted(books: Books, number: str) -> None:
    """Refuse to give back a deposit that was deducted from what the final invoice claims."""
    final = deposits_of(books.records, books.company.currency)[number].deducted_by
    if final:
        message = f"{number} is a deposit that {final} has deducted, so it is part of {final}."
        remedy = f"Credit {final}; all of it at once lets its deposits stand again."
        raise Stale(Fault("deposit-deducted", message, remedy=remedy))


def credit(work: Desk, books: Books, number: str, asked: Sequence[str], said: Said) -> Drawn:
    """Make a credit note of lines (`2`, `1:500.00`), or of all that is left where none is named."""
    invoice = creditable(work.tree, books, number)
    before = credit_notes(work.tree, books.records, number)
    left = uncredited(invoice, before)
    amounts = dict(_amounts(asked, left, invoice.currency))
    if not asked:
        amounts = {id_: amount for id_, amount in left.items() if amount.minor}
    company, mark = books.company, stamp(work.root)
    what = Crediting(
        parts=parts_of(amounts),
        issued_on=today(company.time_zone, said.day),
        reason=said.reason,
        rebill=said.rebill,
    )
    look = frozen_look(work.tree, invoice.language)
    new = next_number(books.ledger, company.series.credit, what.issued_on.year)
    note = credited(invoice, before, what, issue_of(books, new, look, mark))
    return drawn(note, look, balances_of(books.records))


def _amounts(
    asked: Sequence[str], left: dict[str, Money], currency: str
) -> Iterator[tuple[str, Money]]:
    for word in asked:
        id_, _, said = word.partition(":")
        if id_ not in left:
            remedy = f"It has the lines {', '.join(left)}."
            message = f"The invoice has no line '{id_}'."
            raise Unknown(Fault("no-such-line", message, remedy=remedy))
        amount = read_amount(said, currency) if said else left[id_]
        if amount.currency != currency:
            message = f"The invoice is in {currency}, so {amount} cannot be credited."
            remedy = f"Give the amount in {currency}, or as a bare number."
            raise Invalid(Fault("other-currency", message, remedy=remedy))
        yield id_, amount
