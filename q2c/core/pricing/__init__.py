"""What a quantity costs: whose price holds, what the charge model makes of it, what comes off."""

from q2c.core.pricing.fall import Fall, Stage, fall
from q2c.core.pricing.models import MODELS, cost, headline, told
from q2c.core.pricing.rates import Market, Rate, Rates, RateTier, each_price, rate_of, rates_of
from q2c.core.pricing.reductions import Reduction, arranged, reduced
from q2c.core.pricing.sharing import split

__all__ = [
    "MODELS",
    "Fall",
    "Market",
    "Rate",
    "RateTier",
    "Rates",
    "Reduction",
    "Stage",
    "arranged",
    "cost",
    "each_price",
    "fall",
    "headline",
    "rate_of",
    "rates_of",
    "reduced",
    "split",
    "told",
]
