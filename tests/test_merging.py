"""Merging in git: two branches negotiate, and git merges what they wrote with q2c."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from q2c.cli import main
from q2c.core.quote import Draft
from q2c.store.conflict import marked
from q2c.store.records import read_record
from tests.office import Office

DRAFT = "quotes/Q-2026-0002/quote.yaml"


class Clone(Office):
    """A person at work in a clone, with git and q2c on the path."""

    def git(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run git as the person would."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            ["git", *words],
            cwd=self.root,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )

    def edits(self, old: str, new: str, branch: str = "") -> None:
        """Change the draft, on a branch if one is named, and commit."""
        if branch:
            assert self.git("checkout", "--quiet", branch).returncode == 0
        text = self.draft
        assert text.count(old) == 1, (old, text)
        (self.root / DRAFT).write_text(text.replace(old, new), "utf-8")
        assert (
            self.git("commit", "--quiet", "--all", "--message", f"{old} is {new}").returncode == 0
        )

    @property
    def draft(self) -> str:
        """The draft as it stands."""
        return (self.root / DRAFT).read_text("utf-8")


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clone:
    """Make a workspace with a branch in which the customer makes a counter-offer."""
    root = tmp_path / "nordlys"
    found = Clone(root, monkeypatch)
    assert main(["init", str(root), "--example", "consultancy", "--quiet"]) == 0
    found.edits(
        "  - {product: advisory, quantity: 20}",
        "  # Their wish.\n  - {product: advisory, quantity: 20}",
    )
    assert found.git("branch", "counter").returncode == 0
    return found


def test_git_merges_what_two_branches_changed_in_different_lines(clone: Clone) -> None:
    clone.edits("quantity: 20}", "quantity: 30}")
    ours = clone.draft
    clone.edits("quantity: 8000}", "quantity: 9000}", branch="counter")
    clone.git("checkout", "--quiet", "main")
    done = clone.git("merge", "--quiet", "--no-edit", "counter")
    assert (done.returncode, done.stderr) == (0, "")
    assert clone.draft == ours.replace("quantity: 8000}", "quantity: 9000}")
    assert "# Their wish." in clone.draft


def test_git_merges_fields_of_one_line_and_lines_next_to_each_other(clone: Clone) -> None:
    clone.edits("quantity: 20}", "quantity: 30}\n  - {product: workshop-day}")
    clone.edits("quantity: 20}", "quantity: 20, section: Advice}", branch="counter")
    clone.edits("quantity: 8000}", "quantity: 8000}\n  - {product: handbook, quantity: 3}")
    clone.git("checkout", "--quiet", "main")
    assert clone.git("merge", "--quiet", "--no-edit", "counter").returncode == 0
    draft = read_record(clone.draft.encode(), DRAFT, Draft)
    assert [(line.product, int(line.quantity), line.section) for line in draft.lines] == [
        ("advisory", 30, "Advice"),
        ("workshop-day", 1, None),
        ("document-scans", 8000, None),
        ("handbook", 3, None),
    ]


def test_a_clash_is_told_in_words_and_stands_between_markers(clone: Clone) -> None:
    clone.edits("quantity: 20}", "quantity: 30}")
    clone.edits("quantity: 20}", "quantity: 10}", branch="counter")
    clone.edits("quantity: 8000}", "quantity: 9000}")
    clone.git("checkout", "--quiet", "main")
    done = clone.git("merge", "--no-edit", "counter")
    assert done.returncode == 1
    assert "Line advisory: quantity is 30 in ours, 10 in theirs; it was 20." in done.stderr
    assert "The net would be 45 650.00 or 19 850.00 SEK." in " ".join(done.stderr.split())
    assert clone.git("status", "--short").stdout == f"UU {DRAFT}\n"
    told = (
        "<<<<<<< ours\n  - {product: advisory, quantity: 30}\n=======\n"
        "  - {product: advisory, quantity: 10}\n>>>>>>> theirs\n"
    )
    assert told in clone.draft
    assert "quantity: 9000" in clone.draft


def test_what_nobody_chose_yet_is_refused_in_words(
    clone: Clone, capsys: pytest.CaptureFixture[str]
) -> None:
    (clone.root / DRAFT).write_bytes(marked(b"a: 1\nb: 2\n", b"a: 1\nb: 3\n"))
    capsys.readouterr()
    assert clone.does("check") == 3
    assert f"{DRAFT}:2:1: error[merge-unfinished]" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_left_as_ours(clone: Clone) -> None:
    clone.edits("quantity: 20}", "quantity: 30}")
    ours = clone.draft
    clone.edits("quantity: 20}", "quantity: [}", branch="counter")
    clone.git("checkout", "--quiet", "main")
    done = clone.git("merge", "--no-edit", "counter")
    assert done.returncode == 1
    assert "(theirs)" in done.stderr
    assert clone.draft == ours


def test_a_clone_that_merges_drafts_as_text_is_told_how_not_to(
    clone: Clone, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    clone.patch.chdir(clone.root)
    assert "drafts line by line" in _doctor(clone, capsys)
    clone.git("config", "--unset", "merge.q2c-quote.driver")
    assert "this clone merges drafts as text" in _doctor(clone, capsys)
    (clone.root / ".gitattributes").write_bytes(b"")
    assert "git merges drafts as text" in _doctor(clone, capsys)


def _doctor(clone: Clone, capsys: pytest.CaptureFixture[str]) -> str:
    clone.does("doctor")
    return capsys.readouterr().out
