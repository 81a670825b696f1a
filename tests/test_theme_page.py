"""The theme that the page on documents shows: what it says holds for it, too."""

import re
from pathlib import Path

import pytest

from tests.office import opened

PAGE = Path(__file__).parent.parent / "docs/documents.md"


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_theme_that_is_shown_fits(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = opened(tmp_path / "nordlys", monkeypatch)
    shown = re.search(r"```yaml\n(accent:.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert shown
    kept = [line for line in shown[1].splitlines() if not line.startswith("letterhead:")]
    (office.root / "theme.yaml").write_text("\n".join(kept), "utf-8")
    office.must("check")
    office.must("theme", "check", "--language", language)
