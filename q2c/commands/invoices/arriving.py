"""What a plan took to be delivered by a day or a tag: recorded in one write with its invoices."""

from collections.abc import Iterable
from hashlib import sha256

from q2c.commands.desk import Stamp
from q2c.commands.orders.delivering import stamped_delivery
from q2c.core.billing import Arrived, Plan
from q2c.core.entry import Entry
from q2c.core.fault import Fault, Stale
from q2c.core.trace import Paper
from q2c.store.orders import delivery_lines, events_path, read_deliveries
from q2c.store.tree import Tree


def arrivals(plan: Plan, entries: Iterable[Entry], files: Tree, mark: Stamp) -> dict[str, bytes]:
    """Give the lines that record what has arrived of the orders that some entries are of."""
    named = {key.partition("/")[0] for entry in entries for key in entry.keys}
    return {
        events_path(one.order): _lines(one, files, mark)
        for one in plan.arrived
        if one.order in named
    }


def _lines(one: Arrived, files: Tree, mark: Stamp) -> bytes:
    earlier = read_deliveries(files, one.order)
    if len(earlier) != one.after:
        message = f"Since this plan was made, something was delivered of {one.order}."
        raise Stale(Fault("stale-plan", message, remedy="Make a new plan: q2c invoice plan"))
    return delivery_lines(earlier, [stamped_delivery(found, mark) for found in one.deliveries])


def own(plan: Plan, paper: Paper, data: bytes) -> bool:
    """Say whether a file of deliveries differs only by what this plan itself has recorded."""
    for one in plan.arrived:
        if events_path(one.order) == paper.path:
            lines = data.splitlines(keepends=True)
            before = b"".join(lines[: one.after])
            there = sha256(before).hexdigest() if paper.sha256 else ""
            grown = len(lines) == one.after + len(one.deliveries)
            return grown and there == paper.sha256
    return False
