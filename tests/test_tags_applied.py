"""Milestones that a plan found: recorded with their invoice, once, also after a stop."""

import subprocess
from pathlib import Path

import msgspec
import pytest

from q2c.commands.invoices import issuing
from q2c.store.orders import read_deliveries
from q2c.store.tree import WorkTree
from tests.office import Office, opened

DRAFT = """\
customer: kiruna-konst
date: 2026-11-02
valid_until: 2026-12-02
lines:
  - product: migration
    tag: {pattern: "v1.*"}
  - product: migration
    due_on: 2026-11-10
"""
CHANGED = """\
customer: kiruna-konst
date: 2026-11-02
valid_until: 2026-12-02
lines:
  - product: support-silver
    quantity: 4
    term: 12 months
  - product: migration
    due_on: 2026-11-18
"""
PLAN = "plans/november.json"
ORDER = "O-2026-0005"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Accept two orders of two milestones, and make the tag that one of each waits for."""
    works = opened(tmp_path / "nordlys", monkeypatch)
    for number in ("Q-2026-0010", "Q-2026-0011"):
        path = works.root / "quotes" / number / "quote.yaml"
        path.parent.mkdir()
        path.write_text(DRAFT, "utf-8")
        works.must("quote", "send", number, "--date", "2026-11-03")
        works.must("quote", "accept", number, "--by", "Sara Niia", "--date", "2026-11-05")
    works.commits("Sold")
    works.today("2026-11-20")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-12T12:00:00+00:00")
    words = ["git", "-C", str(works.root), "tag", "--annotate", "--message", "Done", "v1.0"]
    subprocess.run(words, check=True)
    works.must("invoice", "plan", "--through", "2026-11-20", "--out", str(works.root / PLAN))
    return works


def recorded(office: Office) -> list[tuple[str, str, str]]:
    """Give what was recorded of the order: line, day, tag."""
    known = read_deliveries(WorkTree(office.root), ORDER)
    return [(one.line, str(one.date), one.tag.name if one.tag else "") for one in known]


def test_what_a_plan_took_to_be_delivered_is_recorded_in_the_order_of_its_days(
    office: Office,
) -> None:
    assert recorded(office) == []
    office.must("apply", str(office.root / PLAN), "--yes")
    assert recorded(office) == [("2", "2026-11-10", ""), ("1", "2026-11-12", "v1.0")]
    office.must("verify", "--all")
    assert office.does("invoice", "plan", "--through", "2026-11-20", "--exit-code", "--quiet") == 0


def test_applying_again_records_nothing_twice(office: Office) -> None:
    office.must("apply", str(office.root / PLAN), "--yes")
    before = office.files()
    office.must("apply", str(office.root / PLAN), "--yes")
    assert office.files() == before


def test_a_delivery_recorded_since_makes_the_plan_stale(office: Office) -> None:
    office.must("order", "deliver", ORDER, "--line", "1", "--qty", "1", "--date", "2026-11-19")
    assert office.does("apply", str(office.root / PLAN), "--yes", "--quiet") == 5
    assert recorded(office) == [("1", "2026-11-19", "")]


def test_revenue_and_later_runs_need_no_repository(office: Office) -> None:
    office.must("apply", str(office.root / PLAN), "--yes")
    subprocess.run(["git", "-C", str(office.root), "tag", "--delete", "v1.0"], check=True)
    office.must("revenue", "recognise", "--period", "2026-11")
    assert office.does("invoice", "plan", "--through", "2026-11-20", "--exit-code", "--quiet") == 0


def test_a_run_that_was_stopped_goes_on_behind_what_it_recorded(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_issued: int, left: int) -> None:
        if left == 1:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(issuing, "GROUP", 1)
        patch.setattr(issuing, "_promise", stop)
        assert office.does("apply", str(office.root / PLAN), "--yes", "--quiet") == 130
    assert len(recorded(office)) == 2
    office.must("apply", str(office.root / PLAN), "--yes")
    assert len(read_deliveries(WorkTree(office.root), "O-2026-0006")) == 2
    office.must("ledger", "verify")


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Plan a credit, a month and a milestone of one order, whose revenue is recognised so far."""
    works = opened(tmp_path / "changed", monkeypatch)
    path = works.root / "quotes" / "Q-2026-0010" / "quote.yaml"
    path.parent.mkdir()
    path.write_text(CHANGED, "utf-8")
    works.must("quote", "send", "Q-2026-0010", "--date", "2026-11-03")
    works.must("quote", "accept", "Q-2026-0010", "--by", "Sara Niia", "--date", "2026-11-05")
    works.today("2026-11-08")
    works.must("invoice", "run", "--through", "2026-11-08", "--yes")
    works.must("revenue", "recognise", "--period", "2026-11")
    works.today("2026-12-05")
    works.must("order", "change", ORDER, "--line", "1", "--qty", "1", "--from", "2026-11-20")
    works.must("invoice", "plan", "--through", "2026-12-05", "--out", str(works.root / PLAN))
    return works


def posted(office: Office) -> list[tuple[str, int]]:
    """Give the postings of the credit note."""
    records = [msgspec.json.decode(line) for line in office.ledger().splitlines()]
    (note,) = (one for one in records if one["kind"] == "credit-note-issued")
    return [(one["role"], one["amount"]) for one in note["postings"]]


@pytest.mark.parametrize("size", [1, 2, 100])
def test_of_one_order_invoice_and_credit_note_may_be_written_apart(
    size: int, changed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing, "GROUP", size)
    changed.must("apply", str(changed.root / PLAN), "--yes")
    assert recorded(changed) == [("2", "2026-11-18", "")]
    changed.must("ledger", "verify")


@pytest.mark.parametrize("at", [1, 2, 3])
def test_wherever_a_run_is_stopped_a_credit_note_is_posted_the_same(
    at: int, changed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_issued: int, left: int) -> None:
        if left == at:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(issuing, "GROUP", 1)
        patch.setattr(issuing, "_promise", stop)
        assert changed.does("apply", str(changed.root / PLAN), "--yes", "--quiet") == 130
    changed.must("apply", str(changed.root / PLAN), "--yes")
    earned = [("contract-liability", 16949), ("revenue", 335051)]  # of 3520.00 what was not yet
    assert posted(changed) == [("receivable", -440000), ("output-vat", 88000), *earned]
    assert recorded(changed) == [("2", "2026-11-18", "")]
    changed.must("ledger", "verify")
