"""The same again: after a stop, after months that were skipped, and in other surroundings."""
# ruff: noqa: D102 - the operations are described where they are declared, in Files

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from q2c.commands.invoices import issuing
from q2c.core.entry import Entry
from q2c.store.files import Disk, using
from q2c.store.ledger import CIRCUMSTANCES, read_ledger
from q2c.store.tree import WorkTree
from tests.crash import Stopped, snapshot
from tests.office import Office, opened
from tests.player import NOON, SET

MONTHS = ("2026-11-30", "2026-12-31", "2027-01-31")
PLAN = "plans/2026-11.json"
RATES = "".join(
    f"  - {{currency: EUR, into: SEK, on: {day}, rate: 11.{n}, published_by: invented}}\n"
    for n, day in enumerate(("2026-11-02", *MONTHS))
)


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        office = opened(tmp_path_factory.mktemp("office") / "nordlys", patch)
        (office.root / "rates/exchange.yaml").write_text(f"rates:\n{RATES}", "utf-8")
        (office.root / "theme.yaml").write_text("accent: '#1f4e79'\n", "utf-8")
        yield office.root


@pytest.fixture
def offices(sold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Office, Office]:
    """Give two offices that are the same, at noon of the month's last day."""
    one, other = (
        Office(shutil.copytree(sold, tmp_path / name / "nordlys"), monkeypatch) for name in "ab"
    )
    one.today(MONTHS[0])
    return one, other


def facts(office: Office) -> list[dict[str, object]]:
    """Give what the ledger says, but for when, by whom and with which program it was written."""
    names = [name for name in Entry.__struct_fields__ if name not in CIRCUMSTANCES]
    records = read_ledger(WorkTree(office.root)).records
    return [{name: getattr(record, name) for name in names} for record in records]


def files_of(root: Path) -> dict[str, bytes]:
    """Give every file of a workspace by its name."""
    return {str(Path(path).relative_to(root)): data for path, data in snapshot(root).items()}


