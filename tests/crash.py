"""A disk that can be stopped: what was not synced is lost, torn or kept, as chance has it.

`Model` stands in for the real disk. A program is run on it until an operation at which it
is stopped, the crash decides what is left, the program is started again - and stopped
again - and what stands at the end must be one of the states that the program passes
through, and none before the last one it acknowledged.
"""
# ruff: noqa: D102 - the operations are described where they are declared, in Files

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any, Literal

from q2c.store.files import Disk, Files, Kind
from q2c.store.writing import writing

Mode = Literal["killed", "lost", "names", "bytes", "mixed"]
MODES: tuple[Mode, ...] = ("killed", "lost", "names", "bytes", "mixed", "mixed", "mixed")
State = dict[str, bytes]
Program = Callable[[Files], Iterator[int]]  # yields the number of the state it acknowledges
SECTOR = 32


class Stopped(BaseException):
    """The machine went off here."""


@dataclass(eq=False)
class Node:
    """A file by what programs see in it and by what the disk holds; a folder has no bytes."""

    seen: bytes | None = b""
    kept: bytes | None = b""


@dataclass
class Model:
    """Files in memory with a seen and a kept side; only `sync` carries the one to the other."""

    chance: Random
    stop: int = 0
    leave_out: int = 0
    seen: dict[str, Node] = field(default_factory=dict)
    kept: dict[str, Node] = field(default_factory=dict)
    between: dict[str, list[Node | None]] = field(default_factory=dict)
    steps: int = 0
    syncs: int = 0

    def _step(self) -> None:
        self.steps += 1
        if self.stop and self.steps >= self.stop:
            raise Stopped

    def _name(self, path: str, node: Node | None) -> None:
        self.between.setdefault(path, []).append(self.seen.get(path))
        self.seen.pop(path, None)
        if node:
            assert node.seen is None or self._folder(path), f"no folder for {path}"
            self.seen[path] = node

    def _folder(self, path: str) -> bool:
        parent = self.seen.get(path.rpartition("/")[0])
        return parent is not None and parent.seen is None

    def _write(self, node: Node, data: bytes) -> None:
        """Write, or when this is where it stops perhaps a part."""
        try:
            self._step()
        except Stopped:
            node.seen = (node.seen or b"") + data[: self.chance.randint(0, len(data))]
            raise
        node.seen = (node.seen or b"") + data

    def kind(self, path: str) -> Kind:
        if path not in self.seen:
            return ""
        return "folder" if self.seen[path].seen is None else "file"

    def size(self, path: str) -> int:
        return len(self.read(path))

    def read(self, path: str, start: int = 0) -> bytes:
        data = self.seen[path].seen
        assert data is not None
        return data[start:]

    def make_folder(self, path: str) -> None:
        self._step()
        if path not in self.seen:
            self._name(path, Node(None, None))

    def create(self, path: str, data: bytes, like: str = "") -> None:
        assert path not in self.seen, path
        assert isinstance(like, str)
        self._step()
        self._name(path, Node())
        self._write(self.seen[path], data)

    def append(self, path: str, data: bytes) -> None:
        self._step()
        if path not in self.seen:
            self._name(path, Node())
        self._write(self.seen[path], data)

    def truncate(self, path: str, size: int) -> None:
        self._step()
        self.seen[path].seen = self.read(path)[:size]

    def rename(self, old: str, new: str) -> None:
        assert old.rpartition("/")[0] == new.rpartition("/")[0]
        self._step()
        self._name(new, self.seen[old])
        self._name(old, None)

    def remove(self, path: str) -> None:
        self._step()
        if path in self.seen:
            self._name(path, None)

    def sync(self, paths: Iterable[str]) -> None:
        for path in paths:
            self._step()
            self.syncs += 1
            if self.syncs != self.leave_out:
                self._sync(path)

    def _sync(self, path: str) -> None:
        node = self.seen[path]
        node.kept = node.seen
        inside = [name for name in {*self.seen, *self.between} if _parent(name) == path]
        for name in inside if node.seen is None else []:
            self.between.pop(name, None)
            self.kept.pop(name, None)
            if name in self.seen:
                self.kept[name] = self.seen[name]

    def lock(self, path: str, wait: float) -> AbstractContextManager[None]:
        assert path.endswith(".q2c/lock"), (path, wait)
        return nullcontext()

    def put(self, path: str, data: bytes) -> None:
        """Let somebody else write a file, safely."""
        for folder in _above(path):
            self.kept.setdefault(folder, self.seen.setdefault(folder, Node(None, None)))
        self.seen[path] = self.kept[path] = Node(data, data)
        self.between.pop(path, None)

    def crashed(self, mode: Mode) -> "Model":
        """Give the disk as the next program finds it."""
        if mode == "killed":  # the machine goes on: all is seen, but what is kept is as it was
            return self._copy()
        names = self._names(mode)
        data = {node: self._bytes(node, mode) for node in names.values()}
        alive = {path: Node(data[node], data[node]) for path, node in names.items()}
        folders = {path for path, node in alive.items() if node.seen is None}
        alive = {path: node for path, node in alive.items() if folders.issuperset(_above(path))}
        return Model(self.chance, seen=alive, kept=dict(alive))

    def _copy(self) -> "Model":
        every = [*self.seen.values(), *self.kept.values()]
        every += [node for nodes in self.between.values() for node in nodes if node]
        twin = {node: Node(node.seen, node.kept) for node in every}
        return Model(
            self.chance,
            seen={path: twin[node] for path, node in self.seen.items()},
            kept={path: twin[node] for path, node in self.kept.items()},
            between={
                path: [twin[node] if node else None for node in nodes]
                for path, nodes in self.between.items()
            },
        )

    def _names(self, mode: Mode) -> dict[str, Node]:
        if mode != "mixed":
            return dict(self.seen if mode == "names" else self.kept)
        names = dict(self.kept)
        for path, nodes in self.between.items():
            node = self.chance.choice([self.kept.get(path), self.seen.get(path), *nodes])
            names.pop(path, None)
            if node:
                names[path] = node
        return names

    def _bytes(self, node: Node, mode: Mode) -> bytes | None:
        if node.seen is None or node.kept is None or node.seen == node.kept:
            return node.kept
        if mode == "names":
            return (node.kept + bytes(len(node.seen)))[: len(node.seen)]
        if mode == "mixed":
            return _torn(node.kept, node.seen, self.chance)
        return node.seen if mode == "bytes" else node.kept

    def visible(self) -> State:
        """Give what a person finds in the workspace, the folder of the program left out."""
        return {
            path: node.seen
            for path, node in self.seen.items()
            if node.seen is not None and "/.q2c/" not in path
        }


