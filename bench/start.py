"""How long a command takes to start and answer, against an interpreter that does nothing."""

import sys
from pathlib import Path

from bench.measure import Row, whole_process

PYTHON = sys.executable
Q2C = str(Path(PYTHON).with_name("q2c"))
EXAMPLES = Path(__file__).parent.parent / "examples"
NOTHING = whole_process([PYTHON, "-c", "pass"])
# Commands that read the example and change nothing.
READING = ("config list", "explain usage")


def rows() -> list[Row]:
    """Give the rows on starting."""
    version = whole_process([Q2C, "--version"])
    return [
        Row("q2c --version", version, NOTHING, "python -c pass", 1.5),
        *(
            Row(
                f"q2c {words}",
                whole_process([Q2C, *words.split()], EXAMPLES),
                NOTHING,
                "python -c pass",
                10,
            )
            for words in READING
        ),
    ]
