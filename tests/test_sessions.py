"""Sessions: what a user types and sees, kept as text files that read aloud."""

import os
import shutil
from pathlib import Path

import pytest

from tests.player import Player, example, replayed

UPDATE = os.environ.get("Q2C_UPDATE") == "1"
SESSIONS = sorted(Path(__file__).parent.glob("sessions/*.txt"))


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return example(tmp_path_factory.mktemp("original") / "nordlys")


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_a_session_shows_what_it_says(
    path: Path, original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = tmp_path / "nordlys"
    shutil.copytree(original, workspace)
    text = path.read_text("utf-8")
    seen = replayed(text, Player(workspace, tmp_path, monkeypatch))
    if UPDATE and seen != text:
        path.write_text(seen, "utf-8")
        text = seen
    assert seen.splitlines() == text.splitlines()


def test_there_are_sessions() -> None:
    assert SESSIONS
