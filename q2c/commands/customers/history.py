"""What belongs to a customer, in the order of days: from the first talk to the last payment."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from q2c.commands.orders.changed import said
from q2c.core.money import Money, grouped
from q2c.core.order import Delivery, Order
from q2c.store.activities import read_activities
from q2c.store.changes import read_changes
from q2c.store.dealings import entries_of, quotes_for
from q2c.store.ledger import Record
from q2c.store.opportunities import read_opportunities
from q2c.store.orders import read_deliveries, read_order
from q2c.store.quotes import Folder, QuoteEvent, read_quote
from q2c.store.tree import Tree

# Of one day, in the order of the business.
ORDER = (
    *("call", "mail", "meeting", "note", "opportunity", "quote", "contract", "order"),
    *("change", "delivery", "invoice", "credit note", "payment"),
)
ENTRIES = {
    "invoice-issued": "invoice",
    "credit-note-issued": "credit note",
    "payment-received": "payment",
}


class Happening(Struct, frozen=True):
    """Something that happened with a customer on a day; `number` names what it is about."""

    date: date
    what: str
    number: str
    told: str
    amount: Money | None = None


def history(files: Tree, customer: str) -> list[Happening]:
    """Give everything that happened with a customer, the oldest first."""
    found = [
        *_opportunities(files, customer),
        *(one for number in quotes_for(files, customer) for one in _quote(files, number)),
        *map(_entry, _entries(files, customer)),
        *_activities(files, customer),
    ]
    return sorted(found, key=lambda one: (one.date, ORDER.index(one.what)))


def history_told(happened: Sequence[Happening]) -> list[str]:
    """Write what happened, a line each."""
    widths = [
        max((len(getattr(one, name)) for one in happened), default=0) for name in ("what", "number")
    ]
    return [
        "  ".join(
            part
            for part in (
                str(one.date),
                one.what.ljust(widths[0]),
                one.number.ljust(widths[1]),
                one.told,
                str(one.amount or ""),
            )
            if part
        ).rstrip()
        for one in happened
    ]


def _opportunities(files: Tree, customer: str) -> Iterator[Happening]:
    for one in read_opportunities(files).values():
        if one.customer != customer:
            continue
        for place, move in enumerate(one.moves):
            told = f"{one.title}: {move.stage}" if place == 0 else move.stage
            note = f" – {move.note}" if move.note else ""
            amount = one.money if place == 0 else None
            yield Happening(move.date, "opportunity", one.id, told + note, amount)
        if one.lost:
            told = " – ".join(filter(None, (f"lost: {one.lost.reason}", one.lost.note)))
            yield Happening(one.lost.date, "opportunity", one.id, told)


def _quote(files: Tree, number: str) -> Iterator[Happening]:
    folder = read_quote(files, number)
    if not folder.events and folder.draft:
        title = folder.draft.title
        told = f"drafted: {title}" if title else "drafted"
        yield Happening(folder.draft.date, "quote", number, told)
    for event in folder.events:
        yield Happening(event.date, "quote", number, _event(event), _amount(folder, event))
        if event.contract:
            yield Happening(event.date, "contract", event.contract, f"from {number}")
        if event.order:
            yield from _order(files, event.order)


def _event(event: QuoteEvent) -> str:
    words = (
        f"{event.kind} version {event.version}" if event.version else event.kind,
        event.by and f"by {event.by}",
        event.po and f"(order number {event.po})",
        event.reason and f"– {event.reason}",
    )
    return " ".join(filter(None, words))


def _amount(folder: Folder, event: QuoteEvent) -> Money | None:
    """Give what was offered with the version that counts; earlier ones are not looked up."""
    sent = folder.sent
    return sent.total if sent and event.kind == "sent" and event.version == sent.version else None


def _order(files: Tree, number: str) -> Iterator[Happening]:
    order = read_order(files, number)
    yield Happening(order.agreed_on, "order", number, order.title, order.net)
    for change in read_changes(files, number):
        line = order.line(change.line)
        told = " – ".join(filter(None, (f"{line.name}: {said(order, change)}", change.note)))
        yield Happening(change.date, "change", order.ref(line), told)
    yield from _deliveries(order, read_deliveries(files, number))


def _deliveries(order: Order, deliveries: Sequence[Delivery]) -> Iterator[Happening]:
    """Give what was delivered of each line in sum, on the day of the last delivery."""
    for line in order.lines:
        done = [one for one in deliveries if one.line == line.id]
        if done:
            whole = sum((one.quantity for one in done), Decimal(0)).normalize()
            told = f"{line.name}: {grouped(whole)} of {grouped(line.quantity)} {line.unit}"
            yield Happening(max(one.date for one in done), "delivery", order.ref(line), told)


def _entries(files: Tree, customer: str) -> Iterator[Record]:
    return (entry for entry in entries_of(files, customer) if entry.kind in ENTRIES)


def _entry(entry: Record) -> Happening:
    """Tell of an invoice, a credit note or a payment; the first posting has its amount."""
    first, *rest = entry.postings
    names = ", ".join(dict.fromkeys(p.item for p in rest if p.item))
    told = {
        "invoice-issued": entry.note,
        "credit-note-issued": f"credits {first.item}",
        "payment-received": f"of {names}" if names else "",
    }
    amount = Money(abs(first.amount), first.currency)
    what = ENTRIES[entry.kind]
    return Happening(entry.date, what, entry.number, told[entry.kind], amount)


def _activities(files: Tree, customer: str) -> Iterator[Happening]:
    for one in read_activities(files, customer):
        by = one.recorded_by.partition(" <")[0]
        yield Happening(one.date, one.kind, "", f"{one.text}{f'  ({by})' if by else ''}")
