"""Changes of orders on disk: what was agreed otherwise, a chained line each."""

from collections.abc import Iterable, Sequence

from q2c.core.subscription import Change
from q2c.store import chain
from q2c.store.tree import Tree


class Changed(Change, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A change in the chain of its order."""

    seq: int
    prev: str
    hash: str


def changes_path(number: str) -> str:
    """Name the file of what was changed of an order."""
    return f"orders/{number}/changes.jsonl"


def read_changes(tree: Tree, number: str) -> tuple[Changed, ...]:
    """Read what was changed of an order, in the order it was recorded."""
    name = changes_path(number)
    if not tree.exists(name):
        return ()
    return tuple(chain.replay(tree.read(name), Changed, name, code="events-broken"))


def all_changes(tree: Tree, orders: Iterable[str]) -> dict[str, tuple[Changed, ...]]:
    """Read what was changed of several orders."""
    return {number: read_changes(tree, number) for number in orders}


def change_lines(earlier: Sequence[Changed], new: Sequence[Change]) -> bytes:
    """Make the lines that add changes to those before."""
    prev = earlier[-1].hash if earlier else chain.NO_HASH
    lines = []
    for seq, change in enumerate(new, start=len(earlier)):
        record, line = chain.sealed(change, Changed, seq, prev)
        prev = record.hash
        lines.append(line)
    return b"".join(lines)
