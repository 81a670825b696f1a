"""Invoices that are committed while what they stand on is not: that is told."""

import json
from pathlib import Path

import pytest

from tests.office import Office, opened

Capture = pytest.CaptureFixture[str]
RUN = ("invoice", "run", "--through", "2026-11-30", "--yes", "--commit")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Give an office whose orders nobody committed."""
    ours = opened(tmp_path / "nordlys", monkeypatch)
    monkeypatch.chdir(ours.root)
    ours.today("2026-11-30")
    return ours


def standing(office: Office, capsys: Capture) -> list[str]:
    """Give what status says of files that are not committed."""
    capsys.readouterr()
    office.does("status", "--json")
    rows = json.loads(capsys.readouterr().out)["data"]
    return [row["which"] for row in rows if row["what"] == "files not in git"]


def test_a_run_that_commits_names_the_orders_that_are_not_committed(
    office: Office, capsys: Capture
) -> None:
    assert office.does(*RUN) == 0
    said = capsys.readouterr().err
    assert "warning: Not in git, though invoices that were committed stand on them: " in said
    assert "O-2026-0001" in said
    assert "orders/O-2026-0001/order.json" in standing(office, capsys)[0]
    office.commits("The orders")
    assert standing(office, capsys) == []


def test_a_plan_that_commits_names_them_too_and_json_has_the_warning(
    office: Office, capsys: Capture
) -> None:
    office.must("invoice", "plan", "--through", "2026-11-30", "--out", "plans/a.json")
    capsys.readouterr()
    assert office.does("apply", "plans/a.json", "--yes", "--commit", "--json") == 0
    (said,) = json.loads(capsys.readouterr().out)["warnings"]
    assert said.startswith("Not in git")


def test_where_everything_is_committed_nothing_is_said(office: Office, capsys: Capture) -> None:
    office.commits("The orders")
    assert office.does(*RUN) == 0
    assert "warning" not in capsys.readouterr().err
    assert standing(office, capsys) == []
    with (office.root / "customers/polar-oy.yaml").open("a") as file:
        file.write("# their new office\n")
    assert standing(office, capsys) == ["customers/polar-oy.yaml"]
