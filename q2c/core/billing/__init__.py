"""What is due through a day, and the plan that freezes it."""

from q2c.core.billing.claiming import claim, hold
from q2c.core.billing.delivered import delivery_key
from q2c.core.billing.owing import Due, Facts, Placing
from q2c.core.billing.plan import Charge, Claim, Hold, Plan
from q2c.core.billing.recurring import Instalment, instalments

__all__ = [
    "Charge",
    "Claim",
    "Due",
    "Facts",
    "Hold",
    "Instalment",
    "Placing",
    "Plan",
    "claim",
    "delivery_key",
    "hold",
    "instalments",
]
