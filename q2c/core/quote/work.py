"""Work: a line on its way to its price - what is wanted, for which days, at which rates."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from q2c.core.fault import Invalid
from q2c.core.money import EXACT, decimal
from q2c.core.period import Every
from q2c.core.pricing import Fall, Market, Rate, Rates, Reduction, arranged, cost, fall, rates_of
from q2c.core.quote.configure import Wanted
from q2c.core.quote.draft import Draft
from q2c.core.quote.offer import Offer
from q2c.core.quote.rhythm import every_of
from q2c.core.quote.spans import Span


class Work(Struct, frozen=True, kw_only=True):
    """One span of what is wanted, with its rates; `agreed` is a unit price set by hand.

    `months` is the term of the whole line that the span is of, 0 of what does not recur.
    """

    wanted: Wanted
    span: Span
    every: Every | None
    rates: Rates
    agreed: Rate | None
    months: Fraction = Fraction(0)

    @property
    def rate(self) -> Rate:
        """The rate that its price is made with."""
        return self.agreed or self.rates.rate


def market_of(offer: Offer) -> Market:
    """Say where prices are looked for."""
    return Market(
        customer=offer.customer,
        lists=offer.lists,
        bases=offer.bases,
        currency=offer.currency,
        day=offer.day,
        fees_at_zero=offer.catalog.policy.at_zero == "fees",
    )


def work_of(draft: Draft, wanted: Wanted, span: Span, market: Market) -> Work:
    """Find the rates of a span of what is wanted."""
    every = every_of(wanted)
    rates = rates_of(wanted.product, market, every)
    agreed = None
    if span.price is not None:
        refuse_price(draft, span.price, span.price_at)
        whole = rates.rate.model == "flat" or wanted.product.percent_of is not None
        agreed = Rate(
            model="flat" if whole else "per-unit",
            currency=market.currency,
            unit_price=span.price,
            fees_at_zero=wanted.product.percent_of is not None,
            origin="price set by hand",
            source=draft.source(span.price_at),
        )
    return Work(wanted=wanted, span=span, every=every, rates=rates, agreed=agreed)


def refuse_price(draft: Draft, price: Decimal, path: str) -> None:
    """Refuse a price set by hand that is below nothing."""
    if price < 0:
        message = f"A price is not below 0, and {price:f} is."
        remedy = "Give something back by a credit note."
        raise Invalid(draft.fault("bad-price", message, path, remedy))


def fallen(work: Work, quantity: Decimal, reductions: Sequence[Reduction], offer: Offer) -> Fall:
    """Price a span: from the list to what is left after its reductions in their order."""
    times = work.span.paid
    kept = [one for one in reductions if one.periods is None or _reaches(work, one.periods)]
    if kept:
        gross = EXACT.multiply(cost(work.rate, quantity), decimal(times))
        kept = list(arranged(kept, offer.catalog.policy, gross, quantity, decimal(times)))
    return fall(
        work.rates.rate,
        quantity,
        times,
        every=work.every or "",
        listed=work.rates.listed,
        agreed=work.agreed,
        reductions=kept,
    )


def _reaches(work: Work, periods: int) -> bool:
    """Say whether a reduction for so many periods still holds in this span; else it is over."""
    return not work.every or work.span.done < periods
