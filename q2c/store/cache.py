"""The cache: records by the hash of the bytes they were read from; losing it costs time only."""

import os
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Generic, TypeVar
from zlib import crc32

import msgspec
from msgspec import Struct

from q2c import __version__

T = TypeVar("T")

_CODE = Path(__file__).parent.parent
_DIGEST = 32
_SEAL = _DIGEST + 4


class Shelf(Struct, Generic[T], array_like=True):
    """Records by file: their names, and the hashes of their bytes one after the other."""

    names: list[str] = []
    digests: bytes = b""
    records: list[T] = []

    def known(self) -> dict[tuple[str, bytes], T]:
        """Give each record by the name of its file and the hash of its bytes."""
        starts = range(0, len(self.digests), _DIGEST)
        hashes = [self.digests[start : start + _DIGEST] for start in starts]
        return dict(zip(zip(self.names, hashes, strict=True), self.records, strict=True))


def load(folder: Path | None, label: str, kind: type[T]) -> Shelf[T]:
    """Give what is kept under a label; what is missing, broken or not of this program is empty."""
    path = _path(folder, label, kind)
    if path is not None:
        with suppress(OSError, msgspec.DecodeError):
            data = path.read_bytes()
            kept = memoryview(data)[_SEAL:]
            if data[:_SEAL] == _seal(kind, kept):
                shelf: Shelf[T] = msgspec.msgpack.decode(
                    kept,
                    type=Shelf[kind],  # type: ignore[valid-type]
                )
                return shelf
    return Shelf()


def save(folder: Path | None, label: str, kind: type[T], shelf: Shelf[T]) -> None:
    """Keep records under a label; where nothing can be written, nothing is kept."""
    path = _path(folder, label, kind)
    if path is None:
        return
    data = msgspec.msgpack.encode(shelf)
    beside = path.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("xb") as file:
                file.write(_seal(kind, data) + data)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


def _path(folder: Path | None, label: str, kind: type) -> Path | None:
    """Name the file of a label; a folder behind a link may be anywhere, so none is there."""
    if folder is None or folder.is_symlink() or folder.parent.is_symlink():
        return None
    return folder / f"{label.replace('/', '-')}.{kind.__name__}.msgpack"


def _seal(kind: type, data: bytes | memoryview) -> bytes:
    """Sum up what is kept, so that a damaged file is noticed, and what it was made by and for."""
    made_by = sha256(_program() + kind.__qualname__.encode()).digest()
    return made_by + crc32(data).to_bytes(4, "big")


@cache
def _program() -> bytes:
    """Sum up the program by its version and the state of the modules that make records.

    Whatever is changed in a record type, a check or the dialect thus makes the cache new.
    """
    state = [__version__]
    for folder in ("core", "store"):
        with suppress(OSError):
            state += sorted(_modules(_CODE / folder))
    return "\n".join(state).encode()


def _modules(folder: Path) -> Iterator[str]:
    """Tell the size and time of every module in a folder and the folders below it."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                about = entry.stat()
                yield f"{entry.path} {about.st_size} {about.st_mtime_ns}"
            elif entry.is_dir(follow_symlinks=False):
                yield from _modules(Path(entry.path))
