"""The workflows that q2c writes are done here step by step, as they stand in the file."""

import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from q2c import __version__
from q2c.commands.ci.workflow import HOSTS, Asked, workflow
from q2c.core.fault import Invalid
from tests.office import Office, opened
from tests.remotes import PLAN, TAG, added_by, clone, git, numbers, shared
from tests.runner import Done, Event, Runner, loaded

FOUR = ["F-2026-0001", "F-2026-0002", "F-2026-0003", "F-2026-0004"]
BILL = Event(tag=TAG)
Run = Callable[[Runner, Event], Done]
RUN: dict[str, Run] = {"github": Runner.github, "gitlab": Runner.gitlab}
HOST = pytest.mark.parametrize("host", HOSTS)


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the remote of an office that has both workflows, with a tag for November."""
    folder = tmp_path_factory.mktemp("hosted")
    with pytest.MonkeyPatch.context() as patch:
        office = opened(folder / "nordlys", patch)
        patch.chdir(office.root)
        git(office.root, "branch", "-M", "main")
        for host in HOSTS:
            office.must("ci", "init", host)
        shared(office, folder / "origin.git")
        yield folder / "origin.git"


@pytest.fixture
def remote(hosted: Path, tmp_path: Path) -> Path:
    shutil.copytree(hosted, tmp_path / "origin.git")
    return tmp_path / "origin.git"


@HOST
def test_a_tag_makes_a_runner_issue_the_month_and_push_it(
    host: str, remote: Path, tmp_path: Path
) -> None:
    done = RUN[host](Runner(remote, tmp_path / "runner"), BILL)
    assert done.status == 0, done.said
    assert numbers(remote) == FOUR
    assert git(remote, "log", "-1", "--format=%an %s", "main") == (
        "q2c Issue F-2026-0001 to F-2026-0004"
    )
    assert "identical" in done.said
    assert git(done.folder, "status", "--porcelain", "--untracked-files=no") == ""


@HOST
def test_a_job_that_is_started_again_issues_nothing(
    host: str, remote: Path, tmp_path: Path
) -> None:
    runner = Runner(remote, tmp_path / "runner")
    assert RUN[host](runner, BILL).status == 0
    before = git(remote, "rev-parse", "main")
    done = RUN[host](runner, BILL)
    assert done.status == 0, done.said
    assert "issued 0   already issued 4" in done.said
    assert git(remote, "rev-parse", "main") == before


@HOST
def test_two_runners_at_once_leave_no_gap_and_no_double(
    host: str, remote: Path, tmp_path: Path
) -> None:
    runners = [Runner(remote, tmp_path / name) for name in ("one", "two")]
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda runner: RUN[host](runner, BILL), runners))
    assert [one.status for one in done] == [0, 0], [one.said for one in done]
    assert numbers(remote) == FOUR
    assert [len(added_by(remote, f"invoices/2026/{one}.json")) for one in FOUR] == [1] * 4


@HOST
def test_a_tag_without_a_plan_is_planned_by_the_runner(
    host: str, remote: Path, tmp_path: Path
) -> None:
    work = clone(remote, tmp_path / "work")
    git(work, "rm", "--quiet", PLAN)
    git(work, "commit", "--quiet", "--message", "Without a plan")
    git(work, "tag", "bill/2026-12")
    git(work, "push", "--quiet", "--tags", "origin", "main")
    event = Event(tag="bill/2026-12", day="2026-12-31")
    runner = Runner(remote, tmp_path / "runner")
    done = RUN[host](runner, event)
    assert done.status == 0, done.said
    assert len(numbers(remote)) == 4
    assert added_by(remote, "plans/2026-12.json") == [git(remote, "rev-parse", "main")]
    assert RUN[host](runner, Event(tag="bill/2026-12", day="2027-01-04")).status == 0
    assert len(numbers(remote)) == 4


@HOST
def test_a_tag_of_another_kind_starts_nothing(host: str, remote: Path, tmp_path: Path) -> None:
    git(remote, "tag", "v1.0", "main")
    done = RUN[host](Runner(remote, tmp_path / "runner"), Event(tag="v1.0"))
    assert done.said == "nothing to do"


def changed(remote: Path, folder: Path, name: str, text: str) -> None:
    """Propose a change of one file on a branch."""
    work = clone(remote, folder)
    git(work, "checkout", "--quiet", "-b", "change")
    path = work / name
    path.write_text((path.read_text("utf-8") if path.exists() else "") + text, "utf-8")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message", "Change it")
    git(work, "push", "--quiet", "origin", "change")


@HOST
def test_a_merge_request_is_checked_and_shows_what_would_be_due(
    host: str, remote: Path, tmp_path: Path
) -> None:
    changed(remote, tmp_path / "work", "catalog.yaml", "# as it is\n")
    done = RUN[host](Runner(remote, tmp_path / "runner"), Event(target="main"))
    assert done.status == 0, done.said
    machine = done.folder.parent
    page = machine / "summary" if host == "github" else machine / "clone/plan.md"
    assert "| Order | Customer | Net | VAT | Total |" in page.read_text("utf-8")


@HOST
def test_a_merge_request_with_a_fault_fails_and_names_the_line(
    host: str, remote: Path, tmp_path: Path
) -> None:
    changed(remote, tmp_path / "work", "prices/wrong.yaml", "currency: SEX\n")
    done = RUN[host](Runner(remote, tmp_path / "runner"), Event(target="main"))
    assert done.status == Invalid.status
    report = done.folder / "quality.json"
    said = report.read_text("utf-8") if host == "gitlab" else done.said
    assert "prices/wrong.yaml" in said


@HOST
@pytest.mark.parametrize("shards", [1, 3])
def test_a_workflow_is_pinned_and_holds_no_secret(host: str, shards: int) -> None:
    text = workflow(Asked(host=host, pattern="bill/*", branch="main", shards=shards))
    assert f'"q2c=={__version__}"' in text
    assert not re.search(r"secrets\.|password|://|@[A-Z]+@", text, re.IGNORECASE)
    assert all(re.search(r"@[0-9a-f]{40} # v", line) for line in re.findall("uses:.*", text))


def test_the_job_that_checks_may_not_write(remote: Path, tmp_path: Path) -> None:
    found = loaded(clone(remote, tmp_path / "work") / HOSTS["github"])
    assert found["permissions"] == {"contents": "read"}
    assert "permissions" not in found["jobs"]["check"]
    assert found["jobs"]["bill"]["permissions"] == {"contents": "write"}
    assert found["jobs"]["bill"]["concurrency"]["cancel-in-progress"] == "false"


@HOST
def test_a_workspace_inside_a_repository_is_billed_from_there(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    git(work, "init", "--quiet", "--initial-branch=main")
    office = opened(work / "books", monkeypatch)
    office.must("ci", "init", host)
    assert (work / HOSTS[host]).is_file()
    office.must("invoice", "plan", "--through", "2026-11-30", "--out", str(office.root / PLAN))
    Office(work, monkeypatch).commits("Plan November")
    git(work, "tag", TAG)
    git(tmp_path, "clone", "--quiet", "--bare", str(work), "origin.git")
    done = RUN[host](Runner(tmp_path / "origin.git", tmp_path / "runner"), BILL)
    assert done.status == 0, done.said
    listed = git(tmp_path / "origin.git", "ls-tree", "-r", "--name-only", "main")
    assert "books/invoices/2026/F-2026-0004.pdf" in listed


@HOST
def test_a_plan_is_drawn_by_several_jobs_and_issued_by_one(
    host: str, remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(clone(remote, tmp_path / "work"), monkeypatch)
    office.must("ci", "init", host, "--shards", "3", "--force")
    office.commits("In three parts")
    git(office.root, "tag", "--force", TAG)
    git(office.root, "push", "--quiet", "--force", "origin", "main", TAG)
    done = RUN[host](Runner(remote, tmp_path / "runner"), BILL)
    assert done.status == 0, done.said
    assert "4 of 4 were drawn before" in done.said
    assert numbers(remote) == FOUR
