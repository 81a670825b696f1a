"""Matching: which things of two lists belong together, whatever order they stand in."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
# What a thing is known by, before and after; nothing where it is not looked at.
Key = tuple[Callable[[T], Hashable], Callable[[T], Hashable]]


def paired(
    before: Sequence[T], after: Sequence[T], keys: Iterable[Key[T]], rank: Callable[[T], Any]
) -> list[tuple[T | None, T | None]]:
    """Pair two lists: by the first key that finds a thing on both sides, each thing once.

    Of several with the same key the lowest in `rank` go together. What has no counterpart stands
    alone. The pairs are in the order of the second list; what is only in the first stands where
    it stood.
    """
    found = _found(before, after, keys, rank)
    partner = {other: one for one, other in found.items()}
    rows: list[tuple[tuple[int, int, int], tuple[T | None, T | None]]] = [
        ((place, 0, 0), (before[partner[place]] if place in partner else None, thing))
        for place, thing in enumerate(after)
    ]
    last = -1
    for place, thing in enumerate(before):
        last = found.get(place, last)
        if place not in found:
            rows.append(((last, 1, place), (thing, None)))
    return [pair for _, pair in sorted(rows, key=lambda row: row[0])]


def known_by(*keys: Callable[[T], Hashable], name: Callable[[T], Hashable]) -> Iterator[Key[T]]:
    """Give keys for things that may have a name: the name first, then each other key in turn.

    Two things of different names are different things, so the other keys pair those that have
    none with any.
    """

    def only(key: Callable[[T], Hashable], *, named: bool) -> Callable[[T], Hashable]:
        return lambda thing: key(thing) if bool(name(thing)) is named else None

    yield (lambda thing: name(thing) or None,) * 2
    for key in keys:
        bare, called = only(key, named=False), only(key, named=True)
        yield from ((bare, bare), (bare, called), (called, bare))


def _found(
    before: Sequence[T], after: Sequence[T], keys: Iterable[Key[T]], rank: Callable[[T], Any]
) -> dict[int, int]:
    """Say for each place in the first list which one in the second it belongs to."""
    found: dict[int, int] = {}
    left, right = list(range(len(before))), list(range(len(after)))
    for of_before, of_after in keys:
        if not (left and right):
            break
        groups = _grouped(after, right, of_after)
        taken = set[int]()
        for key, places in _grouped(before, left, of_before).items():
            for one, other in _zipped(places, before, groups.get(key, []), after, rank):
                found[one] = other
                taken.add(other)
        left = [place for place in left if place not in found]
        right = [place for place in right if place not in taken]
    return found


def _grouped(
    things: Sequence[T], places: Iterable[int], key: Callable[[T], Hashable]
) -> Mapping[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = {}
    for place in places:
        name = key(things[place])
        if name is not None:
            groups.setdefault(name, []).append(place)
    return groups


def _zipped(
    ones: list[int],
    before: Sequence[T],
    others: list[int],
    after: Sequence[T],
    rank: Callable[[T], Any],
) -> Iterable[tuple[int, int]]:
    """Pair two groups of the same key; only where there is a choice it goes by rank."""
    if max(len(ones), len(others)) > 1:
        ones = sorted(ones, key=lambda place: rank(before[place]))
        others = sorted(others, key=lambda place: rank(after[place]))
    return zip(ones, others, strict=False)
