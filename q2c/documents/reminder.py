"""Reminders: what a customer has not paid in time, how late it is, and how to pay it now."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from msgspec import Struct

from q2c.core.identifier import qr_iban
from q2c.core.money import Money, total
from q2c.core.receivable import Interest
from q2c.documents.draw import drawn
from q2c.documents.language import Language, amount, day, money, percent
from q2c.documents.look import Look
from q2c.documents.ondemand import OnDemand, sheet_of
from q2c.documents.paying import slip_of
from q2c.documents.payment_codes import MESSAGE_LETTERS, Owed
from q2c.documents.sheet import Column, Fact, Row, Sheet, Slip, Sums, Table
from q2c.documents.swiss import swiss_bill
from q2c.documents.words import Values

Level = Literal[1, 2, 3]


class Overdue(Struct, frozen=True, kw_only=True):
    """What is overdue of an invoice; `interest` is none where a reference rate is not known."""

    number: str
    issued_on: date
    due_on: date
    days: int
    open: Money
    ocr: str = ""
    rf: str = ""
    interest: tuple[Interest, ...] | None = None


class Reminder(OnDemand, frozen=True, kw_only=True):
    """What a reminder says; `words` is the letter of the workspace as Markdown, if it has one."""

    level: Level = 1
    pay_by: date
    currency: str
    invoices: tuple[Overdue, ...]
    words: str = ""

    @property
    def amount(self) -> Money:
        """What is overdue in all."""
        return total((one.open for one in self.invoices), self.currency)

    @property
    def interest(self) -> Money | None:
        """The interest on all of it, where it is known of each invoice."""
        parts = [one.interest for one in self.invoices]
        if not parts or None in parts:
            return None
        return total((one.interest for part in parts for one in part or ()), self.currency)


def reminder_pdf(reminder: Reminder, look: Look) -> bytes:
    """Draw a reminder."""
    return drawn(reminder_sheet(reminder, look), look)


def reminder_sheet(reminder: Reminder, look: Look) -> Sheet:
    """Write out everything that a reminder says."""
    lang, owed = look.language, owed_in(reminder)
    alone = len(reminder.invoices) == 1
    # A QR reference is of one invoice.
    fits = alone or not qr_iban(reminder.seller.bank.iban)
    bill = swiss_bill(owed, lang.code) if fits else None
    text = lang.say(f"reminder_text_{reminder.level}", date=day(lang, reminder.pay_by))
    return sheet_of(
        reminder,
        look,
        "reminder",
        title=lang.say(f"reminder_{reminder.level}"),
        number=reminder.invoices[0].number if alone else "",
        told=_facts(lang, reminder),
        text="" if reminder.words else text,
        opening=reminder.words,
        table=_table(lang, reminder),
        sums=Sums(totals=(Fact(lang.say("overdue_total"), money(lang, reminder.amount)),)),
        notes=_notes(lang, reminder),
        slip=None if bill else _slip(lang, owed),
        bill=bill,
    )


def owed_in(reminder: Reminder) -> Owed:
    """Give what is to be paid; several invoices are paid together by their numbers.

    Where those are more than a message of payment holds it is the number of the customer.
    """
    first, *more = reminder.invoices
    numbers = " ".join(one.number for one in reminder.invoices)
    short = len(numbers) <= MESSAGE_LETTERS
    return Owed(
        seller=reminder.seller,
        buyer=reminder.buyer,
        amount=reminder.amount,
        number=numbers if short else reminder.customer[:MESSAGE_LETTERS],
        ocr="" if more else first.ocr,
        rf="" if more else first.rf,
    )


def values(reminder: Reminder, lang: Language) -> Values:
    """Give all that a letter of the workspace may print, by name."""
    interest = reminder.interest
    return {
        "level": reminder.level,
        "date": day(lang, reminder.made_on),
        "pay_by": day(lang, reminder.pay_by),
        "amount": money(lang, reminder.amount),
        "interest": money(lang, interest) if interest else "",
        "currency": reminder.currency,
        "customer": {"name": reminder.buyer.name, "reference": reminder.buyer.reference},
        "seller": {"name": reminder.seller.name, "email": reminder.seller.email},
        "invoices": [
            {
                "number": one.number,
                "issued_on": day(lang, one.issued_on),
                "due_on": day(lang, one.due_on),
                "days": one.days,
                "amount": money(lang, one.open),
            }
            for one in reminder.invoices
        ],
    }


def _facts(lang: Language, reminder: Reminder) -> Iterator[tuple[str, str]]:
    yield "document_date", day(lang, reminder.made_on)
    yield "customer_number", reminder.customer
    yield "your_reference", reminder.buyer.reference
    yield "our_reference", reminder.seller.reference


def _table(lang: Language, reminder: Reminder) -> Table:
    """Write the invoices, with the interest on each where it is known of all."""
    told = reminder.interest is not None
    heads = [Column(lang.say("column_interest", currency=reminder.currency), right=True)]
    return Table(
        columns=(
            Column(lang.say("column_invoice"), gives_way=True),
            Column(lang.say("column_issued")),
            Column(lang.say("column_due")),
            Column(lang.say("column_late"), right=True),
            *(heads if told else ()),
            Column(lang.say("column_open", currency=reminder.currency), right=True),
        ),
        rows=tuple(_row(lang, one, told=told) for one in reminder.invoices),
    )


def _row(lang: Language, one: Overdue, *, told: bool) -> Row:
    parts = one.interest or ()
    interest = amount(lang, total((part.interest for part in parts), one.open.currency))
    return Row(
        cells=(
            one.number,
            day(lang, one.issued_on),
            day(lang, one.due_on),
            str(one.days),
            *([interest] if told else []),
            amount(lang, one.open),
        ),
        notes=tuple(_interest(lang, part) for part in parts) if told else (),
    )


def _interest(lang: Language, part: Interest) -> str:
    return lang.say(
        "interest_days",
        days=str(part.days),
        rate=percent(lang, part.rate),
        amount=money(lang, part.amount),
    )


def _notes(lang: Language, reminder: Reminder) -> Iterator[Fact]:
    """Say what interest there is to the day, and that it goes on."""
    label = lang.say("interest_total", date=day(lang, reminder.made_on))
    interest = reminder.interest
    if interest and interest.minor:
        yield Fact(label, f"{money(lang, interest)}. {lang.say('interest_text')}")
    else:
        yield Fact(lang.say("terms"), lang.say("interest_text"))


def _slip(lang: Language, owed: Owed) -> Slip:
    return slip_of(lang, owed, lang.say("pay_now"))
