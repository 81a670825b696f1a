"""Proof by git: the objects that show that files stood in a commit, and nothing else."""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from q2c.core.fault import Fault, Invalid
from q2c.store.git import git, prefix, standing

SHOWN = 3


def pack(root: Path, commit: str, names: Iterable[str]) -> bytes:
    """Pack a commit, the folders on the way to some files, and the files.

    `git unpack-objects` takes it, and `git show COMMIT:NAME` then gives each file. Other files
    of these folders are in it by name and id, not by content.
    """
    where = prefix(root)
    paths = dict.fromkeys(way for name in names for way in _ways(f"{where}{name}"))
    asked = [commit, f"{commit}^{{tree}}", *(f"{commit}:{path}" for path in paths)]
    said = git(root, "cat-file", "--batch-check", data="\n".join(asked).encode() + b"\n")
    ids = [line.split()[0] for line in said.splitlines()]
    return git(
        root,
        *("pack-objects", "--stdout", "-q", "--window=0", "--threads=1"),
        data=b"\n".join(dict.fromkeys(ids)) + b"\n",
    )


def _ways(path: str) -> Iterator[str]:
    """Name the folders on the way to a file, and the file."""
    yield from (str(folder) for folder in reversed(PurePosixPath(path).parents[:-1]))
    yield path


def refuse_uncommitted(root: Path, commit: str, names: Iterable[str]) -> None:
    """Refuse files that do not stand in a commit as they are now."""
    wanted = sorted(set(names))
    there = standing(root, commit, wanted)
    if lacking := [name for name in wanted if name not in there]:
        rest = f" and {len(lacking) - SHOWN} more" if lacking[SHOWN:] else ""
        verb = "are" if lacking[1:] else "is"
        message = f"{', '.join(lacking[:SHOWN])}{rest} {verb} not in git as now."
        remedy = "Commit first, with git add and git commit; a proof is of what a commit has."
        raise Invalid(Fault("not-committed", message, remedy=remedy))
