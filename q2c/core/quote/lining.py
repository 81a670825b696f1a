"""Lining: the line that is made of a span, once it is priced."""

from collections.abc import Iterable
from decimal import Decimal

from msgspec.structs import replace

from q2c.core.catalog import BILLS, UNIT, Bill, Product
from q2c.core.fault import Invalid
from q2c.core.money import EXACT, Money
from q2c.core.party import buyer_of, spoken
from q2c.core.period import Day, billing_periods
from q2c.core.pricing import Fall, Rate, Reduction, each_price
from q2c.core.pricing.reductions import run
from q2c.core.quote.configure import Wanted
from q2c.core.quote.draft import Draft, DraftLine
from q2c.core.quote.hidden import hidden_of
from q2c.core.quote.lines import Inside, Line, Within
from q2c.core.quote.metering import metering_of
from q2c.core.quote.milestone import milestone_of
from q2c.core.quote.offer import Offer
from q2c.core.quote.rhythm import begins
from q2c.core.quote.spans import Span
from q2c.core.quote.work import Work, market_of
from q2c.core.quote.working import working_of
from q2c.core.tax import Supplied, Treatment, treatment

ONE = Decimal(1)


def _unit(product: Product, offer: Offer) -> str:
    """Give what one of a product is: of an expense the currency, where it says nothing else."""
    if product.charge == "expense" and product.unit == UNIT:
        return offer.currency
    return spoken(product.unit, offer.language)


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
        unit=_unit(product, offer),
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
    return _spanned(line, work.span), hidden_of(draft, work, line, found)


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
    return each_price(rate, lambda price: EXACT.multiply(price, kept))


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
