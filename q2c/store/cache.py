"""The cache: records by the hash of the bytes they were read from; losing it costs time only."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from q2c import __version__

T = TypeVar("T")

_CODE = Path(__file__).parent.parent
_SEAL_SIZE = 32


class _Kept(Struct, Generic[T], array_like=True):
    """What a cache file holds: by file name, the hash of its bytes and the record they made."""

    digests: dict[str, bytes]
    records: dict[str, T]


class Shelf(Generic[T]):
    """The cache of the files of one kind; what is put on it anew is kept by `save`."""

    def __init__(self, path: Path | None, kind: type[T]) -> None:
        self._path = path
        self._decoder = msgspec.msgpack.Decoder(_Kept[kind])  # type: ignore[valid-type]
        self._seal = _program() + kind.__qualname__.encode()
        self._old = self._read()
        self._new: _Kept[T] = _Kept({}, {})

    @classmethod
    def load(cls, folder: Path | None, label: str, kind: type[T]) -> "Shelf[T]":
        """Open what a folder keeps under a label; a linked folder may lead anywhere, so none."""
        if folder is None or folder.is_symlink() or folder.parent.is_symlink():
            return cls(None, kind)
        return cls(folder / f"{label.replace('/', '-')}.{kind.__name__}.msgpack", kind)

    def get(self, name: str, digest: bytes) -> T | None:
        """Give the record made of a file's bytes, if it is known."""
        return self._old.records[name] if self._old.digests.get(name) == digest else None

    def put(self, name: str, digest: bytes, record: T) -> None:
        """Keep the record made of a file's bytes."""
        self._new.digests[name] = digest
        self._new.records[name] = record

    def save(self) -> None:
        """Write what was put, if it is not what was there; a folder that is read-only stays so."""
        if self._path is None or self._new.digests == self._old.digests:
            return
        data = msgspec.msgpack.encode(self._new)
        beside = self._path.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with beside.open("xb") as file:
                    file.write(sha256(self._seal + data).digest() + data)
                beside.replace(self._path)
            finally:
                beside.unlink(missing_ok=True)

    def _read(self) -> _Kept[T]:
        """Read the file; one that is missing, broken or of another version is empty."""
        if self._path is not None:
            with suppress(OSError, msgspec.DecodeError):
                data = self._path.read_bytes()
                if data[:_SEAL_SIZE] == sha256(self._seal + data[_SEAL_SIZE:]).digest():
                    return self._decoder.decode(memoryview(data)[_SEAL_SIZE:])
        return _Kept({}, {})


@cache
def _program() -> bytes:
    """Sum up the program by its version and the state of the modules that make records.

    Whatever is changed in a record type, a check or the dialect thus makes the cache new.
    """
    state = [__version__]
    for folder in ("core", "store"):
        with suppress(OSError), os.scandir(_CODE / folder) as entries:
            modules = sorted((e.name, e.stat()) for e in entries if e.name.endswith(".py"))
            state += [f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in modules]
    return "\n".join(state).encode()


@contextmanager
def calm() -> Iterator[None]:
    """Spare the garbage collector its walks while much is made and nothing thrown away."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
