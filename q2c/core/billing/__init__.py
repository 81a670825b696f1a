"""What is due through a day, and the plan that freezes it."""

from q2c.core.billing.claiming import claim, hold
from q2c.core.billing.due import Instalment, Placing, delivery_key, instalments
from q2c.core.billing.plan import Charge, Claim, Hold, Plan

__all__ = [
    "Charge",
    "Claim",
    "Hold",
    "Instalment",
    "Placing",
    "Plan",
    "claim",
    "delivery_key",
    "hold",
    "instalments",
]
