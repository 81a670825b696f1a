"""Records: files of the workspace as typed values, or all their faults at once."""

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
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
    return _read_all(tree, [name], kind, check, name)[name]


def read_folder(
    tree: Tree, folder: str, kind: type[T], check: Check[T] | None = None
) -> Mapping[str, T]:
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


def _read_all(
    tree: Tree, names: list[str], kind: type[T], check: Check[T] | None, label: str
) -> Mapping[str, T]:
    """Read files through the cache: bytes that it knows are neither parsed nor checked again."""
    with calm():
        shelf = cache.load(tree.cache, label, kind)
        read = [(name, data, sha256(data).digest()) for name, data in tree.read_all(names)]
        if shelf.names == names and shelf.digests == b"".join(digest for _, _, digest in read):
            return cache.Kept(zip(names, shelf.records, strict=True), kind)
        records, fresh, faults = _anew(read, shelf.known(), kind, check)
        cache.save(tree.cache, label, kind, fresh)
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
