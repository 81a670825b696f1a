"""What a writer promises when nothing stops it, and what it refuses."""
# ruff: noqa: D102 - the operations are described where they are declared, in Files

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from msgspec import Struct

from q2c.core.fault import Fault, Refused, Stale
from q2c.store.chain import NO_HASH, sealed
from q2c.store.files import DISK, Disk, disk, using
from q2c.store.writing import Change, unfinished, writing


def refusal(root: Path, change: Change) -> Fault:
    """Write what must not be written, and give the reason."""
    with pytest.raises(Refused) as refused, writing(root) as writer:
        writer.write(change)
    return refused.value.faults[0]


def write(root: Path, change: Change) -> None:
    with writing(root) as writer:
        writer.write(change)


def test_a_change_stands_in_all_its_files_and_leaves_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "company.yaml").write_bytes(b"old\n")
    write(tmp_path, Change({"a/b/c.json": b"{}"}, {"company.yaml": b"new\n"}, {"l/x": b"1\n"}))
    write(tmp_path, Change(appended={"l/x": b"2\n"}))
    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert files - {"a", "a/b", "l"} == {
        *("a/b/c.json", "company.yaml", "l/x"),
        *(".q2c", ".q2c/intents", ".q2c/lock", ".q2c/lock.holder"),
    }
    assert (tmp_path / "company.yaml").read_bytes() == b"new\n"
    assert (tmp_path / "l/x").read_bytes() == b"1\n2\n"


def test_a_file_that_is_there_with_the_same_bytes_is_fine(tmp_path: Path) -> None:
    write(tmp_path, Change({"a": b"1"}))
    write(tmp_path, Change({"a": b"1", "b": b"2"}))
    assert (tmp_path / "b").read_bytes() == b"2"


def test_a_file_that_is_there_with_other_bytes_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"mine")
    fault = refusal(tmp_path, Change({"a": b"1", "b": b"2"}, appended={"l": b"x"}))
    assert (fault.code, str(fault.place)) == ("file-exists", "a:1:1")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".q2c", "a"]


