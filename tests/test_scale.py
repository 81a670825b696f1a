"""Runs of many invoices: any number of workers, nobody left behind, hardly more memory for more."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from q2c.commands.invoices import ordered
from q2c.commands.invoices.drawing import Failed, Job, Kind
from q2c.commands.workers import spread
from q2c.core.billing import Claim
from q2c.core.entry import Entry
from q2c.core.fault import Fault, Invalid, Refused
from q2c.core.invoice import Invoice, Issue
from q2c.core.invoice import issued as really_issued
from q2c.core.rates import ExchangeRate
from q2c.store.ledger import Ledger, Settled
from q2c.store.planfile import InFile, InMemory, read_claims, whole
from tests.many import ordered_in
from tests.office import Office, opened

FULL = bool(os.environ.get("Q2C_HAMMER"))
PLAN = "plans/2026-11.json"
ORDERS = 120
DAY = "2026-11-30"


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give an office with many orders, and a plan of all that is due."""
    yield from planned(tmp_path_factory.mktemp("office") / "nordlys", ORDERS)


def planned(root: Path, orders: int) -> Iterator[Path]:
    """Open an office there with so many orders, and plan all that is due."""
    with pytest.MonkeyPatch.context() as patch:
        office = opened(root, patch)
        ordered_in(office.root, orders)
        patch.chdir(office.root)
        office.today(DAY)
        office.must("invoice", "plan", "--through", DAY, "--issue-on", DAY, "--out", PLAN)
        yield office.root


