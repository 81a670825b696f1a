"""Work: a line on its way to its price - what is wanted, for which days, at which rates."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.catalog import BILLS, Bill, Product
from q2c.core.fault import Invalid
from q2c.core.money import EXACT, Money, decimal
from q2c.core.party import buyer_of, spoken
from q2c.core.period import Day, Every, billing_periods, interval
from q2c.core.pricing import Fall, Market, Rate, Rates, Reduction, arranged, cost, fall, rates_of
from q2c.core.pricing.reductions import run
from q2c.core.quote.configure import Wanted
from q2c.core.quote.draft import Draft, DraftLine
from q2c.core.quote.inclusive import with_vat
from q2c.core.quote.lines import Inside, Line, Sample, Within
from q2c.core.quote.metering import metering_of
from q2c.core.quote.milestone import milestone_of
from q2c.core.quote.offer import Offer
from q2c.core.quote.rhythm import begins, every_of
from q2c.core.quote.spans import Span
from q2c.core.quote.working import working_of
from q2c.core.tax import Supplied, Treatment, treatment

ONE = Decimal(1)
# So many units tell how something without a quantity is priced: in its first tier and its last.
SAMPLES = tuple(Decimal(10) ** power for power in range(7))


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


def line_of(
    draft: Draft, work: Work, quantity: Decimal, found: Fall, offer: Offer
) -> tuple[Line, Inside]:
    """Make the line of a span, and what only the seller sees of it; its id is given later."""
    wanted, product, asked = work.wanted, work.wanted.product, work.wanted.asked
    own, taxed = not (wanted.option or wanted.added_by), _taxed(draft, work, offer)
    said = asked if own else DraftLine()
    applied = [one for _, one, _ in found.levels if isinstance(one, Reduction)]
    line = Line(
        id="",
        part=wanted.part,
        key=asked.id or "",
        product=product.id,
        family=product.family or "",
        name=spoken(product.name, offer.language),
        text=said.text or spoken(product.description, offer.language),
        section=asked.section or "",
        quantity=quantity,
        unit=spoken(product.unit, offer.language),
        charge=product.charge,
        bill=_billed(draft, wanted, product) if own else product.billed,
        rate=work.rate if product.percent_of else _usable(work.rate, quantity, applied),
        working=working_of(draft, wanted.part, said, product, offer.currency),
        metering=metering_of(
            draft,
            wanted,
            begins(draft, wanted),
            market_of(offer),
            lambda rate: _usable(rate, quantity, applied),
        ),
        grants=product.grants,
        gross=Money.of(found.gross, offer.currency),
        reductions=tuple(applied),
        own=found.net,
        net=found.net,
        every=work.every,
        align=product.align,
        delivery=said.delivery,
        milestone=milestone_of(draft, wanted.part, asked, product) if own else None,
        optional=asked.optional,
        group=asked.group or "",
        choice=asked.choice or "",
        label=asked.label or "",
        percent_of=product.percent_of,
        within=tuple(Within(one.id, count, one.family or "") for one, count in wanted.within),
        parent="option" if wanted.option else "",
        added_by=wanted.added_by,
        supply=product.supply,
        vat=product.vat,
        vat_exemption=spoken(product.vat_exemption, offer.language),
        treatment=taxed,
        revenue=product.recognised,
        steps=found.steps,
    )
    return _spanned(line, work.span), _hidden(draft, work, line, found)


def _hidden(draft: Draft, work: Work, line: Line, found: Fall) -> Inside:
    """Give what only the seller sees of a line."""
    hidden = _inside(work, line.quantity, found, line.own.currency)
    if draft.prices_include_vat:
        costs = (hidden.cost, hidden.floor)
        cost_, floor = (with_vat(one, line.treatment.rate) for one in costs)
        hidden = replace(hidden, cost=cost_, floor=floor)
    if not line.quantity:
        hidden = replace(hidden, sample=_sample(work, line.rate))
    return hidden


def _taxed(draft: Draft, work: Work, offer: Offer) -> Treatment:
    """Say how a span is taxed, on its first day."""
    product, service = work.wanted.product, work.span.service
    day = service.first if service else begins(draft, work.wanted)
    what = Supplied(
        vat=product.vat, supply=product.supply, day=day, exemption=product.vat_exemption
    )
    buyer = buyer_of(offer.customer)
    return treatment(offer.seller, buyer, what, offer.vat_rates, offer.language)


def _spanned(line: Line, span: Span) -> Line:
    """Write into a line for which days it is, and how many billing periods it costs."""
    line = replace(line, times=span.times, segment=span.label)
    if span.rhythm is None:
        return line
    charged = span.charged
    return replace(
        line,
        align=span.rhythm.align,
        service=span.service,
        anchor=_anchor(span),
        proration=span.rhythm.proration,
        trial=None if span.done else span.rhythm.trial,
        free=span.free,
        charged=None if charged is None else charged.as_integer_ratio(),
    )


def _anchor(span: Span) -> Day | None:
    """Give the day that billing periods are counted from, where the span begins on another.

    What began on the 31st is billed on the 28th of February, and on the 31st again in March.
    """
    rhythm, service = span.rhythm, span.service
    if rhythm is None or service is None or rhythm.begun == service.first:
        return None
    begun, every = rhythm.begun, rhythm.interval
    own, counted = (
        next(billing_periods(service, every, rhythm.align, anchor)) for anchor in (None, begun)
    )
    return begun if own != counted or begun.day != service.first.day else None


def _usable(rate: Rate, quantity: Decimal, reductions: Iterable[Reduction]) -> Rate:
    """Give the rate of what has no quantity yet with its percentages taken off.

    What is agreed for a quantity is what it costs; of a price alone there is only the rate.
    """
    percents = [one for one in reductions if one.percent]
    if quantity or not percents:
        return rate
    kept = run(ONE, percents, quantity, 1)[-1]

    def less(price: Decimal) -> Decimal:
        return EXACT.multiply(price, kept)

    return replace(
        rate,
        unit_price=less(rate.unit_price),
        tiers=tuple(
            replace(tier, unit_price=less(tier.unit_price), flat=less(tier.flat))
            for tier in rate.tiers
        ),
        fixed=less(rate.fixed),
        minimum=None if rate.minimum is None else less(rate.minimum),
        maximum=None if rate.maximum is None else less(rate.maximum),
    )


def _billed(draft: Draft, wanted: Wanted, product: Product) -> Bill:
    bill = wanted.asked.bill
    if bill is None or wanted.within:
        return product.billed
    if bill not in BILLS[product.charge]:
        allowed = " or ".join(BILLS[product.charge])
        message = f"A line with charge {product.charge} cannot be billed {bill}."
        path = f"lines.{wanted.part}.bill"
        raise Invalid(draft.fault("bill-when", message, path, f"Write {allowed}."))
    return bill


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
