"""What is due through a day, and the plan that freezes it."""

from q2c.core.billing.claiming import claim, hold
from q2c.core.billing.delivered import delivery_key
from q2c.core.billing.owing import Due, Facts, Placing
from q2c.core.billing.plan import (
    Charge,
    Claim,
    CreditClaim,
    CreditPart,
    Hold,
    Plan,
    Section,
    Skip,
)
from q2c.core.billing.recurring import Instalment, instalments

__all__ = [
    "Charge",
    "Claim",
    "CreditClaim",
    "CreditPart",
    "Due",
    "Facts",
    "Hold",
    "Instalment",
    "Placing",
    "Plan",
    "Section",
    "Skip",
    "claim",
    "delivery_key",
    "hold",
    "instalments",
]
