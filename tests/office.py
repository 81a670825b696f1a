"""A small office at work: a workspace in which things are sold, for tests of what follows."""

import os
import subprocess
from pathlib import Path

import pytest

from q2c.cli import main
from tests.player import NOON, SET, UNSET

OPENED = "2026-11-02"
# Quotes of the example that are accepted: two at home, two abroad.
SOLD = ("Q-2026-0001", "Q-2026-0002", "Q-2026-0004", "Q-2026-0007")


class Office:
    """A person who types commands in a workspace; the clock stands still until it is set."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.patch = patch
        for name in [*UNSET, *(name for name in os.environ if name.startswith("Q2C_"))]:
            patch.delenv(name, raising=False)
        for name, value in {**SET, "HOME": str(root.parent)}.items():
            patch.setenv(name, value)
        self.today(OPENED)

    def today(self, day: str) -> None:
        """Let it be noon of a day."""
        from datetime import datetime

        epoch = int(datetime.fromisoformat(f"{day}{NOON}").timestamp())
        self.patch.setenv("SOURCE_DATE_EPOCH", str(epoch))

    def does(self, *words: str) -> int:
        """Run a command here; give its exit status."""
        return main(["-C", str(self.root), *words])

    def must(self, *words: str) -> None:
        """Run a command that is to succeed."""
        assert self.does(*words, "--quiet") == 0, words

    def commits(self, message: str) -> None:
        """Commit all that stands in the workspace."""
        for words in (["add", "--all"], ["commit", "--quiet", "--message", message]):
            subprocess.run(["git", "-C", str(self.root), *words], check=True)

    def ledger(self) -> bytes:
        """Give all lines of the ledger."""
        return b"".join(path.read_bytes() for path in sorted(self.root.glob("ledger/*.jsonl")))

    def files(self) -> dict[str, bytes]:
        """Give every file that q2c keeps, but for what can be made again."""
        found = (path for path in self.root.rglob("*") if path.is_file())
        named = {path.relative_to(self.root).as_posix(): path.read_bytes() for path in found}
        return {
            name: data for name, data in named.items() if not name.startswith((".q2c", ".git/"))
        }


def opened(root: Path, patch: pytest.MonkeyPatch) -> Office:
    """Make the example a workspace and accept quotes in it, so that there is something to bill."""
    assert main(["init", str(root), "--example", "consultancy", "--date", OPENED, "--quiet"]) == 0
    office = Office(root, patch)
    for number in SOLD:
        office.must("quote", "send", number, "--date", "2026-11-03")
        office.must("quote", "accept", number, "--by", "Eva Ek", "--date", "2026-11-05")
    office.must(
        "order", "deliver", "O-2026-0002", "--line", "1", "--qty", "6", "--date", OPENED[:8] + "09"
    )
    office.today("2026-11-09")  # nothing is invoiced before it was agreed
    return office
