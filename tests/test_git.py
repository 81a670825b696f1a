"""What git is asked, what it must never do, and what a commit of ours holds."""

import os
import subprocess
from pathlib import Path

import pytest

from q2c.cli import main
from q2c.core.fault import Held, Refused, Stale, Unknown
from q2c.store import git
from q2c.store.commit import commit
from q2c.store.tree import CommitTree, Tree, WorkTree, refuse_unread
from q2c.store.workspace import find_root


def sh(root: Path, *words: str) -> str:
    """Run git as a user would."""
    settings = git.environment() | {"GIT_CONFIG_GLOBAL": "/dev/null"}
    done = subprocess.run(["git", *words], cwd=root, env=settings, check=True, capture_output=True)
    return done.stdout.decode()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Eva Lind")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "eva@nordan.example")
    monkeypatch.setenv("HOME", str(tmp_path))
    root = tmp_path / "nordan"
    root.mkdir()
    git.init(root)
    return root


def put(root: Path, name: str, data: bytes = b"x\n") -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.faults[0].code


def test_exactly_the_named_files_are_committed_and_the_rest_stays(repository: Path) -> None:
    for name in ("company.yaml", "customers/lund.yaml", "draft.txt", "staged.txt"):
        put(repository, name)
    sh(repository, "add", "staged.txt")
    made = commit(repository, ["company.yaml", "customers/lund.yaml"], "Nordan exists")
    assert sh(repository, "ls-tree", "-r", "--name-only", made).split() == [
        "company.yaml",
        "customers/lund.yaml",
    ]
    assert sh(repository, "status", "--porcelain") == "A  staged.txt\n?? draft.txt\n"
    assert sh(repository, "log", "--format=%an %s").strip() == "Eva Lind Nordan exists"


def test_a_second_commit_follows_the_first_and_the_same_again_makes_none(repository: Path) -> None:
    put(repository, "a")
    first = commit(repository, ["a"], "One")
    put(repository, "a", b"two\n")
    second = commit(repository, ["a"], "Two")
    assert sh(repository, "rev-parse", "HEAD~1", "HEAD").split() == [first, second]
    assert commit(repository, ["a"], "Three") == second == git.head(repository)


def test_bytes_are_committed_as_they_are_and_nothing_of_the_repository_runs(
    repository: Path,
) -> None:
    trap = repository.parent / "canary"
    run = f"touch {trap}"
    for key in ("core.fsmonitor", "filter.x.clean", "diff.x.textconv"):
        sh(repository, "config", key, run)
    sh(repository, "config", "core.autocrlf", "true")
    for hook in ("pre-commit", "post-commit", "reference-transaction", "post-index-change"):
        put(repository, f".git/hooks/{hook}", f"#!/bin/sh\n{run}\n".encode())
        (repository / f".git/hooks/{hook}").chmod(0o755)
    put(repository, ".gitattributes", b"* filter=x diff=x\n")
    put(repository, "a", b"one\r\n")
    made = commit(repository, [".gitattributes", "a"], "As it is")
    assert CommitTree(repository, "HEAD").read("a") == b"one\r\n"
    assert git.committed(repository, ["a"]) == {"a": made}
    assert not trap.exists()