def _torn(kept: bytes, seen: bytes, chance: Random) -> bytes:
    """Mix two contents: the length of one, or one between; each sector old or new.

    Where there was no old sector, zeros stand. Disks write a sector whole or not at all,
    so that one which was there is never cleared.
    """
    shorter, longer = sorted((len(kept), len(seen)))
    length = chance.choice([len(kept), len(seen), chance.randint(shorter, longer)])
    mixed = b""
    for start in range(0, length, SECTOR):
        part = slice(start, start + SECTOR)
        mixed += chance.choice([kept[part], seen[part]]).ljust(SECTOR, b"\0")
    return mixed[:length]


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _above(path: str) -> list[str]:
    parent = _parent(path)
    return [*_above(parent), parent] if parent else []


@dataclass(frozen=True)
class Trial:
    """Where a program is stopped, what the crash leaves, and where the next one is stopped."""

    stop: int
    mode: Mode
    again: int = 0
    again_mode: Mode = "lost"
    seed: int = 0


@dataclass(frozen=True)
class Play:
    """A program, the workspace it starts in, and what is run after a crash."""

    root: str
    before: State
    program: Program
    resumed: Program

    def start(self, seed: int = 0, stop: int = 0, leave_out: int = 0) -> Model:
        """Give a disk that holds the workspace."""
        model = Model(Random(seed), stop, leave_out)  # noqa: S311 - a simulation
        for folder in [*_above(self.root), self.root]:
            model.seen[folder] = model.kept[folder] = Node(None, None)
        for path, data in self.before.items():
            model.put(path, data)
        return model

    @cached_property
    def passed(self) -> list[State]:
        """The states that the program passes through when nothing stops it."""
        model = self.start()
        return [model.visible(), *(model.visible() for _ in self.program(model))]

    @cached_property
    def size(self) -> tuple[int, int]:
        """How many operations it has, and how many of them are syncs."""
        model = self.start()
        run(self.program, model)
        return model.steps, model.syncs

    def outcome(self, trial: Trial, leave_out: tuple[int, int] = (0, 0)) -> tuple[int, State]:
        """Run, crash, resume, crash, recover; give the last state acknowledged, and what is."""
        model = self.start(trial.seed, trial.stop, leave_out[0])
        reached = run(self.program, model)
        model = model.crashed(trial.mode)
        if trial.again:
            model.stop, model.leave_out = trial.again, leave_out[1]
            reached = max(reached, run(self.resumed, model))
            model = model.crashed(trial.again_mode)
        run(recovering(self.root), model)
        found = model.visible()
        assert model.crashed("lost").visible() == found, "what recovery did is durable"
        return reached, found

    def right(self, trial: Trial, leave_out: tuple[int, int] = (0, 0)) -> bool:
        """Say whether nothing acknowledged was lost, and nothing stands half done."""
        states = self.passed
        try:
            reached, found = self.outcome(trial, leave_out)
        except Exception:  # noqa: BLE001 - a recovery that gives up is as wrong as a loss
            return False
        return found in states[reached:]


