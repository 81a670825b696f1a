"""Bringing a file to say something else: the changes that lead from one tree to another."""

from collections.abc import Iterator

from q2c.store.dialect import Document, Path, Tree
from q2c.store.splices import uneditable

Change = tuple[Path, Tree]


def brought(document: Document, path: Path, wanted: Tree) -> list[Change]:
    """Give the changes by which what stands at a path says what is wanted, the deepest first.

    Refuses what only an editor can do: to take something away, or to put another kind of value
    in its place.
    """
    here = document.value
    for key in path:
        here = here[key]
    return list(_between(document, here, wanted, path))


def _between(document: Document, here: Tree, wanted: Tree, path: Path) -> Iterator[Change]:
    if isinstance(here, dict) and isinstance(wanted, dict) and here.keys() <= wanted.keys():
        for key in here:
            yield from _between(document, here[key], wanted[key], (*path, key))
        yield from (((*path, key), wanted[key]) for key in wanted if key not in here)
    elif isinstance(here, list) and isinstance(wanted, list) and len(here) <= len(wanted):
        for number, item in enumerate(here):
            yield from _between(document, item, wanted[number], (*path, number))
        yield from (((*path, number), wanted[number]) for number in range(len(here), len(wanted)))
    elif isinstance(here, dict | list) or isinstance(wanted, dict | list):
        raise uneditable(document, path)
    elif here != wanted:
        yield path, wanted
