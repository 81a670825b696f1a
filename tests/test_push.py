"""Invoices are issued on a remote's branch: whoever loses a race begins again from what won."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from q2c.commands.invoices import issuing, pushing
from q2c.core.fault import Held, Invalid, Misused, Stale, Unknown, Unreachable
from q2c.store.remote import Branch, pushed
from tests.crash import snapshot
from tests.killing import killed
from tests.office import Office, opened
from tests.remotes import PLAN, TAG, added_by, clone, git, numbers, shared

FOUR = ["F-2026-0001", "F-2026-0002", "F-2026-0003", "F-2026-0004"]
APPLY = ("apply", PLAN, "--at", TAG, "--commit", "--push", "--yes")
HERE = ("apply", PLAN, "--push", "--yes")
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a folder with an office and the remote that it was pushed to."""
    folder = tmp_path_factory.mktemp("shared")
    with pytest.MonkeyPatch.context() as patch:
        shared(opened(folder / "nordlys", patch), folder / "origin.git")
        yield folder


@pytest.fixture
def remote(planned: Path, tmp_path: Path) -> Path:
    shutil.copytree(planned / "origin.git", tmp_path / "origin.git")
    return tmp_path / "origin.git"


@pytest.fixture
def office(remote: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Give an office in a clone, in the evening of the month's last day."""
    return office_in(remote, "ours", monkeypatch)


def office_in(remote: Path, name: str, patch: pytest.MonkeyPatch, *words: str) -> Office:
    ours = Office(clone(remote, remote.parent / name, *words), patch)
    ours.today("2026-11-30")
    return ours


def first_then(act: Callable[[], object], patch: pytest.MonkeyPatch) -> None:
    """Let something happen just before the first push."""
    left = [act]

    def late(root: Path, branch: Branch, commit: str, base: str) -> bool:
        if left:
            left.pop()()
        return pushed(root, branch, commit, base)

    patch.setattr(pushing, "pushed", late)


def test_what_is_applied_from_a_tag_stands_on_the_branch_of_the_remote(
    office: Office, remote: Path
) -> None:
    office.must(*APPLY)
    assert numbers(remote) == FOUR
    assert git(remote, "log", "-1", "--format=%s", "main") == "Issue F-2026-0001 to F-2026-0004"
    assert git(office.root, "rev-parse", "HEAD") == git(remote, "rev-parse", "main")
    assert git(office.root, "status", "--porcelain") == ""
    office.must("verify", "--all")


def test_the_files_are_those_of_a_run_that_is_not_pushed(
    office: Office, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.must(*APPLY)
    other = office_in(remote, "other", monkeypatch)
    git(other.root, "reset", "--quiet", "--hard", TAG)
    other.must("apply", PLAN, "--at", TAG, "--commit", "--yes")
    assert other.files() == office.files()


def test_a_run_of_several_groups_is_one_commit_from_the_first_number_to_the_last(
    office: Office, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing, "GROUP", 3)
    before = git(remote, "rev-parse", "main")
    office.must(*APPLY)
    assert git(remote, "rev-parse", "main^") == before
    assert git(remote, "log", "-1", "--format=%B", "main").splitlines() == [
        "Issue F-2026-0001 to F-2026-0004",
        "",
        "Issue F-2026-0001 to F-2026-0003",
        "Issue F-2026-0004",
    ]


def test_on_a_detached_checkout_nothing_moves_but_the_branch_of_the_remote(
    office: Office, remote: Path
) -> None:
    git(office.root, "checkout", "--quiet", TAG)
    before = snapshot(office.root), git(office.root, "rev-parse", "HEAD", "main")
    office.must(*APPLY, "--branch", "main")
    assert (snapshot(office.root), git(office.root, "rev-parse", "HEAD", "main")) == before
    assert numbers(remote) == FOUR
    office.must("verify", "--all", "--at", "origin/main")


def test_a_detached_checkout_asks_the_remote_for_its_branch(office: Office, remote: Path) -> None:
    git(office.root, "checkout", "--quiet", "--detach")
    office.must(*APPLY)
    assert numbers(remote) == FOUR


def test_a_shallow_clone_of_the_tag_is_enough(
    remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("--depth", "1", "--branch", TAG, "--config", "advice.detachedHead=false")
    ours = office_in(remote, "ours", monkeypatch, "--no-local", *words)
    ours.must(*APPLY, "--branch", "main")
    assert numbers(remote) == FOUR


def test_what_a_person_has_changed_and_staged_stays_as_it_is(office: Office, remote: Path) -> None:
    catalog = office.root / "catalog.yaml"
    catalog.write_bytes(catalog.read_bytes() + b"# to be looked at\n")
    (office.root / "note.txt").write_bytes(b"call Eva\n")
    git(office.root, "add", "note.txt")
    office.must(*APPLY)
    assert git(office.root, "status", "--porcelain") == "M catalog.yaml\nA  note.txt"
    assert "note.txt" not in git(remote, "ls-tree", "-r", "--name-only", "main")


def test_a_second_run_finds_what_the_first_has_issued(
    office: Office, remote: Path, capsys: Capture
) -> None:
    office.must(*APPLY)
    before = git(remote, "rev-parse", "main")
    capsys.readouterr()
    assert office.does(*APPLY, "--json") == 0
    told = json.loads(capsys.readouterr().out)["data"]
    assert (told["issued"], told["already"]) == (0, 4)
    assert git(remote, "rev-parse", "main") == before


def test_a_lost_race_for_the_same_plan_leaves_nothing_to_issue(
    office: Office, remote: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    other = office_in(remote, "other", monkeypatch)
    other.must("apply", PLAN, "--at", TAG, "--commit", "--message", "Other", "--yes")
    first_then(lambda: git(other.root, "push", "--quiet"), monkeypatch)
    capsys.readouterr()
    assert office.does(*APPLY) == 0
    said = capsys.readouterr().err
    assert "origin/main has moved on meanwhile: done again from there." in said
    assert "issued 0   already issued 4" in said
    assert git(office.root, "rev-parse", "HEAD") == git(other.root, "rev-parse", "HEAD")
    assert numbers(remote) == FOUR


def test_a_lost_race_for_other_claims_gives_the_next_numbers(
    office: Office, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = ("invoice", "plan", "--through", "2026-11-30", "--customer", "polar-oy")
    office.must(*mine, "--out", "plans/polar.json")
    other = office_in(remote, "other", monkeypatch)
    run = ("invoice", "run", "--through", "2026-11-30", "--customer", "kiruna-konst")
    other.must(*run, "--yes", "--commit")
    first_then(lambda: git(other.root, "push", "--quiet"), monkeypatch)
    office.must("apply", "plans/polar.json", "--push", "--yes")
    assert numbers(remote) == FOUR[: len(numbers(remote))]
    assert git(office.root, "log", "-2", "--format=%s").splitlines()[1] == "Issue F-2026-0001"
    office.must("ledger", "verify")


def test_a_payment_meanwhile_is_no_reason_to_plan_again(
    office: Office, remote: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    office.must("invoice", "run", "--through", "2026-11-10", "--yes", "--push")
    office.must("invoice", "plan", "--through", "2026-12-31", "--out", "plans/2026-12.json")
    office.commits("Plan December")
    git(office.root, "push", "--quiet")
    other = office_in(remote, "other", monkeypatch)
    other.must("payment", "record", "F-2026-0001", "100", "--commit")
    first_then(lambda: git(other.root, "push", "--quiet"), monkeypatch)
    capsys.readouterr()
    assert office.does("apply", "plans/2026-12.json", "--push", "--yes") == 0
    assert "The ledger is an entry longer" in capsys.readouterr().err
    office.must("ledger", "verify")


def test_claims_that_another_plan_has_issued_are_left_out_and_told(
    office: Office, remote: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    other = office_in(remote, "other", monkeypatch)
    run = ("invoice", "run", "--through", "2026-11-30", "--customer", "polar-oy")
    other.must(*run, "--date", "2026-11-09", "--yes", "--push")
    capsys.readouterr()
    assert office.does(*APPLY) == 0
    assert "O-2026-0003 is left out: F-2026-0001 has it." in capsys.readouterr().err
    assert numbers(remote) == FOUR


def test_a_plan_for_a_day_that_the_series_has_passed_is_stale(
    office: Office, remote: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    other = office_in(remote, "other", monkeypatch)
    run = ("invoice", "run", "--through", "2026-11-30", "--customer", "polar-oy")
    other.must(*run, "--date", "2026-11-30", "--yes", "--push")
    capsys.readouterr()
    assert office.does(*APPLY) == Stale.status
    assert "error[stale-plan]: Since this plan for 2026-11-09" in capsys.readouterr().err


def test_a_claim_of_which_a_part_was_issued_makes_the_plan_stale(
    office: Office, remote: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    office.must("invoice", "plan", "--through", "2026-12-31", "--out", "plans/2026-12.json")
    office.commits("Plan December")
    git(office.root, "push", "--quiet")
    other = office_in(remote, "other", monkeypatch)
    other.must(*APPLY)
    before = git(remote, "rev-parse", "main")
    assert office.does("apply", "plans/2026-12.json", "--push", "--yes") == Stale.status
    assert "error[stale-plan]" in capsys.readouterr().err
    assert git(remote, "rev-parse", "main") == before


def test_what_was_credited_as_wrong_is_not_issued_again_by_the_plan_that_had_it(
    office: Office, remote: Path, capsys: Capture
) -> None:
    office.must(*APPLY)
    credit = ("invoice", "credit", "F-2026-0001", "--reason", "Wrong address", "--rebill")
    office.must(*credit, "--date", "2026-11-09", "--push", "--yes")
    capsys.readouterr()
    assert office.does(*APPLY) == Stale.status
    assert "was invoiced, and K-2026-0001 credits it" in capsys.readouterr().err
    assert numbers(remote) == [*FOUR, "K-2026-0001"]


def test_a_plan_that_is_not_committed_goes_with_what_it_led_to(
    office: Office, remote: Path
) -> None:
    (office.root / "plans/late.json").write_bytes((office.root / PLAN).read_bytes())
    office.must("apply", "plans/late.json", "--push", "--yes")
    assert added_by(remote, "plans/late.json") == [git(remote, "rev-parse", "main")]
    assert git(office.root, "status", "--porcelain") == ""


def test_a_dry_run_pushes_nothing_and_says_what_would_be_issued(
    office: Office, remote: Path, capsys: Capture
) -> None:
    before = git(remote, "rev-parse", "main")
    capsys.readouterr()
    assert office.does(*APPLY, "--dry-run", "--json") == 0
    assert json.loads(capsys.readouterr().out)["data"]["issued"] == 4
    assert git(remote, "rev-parse", "main") == before


def refused(office: Office, capsys: Capture, *words: str) -> tuple[int, str]:
    """Run what is to be refused, with nothing pushed; give status and code."""
    before = git(office.root, "ls-remote", "origin"), snapshot(office.root)
    capsys.readouterr()
    status = office.does(*(words or APPLY))
    assert (git(office.root, "ls-remote", "origin"), snapshot(office.root)) == before
    said = capsys.readouterr().err
    return status, said.partition("error[")[2].partition("]")[0]


def test_commits_that_were_not_pushed_are_neither_lost_nor_pushed(
    office: Office, capsys: Capture
) -> None:
    (office.root / "note.txt").write_bytes(b"call Eva\n")
    office.commits("A note")
    assert refused(office, capsys) == (Held.status, "unpushed-commits")


def test_entries_that_only_stand_here_are_committed_first(office: Office, capsys: Capture) -> None:
    office.must("invoice", "run", "--through", "2026-11-10", "--yes", "--push")
    office.must("payment", "record", "F-2026-0001", "100")
    assert refused(office, capsys) == (Held.status, "ledger-uncommitted")


def test_a_file_that_would_be_written_over_is_looked_at_first(
    office: Office, capsys: Capture
) -> None:
    (office.root / "invoices/2026").mkdir(parents=True)
    (office.root / "invoices/2026/F-2026-0002.pdf").write_bytes(b"something else")
    assert refused(office, capsys) == (Held.status, "files-in-the-way")


def test_a_folder_elsewhere_is_not_written_through(office: Office, capsys: Capture) -> None:
    (office.root.parent / "elsewhere").mkdir()
    (office.root / "invoices").symlink_to(office.root.parent / "elsewhere")
    assert refused(office, capsys) == (Held.status, "files-in-the-way")


def test_a_tag_beside_the_branch_is_merged_first(office: Office, capsys: Capture) -> None:
    git(office.root, "checkout", "--quiet", "-b", "side")
    git(office.root, "commit", "--quiet", "--allow-empty", "--message", "Beside")
    git(office.root, "tag", "bill/side")
    git(office.root, "checkout", "--quiet", "main")
    words = ("apply", PLAN, "--at", "bill/side", "--push", "--yes")
    assert refused(office, capsys, *words) == (Held.status, "not-on-branch")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--remote", "orign"), "no-such-remote"),
        (("--branch", "maint"), "no-such-branch"),
        (("--branch", "a..b"), "no-such-branch"),
    ],
)
def test_a_remote_and_a_branch_have_to_be_there(
    office: Office, capsys: Capture, words: tuple[str, ...], code: str
) -> None:
    assert refused(office, capsys, *APPLY, *words) == (Unknown.status, code)


def test_a_remote_that_does_not_answer_is_told(office: Office, capsys: Capture) -> None:
    git(office.root, "remote", "add", "away", str(office.root.parent / "away.git"))
    said = refused(office, capsys, *APPLY, "--remote", "away")
    assert said == (Unreachable.status, "remote-unreachable")


def test_flags_that_need_push_are_not_passed_over(office: Office, capsys: Capture) -> None:
    words = ("apply", PLAN, "--branch", "main", "--yes")
    assert refused(office, capsys, *words) == (Misused.status, "usage")


def test_an_index_that_is_held_does_not_undo_what_was_pushed(
    office: Office, remote: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr("q2c.store.commit.PATIENCE", 1)
    (office.root / ".git/index.lock").touch()
    capsys.readouterr()
    assert office.does(*APPLY) == 0
    assert "Bring it here: git pull --ff-only origin main" in capsys.readouterr().err
    assert numbers(remote) == FOUR
    (office.root / ".git/index.lock").unlink()
    office.must(*APPLY)
    assert git(office.root, "status", "--porcelain") == ""
    assert git(office.root, "rev-parse", "HEAD") == git(remote, "rev-parse", "main")


def hook(remote: Path, name: str, text: str) -> None:
    """Let the host run something when it is pushed to."""
    path = remote / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(0o755)


def test_a_branch_that_the_host_protects_is_told_and_not_tried_again(
    office: Office, remote: Path, capsys: Capture
) -> None:
    hook(remote, "pre-receive", 'echo "main is protected" >&2; exit 1')
    capsys.readouterr()
    assert refused(office, capsys) == (Unreachable.status, "push-refused")


def test_a_branch_that_never_rests_is_left_in_the_end(
    office: Office, remote: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    tree = git(remote, "rev-parse", "main^{tree}")
    monkeypatch.setattr(pushing, "TRIES", 3)

    def late(root: Path, branch: Branch, commit: str, base: str) -> bool:
        made = git(remote, "commit-tree", tree, "-p", base, "-m", "Faster")
        git(remote, "update-ref", "refs/heads/main", made)
        return pushed(root, branch, commit, base)

    monkeypatch.setattr(pushing, "pushed", late)
    capsys.readouterr()
    assert office.does(*APPLY) == Stale.status
    assert "error[push-lost]" in capsys.readouterr().err
    assert git(remote, "ls-tree", "main", "invoices") == ""


def test_a_push_whose_answer_was_lost_is_known_to_have_been_taken(
    office: Office, remote: Path, capsys: Capture
) -> None:
    """The remote's program dies when it has moved the branch, and before it can say so."""
    hook(remote, "reference-transaction", '[ "$1" != committed ] || kill -9 $PPID')
    capsys.readouterr()
    office.must(*APPLY)
    assert "moved on" not in capsys.readouterr().err
    assert numbers(remote) == FOUR
    assert git(office.root, "rev-parse", "HEAD") == git(remote, "rev-parse", "main")


def test_of_two_runs_that_come_to_the_same_commit_one_has_issued_it(office: Office) -> None:
    base = git(office.root, "rev-parse", "HEAD")
    git(office.root, "commit", "--quiet", "--allow-empty", "--message", "In the same second")
    made = git(office.root, "rev-parse", "HEAD")
    assert pushed(office.root, Branch("origin", "main"), made, base)
    assert not pushed(office.root, Branch("origin", "main"), made, base)


def test_an_invoice_is_run_and_credited_on_the_remote(office: Office, remote: Path) -> None:
    office.must("invoice", "run", "--through", "2026-11-30", "--yes", "--push")
    office.must("invoice", "credit", "F-2026-0002", "--reason", "Twice", "--yes", "--push")
    assert numbers(remote) == [*FOUR, "K-2026-0001"]
    assert git(office.root, "status", "--porcelain") == ""
    office.must("verify", "--all")
    office.must("ledger", "verify")


def test_every_document_of_a_tag_is_drawn_again_without_a_checkout(
    office: Office, capsys: Capture
) -> None:
    office.must(*APPLY)
    git(office.root, "tag", "billed/2026-11")
    pdf = office.root / "invoices/2026/F-2026-0003.pdf"
    pdf.write_bytes(pdf.read_bytes().replace(b"%%EOF", b"%%EOE"))
    office.commits("Tamper")
    office.must("verify", "--all", "--at", "billed/2026-11")
    capsys.readouterr()
    assert office.does("verify", "--all", "--at", "HEAD") == Invalid.status
    said = capsys.readouterr().err
    assert "invoices/2026/F-2026-0003.pdf:1:1: error[document-changed]" in said


def program(office: Office) -> tuple[list[str], dict[str, str]]:
    words = [sys.executable, "-m", "q2c", "-C", str(office.root), *APPLY, "--branch", "main"]
    return words, {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}


@pytest.mark.parametrize("stop", ["fetched", "grown", "pushed", "bring_index", "advance"])
def test_a_run_that_is_killed_anywhere_is_done_or_not_and_goes_on(
    stop: str, office: Office, remote: Path
) -> None:
    """The process ends by SIGKILL as it comes to a step; then it is started again."""
    module = {"fetched": "commands.invoices.pushing", "pushed": "commands.invoices.pushing"}
    patch = (
        "import os, sys; from q2c.cli import main;"
        f"import q2c.{module.get(stop, 'store.offshoot' if stop == 'grown' else 'store.forward')}"
        f" as m; m.{stop} = lambda *_: os.kill(os.getpid(), {int(signal.SIGKILL)});"
        "main(sys.argv[1:])"
    )
    words, environment = program(office)
    argv = [sys.executable, "-c", patch, *words[3:]]
    done = subprocess.run(argv, env=environment, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    was = numbers(remote) if git(remote, "ls-tree", "main", "invoices") else []
    assert was == (FOUR if stop in ("bring_index", "advance") else [])
    office.must(*APPLY)
    assert numbers(remote) == FOUR
    assert git(office.root, "rev-parse", "HEAD") == git(remote, "rev-parse", "main")
    assert git(office.root, "status", "--porcelain") == ""


def test_two_runners_at_once_issue_everything_once(
    office: Office, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = office_in(remote, "other", monkeypatch)
    for one in (office, other):
        git(one.root, "checkout", "--quiet", TAG)

    def run(one: Office) -> bool:
        words, environment = program(one)
        return killed(words, 100, one.root, environment)[1]

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(run, (office, other))) == [False, False]
    assert numbers(remote) == FOUR
    assert [len(added_by(remote, f"invoices/2026/{one}.json")) for one in FOUR] == [1] * 4
    office.must("verify", "--all", "--at", "origin/main")
