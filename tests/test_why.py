"""Why: every amount leads back to a line of a file, and the waterfall ties to the ledger."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from q2c.cli import main
from q2c.commands.moved import reads_otherwise
from q2c.commands.waterfall import falls
from q2c.core.entry import Entry, Kind, Posting
from q2c.core.fault import Invalid
from tests.office import Office, opened


@pytest.fixture(scope="module")
def billed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        office = opened(tmp_path_factory.mktemp("office") / "nordlys", patch)
        subprocess.run(["git", "add", "--all"], cwd=office.root, check=True)
        subprocess.run(["git", "commit", "-qm", "Sold"], cwd=office.root, check=True)
        office.must("invoice", "run", "--through", "2026-11-30", "--date", "2026-11-30", "--yes")
        yield office.root


@pytest.fixture
def office(billed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    shutil.copytree(billed, tmp_path / "nordlys")
    ours = Office(tmp_path / "nordlys", monkeypatch)
    ours.today("2026-11-30")
    return ours


def asked(office: Office, ref: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert office.does("why", ref, "--json") == 0
    links: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["data"]["links"]
    return links


def test_an_invoice_line_leads_back_to_the_line_its_price_stands_in(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    links = asked(office, "F-2026-0002/1", capsys)
    assert [link["ref"] for link in links] == [
        *("F-2026-0002/1", "F-2026-0002/1", "O-2026-0002/1", "O-2026-0002/1"),
        *("C-2026-0002", "Q-2026-0002/v1/1"),
    ]
    [step] = links[-1]["steps"]
    file, _, line = step["source"].partition(":")
    text = (office.root / file).read_text("utf-8").splitlines()[int(line) - 1]
    assert (file, "advisory" in text, "1290" in text) == ("prices/partner-2026.yaml", True, True)


def test_the_commit_of_a_step_holds_the_file_as_it_was_used(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = [step for link in asked(office, "F-2026-0001", capsys) for step in link["steps"]]
    named = [step for step in steps if step["source"]]
    assert named
    for step in named:
        name = step["source"].partition(":")[0]
        words = ["git", "show", f"{step['commit']}:{name}"]
        kept = subprocess.run(words, cwd=office.root, capture_output=True, check=True)
        assert kept.stdout == (office.root / name).read_bytes()


@pytest.mark.parametrize("number", ["F-2026-0001", "F-2026-0002", "F-2026-0003", "F-2026-0004"])
def test_the_last_step_of_a_stage_is_its_amount(
    number: str, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    stages = [link for link in asked(office, number, capsys) if link["amount"] and link["steps"]]
    assert stages
    for link in stages:
        last = Decimal(link["steps"][-1]["after"])
        assert last == Decimal(link["amount"]["amount"]), link


def test_the_totals_of_an_invoice_add_up(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    links = asked(office, "F-2026-0001", capsys)
    amounts = {what: Decimal(0) for what in ("invoiced", "VAT", "total")}
    for link in links:
        what = link["what"].split()[0]
        if what in amounts:
            amounts[what] += Decimal(link["amount"]["amount"])
    assert amounts["invoiced"] + amounts["VAT"] == amounts["total"]


def entry(kind: Kind, period: str, *rows: tuple[str, int, str]) -> Entry:
    postings = tuple(
        Posting(role=role, amount=amount, currency="SEK", line=line)  # type: ignore[arg-type]
        for role, amount, line in rows
    )
    day = date.fromisoformat(f"{period}-28")
    return Entry(id=f"{kind}:{period}", kind=kind, date=day, period=period, postings=postings)


NEGOTIATED = """\
customer: fjord-foods
date: 2026-11-02
valid_until: 2026-12-02
starts: 2026-11-16
term: 12 months
lines:
  - product: insight-cloud
    quantity: 6
    options: [region-sweden]
    ramp:
      - {from: 2026-11-16, quantity: 3}
      - {from: 2027-05-16, quantity: 6}
  - product: insight-care
  - {product: support-gold, group: support, choice: gold}
  - {product: support-silver, group: support, choice: silver}
  - product: handbook
    quantity: 20
    bill: on-order
    discounts: [{percent: 10}, {amount: 60}]
    optional: true
  - bundle: starter
