"""What came of sending a document, as it stands in a chained file beside it."""

from q2c.core.sending import Attempt
from q2c.store import chain
from q2c.store.sent import sent_path
from q2c.store.tree import Tree


class Sent(Attempt, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """An attempt in the chain of its document."""

    seq: int
    prev: str
    hash: str


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
