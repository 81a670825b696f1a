"""Records: files of the workspace as typed values, or all their faults at once."""

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import TypeVar

from q2c.core.fault import Fault, Invalid, Refused
from q2c.store import cache
from q2c.store.calm import calm
from q2c.store.tree import Tree

T = TypeVar("T")
Check = Callable[[T], Iterable[Fault]]


def read_file(tree: Tree, name: str, kind: type[T], check: Check[T] | None = None) -> T:
    """Read one file as a record; `check` says what else is wrong with it."""
    return _read_all(tree, [name], kind, check, name)[name]


def read_folder(
    tree: Tree, folder: str, kind: type[T], check: Check[T] | None = None
) -> dict[str, T]:
    """Read all YAML files directly in a folder as records, by their names."""
    return _read_all(tree, tree.names(folder, ".yaml"), kind, check, folder)


def read_record(data: bytes, name: str, kind: type[T], check: Check[T] | None = None) -> T:
    """Read the bytes of one file as a record."""
    from q2c.store.dialect import scan
    from q2c.store.fitting import convert

    record = convert(scan(data, name), kind)
    faults = [*check(record)] if check else []
    if faults:
        raise Invalid(*faults)
    return record


def gather(readers: Iterable[Callable[[], T]]) -> list[T]:
    """Run every reader before refusing any, so that one run tells every fault."""
    good: list[T] = []
    faults: list[Fault] = []
    for reader in readers:
        try:
            good.append(reader())
        except Refused as refused:
            faults += refused.faults
    if faults:
        raise Invalid(*faults)
    return good


def _read_all(
    tree: Tree, names: list[str], kind: type[T], check: Check[T] | None, label: str
) -> dict[str, T]:
    """Read files through the cache: bytes that it knows are neither parsed nor checked again."""
    faults: list[Fault] = []
    with calm():
        kept = cache.load(tree.cache, label, kind)
        read = [data for _, data in tree.read_all(names)]
        digests = [sha256(data).digest() for data in read]
        if kept.names == names and kept.digests == b"".join(digests):
            return dict(zip(names, kept.records, strict=True))
        known = kept.known()
        records: dict[str, T] = {}
        hashes: list[bytes] = []
        for name, data, digest in zip(names, read, digests, strict=True):
            try:
                record = known.get((name, digest))
                records[name] = read_record(data, name, kind, check) if record is None else record
                hashes.append(digest)
            except Refused as refused:
                faults += refused.faults
        fresh = cache.Shelf([*records], b"".join(hashes), [*records.values()])
        cache.save(tree.cache, label, kind, fresh)
    if faults:
        raise Invalid(*faults)
    return records
