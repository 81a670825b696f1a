"""A stop at any moment leaves a change made or not made, and nothing in between."""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from q2c.core.fault import Stale
from q2c.store.files import Files, using
from q2c.store.writing import Change, unfinished, writing
from tests.crash import (
    MODES,
    Model,
    Play,
    Recorder,
    Trial,
    recorded,
    recovering,
    run,
    snapshot,
    trials,
)
from tests.killing import killed

ROOT = "/w"
LONG = b"This text is longer than a sector of the disk, so that a part of it may be lost. " * 2
FULL = bool(os.environ.get("Q2C_HAMMER"))
COMPANY = {f"{ROOT}/company.yaml": b"name: Nordan Konsult AB\nnext: the line that changes\n"}
BEFORE = COMPANY | {f"{ROOT}/ledger/2025.jsonl": b'{"entry":"the last one of the year before"}\n'}


def invoice(number: int) -> Change:
    """Make a change such as issuing an invoice is."""
    line = b'{"entry":"invoice-issued","number":%d,"of":"the month that has ended"}\n' % number
    return Change(
        created={
            f"invoices/2026/F-{number}.json": b"%d " % number + LONG,
            f"invoices/2026/F-{number}.pdf": b"%d pdf " % number + LONG,
        },
        replaced={"company.yaml": b"name: Nordan Konsult AB\nlast: %d %s\n" % (number, LONG)},
        appended={"ledger/2025.jsonl" if number == 1 else "ledger/2026.jsonl": line},
    )


def month_end(files: Files) -> Iterator[int]:
    """Issue what is not issued yet, and acknowledge each."""
    with writing(Path(ROOT), files) as writer:
        for number in (1, 2, 3):
            if not files.kind(f"{ROOT}/invoices/2026/F-{number}.json"):
                writer.write(invoice(number))
            yield number


def first(files: Files) -> Iterator[int]:
    """Write for the first time in a workspace: every folder is new."""
    with writing(Path(ROOT), files) as writer:
        writer.write(invoice(2))
    yield 1


MONTH_END = Play(ROOT, BEFORE, month_end, month_end)
FIRST = Play(ROOT, COMPANY, first, recovering(ROOT))
LOOK, LAST = 3, FIRST.size[1]


def test_a_stop_at_any_operation_leaves_all_or_nothing_and_running_again_goes_on() -> None:
    for trial in trials(MONTH_END, rounds=100 if FULL else 1):
        assert MONTH_END.right(trial), trial


def test_what_a_stop_left_undone_is_finished_by_the_next_command() -> None:
    play = replace(MONTH_END, resumed=recovering(ROOT))
    for trial in trials(play, rounds=100 if FULL else 1, seed=1):
        assert play.right(trial), trial


def test_an_untroubled_run_passes_through_one_state_for_each_invoice() -> None:
    assert [len(state) for state in MONTH_END.passed] == [2, 4, 7, 9]
    assert MONTH_END.passed[0] == BEFORE


@pytest.mark.parametrize("sync", sorted({*range(1, LAST)} - {LOOK}))
def test_no_sync_of_a_write_can_be_left_out(sync: int) -> None:
    assert not all(FIRST.right(trial, (sync, 0)) for trial in trials(FIRST, 40, seed=2))


def stopped_after_the_rename() -> Model:
    """Give a disk on which the intent is seen, but not yet durable."""
    model = FIRST.start()
    while not unfinished(Path(ROOT), model):
        model = FIRST.start(stop=model.stop + 1)
        run(FIRST.program, model)
    return model


@pytest.mark.parametrize("sync", range(2, 11))
def test_no_sync_of_a_recovery_can_be_left_out(sync: int) -> None:
    stop = stopped_after_the_rename().stop
    tried = (
        Trial(stop, "killed", again, mode, seed)
        for seed in range(40)
        for again in range(1, 40)
        for mode in MODES
    )
    assert not all(FIRST.right(trial, (0, sync)) for trial in tried)


def test_whoever_finds_the_folder_of_intents_makes_it_durable_before_use() -> None:
    play = replace(FIRST, program=month_end, resumed=month_end)
    tried = [
        Trial(stop, "killed", again, mode, seed)
        for stop in range(1, 8)
        for again in range(1, 40)
        for mode in MODES
        for seed in range(3)
    ]
    assert all(play.right(trial) for trial in tried)
    assert not all(play.right(trial, (0, 1)) for trial in tried)


@pytest.mark.parametrize("left_out", [0, LAST])
def test_a_finished_intent_does_not_come_back_when_the_last_sync_was_made(left_out: int) -> None:
    model = FIRST.start(leave_out=left_out)
    run(FIRST.program, model)
    model.put(f"{ROOT}/company.yaml", b"name: Nordan & Co\n")
    after = model.crashed("lost")
    if left_out:
        with pytest.raises(Stale, match="which was changed since"):
            run(recovering(ROOT), after)
    else:
        run(recovering(ROOT), after)
        assert after.visible()[f"{ROOT}/company.yaml"] == b"name: Nordan & Co\n"


def test_a_program_recorded_on_the_real_disk_is_stopped_everywhere(tmp_path: Path) -> None:
    (tmp_path / "company.yaml").write_bytes(b"name: Nordan Konsult AB\n")
    before, recorder = snapshot(tmp_path), Recorder()
    with using(recorder), writing(tmp_path) as writer:
        for number in (2, 3):
            writer.write(invoice(number))
            recorder.acknowledge()
    play = recorded(tmp_path, before, recorder.log)
    assert play.passed[-1] == snapshot(tmp_path)
    for trial in trials(play, rounds=20 if FULL else 1, seed=3):
        assert play.right(trial), trial


WRITER = """
import sys
from pathlib import Path
from q2c.store.writing import Change, writing
root, name = Path.cwd(), sys.argv[1]
for turn in range(int(sys.argv[2])):
    with writing(root, wait=300) as writer:
        done = {path.read_bytes() for path in root.glob("invoices/*.json")}
        if (charge := f"{name}/{turn}".encode()) in done:
            continue
        number = len(done) + 1
        line = b'{"number":%d,"charge":"%s"}\\n' % (number, charge)
        made = {f"invoices/{number}.json": charge, f"invoices/{number}.pdf": charge * 9999}
        writer.write(Change(created=made, appended={"ledger/2026.jsonl": line}))
    print(number, flush=True)
"""


def test_writers_that_are_killed_leave_no_gap_and_no_double(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    writers, turns = (20, 20) if FULL else (4, 5)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}

    def work(name: int) -> list[str]:
        chance, said = Random(name), []  # noqa: S311 - a simulation
        argv = [sys.executable, "-c", WRITER, str(name), str(turns)]
        for after in [*(chance.uniform(0.05, 0.5) for _ in range(3)), 300.0]:
            output, _ = killed(argv, after, tmp_path, environment)
            said += [line for line in output.split("\n")[:-1] if line]
        return said

    with ThreadPoolExecutor(writers) as pool:
        acknowledged = [number for said in pool.map(work, range(writers)) for number in said]
    lines = (tmp_path / "ledger/2026.jsonl").read_bytes().splitlines()
    numbers = [int(line.split(b":")[1].split(b",")[0]) for line in lines]
    charges = Counter(line.rpartition(b":")[2] for line in lines)
    assert numbers == list(range(1, writers * turns + 1))
    assert set(charges.values()) == {1}
    assert len(acknowledged) == len(set(acknowledged))
    assert {int(number) for number in acknowledged} <= set(numbers)
