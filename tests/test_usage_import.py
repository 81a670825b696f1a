"""Events in a workspace: taken in once, billed once, whatever the format and the order."""

import shutil
import sys
from pathlib import Path

import msgspec
import pytest

from tests.office import Office, opened

CSV = """id,time,customer,meter,quantity,status,region
a,2026-11-10T08:00:00Z,fjord-foods,api-calls,12000.5,ok,eu
b,2026-11-11T08:00:00Z,fjord-foods,api-calls,3000,ok,us
c,2026-11-12T08:00:00Z,fjord-foods,api-calls,77,error,eu
"""
LATE = """id,time,customer,meter,quantity,status
d,2026-11-13T08:00:00Z,fjord-foods,api-calls,2000,ok
"""
FJORD = ("--customer", "fjord-foods", "--yes")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Open an office that has sold API calls to Fjord Foods from 2 November on."""
    made = opened(tmp_path, monkeypatch)
    sold(made, "api-calls:0")
    made.today("2026-12-01")
    return made


def sold(office: Office, *lines: str, on: str = "2026-11-02") -> None:
    """Sell something to Fjord Foods on a day."""
    taken = {path.name for path in (office.root / "quotes").iterdir()}
    words = [word for line in lines for word in ("--line", line)]
    office.must("quote", "new", "fjord-foods", *words, "--date", on, "--no-input")
    (new,) = {path.name for path in (office.root / "quotes").iterdir()} - taken
    office.must("quote", "send", new, "--date", on)
    office.must("quote", "accept", new, "--by", "Ida Berg", "--date", on)


def write(office: Office, name: str, text: str) -> str:
    path = office.root / name
    path.write_text(text, "utf-8")
    return str(path)


def quantity(office: Office, capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """Give the quantities that are shown through the year."""
    capsys.readouterr()
    office.does("usage", "show", "--through", "2026-12-31", "--json", *words)
    rows = msgspec.json.decode(capsys.readouterr().out)["data"]
    return [str(row["quantity"]) for row in rows]


def test_importing_again_adds_not_a_byte(office: Office) -> None:
    office.must("usage", "import", write(office, "one.csv", CSV))
    before = office.files()
    office.must("usage", "import", str(office.root / "one.csv"))
    again = CSV.replace("08:00:00Z", "09:00:00+01:00").replace("12000.5", "12000.50")
    office.must("usage", "import", write(office, "one.csv", again))  # the same in other words
    kept = {name: data for name, data in office.files().items() if name != "one.csv"}
    assert kept == {name: data for name, data in before.items() if name != "one.csv"}


def test_a_dry_run_takes_nothing_in(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    name = write(office, "one.csv", CSV)
    before = office.files()
    office.must("usage", "import", name, "--dry-run")
    assert office.files() == before
    assert quantity(office, capsys) == []


def test_a_file_with_one_wrong_row_is_not_taken_in(office: Office) -> None:
    name = write(office, "one.csv", CSV + "e,2026-11-12T08:00:00,fjord-foods,api-calls,1,ok,eu\n")
    before = office.files()
    assert office.does("usage", "import", name) == 3
    assert office.files() == before


def test_json_lines_and_parquet_say_the_same_as_csv(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    duckdb = pytest.importorskip("duckdb")
    office.must("usage", "import", write(office, "one.csv", CSV))
    head, *rows = [line.split(",") for line in CSV.splitlines()]
    lines = [dict(zip(head, row, strict=True)) for row in rows]
    text = "".join(msgspec.json.encode(line).decode() + "\n" for line in lines)
    office.must("usage", "import", write(office, "one.jsonl", text))
    target = office.root / "one.parquet"
    table = duckdb.read_csv(str(office.root / "one.csv"), all_varchar=True)
    typed = "CAST(time AS TIMESTAMPTZ) AS time, CAST(quantity AS DECIMAL(18, 3)) AS quantity"
    table.project(f"id, {typed}, customer, meter, status, region").write_parquet(str(target))
    office.must("usage", "import", str(target))
    assert quantity(office, capsys) == ["15000.5"]
    assert (office.root / "usage/imports.jsonl").read_bytes().count(b"\n") == 1


def test_parquet_without_the_extra_is_told_how_to_install_it(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.patch.setitem(sys.modules, "duckdb", None)
    (office.root / "one.parquet").write_bytes(b"PAR1 and more")
    assert office.does("usage", "import", str(office.root / "one.parquet")) == 2
    assert 'pip install "q2c[parquet]"' in capsys.readouterr().err


def test_a_plan_is_the_same_where_the_index_was_lost(office: Office) -> None:
    office.must("usage", "import", write(office, "one.csv", CSV))
    shutil.rmtree(office.root / ".q2c" / "cache")
    plans = []
    for name in ("makes.json", "finds.json"):  # the first makes the index, the second finds it
        office.must("invoice", "plan", "--through", "2026-11-30", "--out", str(office.root / name))
        plans.append((office.root / name).read_bytes())
    assert plans[0] == plans[1]
    assert b"usage:2026-11-02..2026-11-30@1" in plans[0]


def test_a_file_is_kept_and_committed_whatever_its_name(office: Office) -> None:
    office.must("usage", "import", write(office, ".one\n\u2028two.csv", CSV), "--commit")
    assert "usage/2026-11/one--two.csv" in office.files()


def test_events_that_only_another_branch_has_are_not_known_here(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.must("usage", "import", write(office, "one.csv", CSV))
    shutil.rmtree(office.root / "usage")  # as a checkout of a branch without the import leaves it
    office.must("usage", "import", write(office, "late.csv", LATE))
    assert quantity(office, capsys) == ["2000"]
    office.must("usage", "import", str(office.root / "one.csv"))
    assert quantity(office, capsys) == ["17000.5"]


def test_a_file_that_was_changed_since_is_told(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.must("usage", "import", write(office, "one.csv", CSV))
    (kept,) = office.root.glob("usage/*/one.csv")
    kept.write_text(CSV.replace("12000.5", "1"), "utf-8")
    assert office.does("check") == 3
    assert "error[document-changed]" in capsys.readouterr().err
    shutil.rmtree(office.root / ".q2c" / "cache")
    assert office.does("usage", "show") == 3


def test_late_events_may_count_in_the_next_period(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    meters = office.root / "meters.yaml"
    meters.write_text(meters.read_text("utf-8").replace("late: correct", "late: next-period"))
    office.must("usage", "import", write(office, "one.csv", CSV))
    office.must("invoice", "run", "--through", "2026-11-30", "--date", "2026-12-01", *FJORD)
    office.must("usage", "import", write(office, "late.csv", LATE))
    assert quantity(office, capsys) == ["15000.5", "2000"]
    before = office.ledger()
    office.does("invoice", "run", "--through", "2026-11-30", "--date", "2026-12-02", *FJORD)
    assert office.ledger() == before


def test_what_is_billed_month_by_month_is_billed_once(office: Office) -> None:
    office.must("usage", "import", write(office, "one.csv", CSV))
    for day in ("2026-12-01", "2026-12-01", "2026-12-02"):
        office.does("invoice", "run", "--through", "2026-11-30", "--date", day, *FJORD)
    assert office.ledger().count(b"invoice-issued") == 1
    office.must("usage", "import", write(office, "late.csv", LATE))
    for day in ("2026-12-03", "2026-12-03"):
        office.does("invoice", "run", "--through", "2026-11-30", "--date", day, *FJORD)
    assert office.ledger().count(b"invoice-issued") == 2
    assert office.does("verify", "--all") == 0


def test_credits_that_were_sold_ahead_are_drawn_before_use_is_charged(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    catalog = office.root / "catalog.yaml"
    text = catalog.read_text("utf-8")
    more = (
        "  - {id: call-pack, name: Call pack, price: {SEK: 300, EUR: 30},"
        " grants: {meter: api-calls, quantity: 4000, expires: 12 months}}\n"
    )
    catalog.write_text(text.replace("\nbundles:", f"{more}\nbundles:", 1), "utf-8")
    office.commits("Sell calls ahead")
    sold(office, "call-pack:1")
    office.must("usage", "import", write(office, "one.csv", CSV))
    capsys.readouterr()
    office.does("usage", "balance", "--csv", "--through", "2026-11-30")
    assert "api-calls,2026-11-02,2027-11-01,4000,4000,0,0,0" in capsys.readouterr().out
    office.does("usage", "rate", "--order", "O-2026-0005", "--period", "2026-11", "--csv")
    # 11 000.5 are left of 15 000.5, and 1 000.5 beyond the free 10 000 are two packages.
    assert ",15000.5,80.00" in capsys.readouterr().out
