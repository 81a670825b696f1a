"""Revenue: what is earned of each order line by a day, and what is still to be posted."""

from q2c.core.recognition.entries import Standing, revenue_entries, revenue_entry, standing
from q2c.core.recognition.months import Earned, earned, months_to_post
from q2c.core.recognition.target import Credit, Obligation, credits_of, obligations, target

__all__ = [
    "Credit",
    "Earned",
    "Obligation",
    "Standing",
    "credits_of",
    "earned",
    "months_to_post",
    "obligations",
    "revenue_entries",
    "revenue_entry",
    "standing",
    "target",
]
