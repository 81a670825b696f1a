"""The exchange rate that a quote states, when it is not in the seller's currency."""

from q2c.core.fault import Invalid
from q2c.core.quote.draft import Draft


def refuse_exchange(draft: Draft, currency: str, home: str) -> None:
    """Refuse a stated rate that is not above 0, or that nothing is converted by."""
    if draft.exchange is None:
        return
    if currency == home:
        message = f"The quote is in {home} as the books are, so there is nothing to convert."
        remedy = "Take exchange away, or write the quote's currency."
        raise Invalid(draft.fault("exchange-needless", message, "exchange", remedy))
    if draft.exchange.rate <= 0:
        message = "An exchange rate is above 0."
        remedy = f"Write how many {home} one {currency} is worth."
        raise Invalid(draft.fault("bad-rate", message, "exchange.rate", remedy))
