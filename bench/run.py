"""Print every promised ratio, with its yardstick and its bound: `make bench`.

`python -m bench.run drawing` measures only the rows of that module; with `--full` the month end
has 10,000 invoices. The exit status is 1 where a bound is missed. A new row goes into a module
here with a function `rows`, which MODULES names.
"""

import sys
from importlib import import_module

from bench.measure import Row, measured

MODULES = (
    "start",
    "drawing",
    "hybrid",
    "reading",
    "einvoice",
    "pricing",
    "month_end",
    "contracts",
    "ledger",
    "usage",
)
HEAD = f"{'what':<52} {'against':<28} {'bound':>14} {'measured':>9}\n"


def told(row: Row, ratio: float) -> str:
    """Write one row of the table."""
    bound = f"{row.sense} {row.bound:g} x"
    missed = "" if row.kept(ratio) else "  MISSED"
    return f"{row.name:<52} {row.against:<28} {bound:>14} {ratio:>7.2f} x{missed}\n"


def main(*wanted: str) -> int:
    """Measure and print the rows of some modules, or of all."""
    kept = True
    sys.stdout.write(HEAD)
    for name in wanted or MODULES:
        for row in import_module(f"bench.{name}").rows():
            ratio = measured(row)
            kept = kept and row.kept(ratio)
            sys.stdout.write(told(row, ratio))
            sys.stdout.flush()
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(*(word for word in sys.argv[1:] if word != "--full")))
