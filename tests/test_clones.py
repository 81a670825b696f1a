"""Six clones share one remote: they bill, credit, merge and are killed, and every number stands."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from subprocess import PIPE
from typing import Any

import pytest

from q2c.store.ledger import Ledger, read_ledger
from q2c.store.tree import WorkTree
from tests.office import Office, opened
from tests.remotes import added_by, clone, git, shared

FULL = bool(os.environ.get("Q2C_HAMMER"))
CLONES, TURNS = (6, 40) if FULL else (6, 5)
NO_END = 300.0
CUSTOMERS = ("brygga-partner", "kiruna-konst", "polar-oy", "warszawa-dane")
THROUGH = ["2026-11", "2026-12", *(f"2027-{month:02}" for month in range(1, 11))]
# Done, refused as it may be where others are at work, or killed; a fault of ours is none of these.
RIGHT = {0, 3, 4, 5, 6}


class Colleague:
    """Somebody in a clone who does one thing after another, and now and then is cut off."""

    def __init__(self, root: Path, number: int) -> None:
        self.root = root
        self.name = f"colleague-{number}"
        self.chance = Random(number)  # noqa: S311 - a simulation
        self.acknowledged: list[str] = []
        self.turn = 0

    def work(self, turns: int) -> list[str]:
        """Do some things; give the numbers that were told as issued."""
        doings = (self.run, self.run, self.apply, self.credit, self.pay, self.merge)
        for self.turn in range(turns):
            self.chance.choice(doings)()
        return self.acknowledged

    def q2c(self, *words: str) -> list[dict[str, Any]]:
        """Run q2c, killed after a moment in one case of three; give the lines that it told."""
        after = self.chance.uniform(0.1, 1.5) if self.chance.random() < 1 / 3 else NO_END
        argv = [sys.executable, "-m", "q2c", *words, "--jsonl"]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
        with subprocess.Popen(
            argv, cwd=self.root, env=environment, text=True, stdout=PIPE, stderr=PIPE
        ) as process:
            try:
                said, wrong = process.communicate(timeout=after)
            except subprocess.TimeoutExpired:
                process.kill()
                said, wrong = process.communicate()
                assert after < NO_END, f"{words} did not end"
            else:
                assert process.returncode in RIGHT, (words, wrong)
        return [json.loads(line) for line in said.splitlines() if line.endswith("}")]

    def issue(self, *words: str) -> None:
        """Issue on the remote, and note the numbers that are told."""
        told = self.q2c(*words, "--push", "--yes", "--message", f"{self.name} {self.turn}")
        self.acknowledged += [row["number"] for row in told if "number" in row]

    def run(self) -> None:
        """Bill what is due through some month, of all or of one customer."""
        one = ("--customer", self.chance.choice(CUSTOMERS)) if self.chance.random() < 0.7 else ()
        self.issue("invoice", "run", "--through", self.month(), *one)

    def month(self) -> str:
        """Choose a month; they come one after the other, so that there is always something due."""
        latest = 1 + self.turn * len(THROUGH) // TURNS
        return self.chance.choice(THROUGH[max(0, latest - 3) : latest])

    def apply(self) -> None:
        """Plan on what stands here, which may be old by now, and apply that."""
        file = f"plans/{self.name}-{self.turn}.json"
        one = ("--customer", self.chance.choice(CUSTOMERS))
        self.q2c("invoice", "plan", "--through", self.month(), *one, "--out", file)
        if (self.root / file).exists():
            self.issue("apply", file)

    def credit(self) -> None:
        """Credit an invoice that is known here, and let it be billed again."""
        known = sorted(self.root.glob("invoices/*/F-*.json"))
        if known:
            number = self.chance.choice(known).stem
            reason = f"Wrong, says {self.name} for the {self.turn + 1}. time"
            self.issue("invoice", "credit", number, "--reason", reason, "--rebill")

    def pay(self) -> None:
        """Record a payment here; where the push is refused, take it back and go with the remote."""
        known = sorted(self.root.glob("invoices/*/F-*.json"))
        if known:
            number = self.chance.choice(known).stem
            ref = f"{self.name}-{self.turn}"
            self.q2c("payment", "record", number, "1", "--ref", ref, "--commit")
            self.tidy(push=True)

    def merge(self) -> None:
        """Commit a file of one's own, merge what others did, and push."""
        path = self.root / f"notes/{self.name}-{self.turn}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text("Seen.\n", "utf-8")
        self.git("add", str(path))
        self.git("commit", "--quiet", "--message", f"{self.name} notes {self.turn}")
        for _ in range(5):
            merged = self.git("pull", "--quiet", "--no-rebase", "--no-edit", "origin", "main")
            if merged and self.git("push", "--quiet", "origin", "main"):
                return
        self.tidy(push=False)

    def tidy(self, *, push: bool) -> None:
        """Push what is committed; else be as the remote is."""
        if not (push and self.git("push", "--quiet", "origin", "main")):
            self.git("fetch", "--quiet", "origin")
            self.git("reset", "--quiet", "--hard", "origin/main")

    def git(self, *words: str) -> bool:
        """Run git, and say whether it did what it was asked."""
        argv = ["git", *words]
        return subprocess.run(argv, cwd=self.root, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def hammered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Path, list[str]]]:
    """Let six colleagues work at once; give a fresh clone, the remote, and what they were told."""
    folder = tmp_path_factory.mktemp("clones")
    remote = folder / "origin.git"
    with pytest.MonkeyPatch.context() as patch:
        shared(opened(folder / "nordlys", patch), remote)
        Office(folder, patch).today("2026-11-30")
        people = [Colleague(clone(remote, folder / str(n)), n) for n in range(CLONES)]
        with ThreadPoolExecutor(CLONES) as pool:
            told = list(pool.map(lambda one: one.work(TURNS), people))
        office = Office(clone(remote, folder / "fresh"), patch)
        office.today("2026-11-30")
        yield office, remote, [number for one in told for number in one]


