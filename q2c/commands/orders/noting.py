"""q2c order note: the delivery note of what was delivered on a day."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated

import typer

from q2c.commands.call import At, DateOption
from q2c.commands.desk import frozen_look, tree
from q2c.commands.ondemand import Out, common, put
from q2c.commands.orders.named import Number
from q2c.commands.output import say
from q2c.core.billing import po_of
from q2c.core.fault import Fault, Unknown
from q2c.core.order import Delivery, Order, OrderLine
from q2c.documents.deliverynote import Delivered, DeliveryNote, delivery_note_pdf
from q2c.store.master import read_customer
from q2c.store.orders import read_deliveries, read_order
from q2c.store.tree import Tree

Which = Annotated[
    str,
    typer.Option("--delivery", metavar="L1|DAY", help="By its number or its day.  [the last one]"),
]


def note_delivery(
    number: Number, *, delivery: Which = "", day: DateOption = None, out: Out = None, at: At = ""
) -> None:
    """Draw the delivery note of a day: what is ordered, delivered and outstanding, no prices.

    The deliveries of an order are counted by their days: O-2026-0001/L1 is of the first. Hours
    and expenses are on a time report instead.

    Example: q2c order note O-2026-0002 --delivery L1
    """
    files = tree(at)
    note = note_of(files, number, delivery, day)
    look = frozen_look(files, read_order(files, number).language).look
    name = f"{note.number.replace('/', '-')}.delivery"
    place, told = put(out, name, delivery_note_pdf(note, look))
    lines = [
        {
            "line": line.line,
            "name": line.name,
            "unit": line.unit,
            "ordered": line.ordered,
            "delivered": line.now,
            "outstanding": line.outstanding,
        }
        for line in note.lines
    ]
    row = {"number": note.number, "delivered_on": note.delivered_on, "customer": note.customer}
    say({**row, "lines": lines, **place}, told)


def note_of(files: Tree, number: str, which: str = "", day: date | None = None) -> DeliveryNote:
    """Gather what the delivery note of one of an order's deliveries says."""
    order = read_order(files, number)
    customer = read_customer(files, order.customer)
    known = [one for one in read_deliveries(files, number) if _noted(order.line(one.line))]
    place, on = _chosen(order, sorted({one.date for one in known}), which)
    return DeliveryNote(
        **common(files, customer, day, invoice=False),
        number=f"{number}/L{place}",
        order=number,
        delivered_on=on,
        po=po_of(order, customer),
        title=order.title,
        lines=tuple(_lines(order, known, on)),
    )


def _noted(line: OrderLine) -> bool:
    """Say whether what is delivered of a line is told on a delivery note."""
    return not (line.takes_hours or line.charge == "expense")


def _chosen(order: Order, days: Sequence[date], which: str) -> tuple[int, date]:
    """Choose a delivery by its number or day: the last where none is named."""
    if not days:
        message = f"Nothing is delivered of {order.number} that a delivery note could tell."
        remedy = "Record it with q2c order deliver; hours are on q2c time report."
        raise Unknown(Fault("nothing-delivered", message, remedy=remedy))
    named = {f"L{place}": place for place in range(1, len(days) + 1)}
    named |= {str(day): place for place, day in enumerate(days, start=1)}
    place = named.get(which) if which else len(days)
    if place is None:
        message = f"{order.number} has no delivery '{which}'."
        told = ", ".join(f"L{at} of {day}" for at, day in enumerate(days[-6:], len(days[:-6]) + 1))
        raise Unknown(Fault("no-such-delivery", message, remedy=f"It has {told}."))
    return place, days[place - 1]


def _lines(order: Order, known: Sequence[Delivery], on: date) -> Iterator[Delivered]:
    """Give the lines that were delivered, or are still to be."""
    for line in order.lines:
        mine = [one for one in known if one.line == line.id and one.date <= on]
        now = [one for one in mine if one.date == on]
        quantity = sum((one.quantity for one in now), Decimal(0))
        made = Delivered(
            line=line.id,
            product=line.product,
            name=line.name,
            text=line.text,
            unit=line.unit,
            ordered=None if line.open_ended else line.quantity,
            now=quantity,
            before=sum((one.quantity for one in mine), Decimal(0)) - quantity,
            notes=tuple(one.note for one in now if one.note),
        )
        waits = _noted(line) and line.bill == "on-delivery" and line.service is None
        if now or (waits and made.outstanding):
            yield made
