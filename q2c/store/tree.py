"""Trees of files to read from: the work tree, or a commit in git's store."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NoReturn, Protocol

from q2c.core.fault import Fault, Invalid, Place, Unknown

LIMIT = 256 * 1024 * 1024
SMALL = 16 * 1024
# A pipe would keep us waiting for a writer; so files are opened without waiting.
READING = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


class Tree(Protocol):
    """A workspace as it is read; names are paths relative to its root, with slashes.

    `root` is its folder on disk, `commit` the revision it is read at, empty for the files as
    they are now; `cache` a folder for what costs only time to make again. Names that begin with
    a dot are passed over. Symbolic links are named but not read.
    """

    root: Path
    commit: str
    cache: Path | None

    def __hash__(self) -> int:
        """Tell one tree from another, so that what was read from it can be remembered."""

    def names(self, folder: str, suffix: str = "") -> list[str]:
        """List the files directly in a folder, sorted; none where there is no folder."""

    def walk(self, folder: str) -> list[str]:
        """List the files in a folder and all folders below it, sorted."""

    def folders(self, folder: str) -> list[str]:
        """List the folders directly in a folder, sorted."""

    def exists(self, name: str) -> bool:
        """Say whether there is a file of that name."""

    def read(self, name: str) -> bytes:
        """Give the bytes of a file."""

    def read_all(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Give the names and bytes of many files."""


class WorkTree:
    """The files as they are on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.commit = ""
        self.cache: Path | None = root / ".q2c" / "cache"
        self._top = str(root)
        self._plain = {""}  # folders known not to be links, nor below one

    def names(self, folder: str, suffix: str = "") -> list[str]:
        """List the files directly in a folder, sorted; none where there is no folder."""
        found = self._entries(folder)
        files = sorted(
            entry.name
            for entry in found
            if entry.name.endswith(suffix)
            and (entry.is_file(follow_symlinks=False) or entry.is_symlink())
        )
        return [_joined(folder, name) for name in files]

    def walk(self, folder: str) -> list[str]:
        """List the files in a folder and all folders below it, sorted."""
        below = (name for inner in self.folders(folder) for name in self.walk(inner))
        return sorted([*self.names(folder), *below])

    def folders(self, folder: str) -> list[str]:
        """List the folders directly in a folder, sorted."""
        found = [entry for entry in self._entries(folder) if entry.is_dir()]
        for entry in found:
            if entry.is_symlink():
                refuse_link(_joined(folder, entry.name))
        return sorted(_joined(folder, entry.name) for entry in found)

    def exists(self, name: str) -> bool:
        """Say whether there is a file of that name."""
        try:
            mode = os.lstat(f"{self._top}/{name}").st_mode
        except (OSError, ValueError):
            return False
        return stat.S_ISREG(mode) or stat.S_ISLNK(mode)

    def read(self, name: str) -> bytes:
        """Give the bytes of a file."""
        self._check(name.rpartition("/")[0])
        path = f"{self._top}/{name}"
        try:
            handle = os.open(path, READING)
        except (OSError, ValueError) as error:
            refuse_unread(name, error, link=Path(path).is_symlink())
        try:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode):
                refuse_missing(name)
            if found.st_size > LIMIT:
                refuse_large(name, found.st_size)
            return _whole(handle, found.st_size)
        finally:
            os.close(handle)

    def read_all(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Give the names and bytes of many files; the small ones at little cost each."""
        top, plain = f"{self._top}/", self._plain
        opened, read, close = os.open, os.read, os.close
        for name in names:
            folder = name.rpartition("/")[0]
            if folder not in plain:
                self._check(folder)
            try:
                handle = opened(top + name, READING)
                try:
                    data = read(handle, SMALL + 1)
                finally:
                    close(handle)
            except (OSError, ValueError):
                data = b""
            yield name, data if 0 < len(data) <= SMALL else self.read(name)

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        self._check(folder)
        try:
            with os.scandir(_joined(self._top, folder)) as found:
                return [entry for entry in found if not entry.name.startswith(".")]
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _check(self, folder: str) -> None:
        """Refuse a folder outside the root, or one that is reached through a link."""
        if folder in self._plain:
            return
        if ".." in folder.split("/") or folder.startswith("/"):
            refuse_missing(folder)
        self._check(folder.rpartition("/")[0])
        if Path(f"{self._top}/{folder}").is_symlink():
            refuse_link(folder)
        self._plain.add(folder)


