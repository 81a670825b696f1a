"""The tutorial shows what happens: its commands are played, and their outputs compared."""

import re
import shutil
from pathlib import Path

import pytest

from tests.player import Player, example, replayed
from tests.test_sessions import UPDATE

ROOT = Path(__file__).parent.parent
PAGES = ("tutorial", "month-end", "negotiation", "travel", "ci")
README = ROOT / "README.md"
BLOCK = re.compile(r"(?<=```console\n).*?(?=\n```)", re.DOTALL)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_what_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    page = ROOT / "docs" / f"{name}.md"
    shutil.copytree(example(tmp_path / "made"), tmp_path / "nordlys")
    player = Player(tmp_path / "nordlys", tmp_path, monkeypatch)
    text = page.read_text("utf-8")
    seen = BLOCK.sub(lambda block: replayed(block[0], player).rstrip("\n"), text)
    if UPDATE:
        page.write_text(seen, "utf-8")
        text = seen
    assert seen.splitlines() == text.splitlines()


def test_the_readme_shows_commands_that_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = README.read_text("utf-8").partition("## Use it\n\n```\n")[2].partition("```")[0]
    player = Player(tmp_path, tmp_path, monkeypatch)
    lines = [line.partition("    #")[0] for line in block.splitlines()]
    assert lines[0] == "pip install ."
    seen = [player.typed(f"{line} <<< y" if "run" in line else line) for line in lines[1:]]
    assert [line for line, said in zip(lines[1:], seen, strict=True) if "error[" in said] == []
    assert "F-2026-0001 is settled" in "".join(seen)
