"""Plans and what is new since: a price change makes a plan stale, an order is for the next run."""

from pathlib import Path

import pytest

from tests.office import Office, opened

PLAN = "plans/2026-11.json"
RISE = """id: 2026-12
products: [support]
percent: 3
new_from: 2026-12-01
existing_from: 2026-12-01
"""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Give an office that has planned a month."""
    made = opened(tmp_path, monkeypatch)
    made.today("2026-11-30")
    made.must("invoice", "plan", "--through", "2026-11-30", "--out", PLAN)
    return made


def test_a_price_change_that_is_new_makes_a_plan_stale(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    (office.root / "price-changes").mkdir()
    (office.root / "price-changes/2026-12.yaml").write_text(RISE)
    capsys.readouterr()
    assert office.does("apply", PLAN, "--yes") == 5
    assert "price-changes/2026-12.yaml was added" in capsys.readouterr().err


def test_an_order_that_is_new_is_not_in_a_plan_and_the_next_run_takes_it(office: Office) -> None:
    office.must("quote", "new", "fjord-foods", "--line", "workshop-day")
    office.must("quote", "send", "Q-2026-0010")
    office.must("quote", "accept", "Q-2026-0010", "--by", "Ida Berg", "--po", "1")
    office.must("order", "deliver", "O-2026-0005", "--line", "1", "--qty", "1")
    office.must("apply", PLAN, "--yes")
    assert b"O-2026-0005" not in office.ledger()
    office.must("invoice", "run", "--through", "2026-11-30", "--yes")
    assert b"O-2026-0005/1:delivery-0" in office.ledger()
