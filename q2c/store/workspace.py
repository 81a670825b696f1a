"""The workspace: where it begins."""

from pathlib import Path

from q2c.core.fault import Fault, Unknown

MARKS = ("q2c.toml", "company.yaml")


def find_root(start: Path) -> Path:
    """Find the workspace that a folder is in, going up no further than the git repository."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if any((folder / mark).is_file() for mark in MARKS):
            return folder
        if (folder / ".git").exists():
            break
    message = f"There is no workspace in {start} or above it."
    raise Unknown(Fault("no-workspace", message, remedy="Make one: q2c init"))