Hammered = tuple[Office, Path, list[str]]


def ledger(office: Office) -> Ledger:
    return read_ledger(WorkTree(office.root))


def series(numbers: list[str], letter: str) -> list[int]:
    return sorted(int(number[-4:]) for number in numbers if number.startswith(letter))


def test_no_number_is_missing_and_none_was_given_twice(hammered: Hammered) -> None:
    given = [record.number for record in ledger(hammered[0]).records if record.documents]
    assert given, "something was issued"
    for letter in "FK":
        found = series(given, letter)
        assert found == list(range(1, len(found) + 1))


def test_every_charge_was_billed_once_until_it_was_credited(hammered: Hammered) -> None:
    billed: Counter[str] = Counter()
    for record in ledger(hammered[0]).records:
        billed.subtract(record.released)
        billed.update(record.keys)
        assert max([0, *(billed[key] for key in record.keys)]) <= 1, record.id


def test_every_document_has_its_entry_and_every_entry_its_document(hammered: Hammered) -> None:
    office = hammered[0]
    papers = {p.path for record in ledger(office).records for p in record.documents}
    there = {path.relative_to(office.root).as_posix() for path in office.root.glob("invoices/*/*")}
    assert there == papers


def test_whatever_was_told_as_issued_was_issued_once(hammered: Hammered) -> None:
    office, _, told = hammered
    assert len(told) == len(set(told))
    assert set(told) <= set(ledger(office).by_number)


def test_the_history_explains_every_number_by_one_commit(hammered: Hammered) -> None:
    office, remote, _ = hammered
    for record in ledger(office).by_number.values():
        names = [paper.path for paper in record.documents]
        commits = {commit for name in names for commit in added_by(remote, name)}
        assert len(commits) == 1, (record.number, commits)
        lines = git(remote, "show", "--format=", commits.pop(), "--", "ledger/")
        assert f'"number":"{record.number}"' in lines


def test_everything_can_be_drawn_again_and_the_books_are_in_order(hammered: Hammered) -> None:
    office = hammered[0]
    for words in (("verify", "--all"), ("ledger", "verify"), ("check",)):
        office.must(*words)


def test_the_ledger_only_ever_grew(hammered: Hammered) -> None:
    """On the way that the branch went, every state of the ledger begins with the one before."""
    remote = hammered[1]
    before = ""
    for commit in git(remote, "rev-list", "--reverse", "--topo-order", "main").split():
        parents = git(remote, "rev-list", "--parents", "-1", commit).split()[1:]
        now = git(remote, "show", f"{commit}:ledger/2026.jsonl")
        for parent in parents:
            before = git(remote, "show", f"{parent}:ledger/2026.jsonl")
            assert now.startswith(before)
