"""Crediting: what is given back of an invoice, as a document of its own series."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from q2c.commands.books import Books
from q2c.commands.call import today
from q2c.commands.desk import Desk, frozen_look, stamp
from q2c.commands.invoices.billing import refuse_dated_back
from q2c.commands.invoices.drawing import Drawn, drawn, issue_of
from q2c.commands.words import read_amount
from q2c.core.billing import CreditPart
from q2c.core.deposit import refuse_deducted
from q2c.core.fault import Fault, Invalid, Misused, Stale, Unknown
from q2c.core.invoice import Crediting, Invoice, InvoiceLine, credited, uncredited
from q2c.core.money import Money, total
from q2c.core.posting import NONE, balances_of, item_balances
from q2c.store.invoices import credit_notes, read_invoice
from q2c.store.ledger import next_number
from q2c.store.tree import Tree


class Asked(Struct, frozen=True, kw_only=True):
    """How much is to be credited: lines (`2`, `1:500.00`), units of one line, per cent."""

    lines: tuple[str, ...] = ()
    quantity: Decimal | None = None
    percent: Decimal | None = None


class Said(Struct, frozen=True, kw_only=True):
    """What is said of a credit note: its day, why, and whether its charges are due again.

    `void` says that the invoice never went out. The same `again` is another credit note.
    """

    day: date | None
    reason: str
    rebill: bool = False
    void: bool = False
    again: bool = False


def creditable(files: Tree, books: Books, number: str) -> Invoice:
    """Read an invoice; refuse a credit note, and a deposit that a final invoice has deducted."""
    found = read_invoice(files, books.records, number)
    if found.kind == "credit-note":
        message = f"{number} is a credit note; only invoices are credited."
        named = found.original.number if found.original else ""
        remedy = f"Credit the invoice {named}, or issue a new one."
        raise Invalid(Fault("not-an-invoice", message, remedy=remedy))
    if found.scheduled == "deposit":
        refuse_deducted(number, books.records, books.company.currency)
    return found


def credit(work: Desk, books: Books, number: str, asked: Asked, said: Said) -> Drawn | Invoice:
    """Make a credit note of what is asked for, or of all that is left where nothing is named.

    Gives the credit note that was issued for the same words on the same day, if there is one:
    who types a command again after a stop does not credit twice.
    """
    invoice = creditable(work.tree, books, number)
    before = credit_notes(work.tree, books.records, number)
    company, mark = books.company, stamp(work.root, work.tree.commit)
    day = today(company.time_zone, said.day)
    if not said.again and (known := _known(invoice, before, asked, said, day)):
        return known
    if said.void:
        _refuse_settled(books, invoice)
    what = Crediting(
        parts=_parts(invoice, before, asked),
        issued_on=day,
        reason=said.reason,
        rebill=said.rebill,
        void=said.void,
    )
    look = frozen_look(work.tree, invoice.language)
    new = next_number(books.ledger, company.series.credit, what.issued_on.year)
    note = credited(invoice, before, what, issue_of(books, new, look, mark))
    refuse_dated_back(books, company.series.credit, day)
    return drawn(note, look, balances_of(books.records), {})


def _refuse_settled(books: Books, invoice: Invoice) -> None:
    """Refuse to void an invoice of which something was paid or credited: it went out."""
    left = item_balances(books.records).get(("receivable", invoice.number), NONE).amount
    if left != invoice.payable.minor:
        message = f"Something of {invoice.number} was paid or credited, so it went out."
        remedy = f"Credit what is left of it: q2c invoice credit {invoice.number}"
        raise Stale(Fault("invoice-settled", message, remedy=remedy))


def _known(
    invoice: Invoice, before: Sequence[Invoice], asked: Asked, said: Said, day: date
) -> Invoice | None:
    """Find a credit note of the day that the same words, said before it, would have made."""
    for place, note in enumerate(before):
        words = (note.issued_on, note.reason, note.rebill, note.void)
        if words == (day, said.reason, said.rebill, said.void):
            then = _parts(invoice, before[:place], asked)
            made = [(line.credits.rpartition("/")[2], line.net) for line in note.lines]
            if sorted(made, key=str) == sorted(((p.line, p.amount) for p in then), key=str):
                return note
    return None


def _parts(invoice: Invoice, before: Sequence[Invoice], asked: Asked) -> tuple[CreditPart, ...]:
    """Give the parts of lines that are asked for; refuse a line that is not there."""
    left = uncredited(invoice, before)
    lines = {line.id: line for line in invoice.lines}
    words = [word.partition(":") for word in asked.lines]
    for id_, _, _ in words:
        if id_ not in lines:
            message, remedy = f"The invoice has no line '{id_}'.", f"It has the lines {_ids(left)}."
            raise Unknown(Fault("no-such-line", message, remedy=remedy))
    if asked.quantity is not None:
        if len(words) != 1 or words[0][2] or asked.percent is not None:
            message = "Units are credited of one line at a time."
            remedy = "Write: --line 2 --qty 3, without an amount or --percent."
            raise Misused(Fault("usage", message, remedy=remedy))
        line = lines[words[0][0]]
        return (_units(line, asked.quantity, left[line.id], _earlier(invoice, before, line)),)
    return tuple(_named(invoice, before, asked, left))


def _named(
    invoice: Invoice, before: Sequence[Invoice], asked: Asked, left: dict[str, Money]
) -> Iterator[CreditPart]:
    lines = {line.id: line for line in invoice.lines}
    for word in asked.lines or lines:
        id_, _, said = word.partition(":")
        line, rest = lines[id_], left[id_]
        if said:
            yield _amount(line, said, rest, _earlier(invoice, before, line))
        elif asked.percent is not None:
            yield CreditPart(line=id_, amount=line.net.share(asked.percent / 100))
        elif asked.lines or rest.minor:
            yield CreditPart(line=id_, amount=rest)


def _ids(lines: dict[str, Money]) -> str:
    return ", ".join(lines)


def _earlier(invoice: Invoice, before: Sequence[Invoice], line: InvoiceLine) -> list[InvoiceLine]:
    name = f"{invoice.number}/{line.id}"
    return [one for note in before for one in note.lines if one.credits == name]


def _amount(
    line: InvoiceLine, said: str, left: Money, earlier: Sequence[InvoiceLine]
) -> CreditPart:
    """Credit an amount; it is with VAT where the price of the line is."""
    currency = line.net.currency
    amount = read_amount(said, currency)
    if amount.currency != currency:
        message = f"The invoice is in {currency}, so {amount} cannot be credited."
        remedy = f"Give the amount in {currency}, or as a bare number."
        raise Invalid(Fault("other-currency", message, remedy=remedy))
    if line.with_vat is None:
        return CreditPart(line=line.id, amount=amount)
    given = total((one.with_vat for one in earlier if one.with_vat), currency)
    if amount == line.with_vat - given:
        return CreditPart(line=line.id, amount=left)
    part = Fraction(amount.minor, line.with_vat.minor) if line.with_vat.minor else Fraction(0)
    return CreditPart(line=line.id, amount=line.net.share(part), with_vat=amount)


def _units(
    line: InvoiceLine, quantity: Decimal, left: Money, earlier: Sequence[InvoiceLine]
) -> CreditPart:
    """Credit so many units: their share of the line, and all that is left with the last."""
    given = sum((one.quantity for one in earlier if one.unit == line.unit), Decimal(0))
    if given + quantity > line.quantity:
        rest = f"{line.quantity - given:f} {line.unit}"
        message = f"Of line {line.id} {rest} are left to credit, not {quantity:f}."
        raise Invalid(Fault("credit-too-much", message, remedy=f"Credit at most {rest}."))
    if given + quantity == line.quantity:
        return CreditPart(line=line.id, amount=left, quantity=quantity)
    part = Fraction(quantity) / Fraction(line.quantity)
    return CreditPart(
        line=line.id,
        amount=line.net.share(part),
        with_vat=line.with_vat.share(part) if line.with_vat else None,
        quantity=quantity,
    )