def run(program: Program, files: Files) -> int:
    """Run a program until it ends or is stopped; give the last state that it acknowledged."""
    reached = 0
    with suppress(Stopped):
        for state in program(files):
            reached = state
    return reached


def recovering(root: str) -> Program:
    """Make the program that only finishes what another left."""

    def recover(files: Files) -> Iterator[int]:
        with writing(Path(root), files):
            yield 0

    return recover


def trials(play: Play, rounds: int, seed: int = 0) -> Iterator[Trial]:
    """Yield stops at every operation with every mode, and crashes inside the recovery."""
    chance = Random(seed)  # noqa: S311 - a simulation
    for _ in range(rounds):
        for stop in range(1, play.size[0] + 2):
            for mode in MODES:
                number = chance.getrandbits(32)
                yield Trial(stop, mode, seed=number)
                yield Trial(stop, mode, chance.randint(1, 40), chance.choice(MODES), number)


Operation = tuple[str, tuple[Any, ...]]


class Recorder(Disk):
    """The real disk, with a record of every operation that changes something."""

    def __init__(self) -> None:
        self.log: list[Operation] = []

    def make_folder(self, path: str) -> None:
        self.log.append(("make_folder", (path,)))
        super().make_folder(path)

    def create(self, path: str, data: bytes, like: str = "") -> None:
        self.log.append(("create", (path, data)))
        super().create(path, data, like)

    def append(self, path: str, data: bytes) -> None:
        self.log.append(("append", (path, data)))
        super().append(path, data)

    def truncate(self, path: str, size: int) -> None:
        self.log.append(("truncate", (path, size)))
        super().truncate(path, size)

    def rename(self, old: str, new: str) -> None:
        self.log.append(("rename", (old, new)))
        super().rename(old, new)

    def remove(self, path: str) -> None:
        self.log.append(("remove", (path,)))
        super().remove(path)

    def sync(self, paths: Iterable[str]) -> None:
        wanted = list(paths)
        self.log.append(("sync", (wanted,)))
        super().sync(wanted)

    def acknowledge(self) -> None:
        """Note that the program has told its user that it is done."""
        self.log.append(("acknowledge", ()))


def played_back(log: Sequence[Operation]) -> Program:
    """Make a program of what another did to the real disk; the end acknowledges."""
    marked = log if ("acknowledge", ()) in log else [*log, ("acknowledge", ())]

    def play(files: Files) -> Iterator[int]:
        reached = 0
        for name, words in marked:
            if name == "acknowledge":
                reached += 1
                yield reached
            else:
                getattr(files, name)(*words)

    return play


def recorded(root: Path, before: State, log: Sequence[Operation]) -> Play:
    """Make a play of a recorded program: `before` is what `snapshot` gave before it ran."""
    return Play(str(root), before, played_back(log), recovering(str(root)))


def snapshot(root: Path) -> State:
    """Read every file of a workspace, the folder of the program and git's left out."""
    files = (path for path in root.rglob("*") if path.is_file())
    return {
        str(path): path.read_bytes()
        for path in files
        if path.relative_to(root).parts[0] not in (".q2c", ".git")
    }
