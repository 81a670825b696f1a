"""How fast a month end of 1,000 invoices is, against a loop that only draws with platypus."""

import shutil
import sys
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from bench import platypus
from bench.measure import Job, Row, warm, whole_process
from q2c.core.money import Money
from q2c.core.order import Order, OrderLine
from q2c.core.pricing import Rate
from q2c.core.quote import Event
from q2c.documents.payment_codes import payment_code
from q2c.store.orders import order_path
from q2c.store.papers import frozen
from q2c.store.quotes import event_line, path_of
from tests import made

Q2C = str(Path(sys.executable).with_name("q2c"))
INVOICES, LINES, SAMPLE = 1000, 12, 25
DAY = date(2026, 11, 30)


def rows() -> list[Row]:
    """Give the row on month end."""
    folder = Path(mkdtemp(prefix="q2c-bench-")) / "office"
    whole_process([Q2C, "init", str(folder), "--example", "consultancy", "--date", "2026-11-02"])()
    for n in range(1, INVOICES + 1):
        order = _order(n)
        for name, data in _accepted(order).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
    return [
        Row(
            "month end of 1,000 invoices, plan and apply",
            _month_end(folder),
            _only_drawn(),
            "platypus, drawing only",
            5,
            "at least",
        )
    ]


def _order(n: int) -> Order:
    return Order(
        number=f"O-2026-{n:04}",
        source=f"Q-2026-{n:04}/v1",
        contract=f"C-2026-{n:04}",
        agreed_on=date(2026, 11, 5),
        customer=("fjord-foods", "kiruna-konst", "brygga-partner")[n % 3],
        currency="SEK",
        language="sv",
        due_days=30,
        lines=tuple(_line(n, place) for place in range(1, LINES + 1)),
    )


def _accepted(order: Order) -> dict[str, bytes]:
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


def _month_end(folder: Path) -> Job:
    """Plan and apply in a fresh copy; copying it is not measured."""
    plan = ["--through", str(DAY), "--issue-on", str(DAY), "--out", "plans/month.json"]
    copy = folder.with_name("copy")
    jobs = [
        whole_process([Q2C, "invoice", "plan", *plan], copy),
        whole_process([Q2C, "apply", "plans/month.json", "--yes"], copy),
    ]

    def run() -> float:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        return sum(job() for job in jobs)

    return run


def _only_drawn() -> Job:
    """Draw a sample with platypus, and reckon what as many as the month end has would take."""
    platypus.ready()
    invoice = made.invoice(LINES)
    code = payment_code(invoice)
    assert code, "the invoice has a code to pay by"
    sample = warm(lambda: [platypus.drawn(invoice, code.payload) for _ in range(SAMPLE)])
    return lambda: sample() * INVOICES / SAMPLE
