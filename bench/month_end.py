"""How fast a month end is on all processors, against platypus drawing on as many."""

import multiprocessing
import shutil
import sys
from pathlib import Path
from tempfile import mkdtemp
from time import process_time

from bench import platypus
from bench.measure import FULL, Job, Row, whole_process
from q2c.commands.workers import processors
from q2c.documents.payment_codes import payment_code
from tests import made
from tests.many import ordered_in

Q2C = str(Path(sys.executable).with_name("q2c"))
INVOICES, LINES, SAMPLE = (10_000 if FULL else 2_000), 12, 25
DAY = "2026-11-30"


def rows() -> list[Row]:
    """Give the row on month end."""
    folder = Path(mkdtemp(prefix="q2c-bench-")) / "office"
    whole_process([Q2C, "init", str(folder), "--example", "consultancy", "--date", "2026-11-02"])()
    ordered_in(folder, INVOICES, LINES)
    return [
        Row(
            f"month end of {INVOICES:,} invoices, plan and apply",
            _month_end(folder),
            _only_drawn(),
            "platypus, drawing only",
            10,
            "at least",
        )
    ]


def _month_end(folder: Path) -> Job:
    """Plan and apply in a fresh copy; copying it is not measured.

    Apply draws on all processors, and what its workers take is counted with it.
    """
    plan = ["--through", DAY, "--issue-on", DAY, "--out", "plans/month.json"]
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
    """Draw samples with platypus, one on each processor at once, as a month end would.

    What they take on average is reckoned up to as many invoices as the month end has.
    """
    platypus.ready()
    count = processors()

    def run() -> float:
        with multiprocessing.get_context("fork").Pool(count) as pool:
            seconds = pool.map(_sample, range(count), chunksize=1)
        return sum(seconds) / count * INVOICES / SAMPLE

    return run


def _sample(_: int) -> float:
    """Draw some invoices; give the CPU seconds they took."""
    invoice = made.invoice(LINES)
    code = payment_code(invoice)
    assert code, "the invoice has a code to pay by"
    began = process_time()
    for _ in range(SAMPLE):
        platypus.drawn(invoice, code.payload)
    return process_time() - began
