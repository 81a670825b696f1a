"""What came of sending a document: a chained file beside it, `<document>.sent.jsonl`."""

from q2c.core.sending import Attempt
from q2c.store import chain
from q2c.store.tree import Tree

ENDING = ".sent.jsonl"
FOLDERS = ("quotes", "contracts", "orders", "invoices", "receipts", "statements")


class Sent(Attempt, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """An attempt in the chain of its document."""

    seq: int
    prev: str
    hash: str


def sent_path(path: str) -> str:
    """Name the file of what came of a document, whose path is given without an ending."""
    return f"{path}{ENDING}"


def read_sent(tree: Tree, path: str) -> tuple[Sent, ...]:
    """Read what came of sending a document, in the order it was recorded."""
    name = sent_path(path)
    if not tree.exists(name):
        return ()
    return tuple(chain.replay(tree.read(name), Sent, name, code="events-broken"))


def sent_line(earlier: tuple[Sent, ...], attempt: Attempt) -> bytes:
    """Make the line that adds an attempt to those before."""
    prev = earlier[-1].hash if earlier else chain.NO_HASH
    return chain.sealed(attempt, Sent, len(earlier), prev)[1]


def sent_documents(tree: Tree) -> list[str]:
    """Name every document that was sent or tried to be, by its path without an ending."""
    names = (name for folder in FOLDERS for name in tree.walk(folder))
    return [name.removesuffix(ENDING) for name in names if name.endswith(ENDING)]