class CommitTree:
    """The files of a commit, read from git's store; the work tree is not looked at."""

    def __init__(self, root: Path, rev: str) -> None:
        from q2c.store import git

        self.root = root
        self.commit = git.resolved(root, rev)
        self.cache: Path | None = root / ".q2c" / "cache"
        self._blobs = git.blobs(root, self.commit)
        self._objects = git.Objects(root)

    def names(self, folder: str, suffix: str = "") -> list[str]:
        """List the files directly in a folder, sorted; none where there is no folder."""
        found = self._below(folder)
        return [name for name, rest in found if "/" not in rest and rest.endswith(suffix)]

    def walk(self, folder: str) -> list[str]:
        """List the files in a folder and all folders below it, sorted."""
        return [name for name, _ in self._below(folder)]

    def folders(self, folder: str) -> list[str]:
        """List the folders directly in a folder, sorted."""
        inner = (rest.partition("/") for _, rest in self._below(folder))
        return sorted({_joined(folder, first) for first, slash, _ in inner if slash})

    def exists(self, name: str) -> bool:
        """Say whether there is a file of that name."""
        return name in self._blobs

    def read(self, name: str) -> bytes:
        """Give the bytes of a file."""
        return next(self.read_all([name]))[1]

    def read_all(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Give the names and bytes of many files."""
        wanted = list(names)
        for name in wanted:
            if name not in self._blobs:
                refuse_missing(name)
            if not self._blobs[name].is_file:
                refuse_link(name)
            if self._blobs[name].size > LIMIT:
                refuse_large(name, self._blobs[name].size)
        contents = self._objects.contents(self._blobs[name].id for name in wanted)
        yield from zip(wanted, contents, strict=True)

    def _below(self, folder: str) -> list[tuple[str, str]]:
        start = f"{folder}/" if folder else ""
        below = ((name, name[len(start) :]) for name in self._blobs if name.startswith(start))
        return sorted((name, rest) for name, rest in below if "/." not in f"/{rest}")


def refuse_link(name: str) -> NoReturn:
    """Refuse a symbolic link."""
    message = f"{name} is a symbolic link; q2c reads only files of the workspace itself."
    raise Invalid(Fault("symlink", message, Place(name), "Put the file itself in its place."))


def refuse_missing(name: str) -> NoReturn:
    """Refuse a name that no file has."""
    remedy = f"Find out where it went: git log --stat -- {name}"
    raise Unknown(Fault("no-such-file", f"There is no file {name}.", remedy=remedy))


def refuse_large(name: str, size: int) -> NoReturn:
    """Refuse a file that is too large to be one of ours."""
    message = f"{name} has {size} bytes; at most {LIMIT} are read."
    raise Invalid(Fault("file-too-large", message, Place(name), "Move it out of the workspace."))


def refuse_unread(name: str, error: Exception, *, link: bool) -> NoReturn:
    """Say why a file could not be opened."""
    if link:
        refuse_link(name)
    if isinstance(error, PermissionError):
        message = f"{name} cannot be read: {error.strerror}."
        remedy = f"Give yourself the right to read it: chmod u+r {name}"
        raise Invalid(Fault("file-unreadable", message, Place(name), remedy)) from error
    refuse_missing(name)


def _whole(handle: int, size: int) -> bytes:
    data = os.read(handle, size + 1)
    if len(data) == size:
        return data
    parts = [data]  # it grew while it was read, or is larger than one read gives
    while parts[-1]:
        parts.append(os.read(handle, 1 << 20))
    return b"".join(parts)


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder and name else folder or name
