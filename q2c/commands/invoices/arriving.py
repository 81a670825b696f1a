"""What a plan took to be delivered by a day or a tag: recorded in one write with its invoices."""

from collections.abc import Iterable
from hashlib import sha256

from q2c.commands.desk import Stamp
from q2c.commands.orders.stamping import stamped_delivery
from q2c.core.billing import Arrived, Plan
from q2c.core.entry import Entry
from q2c.core.fault import Fault, Stale
from q2c.core.trace import Paper
from q2c.store.orders import delivery_lines, events_path, read_deliveries
from q2c.store.tree import Tree


class Arrivals:
    """What has arrived by a plan and is not recorded yet, order by order.

    Several documents of a run may be of one order, and the first records what has arrived of it.
    """

    def __init__(self, plan: Plan, files: Tree, mark: Stamp) -> None:
        self._left = {one.order: one for one in plan.arrived}
        self._files, self._mark = files, mark

    def lines(self, entries: Iterable[Entry]) -> dict[str, bytes]:
        """Give the lines that record what has arrived of the orders that some entries are of."""
        named = {key.partition("/")[0] for entry in entries for key in entry.keys}
        found = [self._left.pop(number) for number in sorted(named & self._left.keys())]
        lines = {events_path(one.order): _lines(one, self._files, self._mark) for one in found}
        return {name: data for name, data in lines.items() if data}


def _lines(one: Arrived, files: Tree, mark: Stamp) -> bytes:
    """Give the lines for an order; none where a run that was stopped has recorded them."""
    earlier = read_deliveries(files, one.order)
    known = [(made.line, made.date, made.quantity, made.tag) for made in earlier[one.after :]]
    if known == [(made.line, made.date, made.quantity, made.tag) for made in one.deliveries]:
        return b""
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
