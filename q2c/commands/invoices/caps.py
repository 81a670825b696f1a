"""How much of a cap is used: told before it is too late to speak with the customer."""

from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from q2c.core.billing import Plan
from q2c.core.order import Order, OrderLine
from q2c.core.usage.hours import worth_of
from q2c.store.changes import read_changes
from q2c.store.orders import read_deliveries, some_orders
from q2c.store.tree import Tree

ALERT = 80  # per cent


def caps_told(files: Tree, plan: Plan) -> Iterator[str]:
    """Say of each line of a plan what of its cap is worked, from four fifths of it on."""
    numbers = sorted({order for claim in plan.claims for order in claim.orders})
    for order in some_orders(files, numbers, having=b'"cap"').values():
        for line in order.lines:
            if line.working and line.working.cap:
                yield from _told(files, order, line, plan.through)


def _told(files: Tree, order: Order, line: OrderLine, through: date) -> Iterator[str]:
    assert line.working and line.working.cap, line  # noqa: PT018 - as was looked for
    cap, free = line.working.cap, replace(line, working=replace(line.working, cap=None))
    known = [one for one in read_deliveries(files, order.number) if one.date <= through]
    worth = worth_of(free, known, read_changes(files, order.number))
    share = worth.minor * 100 // cap.minor
    if share < ALERT:
        return
    said = f"{order.ref(line)} {line.name}: {worth} of at most {cap} is worked ({share} %)"
    beyond = f"; {worth - cap} of it is not charged" if worth.minor > cap.minor else ""
    yield f"{said}{beyond}."
