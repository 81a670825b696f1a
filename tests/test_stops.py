"""Whole commands, stopped at every file operation: each is done or not, and run again goes on."""

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from q2c.commands.invoices import issuing
from q2c.store.intent import FILE
from q2c.store.writing import finish, writing
from tests.crash import MODES, run, snapshot, trials
from tests.player import Player, example
from tests.takes import Take, lay, lay_crashed, take

FULL = bool(os.environ.get("Q2C_HAMMER"))
INVOICES = 20
PLAN = "plans/2026-11.json"
LINES = {
    "send": "q2c quote send Q-2026-0001",
    "accept": "q2c quote accept Q-2026-0001 --by Ida --evidence evidence/fjord-foods-order.txt",
    "apply": f"q2c apply {PLAN} --yes",
    "apply in groups": f"q2c apply {PLAN} --yes",
    "credit": 'q2c invoice credit F-2026-0003 --reason "Ordered twice" --yes',
    "payment": "q2c payment record F-2026-0002 F-2026-0004 5000 --ref BG-1127",
    "recognise": "q2c revenue recognise --period 2026-11",
}
# How often each operation is stopped with each mode, alone and once more in what comes after.
ROUNDS = dict.fromkeys(LINES, 2) | {"apply": 1, "apply in groups": 1}
TIMES = 20 if FULL else 1
LEAST = 10_000
Takes = dict[str, Take]


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    """Give a user in the example."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        yield Player(example(home / "nordlys"), home, patch)


@pytest.fixture(scope="module")
def takes(player: Player) -> Takes:
    """Do everything once, from the first quote to revenue, and record it."""
    root = Path.cwd()
    found = {name: take(player, root, LINES[name]) for name in ("send", "accept")}
    for number in range(2, INVOICES + 1):
        _order(player, f"Q-2026-{number + 7:04}")  # the example has eight
    player.q2c(f"q2c invoice plan --through 2026-11-30 --out {PLAN}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(issuing, "GROUP", 7)
        found["apply in groups"] = take(player, root, LINES["apply"])
    lay(root, found["apply in groups"].before)
    for name in ("apply", "credit", "payment", "recognise"):
        found[name] = take(player, root, LINES[name])
    return found


def _order(player: Player, quote: str) -> None:
    """Quote something that is due in part, and have it accepted."""
    for line in (
        "q2c quote new fjord-foods --line advisory:4 --line support-silver --term 12m",
        f"q2c quote send {quote}",
        f"q2c quote accept {quote} --by Ida",
    ):
        assert "error" not in player.q2c(line)


def test_all_invoices_are_issued_in_one_write_or_in_groups_with_the_same_files(
    takes: Takes,
) -> None:
    assert takes["apply"].after == takes["apply in groups"].after
    issued = {path for path in takes["apply"].after if "/invoices/" in path}
    assert len(issued - {*takes["apply"].before}) == 2 * INVOICES
    assert [len(takes[name].play.passed) for name in ("apply", "apply in groups")] == [2, 4]


@pytest.mark.parametrize("name", LINES)
def test_a_command_that_is_stopped_anywhere_is_done_or_not_and_goes_on(
    name: str, takes: Takes
) -> None:
    play = takes[name].play
    for trial in trials(play, ROUNDS[name] * TIMES, seed=len(name)):
        assert play.right(trial), trial


def test_the_commands_are_stopped_ten_thousand_times(takes: Takes) -> None:
    stops = {
        name: 2 * len(MODES) * (it.play.size[0] + 1) * ROUNDS[name] for name, it in takes.items()
    }
    assert sum(stops.values()) >= LEAST, stops


@pytest.mark.parametrize("name", LINES)
def test_from_every_state_that_a_stop_can_leave_the_command_ends_the_same(
    name: str, takes: Takes, player: Player
) -> None:
    """The test before this one says that there are no other states than those passed."""
    it = takes[name]
    assert it.whole(it.play.passed[-1]) == it.whole(it.after)
    for state in it.play.passed:
        lay(it.root, it.whole(state))
        for _ in range(2):
            player.q2c(it.line)
            assert snapshot(it.root) == it.after


@pytest.mark.parametrize("name", LINES)
def test_the_command_itself_finishes_what_it_left(name: str, takes: Takes, player: Player) -> None:
    """Nobody recovers by hand: the same line is typed again, right after the crash."""
    it, chance = takes[name], Random(name)  # noqa: S311 - a simulation
    every = 1 if FULL or it.play.size[0] < 100 else 7
    for stop in range(1, it.play.size[0] + 2, every):
        model = it.play.start(stop, stop)
        run(it.play.program, model)
        mode = chance.choice(MODES)
        lay_crashed(it, model.crashed(mode))
        said = player.q2c(it.line)
        assert snapshot(it.root) == it.after, (stop, mode, said)


READING = ("ledger verify", "verify --all", "status", "invoice list", "invoice plan", "check")


@pytest.mark.parametrize("line", READING)
def test_whoever_reads_first_finds_what_was_decided_whole(
    line: str, takes: Takes, player: Player
) -> None:
    it = takes["credit"]
    last = it.play.size[0]
    for stop in range(last // 2, last):
        model = it.play.start(stop, stop)
        run(it.play.program, model)
        lay_crashed(it, model.crashed("mixed"))
        said = player.q2c(f"q2c {line}")
        assert "error" not in said, said
        assert snapshot(it.root) in (it.before, it.after)


def test_who_reads_does_not_wait_for_one_who_writes(tmp_path: Path) -> None:
    with writing(tmp_path):
        (tmp_path / FILE).write_bytes(b"being carried out")
        finish(tmp_path)
        assert (tmp_path / FILE).read_bytes() == b"being carried out"
        (tmp_path / FILE).unlink()


def test_what_cannot_be_finished_is_told_by_who_writes_and_by_the_status(
    takes: Takes, player: Player
) -> None:
    it = takes["payment"]
    lay(it.root, it.before)
    (it.root / FILE).parent.mkdir()
    (it.root / FILE).write_bytes(b"damaged")
    assert "F-2026-0002" in player.q2c("q2c invoice list | cat")
    assert "stopped while writing" in player.q2c("q2c status | cat")
    assert "error[intent-broken]" in player.q2c(it.line)
    assert snapshot(it.root) == it.before