def issued(files: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """Choose the documents that were given to customers, with all they are drawn from."""
    folders = ("contracts/", "invoices/", "looks/", "orders/", "plans/", "quotes/")
    return {name: data for name, data in files if name.startswith(folders)}


class Stopping(Disk):
    """A disk of a machine that goes off at an operation."""

    def __init__(self, left: int) -> None:
        self.left = left

    def _step(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Stopped

    def create(self, path: str, data: bytes, like: str = "") -> None:
        self._step()
        super().create(path, data, like)

    def append(self, path: str, data: bytes) -> None:
        if not self.left:
            super().append(path, data[: len(data) // 2])
        self._step()
        super().append(path, data)

    def rename(self, old: str, new: str) -> None:
        self._step()
        super().rename(old, new)

    def sync(self, paths: Iterable[str]) -> None:
        self._step()
        super().sync(paths)


@pytest.mark.parametrize("operation", [1, 2, 3, 9, 14, 16, 17, 20, 24, 30])
def test_a_plan_stopped_in_a_write_and_finished_on_another_day_makes_the_same_ledger(
    operation: int, offices: tuple[Office, Office]
) -> None:
    calm, stopped = offices
    for office in offices:
        office.must("invoice", "plan", "--through", MONTHS[0], "--out", str(office.root / PLAN))
    calm.must("apply", str(calm.root / PLAN), "--yes")
    with pytest.MonkeyPatch.context() as patch, using(Stopping(operation)):
        patch.setattr(issuing, "GROUP", 2)
        with pytest.raises(Stopped):
            stopped.does("apply", str(stopped.root / PLAN), "--yes")
    stopped.today("2026-12-03")
    for _ in range(3):
        stopped.must("apply", str(stopped.root / PLAN), "--yes")
        assert facts(stopped) == facts(calm)
    assert issued(stopped.files().items()) == issued(calm.files().items())


def month_end(office: Office, day: str) -> None:
    office.must("invoice", "run", "--through", day, "--date", day, "--yes")
    office.must("revenue", "recognise", "--period", day[:7])


def test_months_made_up_in_their_order_make_the_ledger_of_a_firm_that_was_on_time(
    offices: tuple[Office, Office],
) -> None:
    punctual, late = offices
    for day in MONTHS:
        punctual.today(day)
        month_end(punctual, day)
    for day in (*MONTHS, MONTHS[-1], MONTHS[-1]):  # the last one three times
        month_end(late, day)
    assert [*map(timeless, facts(late))] == [*map(timeless, facts(punctual))]
    assert drawn(late) == drawn(punctual)


def timeless(fact: dict[str, object]) -> dict[str, object]:
    """Leave out of a fact what names the ledger's head, and so the time of the entry before.

    That is the plan that an invoice came from, and the file of its data, which holds it.
    """
    return {name: value for name, value in fact.items() if name not in ("plan", "documents")}


def drawn(office: Office) -> dict[str, bytes]:
    """Give the documents as their readers see them."""
    return {name: data for name, data in office.files().items() if name.endswith(".pdf")}


def test_months_made_up_in_one_run_earn_the_same_in_each_month(
    offices: tuple[Office, Office],
) -> None:
    punctual, late = offices
    for day in MONTHS:
        punctual.today(day)
        month_end(punctual, day)
    month_end(late, MONTHS[-1])
    assert earned(late) == earned(punctual) != {}


def earned(office: Office) -> dict[tuple[str, str], int]:
    """Give the revenue of each order line in each month."""
    records = read_ledger(WorkTree(office.root)).records
    return {
        (posting.line, record.period): posting.amount
        for record in records
        for posting in record.postings
        if posting.role == "revenue"
    }


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("customers/polar-oy.yaml", "Rantakatu 5", "Rantakatu 7"),
        ("rates/exchange.yaml", "rate: 11.1", "rate: 11.2"),
        ("theme.yaml", "#1f4e79", "#000000"),
    ],
)
def test_an_address_a_rate_or_a_colour_edited_since_makes_a_plan_stale(
    name: str, old: str, new: str, offices: tuple[Office, Office]
) -> None:
    office = offices[0]
    plan, path = str(office.root / PLAN), office.root / name
    office.must("invoice", "plan", "--through", MONTHS[0], "--out", plan)
    text = path.read_text("utf-8")
    path.write_text(text.replace(old, new, 1), "utf-8")
    before = office.files()
    assert (office.does("apply", plan, "--yes"), office.files()) == (5, before)
    path.write_text(text, "utf-8")
    office.must("apply", plan, "--yes")


# From the first quote to revenue, each a call of the program; the file mask comes first.
COURSE = """
import os, sys
from q2c.cli import main
os.umask(int(sys.argv[1], 8))
for line in sys.stdin.read().splitlines():
    assert main([*line.split(), "--quiet"]) == 0, line
"""
LINES = """init . --example consultancy --date 2026-11-02
quote send Q-2026-0001
quote accept Q-2026-0001 --by Sara --evidence evidence/fjord-foods-order.txt
quote send Q-2026-0004
quote accept Q-2026-0004 --by Aino
invoice plan --through 2026-11-30 --out plans/2026-11.json
apply plans/2026-11.json --yes
invoice credit F-2026-0001 --reason Rebate --line 1 --yes
revenue recognise --period 2026-11
"""
SURROUNDINGS = (
    ("022", {"TZ": "UTC", "LANG": "C.UTF-8", "PYTHONHASHSEED": "0"}),
    ("077", {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "4711"}),
    ("002", {"TZ": "America/Adak", "LC_ALL": "C", "PYTHONUTF8": "0", "COLUMNS": "200"}),
)


def test_time_zone_locale_hash_seed_and_file_mask_change_no_byte(tmp_path: Path) -> None:
    stamp = f"2026-11-30{NOON}"
    clock = {
        "GIT_AUTHOR_DATE": stamp,
        "GIT_COMMITTER_DATE": stamp,
        "SOURCE_DATE_EPOCH": str(int(datetime.fromisoformat(stamp).timestamp())),
    }
    found = []
    for number, (mask, variables) in enumerate(SURROUNDINGS):
        root = tmp_path / f"{number}" / "nordlys"
        root.mkdir(parents=True)
        environment = {**os.environ, **SET, **clock, "HOME": str(tmp_path), **variables}
        words = [sys.executable, "-c", COURSE, mask]
        subprocess.run(words, input=LINES.encode(), cwd=root, env=environment, check=True)
        found.append(files_of(root))
        time.sleep(1.1)  # so that nothing can come from the clock
    assert found[0] == found[1] == found[2]
    assert "invoices/2026/K-2026-0001.pdf" in found[0]
