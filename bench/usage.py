"""Usage: a million events rated, against the same sums by csv.DictReader and Decimal.

The events are imported before: that is done once, when they come, and the index it makes is what
a month end reads. The yardstick reads the file that they came in.
"""

import csv
import random
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from bench.measure import Row, warm
from q2c.core.billing.rating import Rated, rated
from q2c.core.money import Money
from q2c.core.order import Order, OrderLine
from q2c.core.pricing import Rate, RateTier
from q2c.core.quote.metering import Metering
from q2c.core.usage.metering import Asked, Days, Meter, readings, spots_of
from q2c.exchange.usagefile import Faults, read_events
from q2c.store.usage.imports import Imported
from q2c.store.usage.index import Index

EVENTS, CUSTOMERS = 1_000_000, 200
ZONE = "Europe/Stockholm"
METERS = (Meter(id="calls", name="Calls", filters={"status": ("ok",)}),)
TIERS = (
    RateTier(Decimal(100_000), Decimal("0.01")),
    RateTier(Decimal(1_000_000), Decimal("0.008")),
    RateTier(None, Decimal("0.005")),
)
RATE = Rate(model="graduated", currency="SEK", tiers=TIERS)


def rows() -> list[Row]:
    """Give the promises of usage."""
    name = "rating 1,000,000 usage events, imported before"
    ours, yardstick = warm(ours_rated), warm(plain_rated)
    return [Row(name, ours, yardstick, "csv.DictReader, Decimal", 5, "at least")]


@cache
def events() -> Path:
    """Write a month of events of some customers."""
    path, chosen = Path(mkdtemp(prefix="q2c-usage-"), "events.csv"), random.Random(1)  # noqa: S311 - only for a bench
    with path.open("w", encoding="utf-8") as file:
        file.write("id,time,customer,meter,quantity,status\n")
        for number in range(EVENTS):
            moment = f"2026-11-{chosen.randrange(2, 30):02d}T{chosen.randrange(24):02d}:15:00Z"
            status = "error" if number % 20 == 0 else "ok"
            quantity = chosen.randrange(1, 100_000) / 100
            customer = f"customer-{chosen.randrange(CUSTOMERS):03d}"
            file.write(f"e{number},{moment},{customer},calls,{quantity},{status}\n")
    return path


@cache
def index() -> Index:
    """Import the events."""
    made, faults = Index(events().parent / "cache", METERS, ZONE), Faults("events.csv")
    with made.adding() as keep:
        data = events().read_bytes()
        made.add(1, "events.csv", read_events(data, "events.csv", Days(ZONE), faults))
        first = date(2026, 11, 1)
        made.note(
            1,
            Imported(
                file="events.csv",
                sha256="",
                rows=EVENTS,
                events=EVENTS,
                first=first,
                last=first,
                seq=0,
                prev="",
                hash="1",
            ),
        )
        keep()
    return made


@cache
def orders() -> Sequence[Order]:
    """Make an order with a metered line for each customer."""
    return [_order(number) for number in range(CUSTOMERS)]


def _order(number: int) -> Order:
    line = OrderLine(
        id="1",
        source="Q-2026-0001/v1/1",
        product="calls",
        name="Calls",
        quantity=Decimal(0),
        unit="call",
        charge="usage",
        bill="on-delivery",
        rate=RATE,
        metering=Metering(meter="calls", first=date(2026, 11, 1)),
        net=Money(0, "SEK"),
        revenue="output",
    )
    return Order(
        number=f"O-2026-{number:04d}",
        source="Q-2026-0001/v1",
        contract="C-2026-0001",
        agreed_on=date(2026, 11, 1),
        customer=f"customer-{number:03d}",
        currency="SEK",
        language="en",
        due_days=30,
        lines=(line,),
    )


def ours_rated() -> list[Rated]:
    """Rate every line from the index."""
    asked = Asked(spots=spots_of(orders()), through=date(2026, 11, 30))
    found = readings(METERS[0], index(), asked)
    return [one for spot, reading in found for one in rated(spot.line, [reading])]


def plain_rated() -> dict[str, Decimal]:
    """Add up the same file row by row, as one would without q2c."""
    sums: dict[str, Decimal] = {}
    with events().open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["status"] == "ok" and row["meter"] == "calls":
                customer = row["customer"]
                sums[customer] = sums.get(customer, Decimal(0)) + Decimal(row["quantity"])
    return sums
