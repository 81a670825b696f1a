"""Plans: applied once, again, after a stop and by many at once, they lead to the same ledger."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from q2c.commands.invoices import issuing
from q2c.core.entry import balances
from q2c.store.ledger import Ledger, read_ledger
from q2c.store.tree import WorkTree
from tests.office import Office, opened

MONTHS = ("2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28")
PLAN = "plans/2026-11.json"
FULL = bool(os.environ.get("Q2C_HAMMER"))


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        yield opened(tmp_path_factory.mktemp("office") / "nordlys", patch).root


@pytest.fixture
def office(sold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Give an office of our own, in the evening of the month's last day."""
    shutil.copytree(sold, tmp_path / "nordlys")
    ours = Office(tmp_path / "nordlys", monkeypatch)
    monkeypatch.chdir(ours.root)
    ours.today("2026-11-30")
    return ours


def planned(office: Office, through: str = "2026-11-30", out: str = PLAN) -> None:
    office.must("invoice", "plan", "--through", through, "--out", out)


def ledger(office: Office) -> Ledger:
    return read_ledger(WorkTree(office.root))


def test_a_plan_issues_nothing(office: Office) -> None:
    before = office.files()
    planned(office)
    assert {**before, PLAN: office.files()[PLAN]} == office.files()


def test_a_plan_is_the_same_whenever_it_is_made(office: Office) -> None:
    planned(office)
    planned(office, out="plans/again.json")
    assert office.files()[PLAN] == office.files()["plans/again.json"]


def test_applied_three_times_a_plan_changes_the_ledger_once(office: Office) -> None:
    planned(office)
    office.must("apply", PLAN, "--yes")
    once = office.files()
    for _ in range(2):
        office.must("apply", PLAN, "--yes")
        assert office.files() == once
    assert len(ledger(office).by_number) == 4


