"""Days of invoices: none before the last of its series, or before what it is for was agreed."""

from pathlib import Path

import pytest

from q2c.core.fault import Held, Invalid
from tests.office import Office, opened

Capture = pytest.CaptureFixture[str]
RUN = ("invoice", "run", "--yes")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Give an office that has invoiced November, and has January to invoice."""
    ours = opened(tmp_path / "nordlys", monkeypatch)
    monkeypatch.chdir(ours.root)
    ours.today("2026-11-30")
    ours.must(*RUN)
    ours.today("2027-01-31")
    return ours


def test_a_mistyped_year_is_refused_though_its_series_is_empty(
    office: Office, capsys: Capture
) -> None:
    before = office.files()
    assert office.does(*RUN, "--date", "2026-11-29") == Invalid.status
    assert office.does(*RUN, "--date", "2026-11-10") == Invalid.status
    office.must(*RUN)
    after = office.files()
    assert before != after
    capsys.readouterr()
    again = (*RUN, "--through", "2027-12-31", "--date", "2026-12-31")
    assert office.does(*again) == Invalid.status
    said = capsys.readouterr().err
    assert "error[date-before-series]: The series F-2027-… has come to 2027-01-31" in said
    assert office.files() == after


def test_a_credit_note_is_not_of_an_earlier_year_than_the_last(
    office: Office, capsys: Capture
) -> None:
    credit = ("invoice", "credit", "F-2026-0001", "--percent", "1", "--reason", "Rebate", "--yes")
    office.must(*credit)
    capsys.readouterr()
    assert office.does(*credit, "--again", "--date", "2026-12-31") == Invalid.status
    assert "error[date-before-series]: The series K-2027-…" in capsys.readouterr().err


def test_nothing_is_invoiced_on_a_day_before_it_was_agreed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    office = opened(tmp_path / "nordlys", monkeypatch)
    run = (*RUN, "--through", "2026-11-30", "--date", "2025-11-30")
    assert office.does(*run) == Held.status
    said = capsys.readouterr().err
    assert "[invoiced-before] It was agreed on 2026-11-05" in said
    assert not list((office.root / "invoices").rglob("*.json"))
