"""Subscriptions: what is changed of what recurs after it was agreed, and the stretches it makes."""

from q2c.core.subscription.amounts import amount, exact, pieces, prices
from q2c.core.subscription.changes import Change, ChangeKind, When, changes_of
from q2c.core.subscription.slots import Slot, slots, weight_of
from q2c.core.subscription.stretches import State, Stretch, begins, kept_of, stretches

__all__ = [
    "Change",
    "ChangeKind",
    "Slot",
    "State",
    "Stretch",
    "When",
    "amount",
    "begins",
    "changes_of",
    "exact",
    "kept_of",
    "pieces",
    "prices",
    "slots",
    "stretches",
    "weight_of",
]
