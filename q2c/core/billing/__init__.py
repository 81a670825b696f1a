"""What is due through a day, and the plan that freezes it."""

from q2c.core.billing.claiming import (
    SLACK,
    Dues,
    claim,
    claim_due,
    claim_of,
    dues_of,
    hold,
    po_of,
    rounding_of,
)
from q2c.core.billing.credits import Billed, credit_claims
from q2c.core.billing.delivered import delivery_key
from q2c.core.billing.gathering import gathered, set_aside
from q2c.core.billing.milestones import come, coming, waiting
from q2c.core.billing.owing import Due, Facts, Placing
from q2c.core.billing.recurring import Instalment, instalments
from q2c.core.billing.scheduled import deposit_key, final_key
from q2c.core.claim.parts import LINE, Deducted, DuePart, Scheduled, deducted, deposit_line, left_of
from q2c.core.claim.plan import (
    Arrived,
    Charge,
    Claim,
    CreditClaim,
    CreditPart,
    Hold,
    Plan,
    Section,
    Skip,
)

__all__ = [
    "LINE",
    "SLACK",
    "Arrived",
    "Billed",
    "Charge",
    "Claim",
    "CreditClaim",
    "CreditPart",
    "Deducted",
    "Due",
    "DuePart",
    "Dues",
    "Facts",
    "Hold",
    "Instalment",
    "Placing",
    "Plan",
    "Scheduled",
    "Section",
    "Skip",
    "claim",
    "claim_due",
    "claim_of",
    "come",
    "coming",
    "credit_claims",
    "deducted",
    "delivery_key",
    "deposit_key",
    "deposit_line",
    "dues_of",
    "final_key",
    "gathered",
    "hold",
    "instalments",
    "left_of",
    "po_of",
    "rounding_of",
    "set_aside",
    "waiting",
]
