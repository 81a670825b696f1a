"""Many programs that issue invoices in one workspace, and are killed: no gap and no double."""

import json
import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from q2c.core.period import term_of
from q2c.store.ledger import read_ledger
from q2c.store.tree import WorkTree
from tests.killing import killed_after
from tests.office import OPENED, Office
from tests.player import example

WRITERS, TURNS, KILLS = (20, 20, 3) if os.environ.get("Q2C_HAMMER") else (4, 5, 2)
LIMIT = 300.0 * (1 + WRITERS // 10)
BEGIN = date(2026, 11, 1)
# The last days of as many months, one invoice each.
DAYS = [term_of(BEGIN, months).last for months in range(1, TURNS + 1)]
YEAR = (DAYS[-1] + timedelta(1)).year
# Who finds the workspace locked for long tries again, as a person does.
WRITER = """
import sys
from q2c.cli import main
customer, *days = sys.argv[1:]
for day in days:
    words = ["invoice", "run", "--through", day, "--customer", customer, "--yes", "--jsonl"]
    while (status := main(words)) == 5:
        pass
    if status:
        sys.exit(status)
"""


def sold(office: Office) -> list[str]:
    """Sell support by the month to as many customers as there are writers."""
    model = (office.root / "customers/fjord-foods.yaml").read_text("utf-8")
    customers = [f"buyer-{n:02}" for n in range(1, WRITERS + 1)]
    for customer in customers:
        text = model.replace("id: fjord-foods", f"id: {customer}")
        (office.root / f"customers/{customer}.yaml").write_text(text, "utf-8")
    office.commits("New customers")
    for number, customer in enumerate(customers, start=10):  # the example has nine quotes
        quote = f"Q-2026-{number:04}"
        what = ("--line", "support-silver", "--term", "24m", "--starts", str(BEGIN))
        office.must("quote", "new", customer, *what, "--date", OPENED)
        office.must("quote", "send", quote, "--date", OPENED)
        office.must("quote", "accept", quote, "--by", "Ida Berg", "--date", OPENED)
    return customers


def work(root: Path, customer: str) -> tuple[list[str], int]:
    """Issue the invoices of a customer, killed now and then; what was said, how often killed."""
    chance, said, kills = Random(customer), list[str](), 0  # noqa: S311 - a simulation
    argv = [sys.executable, "-c", WRITER, customer]
    for turn in range(KILLS + 1):
        lines = chance.randint(1, 2 * (TURNS // (KILLS + 1))) if turn < KILLS else sys.maxsize
        left = [str(day) for day in DAYS[len(said) :]]
        heard, killed = killed_after([*argv, *left], lines, chance.uniform(0, 0.1), root, LIMIT)
        kills += killed
        told = [json.loads(line) for line in heard]
        said += [row["number"] for row in told if row["type"] == "invoice"]
    return said, kills


def test_writers_that_are_killed_issue_everything_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(example(tmp_path / "nordlys"), monkeypatch)
    customers = sold(office)
    office.today(str(DAYS[-1] + timedelta(1)))
    with ThreadPoolExecutor(WRITERS) as pool:
        done = [*pool.map(lambda customer: work(office.root, customer), customers)]
    issued = read_ledger(WorkTree(office.root)).by_number
    assert sorted(issued) == [f"F-{YEAR}-{n:04}" for n in range(1, WRITERS * TURNS + 1)]
    assert Counter(entry.party for entry in issued.values()) == dict.fromkeys(customers, TURNS)
    keys = Counter(key for entry in issued.values() for key in entry.keys)
    assert set(keys.values()) == {1}
    for customer, (said, _) in zip(customers, done, strict=True):
        assert {issued[number].party for number in said} == {customer}
        assert len(said) == len(set(said))
    assert leftovers(office.root) == []
    assert sum(kills for _, kills in done) >= WRITERS * KILLS // 2
    office.must("ledger", "verify")
    office.must("verify", "--all")


def leftovers(root: Path) -> list[Path]:
    """Find what stopped programs left behind and nobody removed."""
    return [*root.rglob(".*.q2c"), *(root / ".q2c/intents").iterdir()]
