"""Print every promised ratio, with its yardstick and its bound: `make bench`.

`python -m bench.run WORD` measures only the rows whose name holds the word. The exit
status is 1 where a bound is missed. A new row goes into a module here with a function
`rows`, which MODULES names.
"""

import sys
from importlib import import_module

from bench.measure import Row, measured

MODULES = ("bench.start", "bench.drawing", "bench.reading", "bench.month_end", "bench.ledger")
HEAD = f"{'what':<44} {'against':<28} {'bound':>14} {'measured':>9}\n"


def told(row: Row, ratio: float) -> str:
    """Write one row of the table."""
    bound = f"{row.sense} {row.bound:g} x"
    missed = "" if row.kept(ratio) else "  MISSED"
    return f"{row.name:<44} {row.against:<28} {bound:>14} {ratio:>7.2f} x{missed}\n"


def main(wanted: str = "") -> int:
    """Measure and print all rows, or those whose name holds a word."""
    rows = [row for name in MODULES for row in import_module(name).rows()]
    kept = True
    sys.stdout.write(HEAD)
    for row in rows:
        if wanted in row.name:
            ratio = measured(row)
            kept = kept and row.kept(ratio)
            sys.stdout.write(told(row, ratio))
            sys.stdout.flush()
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
