"""Units: what one of a product is where the product does not say it."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from q2c.commands.invoices.show import _lines
from q2c.commands.orders.show import _line_cells
from q2c.core.billing.rating import counted_steps
from q2c.core.billing.revising import due_when_changed
from q2c.core.invoice import Invoice
from q2c.core.subscription.wording import Tongue
from q2c.core.usage.metering import Reading
from q2c.documents.language import language
from q2c.store.master import read_catalog
from q2c.store.papers import thawed
from q2c.store.tree import WorkTree
from tests.changing import change
from tests.metering import metered_line, rate
from tests.office import Office, opened
from tests.test_subscription import seats
from tests.values import day, days

EXAMPLE = Path(__file__).parents[1] / "examples"


def without(folder: Path, line: str) -> None:
    """Take a line out of the catalogue."""
    path = folder / "catalog.yaml"
    text = path.read_text("utf-8")
    assert line in text
    path.write_text(text.replace(line, ""), "utf-8")


def test_what_is_metered_is_counted_in_the_unit_of_its_meter(tmp_path: Path) -> None:
    for name in ("catalog.yaml", "meters.yaml"):
        shutil.copy(EXAMPLE / name, tmp_path)
    without(tmp_path, "    unit: {en: call, sv: anrop}\n")
    unit = read_catalog(WorkTree(tmp_path)).products["api-calls"].unit
    assert unit == {"en": "call", "sv": "anrop"}


def test_a_meter_that_is_nowhere_leaves_the_unit_as_it_is(tmp_path: Path) -> None:
    shutil.copy(EXAMPLE / "catalog.yaml", tmp_path)
    without(tmp_path, "    unit: {en: call, sv: anrop}\n")
    assert read_catalog(WorkTree(tmp_path)).products["api-calls"].unit == "pcs"


def test_an_expense_is_an_amount_of_the_currency(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    office: Office = opened(tmp_path / "nordlys", monkeypatch)
    without(office.root, "    unit: {en: spent, sv: utlagt}\n")
    asked = ("quote", "new", "kiruna-konst", "--line", "handbook:1", "--line", "expenses:0")
    office.must(*asked, "--no-input")
    capsys.readouterr()
    office.does("quote", "show", "Q-2026-0010")
    assert "0 SEK" in capsys.readouterr().out


def test_what_was_changed_is_told_in_the_units_of_the_language() -> None:
    swedish = Tongue("sv", language("sv").counting)
    changes = [change("quantity", "2026-01-17", quantity="13")]
    at = (day("2026-01-31"), swedish)
    (due,) = due_when_changed(seats(), "O-1/1", changes, (), at)
    assert due.text == "10 platser: 16 av 31 dagar; 13 platser: 15 av 31 dagar"
    billed = (due.keys[0].replace("@1", ""),)
    (more,) = due_when_changed(seats(), "O-1/1", changes, billed, at)
    assert more.text == "3 platser till: 15 av 31 dagar"


def test_what_is_metered_is_ordered_by_use_and_ends_with_its_term() -> None:
    line = metered_line(rate(unit_price=Decimal(2)), last=day("2027-10-31"))
    assert _line_cells(line, ())[2:4] == ("by use", "to 2027-10-31")
    assert _line_cells(metered_line(rate(unit_price=Decimal(2))), ())[2:4] == ("by use", "")


def test_how_events_add_up_is_said_in_words() -> None:
    month = days("2026-11-01", "2026-11-30")
    some = Reading(
        line="1",
        period=month,
        aggregation="unique",
        quantity=Decimal(7),
        through=month.last,
        papers=("a.csv",),
        unit="users",
        events=9,
    )
    (step,) = counted_steps(some)
    told = "9 events of users from 2026-11-01 to 2026-11-30: the number of different values is 7"
    assert step.rule == f"{told} (a.csv)"


def test_lines_of_one_source_and_time_are_told_apart_by_group_or_role(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = opened(tmp_path / "nordlys", monkeypatch)
    office.must("invoice", "run", "--through", "2026-11", "--yes", "--date", "2026-11-30")
    (name,) = office.root.glob("invoices/*/F-2026-0002.json")
    found = thawed(name.read_bytes(), Invoice, name.name)
    line = found.lines[0]
    eu, us = replace(line, text="Calls\nregion: eu"), replace(line, text="Calls\nregion: us")
    names = [str(row["name"]) for row in _lines(replace(found, lines=(eu, us)))]
    assert [one.rpartition(", ")[2] for one in names] == ["region: eu", "region: us"]
    assert "region" not in "".join(str(row["name"]) for row in _lines(replace(found, lines=(eu,))))


def test_what_recurs_by_the_week_is_to_have_a_term_of_weeks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    office = opened(tmp_path / "nordlys", monkeypatch)
    path = office.root / "catalog.yaml"
    weekly = "  - {id: weekly, name: Weekly, charge: recurring, every: week, price: {SEK: 70}}\n"
    text = path.read_text("utf-8").replace("  - id: api-calls\n", f"{weekly}  - id: api-calls\n")
    path.write_text(text, "utf-8")
    office.does("quote", "new", "kiruna-konst", "--line", "weekly:1", "--term", "1m", "--no-input")
    assert "such as 52 weeks (--term 52w)" in capsys.readouterr().err
