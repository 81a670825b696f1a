"""Hidden: what only the seller sees of a line - its list price, cost, floor, and a sample of it."""

from decimal import Decimal
from fractions import Fraction

from msgspec.structs import replace

from q2c.core.money import EXACT, Money
from q2c.core.period import interval
from q2c.core.pricing import Fall, Rate, cost
from q2c.core.quote.draft import Draft
from q2c.core.quote.inclusive import with_vat
from q2c.core.quote.lines import Inside, Line, Sample
from q2c.core.quote.work import Work

# So many units tell how something without a quantity is priced: in its first tier and its last.
SAMPLES = tuple(Decimal(10) ** power for power in range(7))


def hidden_of(draft: Draft, work: Work, line: Line, found: Fall) -> Inside:
    """Give what only the seller sees of a line."""
    hidden = _inside(work, line.quantity, found, line.own.currency)
    if draft.prices_include_vat:
        costs = (hidden.cost, hidden.floor)
        cost_, floor = (with_vat(one, line.treatment.rate) for one in costs)
        hidden = replace(hidden, cost=cost_, floor=floor)
    if not line.quantity:
        hidden = replace(hidden, sample=_sample(work, line.rate))
    return hidden


def _inside(work: Work, quantity: Decimal, found: Fall, currency: str) -> Inside:
    product = work.wanted.product
    # Of a percentage so many plans, not the kronor that they are of.
    many = work.span.quantity if product.percent_of else quantity
    units = Fraction(1 if work.rates.rate.model == "flat" else many) * work.span.length
    if work.every and product.every:
        units *= interval(work.every).in_months / interval(product.every).in_months
    cost_, floor = product.cost.get(currency), product.floor.get(currency)
    return Inside(
        line="",
        listed=_listed(work, found),
        list_rate=(work.rates.listed or work.rates.rate) if product.percent_of else None,
        cost=None if cost_ is None else Money.of(Fraction(cost_) * units, currency),
        floor=None if floor is None else Money.of(Fraction(floor) * units, currency),
    )


def _listed(work: Work, found: Fall) -> Money:
    """Give what it costs by the list; free periods that the seller gives come off that."""
    if work.wanted.asked.free is None or not work.span.free:
        return found.listed
    return replace(found, times=work.span.length).listed


def _sample(work: Work, rate: Rate) -> Sample:
    """Give the sample of which most is off the list price."""
    known = (_sampled(work, rate, quantity) for quantity in SAMPLES)
    return max(known, key=lambda one: _off(one.listed.minor, one.net.minor))


def _off(listed: int, net: int) -> Fraction:
    return Fraction(listed - net, listed) if listed else Fraction(0)


def _sampled(work: Work, rate: Rate, quantity: Decimal) -> Sample:
    product, currency = work.wanted.product, rate.currency
    cost_, floor = product.cost.get(currency), product.floor.get(currency)
    return Sample(
        quantity=quantity,
        listed=Money.of(cost(work.rates.listed or work.rates.rate, quantity), currency),
        net=Money.of(cost(rate, quantity), currency),
        cost=None if cost_ is None else Money.of(EXACT.multiply(cost_, quantity), currency),
        floor=None if floor is None else Money.of(EXACT.multiply(floor, quantity), currency),
    )
