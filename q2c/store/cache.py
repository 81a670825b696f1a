"""The cache: records by the hash of the bytes they were read from; losing it costs time only."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar
from zlib import crc32

import msgspec
from msgspec import Struct

from q2c import __version__

T = TypeVar("T", bound=Struct)

_CODE = Path(__file__).parent.parent
_DIGEST = 32
_SEAL = _DIGEST + 4


class Shelf(Struct, array_like=True):
    """Records by file: their names, the hashes of their bytes one after the other, each encoded."""

    names: list[str] = []
    digests: bytes = b""
    records: list[msgspec.Raw] = []

    def known(self) -> dict[tuple[str, bytes], msgspec.Raw]:
        """Give each record by the name of its file and the hash of its bytes."""
        starts = range(0, len(self.digests), _DIGEST)
        hashes = [self.digests[start : start + _DIGEST] for start in starts]
        return dict(zip(zip(self.names, hashes, strict=True), self.records, strict=True))


class Kept(Mapping[str, T]):
    """Records by the name of their file, each made of what is kept of it when it is asked for."""

    def __init__(self, records: Iterable[tuple[str, msgspec.Raw]], kind: type[T]) -> None:
        self._records: dict[str, msgspec.Raw | T] = dict(records)
        self._decode = msgspec.msgpack.Decoder(kind).decode

    def __getitem__(self, name: str) -> T:
        record = self._records[name]
        if isinstance(record, msgspec.Raw):
            record = self._records[name] = self._decode(record)
        return record

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)


def encoded(record: Struct) -> msgspec.Raw:
    """Give a record as it is kept."""
    return msgspec.Raw(msgspec.msgpack.encode(record))


def load(folder: Path | None, label: str, kind: type) -> Shelf:
    """Give what is kept under a label; what is missing, broken or not of this program is empty."""
    path = _path(folder, label, kind)
    if path is not None:
        with suppress(OSError, msgspec.DecodeError):
            data = path.read_bytes()
            kept = memoryview(data)[_SEAL:]
            if data[:_SEAL] == _seal(kind, kept):
                return msgspec.msgpack.decode(kept, type=Shelf)
    return Shelf()


def save(folder: Path | None, label: str, kind: type, shelf: Shelf) -> None:
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


def made_of(
    data: bytes, kind: type[T], make: Callable[[bytes], T], folder: Path | None, label: str
) -> T:
    """Give what is made of some bytes, from the cache where the last were the same."""
    digest = sha256(data).digest()
    raw = load(folder, label, kind).known().get((label, digest))
    if raw is not None:
        return msgspec.msgpack.decode(raw, type=kind)
    made = make(data)
    save(folder, label, kind, Shelf([label], digest, [encoded(made)]))
    return made


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
    for folder in ("core", "documents", "store"):
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
