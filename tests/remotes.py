"""Clones of an office that share one bare remote, made and asked by the real git."""

import subprocess
from pathlib import Path

from tests.office import Office

PLAN = "plans/2026-11.json"
TAG = "bill/2026-11"


def git(root: Path, *words: str) -> str:
    """Run the real git in a folder, and give what it says."""
    done = subprocess.run(
        ["git", "-C", str(root), *words], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def shared(office: Office, remote: Path) -> None:
    """Plan November in an office, tag it, and put all of it on a remote."""
    office.commits("Sold")
    office.must("invoice", "plan", "--through", "2026-11-30", "--out", PLAN)
    office.commits("Plan November")
    git(office.root, "tag", TAG)
    git(office.root, "branch", "-M", "main")
    subprocess.run(
        ["git", "init", "--quiet", "--bare", "--initial-branch=main", str(remote)], check=True
    )
    git(office.root, "remote", "add", "origin", str(remote))
    git(office.root, "push", "--quiet", "--set-upstream", "origin", "main", "--tags")


def clone(remote: Path, folder: Path, *words: str) -> Path:
    """Clone a remote into a folder."""
    subprocess.run(["git", "clone", "--quiet", *words, str(remote), str(folder)], check=True)
    return folder


def numbers(remote: Path, branch: str = "main") -> list[str]:
    """List the invoices that a branch of a remote has, by their numbers."""
    names = git(remote, "ls-tree", "-r", "--name-only", branch, "invoices/").split()
    return sorted(Path(name).stem for name in names if name.endswith(".json"))


def added_by(remote: Path, name: str, branch: str = "main") -> list[str]:
    """Name the commits of a branch that added a file."""
    words = ("log", "--full-history", "--diff-filter=A", "--format=%H", branch, "--", name)
    return git(remote, *words).split()
