"""Papers that are drawn when they are sent: confirmations, delivery notes, reminders and others."""

from collections.abc import Callable
from datetime import date

from q2c.commands.desk import frozen_look
from q2c.core.money import Money
from q2c.core.sending import Kind, Parcel, safe_name
from q2c.documents.look import Look
from q2c.documents.mailfacts import facts_of
from q2c.documents.ondemand import OnDemand
from q2c.store.master import customer_ids, read_customer
from q2c.store.orders import numbers, read_order
from q2c.store.tree import Tree

LEVELS = {"reminder": 1, "reminder-1": 1, "reminder-2": 2, "reminder-3": 3}


def paper_of(files: Tree, number: str) -> Parcel | None:
    """Draw the paper that a number names, if it names one.

    `O-2026-0001` is the confirmation of an order and `O-2026-0001/L1` its first delivery note;
    `F-2026-0001/reminder-2`, `F-2026-0001/receipt` and `fjord-foods/statement` are of today.
    """
    of, _, what = number.partition("/")
    if of in numbers(files, "orders"):
        return _delivery_note(files, of, what) if what else _confirmation(files, of)
    if what in LEVELS:
        return _reminder(files, of, what)
    if what == "receipt":
        return _receipt(files, of)
    if what == "statement" and of in customer_ids(files):
        return _statement(files, of)
    return None


def _confirmation(files: Tree, number: str) -> Parcel:
    from q2c.commands.orders.confirming import confirmation_of
    from q2c.documents.confirmation import confirmation_pdf

    made = confirmation_of(files, number)
    return _parcel(
        files,
        made,
        ("order-confirmation", number, f"orders/{number}/confirmation"),
        made.order.language,
        lambda look: confirmation_pdf(made, look),
        title=made.order.title,
        date=made.contract.agreed_on,
        total=made.contract.net,
        order=number,
    )


def _delivery_note(files: Tree, number: str, which: str) -> Parcel:
    from q2c.commands.orders.noting import note_of
    from q2c.documents.deliverynote import delivery_note_pdf

    made = note_of(files, number, which)
    return _parcel(
        files,
        made,
        ("delivery-note", made.number, f"orders/{made.number}"),
        read_order(files, number).language,
        lambda look: delivery_note_pdf(made, look),
        title=made.title,
        date=made.delivered_on,
        order=number,
    )


def _reminder(files: Tree, number: str, what: str) -> Parcel:
    from q2c.commands.invoices.reminding import Wanted, owner_of, reminder_of
    from q2c.documents.reminder import reminder_pdf

    asked = Wanted(numbers=(number,), level=LEVELS[what])
    made, look = reminder_of(files, owner_of(files, asked.numbers), asked)
    late = made.invoices[0]
    path = f"invoices/{late.issued_on.year}/{number}.reminder-{made.level}"
    return _parcel(
        files,
        made,
        ("reminder", f"{number}/reminder-{made.level}", path),
        look.language.code,
        lambda used: reminder_pdf(made, used),
        number=number,
        date=made.made_on,
        total=made.amount,
        due=late.due_on,
        reference=late.ocr or late.rf or number,
    )


def _receipt(files: Tree, number: str) -> Parcel:
    from q2c.commands.receipt import receipt_of
    from q2c.documents.receipt import receipt_pdf

    made, code = receipt_of(files, number)
    return _parcel(
        files,
        made,
        ("receipt", made.number, f"receipts/{made.number}"),
        code,
        lambda look: receipt_pdf(made, look),
        date=made.paid_on,
        total=made.amount,
    )


def _statement(files: Tree, customer: str) -> Parcel:
    from q2c.commands.customers.statement import statement_for
    from q2c.commands.ondemand import spoken_to
    from q2c.documents.statement import statement_pdf

    buyer, code = spoken_to(files, customer)
    made = statement_for(files, buyer)
    number = f"{customer}-{made.days.last}"
    return _parcel(
        files,
        made,
        ("statement", number, f"statements/{number}"),
        code,
        lambda look: statement_pdf(made, look),
        date=made.days.last,
        total=made.accounts[0].closing,
    )


def _parcel(
    files: Tree,
    made: OnDemand,
    named: tuple[Kind, str, str],
    language: str,
    draw: Callable[[Look], bytes],
    **said: str | date | Money,
) -> Parcel:
    """Draw a paper and make it a parcel; `named` is its kind, its number and where it is recorded.

    The mail is in the language that its customer wants to be sent documents in.
    """
    kind, number, path = named
    customer = read_customer(files, made.customer)
    code = customer.sending.language or language
    return Parcel(
        number=number,
        kind=kind,
        path=path,
        customer=customer,
        seller=made.seller,
        buyer=made.buyer,
        language=code,
        files={safe_name(_named(kind, number)): draw(frozen_look(files, language).look)},
        said=facts_of(code, **{"number": number, **said}),
    )


def _named(kind: Kind, number: str) -> str:
    """Name the file of a paper by its number, and by its kind where the number does not say it."""
    return f"{number}.pdf" if kind in number else f"{number}.{kind}.pdf"