def test_a_branch_that_moved_meanwhile_is_not_moved_again(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(repository, "a")
    old = commit(repository, ["a"], "One")
    put(repository, "b")
    commit(repository, ["b"], "Two")
    real = git.head
    answers = iter([old])
    monkeypatch.setattr("q2c.store.commit.head", lambda root: next(answers, "") or real(root))
    put(repository, "c")
    with pytest.raises(Stale) as refused:
        commit(repository, ["c"], "Three")
    assert code(refused) == "branch-moved"


def test_an_index_that_is_held_is_told_after_the_commit(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("q2c.store.commit.PAUSE", 0)
    put(repository, "a")
    put(repository, ".git/index.lock")
    with pytest.raises(Stale) as refused:
        commit(repository, ["a"], "One")
    assert code(refused) == "index-locked"
    assert sh(repository, "log", "--format=%s").strip() == "One"


def test_nobody_commits_without_a_name(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for what in git.KEPT:
        monkeypatch.delenv(what, raising=False)
    put(repository, "a")
    assert git.identity(repository) == ""
    with pytest.raises(Held) as refused:
        commit(repository, ["a"], "One")
    assert code(refused) == "no-identity"
    sh(repository, "config", "user.name", "Åsa Öst")
    sh(repository, "config", "user.email", "asa@nordan.example")
    assert git.identity(repository) == "Åsa Öst <asa@nordan.example>"


def test_a_file_is_committed_when_its_bytes_are_those_of_the_last_commit(repository: Path) -> None:
    assert git.committed(repository, ["a"]) == {"a": ""}
    for name in ("a", "changed", "linked"):
        put(repository, name)
    made = commit(repository, ["a", "changed", "linked"], "One")
    put(repository, "changed", b"y\n")
    (repository / "linked").unlink()
    (repository / "linked").symlink_to("a")
    names = ["a", "changed", "linked", "new"]
    assert git.committed(repository, names) == dict.fromkeys(names, "") | {"a": made}


@pytest.mark.parametrize("rev", ["--output=x", "nothing", "", "-h", "HEAD:a", "a\0b", "HEAD\nHEAD"])
def test_a_revision_that_is_none_is_refused_and_harmless(repository: Path, rev: str) -> None:
    put(repository, "a")
    commit(repository, ["a"], "One")
    before = sorted(repository.iterdir())
    with pytest.raises(Unknown) as refused:
        git.resolved(repository, rev)
    assert code(refused) == "no-such-revision"
    assert sorted(repository.iterdir()) == before


def test_a_tag_that_looks_like_an_option_is_a_tag(repository: Path) -> None:
    put(repository, "a")
    made = commit(repository, ["a"], "One")
    sh(repository, "update-ref", "refs/tags/--output=zz", made)
    assert git.resolved(repository, "--output=zz") == made
    assert CommitTree(repository, "--output=zz").commit == made


def test_a_file_is_given_as_each_commit_has_it(repository: Path) -> None:
    put(repository, "office/a", b"one\n")
    put(repository, "office/b/c")
    first = commit(repository, ["office/a", "office/b/c"], "One")
    put(repository, "office/a", b"\0two")
    second = commit(repository, ["office/a"], "Two")
    office, none = repository / "office", "0" * 40
    asked = [first, second, none, "HEAD", "", first]
    assert git.as_of(office, "a", asked) == {first: b"one\n", second: b"\0two"}
    assert git.as_of(office, "b", asked) == {first: None, second: None}
    assert git.as_of(office, "no such missing", [first, none]) == {first: None}
    assert git.as_of(repository, "a", [first]) == {first: None}


def test_a_folder_that_is_no_repository_is_told(tmp_path: Path) -> None:
    assert not git.is_repository(tmp_path)
    for ask in (git.head, git.prefix, lambda root: git.resolved(root, "HEAD")):
        with pytest.raises(Unknown) as refused:
            ask(tmp_path)
        assert code(refused) == "not-a-repository"


def test_a_machine_without_git_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Held) as refused:
        git.is_repository(tmp_path)
    assert code(refused) == "git-missing"


def test_the_repository_of_another_user_is_not_trusted() -> None:
    said = "fatal: detected dubious ownership in repository at '/w'"
    fault = git.failure(Path("/w"), said).faults[0]
    assert (fault.code, "safe.directory '/w'" in fault.remedy) == ("unsafe-repository", True)


def test_other_failures_of_git_are_told_in_its_own_words(repository: Path) -> None:
    with pytest.raises(Refused, match="git failed: git cat-file: could not get") as refused:
        git.git(repository, "cat-file", "-t", "0" * 40)
    assert code(refused) == "git-failed"


def test_the_environment_cannot_lead_git_elsewhere(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    put(repository, "a")
    assert commit(repository, ["a"], "One") == git.head(repository)
    assert not (tmp_path / "index").exists()


NAMES = ["company.yaml", "customers/a.yaml", "customers/b.yaml", "quotes/Q-1/quote.yaml"]
NAMES += ["quotes/Q-1/v1.pdf", "quotes/Q-2/åäö [1] *.yaml"]


@pytest.fixture(params=["work", "commit", "subfolder"])
def tree(request: pytest.FixtureRequest, repository: Path) -> Tree:
    root = repository / "sub" if request.param == "subfolder" else repository
    for name in NAMES:
        put(root, name, name.encode())
    put(repository, "other/customers/c.yaml")
    put(root, "customers/.hidden.yaml")
    (root / "customers/link.yaml").symlink_to("a.yaml")
    sh(repository, "add", ".")
    sh(repository, "commit", "-m", "All")
    return WorkTree(root) if request.param == "work" else CommitTree(root, "HEAD")


def test_both_trees_list_and_read_the_same(tree: Tree) -> None:
    assert tree.names("customers", ".yaml") == [*NAMES[1:3], "customers/link.yaml"]
    assert tree.names("")[:1] == ["company.yaml"]
    assert tree.names("nothing") == tree.folders("nothing") == tree.walk("nothing") == []
    assert tree.walk("quotes") == NAMES[3:]
    assert tree.folders("quotes") == ["quotes/Q-1", "quotes/Q-2"]
    assert (tree.exists("quotes/Q-1/v1.pdf"), tree.exists("quotes")) == (True, False)
    assert dict(tree.read_all(NAMES)) == {name: name.encode() for name in NAMES}
    assert tree.read(NAMES[-1]) == NAMES[-1].encode()
    assert tree.read("customers/.hidden.yaml") == b"x\n"


def test_both_trees_refuse_links_and_what_is_not_there(tree: Tree) -> None:
    for name in ("customers/link.yaml", "none.yaml", "quotes", "../nordan/company.yaml", "a\0b"):
        with pytest.raises(Refused) as refused:
            tree.read(name)
        assert code(refused) == ("symlink" if "link" in name else "no-such-file"), name


def test_a_file_too_large_is_refused_before_it_is_read(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("q2c.store.tree.LIMIT", 10)
    with pytest.raises(Refused, match="has 16 bytes; at most 10 are read") as refused:
        tree.read("customers/a.yaml")
    assert code(refused) == "file-too-large"


def test_reading_that_stops_half_way_leaves_nothing_behind(tree: Tree) -> None:
    assert next(iter(tree.read_all(NAMES)))[0] == NAMES[0]
    assert tree.read(NAMES[2]) == NAMES[2].encode()


def test_a_commit_is_read_without_the_work_tree(repository: Path) -> None:
    names = [f"customers/{number}.yaml" for number in range(300)]
    for name in names:
        put(repository, name, name.encode() * 100)
    commit(repository, names, "Many")
    for name in names:
        (repository / name).unlink()
    found = dict(CommitTree(repository, "HEAD").read_all(names))
    assert found == {name: name.encode() * 100 for name in names}


def test_links_and_pipes_on_the_way_are_refused_in_the_work_tree(tmp_path: Path) -> None:
    root = tmp_path / "w"
    put(root, "customers/a.yaml")
    put(tmp_path, "outside/secret.yaml")
    (root / "quotes").symlink_to(tmp_path / "outside")
    os.mkfifo(root / "customers/pipe.yaml")
    tree = WorkTree(root)
    for ask in (tree.names, tree.walk, lambda name: tree.read(f"{name}/secret.yaml")):
        with pytest.raises(Refused) as refused:
            ask("quotes")
        assert code(refused) == "symlink"
    with pytest.raises(Refused, match=r"no file customers/pipe\.yaml"):
        tree.read("customers/pipe.yaml")
    with pytest.raises(Refused, match="quotes is a symbolic link"):
        tree.folders("")


def test_a_file_without_permission_is_told() -> None:
    with pytest.raises(Refused, match=r"a\.yaml cannot be read: Permission denied") as refused:
        refuse_unread("a.yaml", PermissionError(13, "Permission denied"), link=False)
    assert code(refused) == "file-unreadable"


def test_the_workspace_is_found_from_any_folder_in_it(repository: Path) -> None:
    put(repository, "company.yaml")
    put(repository, "quotes/Q-1/quote.yaml")
    assert find_root(repository / "quotes/Q-1") == repository


def test_the_search_for_a_workspace_ends_at_the_repository(repository: Path) -> None:
    put(repository.parent, "q2c.toml")
    put(repository, "inner/file")
    with pytest.raises(Unknown) as refused:
        find_root(repository / "inner")
    assert code(refused) == "no-workspace"
    assert find_root(repository.parent) == repository.parent


def test_a_workspace_that_its_surroundings_leave_out_is_a_repository_of_its_own(
    repository: Path,
) -> None:
    (repository / ".gitignore").write_text("demo/\n")
    for name, ignored in (("demo", True), ("kept", False)):
        (repository / name).mkdir()
        assert git.is_repository(repository / name)
        assert git.is_ignored(repository / name) is ignored
    assert main(["init", str(repository / "demo"), "--quiet"]) == 0
    assert main(["init", str(repository / "kept"), "--quiet"]) == 0
    top = [sh(repository / name, "rev-parse", "--show-toplevel") for name in ("demo", "kept")]
    assert [Path(one.strip()).name for one in top] == ["demo", "nordan"]
