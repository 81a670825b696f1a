"""Units: what one of a product is where the product does not say it."""

import shutil
from pathlib import Path

import pytest

from q2c.core.billing.revising import due_when_changed
from q2c.core.subscription.wording import Tongue
from q2c.documents.language import language
from q2c.store.master import read_catalog
from q2c.store.tree import WorkTree
from tests.changing import change
from tests.office import Office, opened
from tests.test_subscription import seats
from tests.values import day

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
    swedish = Tongue("sv", language("sv").units)
    changes = [change("quantity", "2026-01-17", quantity="13")]
    at = (day("2026-01-31"), swedish)
    (due,) = due_when_changed(seats(), "O-1/1", changes, (), at)
    assert due.text == "10 platser: 16 av 31 dagar; 13 platser: 15 av 31 dagar"
    billed = (due.keys[0].replace("@1", ""),)
    (more,) = due_when_changed(seats(), "O-1/1", changes, billed, at)
    assert more.text == "3 platser till: 15 av 31 dagar"