@pytest.mark.parametrize(
    "path",
    [
        *("../x", "/etc/x", "a/../../x", "a//b", "./a", "", "a/", "a\0b"),
        *("x/.git/hooks/pre-commit", ".GIT/x", ".q2c/intents/intent", ".q2c/lock"),
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(tmp_path: Path, path: str) -> None:
    assert refusal(tmp_path, Change({path: b""})).code == "outside-workspace"


def test_links_are_not_followed_on_the_way_nor_at_the_end(tmp_path: Path) -> None:
    root, outside = tmp_path / "w", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "quotes").symlink_to(outside)
    (root / "note").symlink_to(outside / "note")
    assert refusal(root, Change({"quotes/Q-1/v1.json": b""})).code == "not-a-file"
    assert refusal(root, Change(replaced={"note": b""})).code == "not-a-file"
    assert refusal(root, Change(appended={"quotes": b""})).message.endswith("something else.")
    assert list(outside.iterdir()) == []


class Line(Struct, frozen=True):
    """A chained fact."""

    at: int
    seq: int
    prev: str
    hash: str


class Fact(Struct, frozen=True):
    """A fact before it is chained."""

    at: int


def test_lines_decided_on_an_older_ledger_are_refused(tmp_path: Path) -> None:
    one, first = sealed(Fact(1), Line, 0, NO_HASH)
    _, second = sealed(Fact(2), Line, 1, one.hash)
    write(tmp_path, Change(appended={"ledger/2026.jsonl": first}))
    write(tmp_path, Change(appended={"ledger/2026.jsonl": second}))
    _, late = sealed(Fact(3), Line, 1, one.hash)
    fault = refusal(tmp_path, Change(appended={"ledger/2026.jsonl": late}))
    assert fault.code == "ledger-moved"
    assert (tmp_path / "ledger/2026.jsonl").read_bytes() == first + second


def test_a_replaced_file_keeps_its_permissions(tmp_path: Path) -> None:
    secret = tmp_path / "company.yaml"
    secret.write_bytes(b"old")
    secret.chmod(0o600)
    write(tmp_path, Change(replaced={"company.yaml": b"new"}))
    assert (secret.read_bytes(), secret.stat().st_mode & 0o777) == (b"new", 0o600)


class Failing(Disk):
    """A disk on which one operation fails."""

    def __init__(self, operation: str) -> None:
        self.operation = operation

    def create(self, path: str, data: bytes, like: str = "") -> None:
        self._fail("create", path)
        super().create(path, data, like)

    def append(self, path: str, data: bytes) -> None:
        self._fail("append", path)
        super().append(path, data)

    def _fail(self, operation: str, path: str) -> None:
        if operation == self.operation:
            raise OSError(28, "No space left on device", path)


def test_a_full_disk_before_the_decision_writes_nothing(tmp_path: Path) -> None:
    with using(Failing("create")):
        fault = refusal(tmp_path, Change({"a": b"1"}))
    assert fault.code == "cannot-write"
    assert fault.message == "Nothing was written (new: No space left on device)."
    assert not unfinished(tmp_path)


def test_a_full_disk_after_the_decision_is_made_good_by_the_next_writer(tmp_path: Path) -> None:
    with using(Failing("append")):
        assert refusal(tmp_path, Change({"a": b"1"}, appended={"l": b"x"})).code == (
            "write-interrupted"
        )
    assert unfinished(tmp_path)
    with writing(tmp_path):
        assert not unfinished(tmp_path)
    assert ((tmp_path / "a").read_bytes(), (tmp_path / "l").read_bytes()) == (b"1", b"x")


def interrupted(root: Path) -> None:
    (root / "company.yaml").write_bytes(b"old\n")
    change = Change(replaced={"company.yaml": b"new\n"}, appended={"l": b"ours\n"})
    with using(Failing("append")):
        refusal(root, change)


@pytest.mark.parametrize(("path", "data"), [("company.yaml", b"edited\n"), ("l", b"theirs\n")])
def test_recovery_does_not_write_over_what_somebody_did_since(
    tmp_path: Path, path: str, data: bytes
) -> None:
    interrupted(tmp_path)
    (tmp_path / path).write_bytes(data)
    fault = refusal(tmp_path, Change({"other": b""}))
    assert (fault.code, fault.place and fault.place.file) == ("recovery-blocked", path)
    assert (tmp_path / path).read_bytes() == data


def test_a_damaged_intent_is_told_and_not_carried_out(tmp_path: Path) -> None:
    interrupted(tmp_path)
    intent = tmp_path / ".q2c/intents/intent"
    intent.write_bytes(intent.read_bytes()[:-1])
    assert refusal(tmp_path, Change({"other": b""})).code == "intent-broken"
    assert not (tmp_path / "l").exists()


def test_a_writer_that_waits_learns_who_holds_the_lock(tmp_path: Path) -> None:
    program = "import time\nfrom pathlib import Path\nfrom q2c.store.writing import writing\n"
    program += "with writing(Path.cwd()):\n print('held', flush=True)\n time.sleep(60)\n"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    argv = [sys.executable, "-c", program]
    with subprocess.Popen(argv, cwd=tmp_path, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        held = f"process {process.pid} is writing"
        with pytest.raises(Stale, match=held), writing(tmp_path, wait=0.1):
            pass
        process.kill()
    with writing(tmp_path, wait=5):  # the system lets go of what a killed process held
        pass


class Counting(Disk):
    """A disk that counts how often it is asked to wait."""

    def __init__(self) -> None:
        self.waits = 0

    def sync(self, paths: Iterable[str]) -> None:
        wanted = list(paths)
        self.waits += 1 if len(wanted) > 16 else len(wanted)
        super().sync(wanted)


def test_a_thousand_invoices_need_ten_syncs_at_most(tmp_path: Path) -> None:
    counting = Counting()
    with writing(tmp_path, counting) as writer:
        for group in range(2):
            names = [f"invoices/2026/F-{group}-{n}" for n in range(500)]
            created = {f"{name}.{kind}": b"x" * 99 for name in names for kind in ("json", "pdf")}
            writer.write(Change(created, appended={"ledger/2026.jsonl": b"{}\n" * 500}))
    assert counting.waits <= 10
    assert len(list((tmp_path / "invoices/2026").iterdir())) == 2000


def test_a_file_system_that_cannot_be_synced_whole_is_synced_file_by_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("q2c.store.files._kernel", lambda: (5, 7))
    monkeypatch.setattr("q2c.store.files._fsync", asked.append)
    names = [f"{tmp_path}/{number}" for number in range(20)]
    for name in names:
        DISK.create(name, b"")
    DISK.sync(names)
    assert asked == names


def test_a_test_may_choose_the_disk_and_gives_it_back() -> None:
    other = Disk()
    with using(other):
        assert disk() is other
    assert disk() is DISK


def test_a_workspace_that_cannot_be_written_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / ".q2c").write_bytes(b"a file where the folder should be")
    assert refusal(tmp_path, Change({"a": b""})).code == "cannot-write"
