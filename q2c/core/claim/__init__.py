"""Claims: the nouns of a run, from a charge to the plan that freezes all of them."""

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
    "Arrived",
    "Charge",
    "Claim",
    "CreditClaim",
    "CreditPart",
    "Deducted",
    "DuePart",
    "Hold",
    "Plan",
    "Scheduled",
    "Section",
    "Skip",
    "deducted",
    "deposit_line",
    "left_of",
]
