"""Records: files of the workspace as typed values, or all their faults at once."""

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from msgspec import Raw, Struct

from q2c.core.fault import Fault, Invalid, Refused
from q2c.store import cache
from q2c.store.calm import calm
from q2c.store.tree import Tree

T = TypeVar("T", bound=Struct)
Check = Callable[[T], Iterable[Fault]]


def read_file(tree: Tree, name: str, kind: type[T], check: Check[T] | None = None) -> T:
    """Read one file as a record; `check` says what else is wrong with it."""
    return read_bytes(tree.cache, tree.read_all([name]), kind, check, name)[name]


def read_folder(
    tree: Tree, folder: str, kind: type[T], check: Check[T] | None = None
) -> Mapping[str, T]:
    """Read all YAML files directly in a folder as records, by their names."""
    names = tree.names(folder, ".yaml")
    return read_bytes(tree.cache, tree.read_all(names), kind, check, folder)


def read_record(data: bytes, name: str, kind: type[T], check: Check[T] | None = None) -> T:
    """Read the bytes of one file as a record."""
    from q2c.store.dialect import scan
    from q2c.store.fitting import convert

    record = convert(scan(data, name), kind)
    faults = [*check(record)] if check else []
    if faults:
        raise Invalid(*faults)
    return record


def read_bytes(
    folder: Path | None,
    files: Iterable[tuple[str, bytes]],
    kind: type[T],
    check: Check[T] | None,
    label: str,
) -> Mapping[str, T]:
    """Read files through the cache: bytes that it knows are neither parsed nor checked again.

    `folder` is that of the cache, and `label` is what the records are kept under.
    """
    with calm():
        shelf = cache.load(folder, label, kind)
        read = [(name, data, sha256(data).digest()) for name, data in files]
        names = [name for name, _, _ in read]
        if shelf.names == names and shelf.digests == b"".join(digest for _, _, digest in read):
            return cache.Kept(zip(names, shelf.records, strict=True), kind)
        records, fresh, faults = _anew(read, shelf.known(), kind, check)
        cache.save(folder, label, kind, fresh)
    if faults:
        raise Invalid(*faults)
    return cache.Kept(records.items(), kind)


def _anew(
    read: Iterable[tuple[str, bytes, bytes]],
    known: Mapping[tuple[str, bytes], Raw],
    kind: type[T],
    check: Check[T] | None,
) -> tuple[dict[str, Raw], cache.Shelf, list[Fault]]:
    """Read what is not known; give all records, what to keep of them, and every fault."""
    records: dict[str, Raw] = {}
    kept: dict[tuple[str, bytes], Raw] = {}
    faults: list[Fault] = []
    for name, data, digest in read:
        raw = known.get((name, digest))
        if raw is None:
            try:
                record = read_record(data, name, kind, check)
            except Refused as refused:
                faults += refused.faults
                continue
            raw = cache.encoded(record)
        kept[name, digest] = records[name] = raw
    digests = b"".join(digest for _, digest in kept)
    return records, cache.Shelf([*records], digests, [*kept.values()]), faults
