"""Whole commands, recorded as they run undisturbed, so that they can be stopped at any point."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from q2c.store.files import Files, using
from q2c.store.intent import FILE, unpacked
from q2c.store.writing import Change, writing
from tests.crash import Model, Operation, Play, Program, Recorder, State, played_back, snapshot
from tests.player import Player


@dataclass(frozen=True)
class Take:
    """A command that ran undisturbed: the files before and after it, and what it did to them."""

    root: Path
    line: str
    before: State
    after: State
    log: Sequence[Operation]

    @cached_property
    def play(self) -> Play:
        """The command on a disk that can be stopped, with the folders that it writes in."""
        changes = list(_changes(self.log, self.root))
        written = {_folder(f"{self.root}/{path}") for one in changes for path in _paths(one)}
        near = {path: data for path, data in self.before.items() if _folder(path) in written}
        near[f"{self.root}/.q2c/intents/kept"] = b""  # an earlier command made the folder
        resumed = _going_on(self.root, changes)
        return Play(str(self.root), near, played_back([*_marked(self.log)]), resumed)

    def whole(self, state: State) -> State:
        """Add to the files of the play those that the command has nothing to do with."""
        return {**{p: d for p, d in self.before.items() if p not in self.play.before}, **state}


def take(player: Player, root: Path, line: str) -> Take:
    """Run a command, and record what it does."""
    before, recorder = snapshot(root), Recorder()
    with using(recorder):
        said = player.q2c(line)
    after = snapshot(root)
    assert after != before, said
    return Take(root, line, before, after, recorder.log)


def lay(root: Path, state: State) -> None:
    """Let a workspace hold exactly these files; git's and the cache stay as they are."""
    shutil.rmtree(root / ".q2c/intents", ignore_errors=True)
    there = snapshot(root)
    for name in there.keys() - state.keys():
        Path(name).unlink()
        _prune(Path(name).parent)
    for name, data in state.items():
        if there.get(name) != data:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_bytes(data)


def lay_crashed(it: Take, model: Model) -> None:
    """Let the workspace be as a crash left it, with the intent that is still to be finished."""
    found = {path: node.seen for path, node in model.seen.items() if node.seen is not None}
    lay(it.root, it.whole(found))
    for path, node in model.seen.items():
        if node.seen is None:
            Path(path).mkdir(parents=True, exist_ok=True)


def _prune(folder: Path) -> None:
    """Remove a folder in which nothing is left, and those above it."""
    with suppress(OSError):
        folder.rmdir()
        _prune(folder.parent)


def _changes(log: Sequence[Operation], root: Path) -> Iterator[Change]:
    """Read what was written out of the intents."""
    for name, words in log:
        if name == "create" and words[0] == f"{root}/.q2c/intents/new":
            found = unpacked(words[1])
            replaced = {put.path: put.data for put in found.replaced}
            yield Change(found.created, replaced, {add.path: add.data for add in found.appended})


def _marked(log: Sequence[Operation]) -> Iterator[Operation]:
    """Let a change be acknowledged as soon as its intent is removed."""
    for name, words in log:
        yield name, words
        if name == "remove" and words[0].endswith(FILE):
            yield "acknowledge", ()


def _going_on(root: Path, changes: Sequence[Change]) -> Program:
    """Do what the command does when it is run again: finish, then write what is not there."""

    def go_on(files: Files) -> Iterator[int]:
        with writing(root, files) as writer:
            for number, change in enumerate(changes, start=1):
                if not _stands(files, root, change):
                    writer.write(change)
                yield number

    return go_on


def _stands(files: Files, root: Path, change: Change) -> bool:
    added = {f"{root}/{path}": data for path, data in change.appended.items()}
    return all(files.kind(path) and data in files.read(path) for path, data in added.items())


def _paths(change: Change) -> list[str]:
    return [*change.created, *change.replaced, *change.appended]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
