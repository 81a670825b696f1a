"""q2c time expense: what was paid for a customer, with its receipt."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct

from q2c.commands.call import Commit, DryRun, Message, today
from q2c.commands.desk import Desk, desk
from q2c.commands.output import check_fields, following, hint, say
from q2c.commands.time.importing import delivery_change, exchanging, kept_receipts, received
from q2c.commands.words import read_amount, read_day, read_name, read_note
from q2c.core.order import Delivery
from q2c.core.usage import TimeRow, Yard, as_deliveries
from q2c.store.master import read_company
from q2c.store.orders import order_path, read_deliveries, read_order
from q2c.store.timemap import read_staff

if TYPE_CHECKING:
    from q2c.store.writing import Change


def record_expense(  # noqa: PLR0913 - a flag for each thing that is recorded
    order: Annotated[str, typer.Argument(metavar="ORDER", help="Such as O-2026-0001.")],
    amount: Annotated[
        str, typer.Option("--amount", metavar="AMOUNT", help="What it cost, such as 450.50.")
    ],
    person: Annotated[
        str, typer.Option("--person", parser=read_name, metavar="NAME", help="Who paid it.")
    ],
    *,
    currency: Annotated[
        str, typer.Option("--currency", metavar="CODE", help="Of the amount.  [the order's]")
    ] = "",
    line: Annotated[
        str, typer.Option("--line", metavar="N", help="The order's line.  [its only one]")
    ] = "",
    note: Annotated[
        str, typer.Option("--note", parser=read_note, metavar="TEXT", help="What it was.")
    ] = "",
    receipt: Annotated[
        Path | None, typer.Option("--receipt", metavar="FILE", help="A file that shows it.")
    ] = None,
    day: Annotated[
        date | None, typer.Option("--date", parser=read_day, metavar="DAY", help="When.  [today]")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Record the same once more on the same day.")
    ] = False,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Record what was paid for a customer; it is invoiced with the markup of its line.

    An amount of another currency is exchanged at the rate of its day. The receipt is kept
    with the order's time, and its SHA-256 is recorded. The same words again on the same day
    add nothing.

    Example: q2c time expense O-2026-0001 --amount 450.50 --person "Maja Lind" --note Train
    """
    spent = Spent(
        order=order,
        line=line,
        amount=amount,
        currency=currency,
        person=person,
        note=note,
        receipt=receipt,
        day=day,
    )
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        one, earlier, change = _recorded(at, spent)
        check_fields(one)
        if not again and any(_same(one, known) for known in earlier):
            say(one, f"{one.paid} of {one.date} for {order}/{one.line} is recorded already.")
            hint("If as much was paid once more that day, add --again.")
            return
        told = at.write(change, f"Record an expense of {order}", [order_path(order)])
    say(one, f"{one.paid} for {order}/{one.line}: {note or 'an expense'}.\n{told}")
    if not dry_run:
        following("q2c time show")


class Spent(Struct, frozen=True, kw_only=True):
    """What was paid, as it was said."""

    order: str
    line: str
    amount: str
    currency: str
    person: str
    note: str
    receipt: Path | None
    day: date | None


def _same(one: Delivery, known: Delivery) -> bool:
    """Say whether an expense was recorded before in the same words."""
    words = ("date", "line", "person", "paid", "note")
    return all(getattr(one, word) == getattr(known, word) for word in words)


def _recorded(at: Desk, spent: Spent) -> tuple[Delivery, Sequence[Delivery], "Change"]:
    """Make the delivery of an expense, those before it, and the change that records it."""
    order, receipt = read_order(at.tree, spent.order), spent.receipt
    earlier = {order.number: read_deliveries(at.tree, order.number)}
    on = today(read_company(at.tree).time_zone, spent.day)
    kept = {receipt.name: received(receipt)} if receipt else {}
    papers, created = kept_receipts(at.tree, f"{on:%Y-%m}", kept)
    row = TimeRow(
        date=on,
        order=order.number,
        line=spent.line,
        person=spent.person,
        note=spent.note,
        paid=read_amount(spent.amount, spent.currency or order.currency),
        receipt=receipt.name if receipt else "",
        id=f"{order.number}:expense-{len(earlier[order.number])}",
    )
    yard = Yard(
        orders={order.number: order},
        staff=read_staff(at.tree),
        exchanged=exchanging(at.tree),
        receipts=papers,
    )
    new = as_deliveries([row], yard, earlier)
    [one] = new[order.number]
    return one, earlier[order.number], delivery_change(at, created, new, earlier)
