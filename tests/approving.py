"""A team at work: people who write, approve and send quotes in one workspace, with real git."""

import subprocess
from pathlib import Path

import msgspec
import pytest

from q2c.cli import main
from q2c.core.quote import Event
from q2c.store import chain
from q2c.store.quotes import Folder, QuoteEvent, path_of, read_events, read_quote
from q2c.store.tree import WorkTree
from tests.office import OPENED, Office

PEOPLE = {"ida": "Ida Berg", "eva": "Eva Ek", "olle": "Olle Ås", "maja": "Maja Lind"}
NUMBER = "Q-2026-0011"
RULES = """\
people:
  - {id: eva, name: Eva Ek, email: eva@nordlys.example}
  - {id: olle, name: Olle Ås, email: olle@nordlys.example}
  - {id: ida, name: Ida Berg, email: ida@nordlys.example}
groups:
  finance: [eva, olle]
rules:
  - id: big-discount
    when: discount_percent > 10
    by: [finance]
"""


def draft(percent: str = "15", quantity: str = "40", more: str = "") -> str:
    """Write a draft of advisory at the list price of 1,450 kr an hour, less so many per cent."""
    return f"""\
customer: kiruna-konst
date: 2026-11-02
valid_until: 2026-12-02
lines:
  - {{product: advisory, quantity: {quantity}, discounts: [{{percent: {percent}}}]}}
{more}"""


class Team(Office):
    """People at work one after another; who is at work is who git says it is."""

    def now(self, person: str) -> "Team":
        """Let a person work."""
        for role in ("AUTHOR", "COMMITTER"):
            self.patch.setenv(f"GIT_{role}_NAME", PEOPLE[person])
            self.patch.setenv(f"GIT_{role}_EMAIL", f"{person}@nordlys.example")
        return self

    def git(self, *words: str) -> str:
        """Run git here."""
        run = subprocess.run(
            ["git", *words], cwd=self.root, capture_output=True, text=True, check=True
        )
        return run.stdout.strip()

    def writes(self, text: str, name: str = f"quotes/{NUMBER}/quote.yaml") -> None:
        """Write a file and leave it uncommitted."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def commits(self, text: str = "", name: str = f"quotes/{NUMBER}/quote.yaml") -> None:
        """Write a file and commit everything."""
        if text:
            self.writes(text, name)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "Work")

    def tries(self, *words: str) -> int:
        """Run a command on the quote; give its exit status."""
        verb, *rest = words
        return self.does("quote", verb, NUMBER, *rest, "--quiet")

    def events(self, number: str = NUMBER) -> list[str]:
        """Say what happened to a quote."""
        return [event.kind for event in read_events(WorkTree(self.root), number)]

    def folder(self, number: str = NUMBER) -> Folder:
        """Read a quote."""
        return read_quote(WorkTree(self.root), number)

    def forges(self, **fields: object) -> None:
        """Write an event into the chain of the quote, with hashes that fit."""
        known = self.folder().events
        said = msgspec.convert({"date": OPENED, "version": 0, **fields}, Event)
        prev = known[-1].hash if known else chain.NO_HASH
        with (self.root / path_of(NUMBER, "events.jsonl")).open("ab") as file:
            file.write(chain.sealed(said, QuoteEvent, len(known), prev)[1])


def team(root: Path, patch: pytest.MonkeyPatch, rules: str = RULES, quote: str = "") -> Team:
    """Open a workspace with rules of approval, and let Ida write a quote."""
    assert main(["init", str(root), "--example", "consultancy", "--date", OPENED, "--quiet"]) == 0
    found = Team(root, patch)
    if rules:
        found.now("maja").commits(rules, "approvals.yaml")
    else:
        (root / "approvals.yaml").unlink()
    found.now("ida").commits(quote or draft())
    return found
