"""Files that are lost after they were billed: their orders are held, so nothing is billed twice."""

from pathlib import Path

import msgspec
import pytest

from tests.office import Office, opened
from tests.test_usage_import import CSV, FJORD, sold, write


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return opened(tmp_path, monkeypatch)


def held(office: Office, capsys: pytest.CaptureFixture[str], through: str) -> dict[str, str]:
    """Say why which orders are held."""
    capsys.readouterr()
    office.does("invoice", "plan", "--through", through, "--json")
    rows = msgspec.json.decode(capsys.readouterr().out)["data"]["held"]
    return {row["order"]: row["code"] for row in rows}


def lost(office: Office, capsys: pytest.CaptureFixture[str], name: str) -> dict[str, str]:
    """Say what is held without a file, and see that it is not when the file is back."""
    path = office.root / name
    kept = path.read_bytes()
    path.unlink()
    found = held(office, capsys, "2026-12-31")
    path.write_bytes(kept)
    assert not found.keys() & held(office, capsys, "2026-12-31").keys()
    return found


def test_an_order_whose_changes_are_gone_is_held(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without them its December would look as if it was never billed."""
    office.today("2026-12-02")
    office.must("quote", "new", "fjord-foods", "--line", "insight-licence:10", "--term", "1y")
    office.must("quote", "send", "Q-2026-0010")
    office.must("quote", "accept", "Q-2026-0010", "--by", "Ida Berg")
    words = ("--line", "1", "--qty", "13", "--from", "2026-12-02")
    office.must("order", "change", "O-2026-0005", *words)
    office.must("invoice", "run", "--through", "2026-12-02", "--yes")
    found = lost(office, capsys, "orders/O-2026-0005/changes.jsonl")
    assert found["O-2026-0005"] == "changes-missing"


def test_an_order_whose_deliveries_are_gone_is_held(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else its next delivery would take the place, and the key, of the one that was billed."""
    office.today("2026-11-30")
    office.must("invoice", "run", "--through", "2026-11-30", "--yes")
    found = lost(office, capsys, "orders/O-2026-0002/events.jsonl")
    assert found["O-2026-0002"] == "deliveries-missing"
    (office.root / "orders/O-2026-0002/events.jsonl").unlink()
    capsys.readouterr()
    assert office.does("check") == 3
    assert "error[deliveries-missing]" in capsys.readouterr().err


def test_an_order_whose_use_is_gone_is_held(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    sold(office, "api-calls:0")
    office.today("2026-12-01")
    office.must("usage", "import", write(office, "one.csv", CSV))
    office.must("invoice", "run", "--through", "2026-11-30", *FJORD)
    found = lost(office, capsys, "usage/imports.jsonl")
    assert "use-missing" in found.values()