discounts:
  - {percent: 5, reason: Loyal}
  - {amount: 3000}
"""


@pytest.fixture(scope="module")
def agreed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Sell a ramp, a percentage, a bundle and discounts; then the catalogue moves on."""
    with pytest.MonkeyPatch.context() as patch:
        root = tmp_path_factory.mktemp("agreed") / "nordlys"
        office = Office(root, patch)
        words = ("init", str(root), "--example", "consultancy", "--date", "2026-11-02", "--quiet")
        assert main(list(words)) == 0
        (root / "quotes/Q-2026-0010").mkdir()
        (root / "quotes/Q-2026-0010/quote.yaml").write_text(NEGOTIATED, "utf-8")
        subprocess.run(["git", "add", "--all"], cwd=root, check=True)
        subprocess.run(["git", "commit", "-qm", "Drafted"], cwd=root, check=True)
        office.must("quote", "send", "Q-2026-0010", "--date", "2026-11-03", "--commit")
        choice = ("--choose", "support=silver", "--with", OPTIONAL)
        accepted = ("quote", "accept", "Q-2026-0010", "--by", "Eva Ek", "--date", "2026-11-05")
        office.must(*accepted, *choice, "--commit")
        office.must("invoice", "run", "--through", "2026-11-30", "--date", "2026-11-30", "--yes")
        catalog = root / "catalog.yaml"
        dearer = catalog.read_text("utf-8").replace(
            "{SEK: 1900, EUR: 170}", "{SEK: 2000, EUR: 180}"
        )
        catalog.write_text(f"# Prices of next year\n{dearer}", "utf-8")
        yield root


OPTIONAL = "8"


