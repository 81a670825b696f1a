"""What never went out is voided, what is wrong is issued anew, and the chain is told."""

import json
from pathlib import Path

import pytest

from tests.office import Office, opened


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    office = opened(tmp_path / "nordlys", monkeypatch)
    office.today("2026-11-23")
    office.must("invoice", "run", "--through", "2026-11-23", "--yes")
    return office


def shown(office: Office, capsys: pytest.CaptureFixture[str], number: str) -> dict[str, object]:
    capsys.readouterr()
    assert office.does("invoice", "show", number, "--json") == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)["data"]
    return found


def test_a_void_invoice_keeps_its_number_and_is_due_again(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.must("invoice", "void", "F-2026-0003", "--reason", "Issued too early", "--yes")
    note = shown(office, capsys, "K-2026-0001")
    assert (note["void"], note["rebill"], note["reason"]) == (True, True, "Issued too early")
    office.must("invoice", "run", "--through", "2026-11-23", "--yes")
    assert shown(office, capsys, "F-2026-0005")["replaces"] == ["F-2026-0003"]
    chain = shown(office, capsys, "F-2026-0003")
    assert (chain["credited_by"], chain["replaced_by"]) == (["K-2026-0001"], ["F-2026-0005"])
    office.must("verify")
    office.must("ledger", "verify")


def test_what_was_paid_or_credited_is_not_voided(office: Office) -> None:
    office.must("payment", "record", "F-2026-0002", "100")
    office.must("invoice", "credit", "F-2026-0001", "--line", "1:1", "--reason", "Rebate", "--yes")
    for number in ("F-2026-0001", "F-2026-0002"):
        assert office.does("invoice", "void", number, "--reason", "Too early", "--yes") == 5


def test_voiding_twice_is_told_and_adds_nothing(office: Office) -> None:
    words = ("invoice", "void", "F-2026-0003", "--reason", "Too early", "--yes")
    office.must(*words)
    before = office.ledger()
    office.must(*words)
    assert office.ledger() == before


def test_a_customer_whose_address_was_wrong_gets_the_same_invoice_anew(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    path = office.root / "customers" / "kiruna-konst.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("street: Malmvägen 3", "street: Malmvägen 5"), "utf-8")
    office.must("invoice", "reissue", "F-2026-0001", "--reason", "Wrong address", "--yes")
    office.must("invoice", "run", "--through", "2026-11-23", "--yes")
    old, new = (shown(office, capsys, f"F-2026-000{number}") for number in (1, 5))
    assert new["replaces"] == ["F-2026-0001"]
    assert new["total"] == old["total"]
    assert "Malmvägen 5" in str(new["buyer"])
    assert "Malmvägen 3" in str(old["buyer"])


def test_an_invoice_is_made_the_draft_of_a_quote_at_its_prices(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert office.does("invoice", "duplicate", "F-2026-0002", "--json") == 0
    made = json.loads(capsys.readouterr().out)["data"]
    assert (made["customer"], made["net"]["amount"]) == ("brygga-partner", "7740.00")
    assert (office.root / "quotes" / str(made["number"]) / "quote.yaml").is_file()


def test_money_that_was_paid_for_a_reissued_invoice_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    office = opened(tmp_path / "nordlys", monkeypatch)
    office.must("invoice", "run", "--through", "2026-11-30", "--yes")
    office.must("payment", "record", "F-2026-0001", "100")
    capsys.readouterr()
    reissue = ("invoice", "reissue", "F-2026-0001", "--reason", "Wrong reference", "--yes")
    assert office.does(*reissue) == 0
    said = capsys.readouterr().err
    assert "100.00 SEK that was paid for F-2026-0001 stays on it" in said
