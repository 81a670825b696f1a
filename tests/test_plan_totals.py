"""What a plan adds up to: credit notes with their VAT, as they are issued after."""

import json
from pathlib import Path

import pytest

from q2c.commands.invoices import apply
from q2c.core.money import Money
from tests.office import Office, opened

PLAN = ("invoice", "plan", "--through", "2026-12-20", "--out", "plans/b.json")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Give an office whose customer's subscription ended after it was invoiced."""
    ours = opened(tmp_path / "nordlys", monkeypatch)
    monkeypatch.chdir(ours.root)
    file = ours.root / "company.yaml"
    company = file.read_text("utf-8")
    assert "\nbilling:" not in company
    file.write_text(f"{company}billing: {{cash_rounding: 1.00}}\n", "utf-8")
    lines = ("--line", "insight-licence:10", "--term", "1y", "--starts", "2026-11-01")
    ours.must("quote", "new", "kiruna-konst", *lines, "--date", "2026-11-02")
    ours.must("quote", "send", "Q-2026-0010", "--date", "2026-11-03")
    ours.must("quote", "accept", "Q-2026-0010", "--by", "Sara Niia", "--date", "2026-11-03")
    ours.today("2026-11-30")
    ours.must("invoice", "run", "--yes")
    ours.today("2026-12-20")
    ours.must("order", "cancel", "O-2026-0005", "--line", "1", "--from", "2026-12-10")
    return ours


def test_a_plan_tells_the_vat_of_its_credit_notes_as_they_are_issued(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert office.does(*PLAN, "--json") == 0
    (note,) = json.loads(capsys.readouterr().out)["data"]["credits"]
    assert office.does("apply", "plans/b.json", "--yes", "--json") == 0
    told = json.loads(capsys.readouterr().out)["data"]["invoices"]
    (issued,) = [row for row in told if row["kind"] == "credit-note"]
    assert float(note["vat"]["amount"]) < 0
    assert note["total"]["amount"] == f"-{issued['total']['amount']}"
    assert office.does("plan", "show", "plans/b.json", "--json") == 0  # also after it is issued
    assert json.loads(capsys.readouterr().out)["data"]["credits"] == [note]


def test_what_a_plan_adds_up_to_is_what_is_asked_for_in_steps_of_cash(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.must("order", "deliver", "O-2026-0002", "--line", "1", "--qty", "0.7")
    capsys.readouterr()
    assert office.does(*PLAN, "--json") == 0
    claims = json.loads(capsys.readouterr().out)["data"]["claims"]
    assert office.does("apply", "plans/b.json", "--yes", "--json") == 0
    told = json.loads(capsys.readouterr().out)["data"]["invoices"]
    issued = [row["total"]["amount"] for row in told if row["kind"] == "invoice"]
    assert sorted(row["total"]["amount"] for row in claims) == sorted(issued)
    (rounded,) = [row for row in claims if row["customer"] == "brygga-partner"]
    sums = [rounded[name]["amount"] for name in ("net", "vat", "total")]
    assert sums == ["903.00", "225.75", "1129.00"]


def test_the_question_counts_credit_notes_off_the_total(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def refuses(words: str, _word: str) -> bool:
        asked.append(words)
        return False

    monkeypatch.setattr(apply, "typed_back", refuses)
    assert not apply.agreed([Money(10000, "SEK")], [Money(2500, "SEK")])
    assert asked == ["Issue 1 invoice and 1 credit note, 75.00 SEK in all?"]
