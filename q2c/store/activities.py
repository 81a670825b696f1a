"""What was said and done with customers: a chained file each, `activities/<customer>.jsonl`."""

from q2c.core.pipeline import Activity
from q2c.store import chain
from q2c.store.tree import Tree

FOLDER = "activities"


class Noted(Activity, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """An activity in the chain of its customer."""

    seq: int
    prev: str
    hash: str


def activities_path(customer: str) -> str:
    """Name the file of a customer's activities."""
    return f"{FOLDER}/{customer}.jsonl"


def read_activities(tree: Tree, customer: str) -> tuple[Noted, ...]:
    """Read what was said and done with a customer, in the order it was recorded."""
    name = activities_path(customer)
    if not tree.exists(name):
        return ()
    return tuple(chain.replay(tree.read(name), Noted, name, code="events-broken"))


def active_customers(tree: Tree) -> list[str]:
    """Name the customers with activities."""
    names = tree.names(FOLDER, ".jsonl")
    return [name.rpartition("/")[2].removesuffix(".jsonl") for name in names]


def activity_line(earlier: tuple[Noted, ...], activity: Activity) -> bytes:
    """Make the line that adds an activity to those before."""
    prev = earlier[-1].hash if earlier else chain.NO_HASH
    return chain.sealed(activity, Noted, len(earlier), prev)[1]
