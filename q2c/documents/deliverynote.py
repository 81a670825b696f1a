"""Delivery notes: what was delivered on a day, without prices, and a place to sign for it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from msgspec import Struct

from q2c.documents.draw import drawn
from q2c.documents.language import Language, day, number, unit
from q2c.documents.look import Look
from q2c.documents.ondemand import OnDemand, delivered_to, sheet_of
from q2c.documents.sheet import Column, Row, Sheet, Signature, Signing, Table


class Delivered(Struct, frozen=True, kw_only=True):
    """What was delivered of a line: now and before; `ordered` is none of what has no end."""

    line: str
    product: str
    name: str
    text: str = ""
    unit: str
    ordered: Decimal | None = None
    now: Decimal
    before: Decimal = Decimal(0)
    notes: tuple[str, ...] = ()

    @property
    def outstanding(self) -> Decimal | None:
        """What is left to deliver."""
        return None if self.ordered is None else self.ordered - self.before - self.now


class DeliveryNote(OnDemand, frozen=True, kw_only=True):
    """What a delivery note says; its number is its order's and its place among the deliveries."""

    number: str
    order: str
    delivered_on: date
    po: str = ""
    title: str = ""
    lines: tuple[Delivered, ...]


def delivery_note_pdf(note: DeliveryNote, look: Look) -> bytes:
    """Draw a delivery note."""
    return drawn(delivery_note_sheet(note, look), look)


def delivery_note_sheet(note: DeliveryNote, look: Look) -> Sheet:
    """Write out everything that a delivery note says."""
    lang = look.language
    return sheet_of(
        note,
        look,
        "delivery_note",
        title=lang.say("delivery_note"),
        number=note.number,
        told=_facts(lang, note),
        others=delivered_to(note, look),
        subject=note.title,
        table=_table(lang, note),
        signing=_signing(lang, note),
    )


def _facts(lang: Language, note: DeliveryNote) -> Iterator[tuple[str, str]]:
    yield "document_date", day(lang, note.made_on)
    yield "delivered_on", day(lang, note.delivered_on)
    yield "customer_number", note.customer
    yield "your_reference", note.buyer.reference
    yield "your_order", note.po
    yield "our_order", note.order
    yield "our_reference", note.seller.reference


def _table(lang: Language, note: DeliveryNote) -> Table:
    heads = ("product", "name", "unit", "ordered", "delivered", "outstanding")
    right = {"ordered", "delivered", "outstanding"}
    return Table(
        columns=tuple(
            Column(lang.say(f"column_{head}"), right=head in right, gives_way=head == "name")
            for head in heads
        ),
        rows=tuple(_row(lang, line) for line in note.lines),
    )


def _row(lang: Language, line: Delivered) -> Row:
    before = number(lang, line.before)
    earlier = (lang.say("delivered_before", quantity=before),) if line.before else ()
    return Row(
        cells=(
            line.product,
            line.name,
            unit(lang, line.unit, Decimal(2)),
            _figure(lang, line.ordered),
            number(lang, line.now),
            _figure(lang, line.outstanding),
        ),
        notes=(*filter(None, (line.text,)), *line.notes, *earlier),
    )


def _figure(lang: Language, quantity: Decimal | None) -> str:
    return "" if quantity is None else number(lang, quantity)


def _signing(lang: Language, note: DeliveryNote) -> Signing:
    """Give the buyer a place to sign for what was received."""
    lines = tuple(lang.say(key) for key in ("place_and_date", "signature", "name_in_print"))
    title = lang.say("for_party", name=note.buyer.name)
    return Signing(text=lang.say("delivered_ok"), signatures=(Signature(title, lines),))
