"""The tutorial shows what happens: its commands are played, and their outputs compared."""

import re
import shutil
from pathlib import Path

import pytest

from tests.player import Player, example, replayed
from tests.test_sessions import UPDATE

TUTORIAL = Path(__file__).parent.parent / "docs" / "tutorial.md"
BLOCK = re.compile(r"(?<=```console\n).*?(?=\n```)", re.DOTALL)


def test_the_tutorial_shows_what_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(example(tmp_path / "made"), tmp_path / "nordlys")
    player = Player(tmp_path / "nordlys", tmp_path, monkeypatch)
    text = TUTORIAL.read_text("utf-8")
    seen = BLOCK.sub(lambda block: replayed(block[0], player).rstrip("\n"), text)
    if UPDATE:
        TUTORIAL.write_text(seen, "utf-8")
        text = seen
    assert seen.splitlines() == text.splitlines()