def test_a_dry_run_says_what_the_real_run_does(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    planned(office)
    before = office.files()
    capsys.readouterr()
    assert office.does("apply", PLAN, "--dry-run", "--json") == 0
    tried = json.loads(capsys.readouterr().out)["data"]
    assert office.files() == before
    assert office.does("apply", PLAN, "--yes", "--json") == 0
    assert json.loads(capsys.readouterr().out)["data"] == tried


def stopping(patch: pytest.MonkeyPatch, after: int) -> None:
    """Let somebody press Ctrl-C once so many invoices are drawn."""
    from q2c.documents import invoice

    real, drawn = invoice.invoice_pdf, iter(range(after))

    def pdf(*words: object) -> bytes:
        if next(drawn, None) is None:
            raise KeyboardInterrupt
        return real(*words)  # type: ignore[arg-type]  # what it was given

    patch.setattr(invoice, "invoice_pdf", pdf)


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_a_stopped_run_goes_on_to_the_same_ledger(
    after: int, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    planned(office)
    whole = Office(office.root.with_name("whole"), office.patch)
    shutil.copytree(office.root, whole.root)
    office.today("2026-11-30")
    whole.must("apply", str(whole.root / PLAN), "--yes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(issuing, "GROUP", 1)
        stopping(patch, after)
        assert office.does("apply", PLAN, "--yes") == 130
    said = f"Stopped. {after} issued, {4 - after} to go. Run the same command to go on."
    assert (said if after else "Stopped. Nothing was written.") in capsys.readouterr().err
    assert len(ledger(office).by_number) == after
    office.must("apply", PLAN, "--yes")
    assert office.files() == whole.files()


def test_ctrl_c_waits_until_what_is_begun_is_written() -> None:
    done = []

    def interrupted() -> None:
        with issuing.unbroken():
            os.kill(os.getpid(), signal.SIGINT)
            done.append("written")

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert done == ["written"]


def test_months_that_were_skipped_are_billed_as_if_they_were_not(office: Office) -> None:
    skipping = Office(office.root.with_name("skipping"), office.patch)
    shutil.copytree(office.root, skipping.root)
    office.root.joinpath("rates/exchange.yaml").write_text(RATES)
    skipping.root.joinpath("rates/exchange.yaml").write_text(RATES)
    for day in MONTHS:
        office.today(day)
        office.must("invoice", "run", "--through", day, "--yes")
    skipping.today(MONTHS[-1])
    skipping.must("invoice", "run", "--through", MONTHS[-1], "--yes")
    one, other = ledger(office), ledger(skipping)
    assert set(one.by_key) == set(other.by_key)
    assert liabilities(one) == liabilities(other)


RATES = "rates:\n" + "".join(
    f"  - {{currency: EUR, into: SEK, on: {day}, rate: 11, published_by: invented}}\n"
    for day in MONTHS
)


def liabilities(books: Ledger) -> Counter[tuple[str, str]]:
    sums = balances(books.records)
    return Counter({key: n for key, n in sums.items() if key[0] == "contract-liability"})


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("prices/partner-2026.yaml", "0.95", "0.90"),
        ("customers/polar-oy.yaml", "Polar Data Oy", "Polar Data Oyj"),
        ("rates/vat.yaml", "rate: 25", "rate: 24"),
        ("company.yaml", "Storgatan 1", "Storgatan 2"),
    ],
)
def test_what_was_edited_since_makes_a_plan_stale(
    name: str, old: str, new: str, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    planned(office)
    path = office.root / name
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    before = office.files()
    assert office.does("apply", PLAN, "--yes") == 5
    assert f"{name} was changed" in capsys.readouterr().err
    assert office.files() == before


def test_a_file_that_was_looked_for_in_vain_makes_a_plan_stale_when_it_comes(
    office: Office,
) -> None:
    planned(office)
    (office.root / "theme.yaml").write_text("{}\n")
    assert office.does("apply", PLAN, "--yes") == 5


def test_a_ledger_that_went_on_makes_a_plan_stale(office: Office) -> None:
    planned(office)
    planned(office, "2026-12-31", "plans/longer.json")
    office.must("apply", PLAN, "--yes")
    before = office.files()
    assert office.does("apply", "plans/longer.json", "--yes") == 5
    assert office.files() == before


def test_a_plan_of_other_books_is_refused(office: Office) -> None:
    planned(office)
    other = office.root / "ledger/2026.jsonl"
    other.unlink()
    office.must("invoice", "run", "--through", "2026-11-10", "--customer", "polar-oy", "--yes")
    assert office.does("apply", PLAN, "--yes") == 5


def test_books_that_are_not_begun_are_begun_by_their_first_invoice(office: Office) -> None:
    (office.root / "ledger/2026.jsonl").unlink()
    planned(office)
    office.must("apply", PLAN, "--yes")
    office.must("apply", PLAN, "--yes")
    assert [record.kind for record in ledger(office).records[:2]] == ["genesis", "invoice-issued"]


def test_a_document_that_draws_otherwise_is_told(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.must("invoice", "run", "--through", "2026-11-30", "--yes")
    office.patch.setattr("q2c.documents.invoice.invoice_pdf", lambda *_: b"%PDF of another day")
    assert office.does("verify", "F-2026-0001") == 3
    assert "error[not-reproduced]" in capsys.readouterr().err
    office.patch.setattr("q2c.commands.verify.__version__", "9.9")
    assert office.does("verify", "F-2026-0001") == 0
    assert "made by q2c 0.1.0; 9.9 draws it otherwise" in capsys.readouterr().err


def test_many_who_bill_at_once_leave_no_gap_and_no_double(office: Office) -> None:
    customers = ("kiruna-konst", "brygga-partner", "polar-oy", "warszawa-dane")
    words = [sys.executable, "-m", "q2c", "invoice", "run", "--through", "2026-12-31", "--yes"]
    runs = [
        subprocess.Popen(
            [*words, "--customer", customer, "--quiet"],
            cwd=office.root,
            stdout=subprocess.DEVNULL,
        )
        for customer in customers * (5 if FULL else 2)
    ]
    assert [run.wait() for run in runs] == [0] * len(runs)
    assert sorted(ledger(office).by_number) == [f"F-2026-{n:04}" for n in range(1, 5)]
    office.must("ledger", "verify")
    office.must("verify")


@pytest.mark.parametrize(
    "words",
    [
        ("apply", PLAN, "--yes"),
        ("invoice", "run", "--through", "2026-11-30", "--yes"),
        ("invoice", "credit", "F-2026-0001", "--reason", "Rebate", "--yes"),
        ("payment", "record", "F-2026-0001", "10"),
        ("revenue", "recognise", "--period", "2026-11"),
        ("invoice", "plan", "--out", "plans/other.json"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
@pytest.mark.parametrize("mode", [(), ("--json",), ("--jsonl",)], ids=str)
def test_a_field_that_is_not_there_is_refused_before_anything_is_written(
    words: tuple[str, ...], mode: tuple[str, ...], office: Office
) -> None:
    office.must("invoice", "run", "--through", "2026-11-10", "--yes")
    planned(office)
    before = office.files()
    assert office.does(*words, *mode, "--fields", "nothing") == 2
    assert office.files() == before