@pytest.fixture
def later(agreed: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    ours = Office(agreed, monkeypatch)
    ours.today("2026-12-01")
    return ours


def test_every_line_of_an_invoice_leads_back_to_a_list_price_and_its_commit(
    later: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    links = asked(later, "F-2026-0001", capsys)
    offered = [link for link in links if link["what"].startswith("quoted")]
    assert len(offered) == 7  # without the last year of the ramp and of its option, and gold
    for link in offered:
        first = link["steps"][0]
        assert (first["stage"], first["before"]) == ("list", "0"), link["ref"]
        file, _, line = first["source"].partition(":")
        words = ["git", "show", f"{first['commit']}:{file}"]
        kept = subprocess.run(words, cwd=later.root, capture_output=True, check=True, text=True)
        assert kept.stdout.splitlines()[int(line) - 1].strip()


def test_stages_of_a_discounted_line_are_told_in_their_order(
    later: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    links = asked(later, f"Q-2026-0010/v1/{OPTIONAL}", capsys)
    steps = links[0]["steps"]
    assert [step["stage"] for step in steps] == ["list", "manual", "manual", "quote"]
    assert [step["after"] for step in steps] == ["8400", "8340", "7506", "7130.70"]


def test_a_percentage_leads_to_the_lines_that_it_is_of(
    later: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    links = asked(later, "Q-2026-0010/v1/5", capsys)
    assert [link["ref"].rpartition("/")[2] for link in links] == ["5", "1", "2", "11"]
    assert all("a percentage of it" in link["what"] for link in links[1:])


def test_a_line_that_costs_otherwise_by_the_choice_tells_its_own_steps(
    later: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    agreed, *_ = asked(later, "O-2026-0001/1", capsys)
    offered = asked(later, "Q-2026-0010/v1/1", capsys)[0]
    assert agreed["amount"] != offered["amount"]
    assert agreed["steps"][-1]["after"] == agreed["amount"]["amount"]
    commits = {step["source"]: step["commit"] for step in offered["steps"]}
    assert {step["source"]: step["commit"] for step in agreed["steps"]} == commits


def test_a_price_that_was_changed_since_is_told_to_have_moved_on(
    later: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = {
        link["ref"]: link["moved"]
        for link in asked(later, "Q-2026-0010/v1", capsys)
        if link["moved"]
    }
    assert set(moved) == {"Q-2026-0010/v1/1", "Q-2026-0010/v1/2"}
    assert all(place.startswith("catalog.yaml:") for places in moved.values() for place in places)
    later.does("why", "Q-2026-0010/v1/1")
    assert "(moved on since)" in capsys.readouterr().out


def test_the_totals_of_a_quote_tell_what_comes_off_and_the_tax(
    later: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    links = asked(later, "Q-2026-0010", capsys)
    net, *taxes, total = [link for link in links if link["ref"] == "Q-2026-0010/v1"]
    assert [step["rule"] for step in net["steps"]] == [
        "discount: 3 000.00 SEK off the quote",
        "Loyal: 5 % off the quote",
    ]
    assert net["steps"][-1]["after"] == net["amount"]["amount"]
    amounts = [Decimal(link["amount"]["amount"]) for link in (net, *taxes)]
    assert sum(amounts) == Decimal(total["amount"]["amount"])


def test_a_value_has_moved_on_only_where_it_reads_otherwise() -> None:
    old = ["a:", "  price: 1", "b:", "  tiers:", "  - 1", "  - 2", "c: 3"]
    new = ["# more", "a:", "  price: 1", "b:", "  tiers:", "  - 1", "  - 4", "c: 3"]
    assert [reads_otherwise(old, new, line) for line in range(1, 8)] == [
        *(False, False, True, True, False, True, False),
    ]
    assert reads_otherwise(old, [], 7)


LINE = "O-2026-0001/1"


def test_a_waterfall_goes_from_opening_to_closing() -> None:
    """Invoice 1 200 in January for the quarter; 400 a month are earned, 100 are credited."""
    entries = [
        entry("invoice-issued", "2026-01", ("contract-liability", -1200_00, LINE)),
        *(
            entry(
                "revenue-recognised",
                f"2026-0{month}",
                ("contract-liability", 400_00, LINE),
                ("revenue", -400_00, LINE),
            )
            for month in (1, 2)
        ),
        entry("credit-note-issued", "2026-02", ("contract-liability", 100_00, LINE)),
    ]
    [row] = falls(entries, "2026-02", "2026-02")
    assert (row.opening, row.invoiced, row.recognised, row.closing) == (
        800_00,
        -100_00,
        400_00,
        300_00,
    )
    assert (row.liability, row.asset) == (300_00, 0)


def test_what_is_earned_and_not_invoiced_is_an_asset_below_zero() -> None:
    entries = [
        entry(
            "revenue-recognised",
            "2026-01",
            ("contract-asset", 50_00, LINE),
            ("revenue", -50_00, LINE),
        )
    ]
    [row] = falls(entries, "", "2026-01")
    assert (row.closing, row.liability, row.asset) == (-50_00, 0, 50_00)


def test_a_credit_of_what_was_earned_takes_revenue_back() -> None:
    entries = [
        entry("invoice-issued", "2026-01", ("contract-liability", -100_00, LINE)),
        entry(
            "revenue-recognised",
            "2026-01",
            ("contract-liability", 100_00, LINE),
            ("revenue", -100_00, LINE),
        ),
        entry("credit-note-issued", "2026-01", ("revenue", 30_00, LINE)),
    ]
    [row] = falls(entries, "", "2026-01")
    assert (row.invoiced, row.recognised, row.closing) == (70_00, 70_00, 0)


def test_a_liability_of_no_order_line_does_not_tie() -> None:
    with pytest.raises(Invalid) as refused:
        falls([entry("invoice-issued", "2026-01", ("contract-liability", -1, ""))], "", "2026-01")
    assert refused.value.faults[0].code == "waterfall-loose"
