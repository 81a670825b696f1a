"""The files of a ledger: one a year, `ledger/2026.jsonl`."""

import re
from typing import Protocol


class Volumes(Protocol):
    """The part of a tree of files that a ledger is read from."""

    def names(self, folder: str, suffix: str = "") -> list[str]:
        """List the files of a folder."""

    def read(self, name: str) -> bytes:
        """Give the bytes of a file."""


def volumes(tree: Volumes) -> list[str]:
    """List the files of a ledger in their order."""
    names = tree.names("ledger", ".jsonl")
    return sorted(name for name in names if re.fullmatch(r"ledger/[0-9]{4}\.jsonl", name))
