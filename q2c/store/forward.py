"""Going forward: the branch that is checked out comes to a later commit, past git's filters."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from q2c.core.fault import Fault, Held, Place
from q2c.store.commit import advance, bring_index
from q2c.store.files import disk
from q2c.store.git import Objects, git, standing, top

SHOWN = 3
PLAIN = ("100644", "000000")  # a file, or none; links and programs are left to git
FREE = ("", "folder")


class Step(NamedTuple):
    """How one file differs between two commits: its modes, the id of the later content."""

    name: str
    before: str
    after: str
    id: str

    @property
    def entry(self) -> bytes:
        """Describe the later state as `update-index` reads it."""
        return f"{self.after} {self.id}\t{self.name}\0".encode("utf-8", "surrogateescape")


def steps(root: Path, old: str, new: str) -> list[Step]:
    """List the files that differ between two commits; names are from the top of the repository."""
    raw = git(root, "diff-tree", "-r", "-z", "--no-renames", old, new)
    fields = raw.decode("utf-8", "surrogateescape").split("\0")[:-1]
    abouts = (about[1:].split() for about in fields[::2])
    rows = zip(abouts, fields[1::2], strict=True)
    return [Step(name, before, after, id_) for (before, after, _, id_, _), name in rows]


def refuse_in_the_way(root: Path, old: str, new: str) -> None:
    """Refuse to go forward over a file that was changed here and not committed.

    One that stands as the later commit has it is no obstacle: an earlier run was stopped.
    """
    whole = top(root)
    names = [step.name for step in steps(root, old, new)]
    fine = standing(whole, old, names) | standing(whole, new, names)
    there = [name for name in names if disk().kind(f"{whole}/{name}") and name not in fine]
    if odd := there + [
        name for name in _folders(names) if disk().kind(f"{whole}/{name}") not in FREE
    ]:
        more = f" and {len(odd) - SHOWN} more" if len(odd) > SHOWN else ""
        message = f"{', '.join(odd[:SHOWN])}{more} would be written over, and is not committed."
        remedy = "Commit or move away what is there, then run this again."
        raise Held(Fault("files-in-the-way", message, Place(odd[0]), remedy))


def went_forward(root: Path, old: str, new: str) -> bool:
    """Bring the branch that is checked out, its files and the index to a later commit.

    The files come first: stopped before the branch has moved, they are found to stand as the
    later commit has them. False where there is something in it that is no plain file.
    """
    changed = steps(root, old, new)
    if any({step.before, step.after} - {*PLAIN} for step in changed):
        return False
    whole = top(root)
    present = [step for step in changed if step.after == PLAIN[0]]
    contents = Objects(whole).contents(step.id for step in present)
    for step, data in zip(present, contents, strict=True):
        _write(f"{whole}/{step.name}", data)
    for step in changed:
        if step.after != PLAIN[0]:
            disk().remove(f"{whole}/{step.name}")
    bring_index(root, b"".join(step.entry for step in changed))
    advance(root, new, old, "Go forward with the remote")
    return True


def _write(path: str, data: bytes) -> None:
    """Let a file have these bytes, whole or not at all."""
    files = disk()
    folder, _, name = path.rpartition("/")
    passing = f"{folder}/.{name}.q2c"
    Path(folder).mkdir(parents=True, exist_ok=True)
    files.remove(passing)
    files.create(passing, data, like=path)
    files.rename(passing, path)


def _folders(names: Sequence[str]) -> list[str]:
    """List the folders that some files lie in, at any depth."""
    return sorted({str(folder) for name in names for folder in Path(name).parents} - {"."})
