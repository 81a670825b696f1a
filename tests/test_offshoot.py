"""A commit is made on another in git's store; branches, index and files stay as they are."""

import subprocess
from datetime import date
from pathlib import Path

import pytest

from q2c.core.fault import Held, Stale
from q2c.store.chain import sealed
from q2c.store.forward import refuse_in_the_way, went_forward
from q2c.store.ledger import Record, genesis
from q2c.store.offshoot import Offshoot
from q2c.store.tree import CommitTree
from q2c.store.writing import Change
from tests.player import PERSON
from tests.remotes import git

LEDGER = "ledger/2026.jsonl"
BEGINNING = genesis("nordan", date(2026, 1, 1), recorded="", program="")
FIRST, LINE = sealed(BEGINNING, Record, 0, "0" * 64)
_, NEXT = sealed(BEGINNING, Record, 1, FIRST.hash)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a workspace that is a folder of a repository, with one commit."""
    for role in ("AUTHOR", "COMMITTER"):
        for key, text in PERSON.items():
            monkeypatch.setenv(f"GIT_{role}_{key}", text)
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(tmp_path)], check=True)
    folder = tmp_path / "books"
    (folder / "ledger").mkdir(parents=True)
    (folder / LEDGER).write_bytes(LINE)
    (folder / "old.txt").write_bytes(b"old\n")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "Begin")
    return folder


def grown(root: Path) -> str:
    shoot = Offshoot(CommitTree(root, "HEAD"))
    shoot.write(Change(created={"new/a.pdf": b"\0\r\n"}, appended={LEDGER: NEXT}))
    return shoot.commit("Grow")


def test_a_commit_is_made_and_nothing_here_moves(root: Path) -> None:
    before = git(root, "rev-parse", "HEAD")
    made = grown(root)
    assert git(root, "rev-parse", "HEAD", f"{made}^").split() == [before, before]
    assert git(root, "status", "--porcelain") == ""
    tree = CommitTree(root, made)
    assert (tree.read(LEDGER), tree.read("new/a.pdf")) == (LINE + NEXT, b"\0\r\n")
    assert tree.read("old.txt") == b"old\n"


def test_nothing_new_makes_no_commit(root: Path) -> None:
    shoot = Offshoot(CommitTree(root, "HEAD"))
    shoot.write(Change(created={"old.txt": b"old\n"}))
    assert shoot.commit("Again") == git(root, "rev-parse", "HEAD")


def test_a_file_that_is_there_with_other_content_is_not_made(root: Path) -> None:
    with pytest.raises(Stale, match="with other content"):
        Offshoot(CommitTree(root, "HEAD")).write(Change(created={"old.txt": b"new\n"}))


def test_lines_follow_from_the_last_one(root: Path) -> None:
    shoot = Offshoot(CommitTree(root, "HEAD"))
    shoot.write(Change(appended={LEDGER: NEXT}))
    with pytest.raises(Stale, match="new lines"):
        shoot.write(Change(appended={LEDGER: NEXT}))


def test_the_branch_goes_forward_with_its_files_and_the_rest_stays(root: Path) -> None:
    made = grown(root)
    (root / "mine.txt").write_bytes(b"mine\n")
    assert went_forward(root, git(root, "rev-parse", "HEAD"), made)
    assert git(root, "rev-parse", "HEAD") == made
    assert git(root, "status", "--porcelain") == "?? books/mine.txt"
    assert (root / "new/a.pdf").read_bytes() == b"\0\r\n"


def test_a_file_that_the_later_commit_has_not_is_removed(root: Path) -> None:
    git(root, "rm", "--quiet", "old.txt")
    git(root, "commit", "--quiet", "--message", "Without")
    later, earlier = git(root, "rev-parse", "HEAD", "HEAD^").split()
    git(root, "reset", "--quiet", "--hard", earlier)
    assert went_forward(root, earlier, later)
    assert not (root / "old.txt").exists()


def test_a_link_in_the_later_commit_is_left_to_git(root: Path) -> None:
    earlier = git(root, "rev-parse", "HEAD")
    (root / "link").symlink_to("old.txt")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "A link")
    later = git(root, "rev-parse", "HEAD")
    git(root, "reset", "--quiet", "--hard", earlier)
    assert not went_forward(root, earlier, later)
    assert git(root, "rev-parse", "HEAD") == earlier


def test_a_file_that_was_changed_here_is_in_the_way_unless_it_says_the_same(root: Path) -> None:
    made, before = grown(root), git(root, "rev-parse", "HEAD")
    (root / "new").mkdir()
    (root / "new/a.pdf").write_bytes(b"\0\r\n")
    (root / LEDGER).write_bytes(LINE + NEXT)
    refuse_in_the_way(root, before, made)
    (root / LEDGER).write_bytes(LINE + b"more")
    with pytest.raises(Held, match=r"books/ledger/2026\.jsonl would be written over"):
        refuse_in_the_way(root, before, made)
