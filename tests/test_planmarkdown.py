"""A plan as Markdown says what the table says, and what is held and why."""

from pathlib import Path

import pytest

from q2c.commands.words import read_last_day
from tests.office import Office, opened

WANTED = """\
### Invoices through 2026-11-30

**4 invoices to issue on 2026-11-30: 44 607.33 SEK + 6 640.00 EUR**, 0 held.

| Order | Customer | Net | VAT | Total |
| --- | --- | ---: | ---: | ---: |
| O-2026-0001 | kiruna-konst | 27 945.86 SEK | 6 986.47 SEK | 34 932.33 SEK |
| O-2026-0002 | brygga-partner | 7 740.00 SEK | 1 935.00 SEK | 9 675.00 SEK |
| O-2026-0003 | polar-oy | 590.00 EUR | 0.00 EUR | 590.00 EUR |
| O-2026-0004 | warszawa-dane | 6 050.00 EUR | 0.00 EUR | 6 050.00 EUR |

| VAT | Base | VAT |
| --- | ---: | ---: |
| at 25 % | 35 685.86 SEK | 8 921.47 SEK |
| reverse charge | 6 640.00 EUR | 0.00 EUR |
"""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    ours = opened(tmp_path / "nordlys", monkeypatch)
    ours.today("2026-11-30")
    return ours


def summary(office: Office) -> str:
    out = office.root / "plan.md"
    office.must("invoice", "plan", "--through", "2026-11", "--summary", str(out))
    return out.read_text("utf-8")


def test_a_plan_is_summed_up_as_markdown(office: Office) -> None:
    assert summary(office) == WANTED


def test_what_is_held_is_told_with_its_reason(office: Office) -> None:
    customer = office.root / "customers/polar-oy.yaml"
    text = customer.read_text("utf-8")
    customer.unlink()
    said = summary(office)
    assert "| Held | Customer | Why |" in said
    assert "| O-2026-0003 | polar-oy | O-2026-0003 is of polar-oy" in said
    customer.write_text(text, "utf-8")


def test_a_month_means_its_last_day() -> None:
    assert [f"{read_last_day(word)}" for word in ("2028-02", "2026-11", "2026-11-05")] == [
        "2028-02-29",
        "2026-11-30",
        "2026-11-05",
    ]


def test_a_plan_for_one_customer_is_beside_what_this_customer_was_invoiced(office: Office) -> None:
    office.must("invoice", "run", "--through", "2026-11", "--yes")
    office.today("2026-12-31")
    out = office.root / "one.md"
    words = ("--through", "2026-12", "--customer", "brygga-partner", "--summary", str(out))
    office.must("invoice", "plan", *words)
    said = out.read_text("utf-8")
    assert "Beside 2026-11: -7 740.00 SEK" in said
    assert "polar-oy" not in said


def test_what_is_held_now_is_why_it_is_not_invoiced(office: Office) -> None:
    office.must("invoice", "run", "--through", "2026-11", "--yes")
    office.today("2026-12-31")
    (office.root / "customers/kiruna-konst.yaml").unlink()
    out = office.root / "held.md"
    office.must("invoice", "plan", "--through", "2026-12", "--summary", str(out))
    (row,) = (line for line in out.read_text("utf-8").splitlines() if "O-2026-0001/2" in line)
    assert "| held |" in row
