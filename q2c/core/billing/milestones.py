"""Milestones: what is delivered by a day or by a tag, without anybody recording it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from q2c.core.billing.delivered import delivery_key
from q2c.core.billing.owing import Due
from q2c.core.billing.phrases import TAGGED
from q2c.core.order import Delivery, Order, OrderLine
from q2c.core.party import spoken
from q2c.core.trace import Step

SHORT = 12  # digits that name a commit to people


def waiting(order: Order, recorded: Sequence[Delivery]) -> list[OrderLine]:
    """Give the milestones of an order that nothing has been recorded of."""
    known = {delivery.line for delivery in recorded}
    return [line for line in order.lines if line.milestone and line.id not in known]


def coming(
    order: Order, recorded: Sequence[Delivery], tagged: Mapping[str, Delivery] | None = None
) -> tuple[Delivery, ...]:
    """Give the deliveries that come after those recorded: by their day, or by a tag found.

    In the order of their days, so that those through any day are the first of them. Nothing
    was delivered before it was agreed.
    """
    found = []
    for line in waiting(order, recorded):
        if tagged and line.id in tagged:
            found.append(tagged[line.id])
        elif line.milestone and line.milestone.due_on:
            day = max(line.milestone.due_on, order.agreed_on)
            note = f"on {line.milestone.due_on}, as agreed"
            found.append(Delivery(date=day, line=line.id, quantity=line.quantity, note=note))
    return tuple(sorted(found, key=lambda one: one.date))


def come(order: Order, recorded: Sequence[Delivery], day: date = date.max) -> tuple[Delivery, ...]:
    """Give what was recorded, and then what has come by its day."""
    return (*recorded, *(one for one in coming(order, recorded) if one.date <= day))


def named(
    order: Order, line: OrderLine, dues: Iterable[Due], deliveries: Sequence[Delivery]
) -> Iterator[Due]:
    """Say of what is due by which tags it was delivered, if it was by any.

    The customer reads tag and commit; where the repository lies is told to the seller alone.
    """
    tags = {
        delivery_key(order, line, number): one.tag
        for number, one in enumerate(deliveries)
        if one.tag and one.line == line.id
    }
    for due in dues:
        found = [tags[key] for key in due.keys if key in tags]
        said = (
            spoken(TAGGED, order.language).format(name=tag.name, commit=tag.commit[:SHORT])
            for tag in found
        )
        steps = (Step(f"delivered by {tag}", "", due.net.amount, due.net.amount) for tag in found)
        yield replace(due, text="\n".join(said), steps=(*due.steps, *steps)) if found else due