@pytest.fixture
def office(sold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return copied(sold, tmp_path / "nordlys", monkeypatch)


def copied(sold: Path, root: Path, patch: pytest.MonkeyPatch) -> Office:
    shutil.copytree(sold, root)
    ours = Office(root, patch)
    patch.chdir(root)
    ours.today(DAY)
    return ours


def applied(office: Office, *words: str) -> dict[str, bytes]:
    office.must("apply", PLAN, "--yes", *words)
    return office.files()


def test_the_number_of_workers_changes_no_byte(
    sold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [
        applied(copied(sold, tmp_path / f"by-{count}", monkeypatch), "--workers", str(count))
        for count in (1, 2, 3, 7)
    ]
    assert len([name for name in runs[0] if name.endswith(".pdf")]) > ORDERS
    assert runs.count(runs[0]) == len(runs)


@pytest.mark.parametrize(
    "around",
    [{"TZ": "Pacific/Auckland"}, {"PYTHONHASHSEED": "7"}, {"LANG": "sv_SE.UTF-8"}],
    ids=lambda around: next(iter(around)),
)
def test_a_machine_elsewhere_makes_the_same_files(
    around: dict[str, str], sold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = applied(copied(sold, tmp_path / "here", monkeypatch), "--workers", "1")
    there = copied(sold, tmp_path / "there", monkeypatch)
    words = [sys.executable, "-m", "q2c", "apply", PLAN, "--yes", "--quiet", "--workers", "2"]
    subprocess.run(words, cwd=there.root, env={**os.environ, **around}, check=True)
    assert there.files() == here


def test_results_come_in_the_order_of_their_tasks() -> None:
    tasks = list(range(40))

    def act(task: int) -> bytes:
        time.sleep(0.002 * (task % 3))
        return bytes([task]) * task

    before = children()
    for workers in (1, 2, 5, 60):
        assert list(spread(act, tasks, workers)) == [bytes([n]) * n for n in tasks]
    assert children() <= before


def children() -> set[str]:
    """Name the processes that this one started and has not waited for."""
    threads = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {number for thread in threads for number in thread.read_text().split()}


def test_a_worker_that_dies_is_told() -> None:
    def act(task: int) -> bytes:
        if task == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return b"done"

    before = children()
    with pytest.raises(Refused) as refused:
        list(spread(act, range(6), 2))
    assert refused.value.faults[0].code == "worker-lost"
    assert children() <= before


def test_reading_no_further_ends_the_workers() -> None:
    before = children()
    results = spread(lambda _: b"x" * 100_000, range(1000), 3)
    assert next(results)
    results.close()
    assert children() <= before


def failing(patch: pytest.MonkeyPatch, *orders: str, error: Exception | None = None) -> None:
    """Let some orders have something that cannot be drawn."""
    refused = error or Invalid(Fault("no-glyph", "There is no such sign.", remedy="Take it out."))

    def issued(claim: Claim, given: Issue, rates: Sequence[ExchangeRate]) -> Invoice:
        if claim.order in orders:
            raise refused
        return really_issued(claim, given, rates)

    patch.setattr("q2c.commands.invoices.drawing.issued", issued)


@pytest.mark.parametrize("workers", ["1", "2", "3"])
def test_what_cannot_be_issued_is_left_out_and_the_rest_has_numbers_without_a_gap(
    workers: str, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = ("O-2026-0001", "O-2026-1003", "O-2026-1004", "O-2026-1060", f"O-2026-{1000 + ORDERS}")
    with pytest.MonkeyPatch.context() as patch:
        failing(patch, *bad)
        assert office.does("apply", PLAN, "--yes", "--json", "--workers", workers) == 1
    told = json.loads(capsys.readouterr().out)["data"]
    assert [row["orders"] for row in told["failed"]] == [[order] for order in bad]
    assert {row["code"] for row in told["failed"]} == {"no-glyph"}
    numbers = [row["number"] for row in told["invoices"]]
    assert numbers == [f"F-2026-{n:04}" for n in range(1, len(numbers) + 1)]
    office.must("ledger", "verify")
    capsys.readouterr()
    assert office.does("apply", PLAN, "--yes", "--json") == 0
    again = json.loads(capsys.readouterr().out)["data"]
    assert (again["issued"], again["already"]) == (len(bad), len(numbers))
    office.must("verify")


def test_what_failed_is_told_with_its_order_and_remedy(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        failing(patch, "O-2026-1002")
        assert office.does("apply", PLAN, "--yes") == 1
    said = capsys.readouterr().err
    assert "error[no-glyph]: O-2026-1002 (fjord-foods) was not issued: There is no such" in said
    assert f"issued {ORDERS + 3}   failed 1   already issued 0" in said


def test_an_error_of_ours_in_one_invoice_does_not_hold_up_the_others(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        failing(patch, "O-2026-1002", error=ZeroDivisionError("by nothing"))
        assert office.does("apply", PLAN, "--yes", "--jsonl", "--debug", "--workers", "1") == 1
    told = capsys.readouterr()
    rows = [json.loads(line) for line in told.out.splitlines()]
    assert [row["code"] for row in rows if row["type"] == "failed"] == ["bug"]
    assert rows[-1]["failed"] == 1
    assert "Traceback" in told.err  # where it arose, since --debug asks for it


@pytest.mark.parametrize("workers", ["1", "2"])
def test_fail_fast_stops_at_the_first(
    workers: str, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        failing(patch, "O-2026-1010", "O-2026-1011")
        words = ("apply", PLAN, "--yes", "--json", "--fail-fast", "--workers", workers)
        assert office.does(*words) == 1
    told = json.loads(capsys.readouterr().out)["data"]
    assert [row["orders"] for row in told["failed"]] == [["O-2026-1010"]]
    assert told["issued"] + told["left"] + 1 == ORDERS + 4
    office.must("apply", PLAN, "--yes")


def test_numbers_are_given_again_to_whatever_comes_behind_a_failure() -> None:
    """Whatever fails, and however the jobs are cut, the good ones are numbered 1, 2, 3, ..."""
    jobs = [Job("invoice", place) for place in range(30)]
    free: dict[Kind, list[str]] = {
        "invoice": [str(n) for n in range(1, 31)],
        "credit-note": [],
    }

    def attempted(
        numbered: ordered.Numbered, _press: object, size: int
    ) -> Iterator[tuple[int, list[object]]]:
        for start in range(0, len(numbered), size):
            yield start, [made(job, number) for job, number in numbered[start : start + size]]

    def made(job: Job, number: str) -> object:
        return Failed(()) if job.place in {0, 7, 8, 20, 29} else (job.place, number)

    for size in (1, 4, 7, 50):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ordered, "attempted", attempted)
            patch.setattr(ordered, "_is_printed", lambda pair: isinstance(pair[1], tuple))
            found = [one for _, one in ordered.results(jobs, free, None, size)]  # type: ignore[arg-type]  # no press is asked
        good = [one for one in found if isinstance(one, tuple)]
        assert [number for _, number in good] == [str(n) for n in range(1, 26)]
        assert [place for place, _ in good] == sorted(set(range(30)) - {0, 7, 8, 20, 29})


def test_the_file_of_a_plan_gives_what_the_whole_plan_holds(office: Office) -> None:
    from q2c.store.invoices import read_plan

    plan = read_plan((office.root / PLAN).read_bytes(), PLAN)
    with (office.root / PLAN).open("rb") as file:
        found = read_claims(file, PLAN)
        assert isinstance(found, InFile)
        assert found.plan.claims == ()
        assert whole(found) == plan
        assert list(found.briefs) == list(InMemory(plan).briefs)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'"due_days": 30', b'"due_days": 31', "plan-changed"),
        (b'"due_days": 30', b'"due_days":  30', "document-broken"),
        (b'"base": "', b'"base": "0', "plan-changed"),
        (b'"through": "2026-11-30"', b'"through": "2026-11-29"', "plan-changed"),
        (b'"customer"', b'"custome"', "document-broken"),
    ],
)
def test_a_plan_that_was_changed_anywhere_is_refused(
    old: bytes, new: bytes, code: str, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    path = office.root / PLAN
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    assert office.does("apply", PLAN, "--yes") == 3
    assert f"error[{code}]" in capsys.readouterr().err


def test_a_plan_that_is_changed_while_it_is_applied_is_noticed(office: Office) -> None:
    path = office.root / PLAN
    with path.open("rb") as file:
        found = read_claims(file, PLAN)
        data = path.read_bytes()
        with path.open("r+b") as same:
            same.write(data.replace(b'"due_days": 30', b'"due_days": 90'))
        with pytest.raises(Refused) as refused:
            whole(found)
    assert refused.value.faults[0].code == "plan-changed"


KEYS = st.sampled_from([f"O-2026-{n}/{line}:order" for n in (1, 11) for line in (1, 11)])


@given(st.lists(st.tuples(st.booleans(), KEYS), max_size=30))
def test_a_charge_is_settled_once_until_it_is_released(steps: list[tuple[bool, str]]) -> None:
    """The short form in which a run keeps what it settled says the same as a plain mapping."""
    settled, model = Settled(Ledger()), dict[str, str]()
    for number, (release, key) in enumerate(steps):
        entry = Entry(
            id=f"fact:{number}",
            kind="invoice-issued",
            date=date(2026, 11, 30),
            period="2026-11",
            keys=() if release else (key,),
            released=(key,) if release else (),
        )
        if release:
            model.pop(key, None)
            settled.add(entry)
        elif key in model:
            with pytest.raises(Refused, match=f"{model[key]} already"):
                settled.add(entry)
        else:
            model[key] = entry.id
            settled.add(entry)


def started(office: Office, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "q2c", "apply", PLAN, "--yes", "--jsonl", *words],
        cwd=office.root,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def members(group: int) -> list[int]:
    """List the processes of a session that are still there."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == group and fields[0] != "Z":
                found.append(int(entry.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "killed"])
def test_no_worker_is_left_behind_and_the_next_run_goes_on(
    how: signal.Signals, office: Office
) -> None:
    with started(office, "--workers", "3") as process:
        assert process.stdout
        first = json.loads(process.stdout.readline())
        assert first["number"] == "F-2026-0001"
        if how == signal.SIGINT:
            os.killpg(process.pid, how)  # as a terminal does
        else:
            process.send_signal(how)
        process.communicate(timeout=30)
        if process.returncode not in (0, -how):
            assert process.returncode == 130
    deadline = time.monotonic() + 10
    while members(process.pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not members(process.pid)
    office.must("apply", PLAN, "--yes")
    office.must("ledger", "verify")
    office.must("verify")


def test_a_row_is_told_as_soon_as_its_group_is_written(office: Office) -> None:
    """Of more than a hundred invoices the first are told before the last are drawn."""
    with started(office) as process:
        assert process.stdout
        first = json.loads(process.stdout.readline())
        rest = [json.loads(line) for line in process.stdout.read().splitlines()]
    assert first["type"] == "invoice"
    assert [row["type"] for row in rest] == ["invoice"] * (ORDERS + 3) + ["summary"]


LAUNCHER = """
import os, sys
child = os.posix_spawn(sys.executable, [sys.executable, "-m", "q2c", *sys.argv[1:]], os.environ)
_, status, usage = os.wait4(child, 0)
sys.exit(f"ended with {status}" if status else print(usage.ru_maxrss, file=sys.stderr))
"""


def peak(root: Path) -> int:
    """Apply the plan; give the most memory that any of its processes had.

    A small program starts it: what starts a process counts in the memory that it is said to have.
    """
    words = ["apply", PLAN, "--yes", "--quiet", "--workers", "2"]
    run = subprocess.run(
        [sys.executable, "-c", LAUNCHER, *words], cwd=root, check=True, capture_output=True
    )
    return int(run.stderr)


def test_memory_hardly_grows_with_the_number_of_invoices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, many = (2_000, 8_000) if FULL else (300, 900)
    found = []
    for count in (few, many):
        office = opened(tmp_path / str(count), monkeypatch)
        ordered_in(office.root, count, lines=12)
        monkeypatch.chdir(office.root)
        office.must("invoice", "plan", "--through", DAY, "--issue-on", DAY, "--out", PLAN)
        found.append(peak(office.root))
    # What is kept of an invoice is its row and its keys, some 4 KB; its files are not.
    assert found[1] < found[0] * 1.25, found
