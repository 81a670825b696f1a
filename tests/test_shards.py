"""Shards: drawn apart, on any machine, they make the same files as one run."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from q2c.commands.invoices.shards import LIST, read_shard
from q2c.core.fault import Misused
from tests.office import Office, opened
from tests.test_scale import DAY, PLAN, copied, failing, planned

ORDERS = 20
PARTS = 3


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield from planned(tmp_path_factory.mktemp("office") / "nordlys", ORDERS)


@pytest.fixture
def office(sold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return copied(sold, tmp_path / "nordlys", monkeypatch)


@pytest.fixture
def shards(office: Office, tmp_path: Path) -> list[Path]:
    """Draw all parts, each in a clone of its own."""
    return [drawn(office, tmp_path, n) for n in range(1, PARTS + 1)]


def drawn(office: Office, folder: Path, n: int) -> Path:
    clone = folder / f"clone-{n}"
    shutil.copytree(office.root, clone)
    there = Office(clone, office.patch)
    there.today(DAY)
    out = folder / f"part-{n}"
    there.must("apply", str(clone / PLAN), "--shard", f"{n}/{PARTS}", "--out", str(out))
    return out


def taken(shards: list[Path]) -> list[str]:
    return [word for one in shards for word in ("--from", str(one))]


def told(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


def test_shards_make_the_same_files_as_one_run(
    office: Office, shards: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = copied(office.root, tmp_path / "one", office.patch)
    one.must("apply", PLAN, "--yes")
    office.patch.chdir(office.root)
    assert office.does("apply", PLAN, "--yes", *taken(shards)) == 0
    assert f"{ORDERS + 4} of {ORDERS + 4} were drawn before." in told(capsys)
    assert office.files() == one.files()


def test_an_invoice_with_a_report_of_hours_is_taken_from_a_shard_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = opened(tmp_path / "nordlys", monkeypatch)
    customer = office.root / "customers" / "brygga-partner.yaml"
    customer.write_text(f"{customer.read_text()}invoicing: {{time_report: csv}}\n")
    plan = str(office.root / PLAN)
    office.must("invoice", "plan", "--through", "2026-11-10", "--out", plan)
    part = tmp_path / "part"
    office.must("apply", plan, "--shard", "1/1", "--out", str(part))
    office.must("apply", plan, "--from", str(part), "--yes")
    assert [*office.root.glob("invoices/**/*.time.csv")]
    office.must("verify", "--all")


def test_drawing_a_part_issues_nothing(office: Office, tmp_path: Path) -> None:
    before = office.files()
    office.must("apply", PLAN, "--shard", "2/3", "--out", str(tmp_path / "two"))
    assert office.files() == before
    assert not office.does("apply", PLAN, "--dry-run", "--quiet")


def test_the_parts_have_every_number_once(shards: list[Path]) -> None:
    lists = [json.loads((one / LIST).read_text()) for one in shards]
    numbers = [document["number"] for one in lists for document in one["documents"]]
    assert numbers == [f"F-2026-{n:04}" for n in range(1, ORDERS + 5)]
    assert [one["shard"] for one in lists] == ["1/3", "2/3", "3/3"]


def test_what_no_shard_brings_is_drawn(
    office: Office, shards: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert office.does("apply", PLAN, "--yes", *taken(shards[1:])) == 0
    assert "16 of 24 were drawn before." in told(capsys)
    office.must("verify")


def test_behind_a_failure_shards_are_drawn_anew_under_the_numbers_that_follow(
    office: Office, shards: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = copied(office.root, tmp_path / "one", office.patch)
    failing(office.patch, "O-2026-1002")
    for run, words in ((one, []), (office, taken(shards))):
        office.patch.chdir(run.root)
        assert run.does("apply", PLAN, "--yes", *words) == 1
    assert "5 of 23 were drawn before." in told(capsys)
    assert office.files() == one.files()


def test_a_stopped_run_goes_on_from_the_shards(
    office: Office, shards: list[Path], tmp_path: Path
) -> None:
    one = copied(office.root, tmp_path / "one", office.patch)
    one.must("apply", PLAN, "--yes")
    office.patch.chdir(office.root)
    with pytest.MonkeyPatch.context() as patch:
        failing(patch, "O-2026-1002")
        assert office.does("apply", PLAN, "--yes", "--fail-fast") == 1
    office.must("apply", PLAN, "--yes", *taken(shards))
    assert office.files() == one.files()


def test_a_shard_of_another_plan_or_program_is_refused(
    office: Office, shards: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = shards[0] / LIST
    right = path.read_text()
    found = json.loads(right)
    for name in ("plan", "base", "program"):
        path.write_text(right.replace(found[name], f"0{found[name][1:]}x"))
        assert office.does("apply", PLAN, "--yes", *taken(shards)) == 5
        assert "error[shard-mismatch]" in told(capsys)
    assert not (office.root / "invoices").exists()


@pytest.mark.parametrize("what", ["changed", "taken away", "cut", "outside"])
def test_a_damaged_shard_is_refused(
    what: str, office: Office, shards: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    pdf = next(shards[1].rglob("*.pdf"))
    if what == "changed":
        pdf.write_bytes(pdf.read_bytes().replace(b"0", b"1", 1))
    elif what == "taken away":
        pdf.unlink()
    else:
        old, new = ("}", "") if what == "cut" else ("invoices/", "../part-1/invoices/")
        path = shards[1] / LIST
        path.write_text(path.read_text().replace(old, new, 1))
    assert office.does("apply", PLAN, "--yes", *taken(shards)) == 3
    assert "error[shard-broken]" in told(capsys)
    assert not (office.root / "invoices").exists()


def test_a_shard_that_was_not_finished_is_none(
    office: Office, shards: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    (shards[2] / LIST).unlink()
    assert office.does("apply", PLAN, "--yes", *taken(shards)) == 6
    assert "error[no-such-shard]" in told(capsys)


def test_a_part_is_drawn_into_a_new_folder(
    office: Office, shards: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert office.does("apply", PLAN, "--shard", "1/3", "--out", str(shards[0])) == 5
    assert "error[file-exists]" in told(capsys)


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "1/", "a/b", "1/3/5", "-1/3", "٣/٤"])
def test_a_part_of_no_whole_is_refused(text: str) -> None:
    with pytest.raises(Misused):
        read_shard(text)


@pytest.mark.parametrize(
    "words",
    [
        ("--shard", "1/2"),
        ("--out", "new"),
        ("--shard", "1/2", "--out", "new", "--commit"),
        ("--shard", "1/2", "--out", "new", "--from", "old"),
    ],
    ids=" ".join,
)
def test_drawing_a_part_does_nothing_else(words: tuple[str, ...], office: Office) -> None:
    assert office.does("apply", PLAN, *words) == 2


def test_what_fails_in_a_part_is_told_by_it(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(office.patch, "O-2026-1002")
    capsys.readouterr()
    words = ("apply", PLAN, "--shard", "1/2", "--out", str(tmp_path / "half"), "--json")
    assert office.does(*words) == 1
    found = json.loads(capsys.readouterr().out)["data"]
    assert [row["orders"] for row in found["failed"]] == [["O-2026-1002"]]
    assert found["drawn"] == 11
