"""Subscriptions: what is changed of what recurs after it was agreed, and the stretches it makes."""

from q2c.core.subscription.amounts import amount, charged, exact, pieces, prices
from q2c.core.subscription.changes import Change, ChangeKind, When, changes_of
from q2c.core.subscription.checking import checked
from q2c.core.subscription.closing import closed
from q2c.core.subscription.effect import Effect, effect, stands
from q2c.core.subscription.slots import Slot, periods_of, slots, weight_of
from q2c.core.subscription.state import at, order_state, stands_on
from q2c.core.subscription.stretches import State, Stretch, begins, kept_of, stretches

__all__ = [
    "Change",
    "ChangeKind",
    "Effect",
    "Slot",
    "State",
    "Stretch",
    "When",
    "amount",
    "at",
    "begins",
    "changes_of",
    "charged",
    "checked",
    "closed",
    "effect",
    "exact",
    "kept_of",
    "order_state",
    "periods_of",
    "pieces",
    "prices",
    "slots",
    "stands",
    "stands_on",
    "stretches",
    "weight_of",
]
