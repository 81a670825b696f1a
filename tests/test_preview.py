"""A preview is what a run on that day would issue, to the minor unit, and writes nothing."""

import json
from pathlib import Path

import pytest

from tests.office import Office, opened
from tests.test_usage_import import CSV, sold, write


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    office = opened(tmp_path / "nordlys", monkeypatch)
    office.today("2026-11-23")
    return office


def previewed(
    office: Office, capsys: pytest.CaptureFixture[str], on: str, *more: str
) -> list[dict[str, object]]:
    capsys.readouterr()
    words = ("invoice", "preview", "--customer", "kiruna-konst", "--on", on, "--json", *more)
    assert office.does(*words) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)["data"]["documents"]
    return found


def lines(document: dict[str, object]) -> list[tuple[object, object]]:
    found = document["lines"]
    assert isinstance(found, list)
    return [(line["source"], line["net"]) for line in found]


def issued(office: Office, capsys: pytest.CaptureFixture[str], number: str) -> dict[str, object]:
    capsys.readouterr()
    assert office.does("invoice", "show", number, "--json") == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)["data"]
    return found


def test_a_preview_of_today_is_what_is_then_issued(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    (seen,) = previewed(office, capsys, "2026-11-23")
    office.must("invoice", "run", "--customer", "kiruna-konst", "--yes")
    made = issued(office, capsys, "F-2026-0001")
    assert (seen["number"], seen["ocr"]) == ("", "")
    assert lines(seen) == lines(made)
    assert (seen["total"], seen["vat"], seen["due_on"]) == (
        made["total"],
        made["vat"],
        made["due_on"],
    )


def test_a_preview_far_ahead_is_what_the_runs_until_then_leave(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    (seen,) = previewed(office, capsys, "2027-02-20")
    for number, day in enumerate(("2026-11-30", "2026-12-31", "2027-01-31", "2027-02-20"), 1):
        office.today(day)
        office.must("invoice", "run", "--customer", "kiruna-konst", "--yes")
        made = issued(office, capsys, f"F-{day[:4]}-{number if number < 3 else number - 2:04}")
    assert lines(seen) == lines(made)
    assert len(lines(seen)) == 1


def test_what_was_missed_is_caught_up_on_one_invoice(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    (all_at_once,) = previewed(office, capsys, "2027-02-20", "--catch-up")
    office.today("2027-02-20")
    office.must("invoice", "run", "--customer", "kiruna-konst", "--yes")
    assert lines(all_at_once) == lines(issued(office, capsys, "F-2027-0001"))


def test_a_preview_writes_nothing_but_the_pdf_that_it_is_asked_for(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    before, out = office.files(), office.root.parent / "next.pdf"
    previewed(office, capsys, "2027-02-20", "--pdf", str(out))
    assert office.files() == before
    assert out.read_bytes().startswith(b"%PDF")


def test_a_day_that_is_past_is_not_previewed(office: Office) -> None:
    words = ("invoice", "preview", "--customer", "kiruna-konst", "--on", "2026-11-01")
    assert office.does(*words) == 2


def test_a_preview_counts_use_as_a_run_does(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    sold(office, "api-calls:0")
    office.today("2026-12-01")
    office.must("usage", "import", write(office, "one.csv", CSV))
    capsys.readouterr()
    office.must("invoice", "preview", "--customer", "fjord-foods", "--json")
    seen = json.loads(capsys.readouterr().out)["data"]["documents"]
    office.must("invoice", "run", "--customer", "fjord-foods", "--yes")
    made = [issued(office, capsys, f"F-2026-{number:04}") for number in range(1, len(seen) + 1)]
    assert list(map(lines, seen)) == list(map(lines, made))
    assert any("api-calls" in str(one["lines"]) for one in seen)
