"""Many orders in a workspace, written without a quote each, as if all had been accepted."""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from q2c.core.money import Money
from q2c.core.order import Order, OrderLine
from q2c.core.pricing import Rate
from q2c.core.quote import Event
from q2c.store.orders import order_path
from q2c.store.papers import frozen
from q2c.store.quotes import event_line, path_of

CUSTOMERS = ("fjord-foods", "kiruna-konst", "brygga-partner")


def ordered_in(root: Path, count: int, lines: int = 2) -> None:
    """Write so many accepted orders into the example, numbered from O-2026-1001."""
    for n in range(1001, 1001 + count):
        for name, data in accepted(order(n, lines)).items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)


def order(n: int, lines: int = 12) -> Order:
    """Make an order of services that are due as soon as they are ordered."""
    return Order(
        number=f"O-2026-{n:04}",
        source=f"Q-2026-{n:04}/v1",
        contract=f"C-2026-{n:04}",
        agreed_on=date(2026, 11, 5),
        customer=CUSTOMERS[n % 3],
        currency="SEK",
        language="sv",
        due_days=30,
        lines=tuple(_line(n, place) for place in range(1, lines + 1)),
    )


def accepted(order: Order) -> dict[str, bytes]:
    """Give the file of an order, and the acceptance that it is known by."""
    name, data = order_path(order.number), frozen(order)
    event = Event(
        kind="accepted",
        date=order.agreed_on,
        version=1,
        order=order.number,
        files=((name, sha256(data).hexdigest()),),
    )
    events = path_of(order.source.partition("/")[0], "events.jsonl")
    return {name: data, events: event_line((), event)}


def _line(n: int, place: int) -> OrderLine:
    price, quantity = Decimal(100 + place), Decimal(n % 40 + 1)
    return OrderLine(
        id=str(place),
        source=f"Q-2026-{n:04}/v1/{place}",
        product=f"product-{place}",
        name=f"Rådgivning {place}",
        text="Rådgivning om dataplattformar, av konsult." if place % 3 else "",
        quantity=quantity,
        unit="tim",
        charge="one-off",
        bill="on-order",
        rate=Rate(model="per-unit", currency="SEK", unit_price=price),
        net=Money.of(price * quantity, "SEK"),
        revenue="point-in-time",
    )
