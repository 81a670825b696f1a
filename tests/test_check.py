"""q2c check, from end to end: hostile files, reports for programs, schemas that fit every file."""

import json
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from q2c.cli import main
from q2c.store.dialect import parse
from tests.player import example
from tests.test_hostile import BINARY, CORPUS, LARGE, SECONDS
from tests.test_schema import as_an_editor_sees

HOMES = {"customer": "customers/berg.yaml", "catalog": "catalog.yaml"}
PLACED = re.compile(r"\d+:\d+ [a-z-]+")


@pytest.fixture(scope="module")
def nordlys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the example once; who changes it puts it back."""
    return example(tmp_path_factory.mktemp("check") / "nordlys")


@pytest.fixture
def workspace(nordlys: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(nordlys)
    return nordlys


def files_of(root: Path) -> dict[str, bytes]:
    """Give every file that people or q2c keep; what only saves time is not among them."""
    found = (path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts)
    names = {str(path.relative_to(root)): path for path in found}
    passing = re.compile(r"\.q2c/(cache/|lock)")
    return {name: path.read_bytes() for name, path in names.items() if not passing.match(name)}


def checked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Check the workspace: the exit status, and what is written for programs."""
    status = main(["check", *words])
    seen = capsys.readouterr()
    assert "Traceback" not in seen.out + seen.err
    return status, seen.out


def refused(root: Path, name: str, data: bytes, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Check a workspace with a hostile file in it; give the places and codes of that file."""
    path = root / name
    before = path.read_bytes() if path.exists() else None
    path.write_bytes(data)
    hostile = files_of(root)
    start = time.process_time()
    status, said = checked(capsys, "--format", "json")
    took = time.process_time() - start
    after = files_of(root)
    path.unlink() if before is None else path.write_bytes(before)
    assert (status, after) == (3, hostile)
    assert took < SECONDS
    faults = json.loads(said)["data"]
    return [f"{f['line']}:{f['column']} {f['code']}" for f in faults if f["file"] == name]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_hostile_file_in_a_workspace_is_told_and_changes_nothing(
    path: Path, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = path.read_bytes()
    expected = PLACED.findall(data.decode().split("\n", 1)[0])
    assert refused(workspace, HOMES[path.parent.name], data, capsys) == expected


@pytest.mark.parametrize("name", BINARY | LARGE)
def test_bytes_that_are_no_text_and_files_too_large_are_told_as_well(
    name: str, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, expected = (BINARY | LARGE)[name]
    assert expected in refused(workspace, "customers/berg.yaml", data, capsys)


def test_names_that_look_like_markup_are_told_as_they_stand(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    markup = workspace / "customers/berg.yaml"
    markup.write_bytes(b"id: berg\n'<img src=x>': '[/red]'\n")
    assert main(["check"]) == 3
    markup.unlink()
    said = capsys.readouterr().err
    assert 'The file has no key "<img src=x>".' in said
    assert "  2 | '<img src=x>': '[/red]'\n" in said


@pytest.fixture
def mistaken(workspace: Path) -> Iterator[Path]:
    """Put a file with an awkward mistake into the workspace, for as long as a test lasts."""
    path = workspace / "customers/berg.yaml"
    path.write_bytes(b"id: berg\n'100 %, a:b': 1\nname: ''\n")
    yield path
    path.unlink()


def test_github_gets_an_annotation_a_line_with_its_signs_escaped(
    mistaken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = checked(capsys, "--format", "github")
    assert (status, mistaken.exists()) == (3, True)
    lines = said.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("::error file=customers/berg.yaml,line=") for line in lines)
    assert 'title=unknown-key::The file has no key "100 %25, a:b".' in lines[1]


def test_gitlab_gets_a_report_in_which_a_fault_keeps_its_name_when_lines_move(
    mistaken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def report() -> Mapping[str, Mapping[str, Any]]:
        issues = json.loads(checked(capsys, "--format", "gitlab")[1])
        return {issue["fingerprint"]: issue for issue in issues}

    before = report()
    mistaken.write_bytes(b"# a line more\n" + mistaken.read_bytes())
    after = report()
    assert [*before] == [*after]
    assert len(before) == 3
    first = next(iter(before.values()))
    assert first.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
    assert first["location"] == {"path": "customers/berg.yaml", "lines": {"begin": 1}}
    assert next(iter(after.values()))["location"]["lines"] == {"begin": 2}


def test_the_files_of_a_commit_are_checked_whatever_the_work_tree_says(
    mistaken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mistaken.exists()
    assert checked(capsys, "--at", "HEAD") == (0, "")
    assert checked(capsys, "customers/fjord-foods.yaml")[0] == 0
    assert checked(capsys, "customers/berg.yaml")[0] == 3


@pytest.mark.parametrize("words", [(), ("--example", "consultancy")], ids=["starter", "example"])
def test_a_new_workspace_is_well_and_every_file_fits_the_schema_that_it_names(
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["init", str(tmp_path / "new"), *words, "--date", "2026-11-02"]) == 0
    monkeypatch.chdir(tmp_path / "new")
    assert checked(capsys)[0] == 0
    shutil.rmtree(".q2c/schema")
    assert main(["schema", "export"]) == 0
    files = sorted(Path().rglob("*.yaml"))
    assert files
    for path in files:
        first, _, _ = path.read_text("utf-8").partition("\n")
        schema = path.parent / first.removeprefix("# yaml-language-server: $schema=")
        described = json.loads(schema.read_bytes())
        Draft7Validator.check_schema(described)
        tree = as_an_editor_sees(parse(path.read_bytes(), str(path)).value)
        assert [fault.message for fault in Draft7Validator(described).iter_errors(tree)] == []


def test_the_same_day_makes_the_same_workspace(tmp_path: Path) -> None:
    one, other = (files_of(example(tmp_path / name)) for name in ("one", "other"))
    assert one == other


def test_what_a_customer_lacks_for_its_e_invoices_is_told(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = workspace / "customers/norrby-kommun.yaml"
    before = path.read_text("utf-8")
    path.write_text(before.replace("org_number: 212000-0001\nvat_id: SE212000000101\n", ""))
    status, said = checked(capsys, "--format", "json")
    path.write_text(before)
    told = [(fault["file"], fault["code"]) for fault in json.loads(said)["data"]]
    assert (status, told) == (3, [("customers/norrby-kommun.yaml", "einvoice-rule")])
