"""Milestones: lines that fall due on a day, or by a tag in a git repository."""

from msgspec import Struct

from q2c.core.catalog import Product
from q2c.core.fault import Invalid
from q2c.core.period import Day
from q2c.core.quote.draft import Draft, DraftLine, Tag

# What is delivered as a whole, and not used or worked.
WHOLE = frozenset({"milestone", "one-off"})


class Milestone(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """When a line is delivered without anybody saying so: on a day, or with a tag."""

    due_on: Day | None = None
    tag: Tag | None = None

    def __str__(self) -> str:
        if self.tag is None:
            return str(self.due_on or "")
        where = f" of {self.tag.repository}" if self.tag.repository else ""
        return f"{'signed ' if self.tag.signed else ''}tag {self.tag.pattern}{where}"


def milestone_of(draft: Draft, part: int, asked: DraftLine, product: Product) -> Milestone | None:
    """Give when a line falls due by itself; refuse one that cannot, or in two ways."""
    if asked.due_on is None and asked.tag is None:
        return None
    path = f"lines.{part}.{'tag' if asked.tag else 'due_on'}"
    if asked.due_on is not None and asked.tag is not None:
        message = "A line falls due on a day or by a tag, not both."
        raise Invalid(draft.fault("milestone-twice", message, path, "Take one of them away."))
    bill = asked.bill or product.billed
    if product.charge not in WHOLE or bill != "on-delivery":
        message = f"{product.id} is not delivered at once, so no day or tag delivers it."
        remedy = "Write it for milestones, or for what is sold once and billed on-delivery."
        raise Invalid(draft.fault("not-a-milestone", message, path, remedy))
    return Milestone(due_on=asked.due_on, tag=asked.tag)
