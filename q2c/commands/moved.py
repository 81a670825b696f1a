"""What has moved on: places in files that read otherwise than when a price was made of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from q2c.commands.call import call
from q2c.core.fault import Refused
from q2c.core.trace import Step
from q2c.store.tree import CommitTree, Tree


def moved_on(files: Tree, steps: Iterable[Step]) -> set[tuple[str, str]]:
    """Give source and commit of the steps whose place reads otherwise in the files as they are.

    Lines that only stand elsewhere by now have not moved on.
    """
    places: dict[str, dict[str, set[int]]] = {}
    for step in steps:
        file, _, line = step.source.rpartition(":")
        if file and step.commit and step.commit != files.commit:
            places.setdefault(step.commit, {}).setdefault(file, set()).add(int(line))
    return {
        (f"{file}:{line}", commit)
        for commit, lines in places.items()
        for file, line in _changed(files, commit, lines)
    }


def _changed(files: Tree, commit: str, lines: Mapping[str, set[int]]) -> Iterator[tuple[str, int]]:
    from q2c.store import git

    root = call().root
    try:
        same = set[str]() if files.commit else git.standing(root, commit, lines)
        old = CommitTree(root, commit) if lines.keys() - same else files
        for file in sorted(lines.keys() - same):
            before, now = _lines(old, file), _lines(files, file)
            yield from ((file, at) for at in lines[file] if reads_otherwise(before, now, at))
    except Refused:  # the commit is not here: a copy without all of its history
        return


def _lines(files: Tree, file: str) -> list[str]:
    return files.read(file).decode().splitlines() if files.exists(file) else []


def reads_otherwise(old: Sequence[str], new: Sequence[str], line: int) -> bool:
    """Say whether a value that began on a line, counted from 1, is not there as it was."""
    return not _block(old, line) <= _kept(old, new)


def _kept(old: Sequence[str], new: Sequence[str]) -> set[int]:
    """Give the numbers, from 1, of the lines that are there unchanged."""
    from difflib import SequenceMatcher

    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    end = len(old) - tail
    # What is the same at both ends is told apart first: a match takes long where much is alike.
    between = SequenceMatcher(None, old[head:end], new[head : len(new) - tail])
    kept = {*range(head), *range(end, len(old))}
    for one in between.get_matching_blocks():
        kept |= set(range(head + one.a, head + one.a + one.size))
    return {number + 1 for number in kept}


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the lines that are the same at the beginning."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _block(lines: Sequence[str], first: int) -> set[int]:
    """Give the number of a line, and of those that belong to its value: deeper ones below it."""
    inner, last = _indent(lines[first - 1]), first
    items = not lines[first - 1].lstrip().startswith("- ")  # a list may stand as deep as its key
    while last < len(lines) and (
        _indent(lines[last]) > inner
        or (items and _indent(lines[last]) == inner and lines[last].lstrip().startswith("- "))
    ):
        last += 1
    return set(range(first, last + 1))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
