"""How long a command takes to start and answer, against an interpreter that does nothing."""

import sys
from pathlib import Path
from tempfile import mkdtemp

from bench.measure import Row, whole_process

PYTHON = sys.executable
Q2C = str(Path(PYTHON).with_name("q2c"))
DEMO = str(Path(__file__).parent.parent / "tools" / "demo.py")
NOTHING = whole_process([PYTHON, "-c", "pass"])
# Commands that read what the demo left and change nothing.
READING = """
quote show Q-2026-0010
quote show Q-2026-0010 --explain
quote list
customer list
customer show fjord-foods
catalog list
catalog show advisory
catalog price advisory --qty 40 --customer fjord-foods --explain
contract list
contract show C-2026-0001
order list
order show O-2026-0001
time show
invoice list
invoice show F-2026-0001
plan show plans/2026-11.json
payment list
revenue waterfall
ledger show
ledger balance
ledger export --format hledger
ledger verify
why F-2026-0001/1
verify F-2026-0001
verify --all
status
check
explain usage
config list
"""

BOUND = 10
# This one draws all 24 documents of the example again, so it has a bound of its own.
BOUNDS = {"verify --all": 12}


def rows() -> list[Row]:
    """Give the rows on starting; the demo is played for them first."""
    version = whole_process([Q2C, "--version"])
    folder = Path(mkdtemp(prefix="q2c-bench-")) / "demo"
    whole_process([PYTHON, DEMO, str(folder)])()
    return [
        Row("q2c --version", version, NOTHING, "python -c pass", 1.5),
        *(
            Row(
                f"q2c {words}",
                whole_process([Q2C, *words.split()], folder),
                NOTHING,
                "python -c pass",
                BOUNDS.get(words, BOUND),
            )
            for words in READING.split("\n")
            if words
        ),
    ]
