"""The few file operations that change a workspace, so that a test can stop the program at each."""

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Literal, Protocol

Kind = Literal["", "file", "folder", "other"]

# Beyond so many files and folders one sync of the whole file system is cheaper.
FEW = 16
SYNCFS_TELLS_ERRORS = (5, 8)


class Files(Protocol):
    """What the store asks of a file system; every path is absolute."""

    def kind(self, path: str) -> Kind:
        """Say what stands at a path, without following a symbolic link: nothing is empty."""

    def size(self, path: str) -> int:
        """Give the size of a file in bytes."""

    def read(self, path: str, start: int = 0) -> bytes:
        """Give the bytes of a file from a position on."""

    def make_folder(self, path: str) -> None:
        """Make one folder, unless it is there."""

    def create(self, path: str, data: bytes, like: str = "") -> None:
        """Write a file that must not exist, with the permissions of `like` if that exists."""

    def append(self, path: str, data: bytes) -> None:
        """Add bytes to the end of a file in one write; one that is missing is made."""

    def truncate(self, path: str, size: int) -> None:
        """Cut a file down to a size."""

    def rename(self, old: str, new: str) -> None:
        """Give a file another name in the same folder, in place of what has that name."""

    def remove(self, path: str) -> None:
        """Remove a file, if it is there."""

    def sync(self, paths: Iterable[str]) -> None:
        """Wait until the bytes of these files and the names in these folders are durable."""

    def lock(self, path: str, wait: float) -> AbstractContextManager[None]:
        """Hold the lock kept at a path, after waiting for it at most so many seconds."""


class Disk:
    """The real file system."""

    def kind(self, path: str) -> Kind:
        """Say what stands at a path, without following a symbolic link: nothing is empty."""
        try:
            mode = os.lstat(path).st_mode
        except (FileNotFoundError, NotADirectoryError):
            return ""
        if stat.S_ISREG(mode):
            return "file"
        return "folder" if stat.S_ISDIR(mode) else "other"

    def size(self, path: str) -> int:
        """Give the size of a file in bytes."""
        return os.lstat(path).st_size

    def read(self, path: str, start: int = 0) -> bytes:
        """Give the bytes of a file from a position on."""
        with os.fdopen(_opened(path, os.O_RDONLY), "rb") as file:
            file.seek(start)
            return file.read()

    def make_folder(self, path: str) -> None:
        """Make one folder, unless it is there."""
        with suppress(FileExistsError):
            Path(path).mkdir()

    def create(self, path: str, data: bytes, like: str = "") -> None:
        """Write a file that must not exist, with the permissions of `like` if that exists."""
        handle = _opened(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        with os.fdopen(handle, "wb", buffering=0) as file:
            if like and self.kind(like):
                os.fchmod(handle, stat.S_IMODE(os.lstat(like).st_mode))
            _write(file.fileno(), data)

    def append(self, path: str, data: bytes) -> None:
        """Add bytes to the end of a file in one write; one that is missing is made."""
        with os.fdopen(
            _opened(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), "ab", buffering=0
        ) as file:
            _write(file.fileno(), data)

    def truncate(self, path: str, size: int) -> None:
        """Cut a file down to a size."""
        with os.fdopen(_opened(path, os.O_WRONLY), "r+b", buffering=0) as file:
            file.truncate(size)

    def rename(self, old: str, new: str) -> None:
        """Give a file another name in the same folder, in place of what has that name."""
        Path(old).replace(new)

    def remove(self, path: str) -> None:
        """Remove a file, if it is there."""
        Path(path).unlink(missing_ok=True)

    def sync(self, paths: Iterable[str]) -> None:
        """Wait until the bytes of these files and the names in these folders are durable.

        Many are made durable together with all else on their file systems: one wait in
        place of hundreds, and what is promised for each of them is the same.
        """
        wanted = list(paths)
        if len(wanted) <= FEW or not _syncfs(wanted):
            for path in wanted:
                _fsync(path)

    def lock(self, path: str, wait: float) -> AbstractContextManager[None]:
        """Hold the lock kept at a path, after waiting for it at most so many seconds."""
        from q2c.store.lock import locked

        return locked(path, wait)


DISK = Disk()
_chosen: list[Files] = [DISK]


def disk() -> Files:
    """Give the file operations that are in use: the real ones, unless a test chose others."""
    return _chosen[-1]


@contextmanager
def using(files: Files) -> Iterator[None]:
    """Use other file operations for a while."""
    _chosen.append(files)
    try:
        yield
    finally:
        _chosen.remove(files)


def _opened(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)


def _write(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:  # a write may take a part only, when a signal or a full disk comes between
        rest = rest[os.write(handle, rest) :]


def _fsync(path: str) -> None:
    handle = _opened(path, os.O_RDONLY)
    try:
        if sys.platform == "darwin":
            import fcntl

            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)  # fsync there stops at the drive's own cache
        else:
            os.fsync(handle)
    finally:
        os.close(handle)


def _syncfs(paths: list[str]) -> bool:
    """Sync every file system that holds one of the paths; false where that is not sound.

    `syncfs` waits for the data and the names of all that was written before. Until Linux
    5.8 it kept quiet about pages that could not be written, so there it is not used.
    """
    if sys.platform != "linux" or _kernel() < SYNCFS_TELLS_ERRORS:
        return False
    import ctypes

    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        return False
    for path in {os.lstat(path).st_dev: path for path in paths}.values():
        handle = _opened(path, os.O_RDONLY)
        try:
            if syncfs(handle):
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), path)
        finally:
            os.close(handle)
    return True


def _kernel() -> tuple[int, ...]:
    return tuple(int(part) for part in os.uname().release.split("-")[0].split(".")[:2])
