"""How long a plan takes for 10,000 contracts of which nothing is due, against reading orders."""

import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import mkdtemp

from bench.measure import Row, whole_process
from q2c.core.entry import Entry, Posting
from q2c.core.money import Money
from q2c.core.order import Order, OrderLine
from q2c.core.period import Period
from q2c.core.pricing import Rate
from q2c.store import chain
from q2c.store.ledger import Record
from tests.many import CUSTOMERS, accepted

Q2C = str(Path(sys.executable).with_name("q2c"))
CONTRACTS = 10_000
DAY = date(2026, 11, 30)
BEGAN = date(2026, 10, 1)
READING = """
from pathlib import Path
from q2c.store.orders import read_orders
from q2c.store.tree import WorkTree
assert len(read_orders(WorkTree(Path()))) == {count}
"""


def rows() -> list[Row]:
    """Give the row on planning where all is billed."""
    folder = Path(mkdtemp(prefix="q2c-bench-")) / "office"
    whole_process([Q2C, "init", str(folder), "--example", "consultancy", "--date", str(BEGAN)])()
    for n in range(1, CONTRACTS + 1):
        for name, data in accepted(_order(n)).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
    _bill(folder / "ledger/2026.jsonl")
    plan = [Q2C, "invoice", "plan", "--through", str(DAY), "--issue-on", str(DAY)]
    reading = [sys.executable, "-c", READING.format(count=CONTRACTS)]
    return [
        Row(
            f"plan of {CONTRACTS:,} contracts, nothing due",
            whole_process(plan, folder),
            whole_process(reading, folder),
            "reading their orders",
            3,
        )
    ]


def _order(n: int) -> Order:
    return Order(
        number=f"O-2026-{n:05}",
        source=f"Q-2026-{n:05}/v1",
        contract=f"C-2026-{n:05}",
        agreed_on=BEGAN,
        customer=CUSTOMERS[n % 3],
        currency="SEK",
        language="sv",
        due_days=30,
        lines=(
            OrderLine(
                id="1",
                source=f"Q-2026-{n:05}/v1/1",
                product="support-silver",
                name="Support Silver",
                quantity=Decimal(1),
                unit="mån",
                charge="recurring",
                bill="in-advance",
                rate=Rate(model="per-unit", currency="SEK", unit_price=Decimal(3200)),
                times=12,
                net=Money.of(Decimal(38400), "SEK"),
                every="month",
                service=Period(BEGAN, date(2027, 9, 30)),
                anchor=BEGAN,
                revenue="over-time",
            ),
        ),
    )


def _bill(path: Path) -> None:
    """Add the invoices of the months that have begun, each in its place in the chain."""
    last = path.read_bytes().splitlines()[-1]
    prev = last.partition(chain.MEMBER)[2][: len(chain.NO_HASH)].decode()
    with path.open("ab") as file:
        for n in range(1, CONTRACTS + 1):
            record, line = chain.sealed(_entry(n), Record, n, prev)
            prev = record.hash
            file.write(line)


def _entry(n: int) -> Entry:
    number, ref = f"F-2026-{n:05}", f"O-2026-{n:05}/1"
    months = (Period(BEGAN, date(2026, 10, 31)), Period(date(2026, 11, 1), DAY))
    return Entry(
        id=f"invoice:{number}",
        kind="invoice-issued",
        date=BEGAN,
        period="2026-10",
        party=CUSTOMERS[n % 3],
        number=number,
        keys=tuple(f"{ref}:{month.first}..{month.last}" for month in months),
        postings=(
            Posting(role="receivable", amount=800000, currency="SEK", item=number),
            Posting(role="output-vat", amount=-160000, currency="SEK"),
            *(
                Posting(
                    role="contract-liability",
                    amount=-320000,
                    currency="SEK",
                    line=ref,
                    service=month,
                )
                for month in months
            ),
        ),
    )
