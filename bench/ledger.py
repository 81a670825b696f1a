"""How fast a large ledger is balanced, chain check included, against hledger."""

import shutil
import sys
from datetime import date, timedelta
from pathlib import Path
from tempfile import mkdtemp

from bench.measure import Row, whole_process
from q2c.core.entry import Entry, Posting
from q2c.store import chain
from q2c.store.ledger import Record

Q2C = str(Path(sys.executable).with_name("q2c"))
ENTRIES = 100_000
FIRST = date(2026, 1, 1)


def rows() -> list[Row]:
    """Give the row on balancing; without hledger there is none."""
    if shutil.which("hledger") is None:
        sys.stderr.write("hledger is not installed, so the ledger is not measured.\n")
        return []
    folder = Path(mkdtemp(prefix="q2c-bench-")) / "office"
    whole_process([Q2C, "init", str(folder), "--example", "consultancy", "--date", "2026-01-01"])()
    _fill(folder / "ledger" / "2026.jsonl")
    export = ["ledger", "export", "--format", "hledger", "--out", "journal.ledger"]
    whole_process([Q2C, *export], folder)()
    return [
        Row(
            "balance of 100,000 entries, chain checked",
            whole_process([Q2C, "ledger", "balance"], folder),
            whole_process(["hledger", "-f", "journal.ledger", "balance"], folder),
            "hledger balance",
            10,
            "at least",
        )
    ]


def _fill(path: Path) -> None:
    """Add invoices and payments after the genesis line, each in its place in the chain."""
    last = path.read_bytes().splitlines()[-1]
    prev = last.partition(chain.MEMBER)[2][: len(chain.NO_HASH)].decode()
    lines = []
    for seq in range(1, ENTRIES + 1):
        record, line = chain.sealed(_entry(seq), Record, seq, prev)
        prev = record.hash
        lines.append(line)
    with path.open("ab") as file:
        file.writelines(lines)


def _entry(seq: int) -> Entry:
    number, paid = divmod(seq, 2)
    day = FIRST + timedelta(days=number * 360 // ENTRIES)
    net = 10_000 + number % 997
    vat = net // 4
    item = f"F-2026-{number:05}"
    if paid:
        return Entry(
            id=f"payment:{number}",
            kind="payment-received",
            date=day,
            period=f"{day:%Y-%m}",
            party=f"customer-{number % 2000}",
            postings=(
                Posting(role="cash", amount=net + vat, currency="SEK"),
                Posting(role="receivable", amount=-net - vat, currency="SEK", item=item),
            ),
        )
    return Entry(
        id=f"invoice:{number}",
        kind="revenue-recognised",
        date=day,
        period=f"{day:%Y-%m}",
        party=f"customer-{number % 2000}",
        postings=(
            Posting(role="receivable", amount=net + vat, currency="SEK", item=item),
            Posting(role="output-vat", amount=-vat, currency="SEK"),
            Posting(role="revenue", amount=-net, currency="SEK", line=f"O-2026-{number:05}/1"),
        ),
    )
