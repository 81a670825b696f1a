"""What the wizard says of prices: of what is sold, of a quantity, and of the next step."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from q2c.commands.wizard.searching import Choice
from q2c.commands.wizard.talk import GAP, Talk, joined, money
from q2c.core.catalog import Bundle, Product
from q2c.core.fault import Refused
from q2c.core.money import EXACT, Money, decimal, grouped, total
from q2c.core.party import spoken
from q2c.core.period import Every, by_every, interval
from q2c.core.pricing import Rate, rate_of, told
from q2c.core.quote import Draft, Line, Offer, Priced
from q2c.core.quote.steps_ahead import NextBand, NextTier, bands_ahead, next_tier
from q2c.core.quote.work import market_of
from q2c.core.trace import Step

HUNDRED = Decimal(100)


def items(talk: Talk, offer: Offer) -> list[Choice]:
    """Give all that is sold, with what it costs this customer and its family."""
    language, catalog = talk.shop.company.language, offer.catalog
    goods: Sequence[Product | Bundle] = [*catalog.products.values(), *catalog.bundles.values()]
    return [
        Choice(
            item.id,
            spoken(item.name, language),
            GAP.join(filter(None, (_price(item, offer, language), item.family))),
            item.family or "",
        )
        for item in goods
        if item.active
    ]


def _price(item: Product | Bundle, offer: Offer, language: str) -> str:
    if isinstance(item, Product):
        return product_price(item, offer, item.every, language)
    per = f" / {item.every}" if item.every else ""
    amount = item.price.get(offer.currency)
    if amount is not None:
        return f"{money(amount, offer.currency)} {offer.currency}{per}"
    return f"its parts less {item.discount:f} %" if item.discount else "the sum of its parts"


def product_price(product: Product, offer: Offer, every: Every | None, language: str) -> str:
    """Say what a product costs this customer, in a billing period if it recurs."""
    try:
        rate = rate_of(product, market_of(offer), every)
    except Refused:
        return f"no price in {offer.currency}"
    per = f" / {every}" if every else ""
    return f"{_rate(rate, spoken(product.unit, language))}{per}"


def _rate(rate: Rate, unit: str) -> str:
    if rate.tiers:
        tier = rate.tiers[0]
        if rate.model == "graduated-percentage":
            return f"{_percent(tier.unit_price)} %, by tier"
        first = tier.flat if rate.model == "block" else tier.unit_price
        return f"{money(first, rate.currency)} {rate.currency}, by tier"
    if rate.model == "percentage":
        return f"{_percent(rate.unit_price)} %"
    amount = f"{money(rate.unit_price, rate.currency)} {rate.currency}"
    return f"{amount} / {rate.package_size:f} {unit}" if rate.package_size else amount


def _percent(share: Decimal) -> str:
    return f"{(share * HUNDRED).normalize():f}"


def frequencies(product: Product, offer: Offer) -> list[Choice]:
    """Give the billing periods that a product has a price for, with what each comes to a month."""
    found: dict[Every, Rate] = {}
    for every in periods_of(product, offer):
        try:
            found[every] = rate_of(product, market_of(offer), every)
        except Refused:
            continue
    usual = found.get(product.every) if product.every else None
    return [
        Choice(every, by_every(every), GAP.join(_period(product, every, rate, usual)))
        for every, rate in found.items()
    ]


def periods_of(product: Product, offer: Offer) -> list[Every]:
    """Name the billing periods that somebody has a price for, the shortest first."""
    known = {product.every, *product.frequencies, "month", "quarter", "half-year", "year"}
    for prices in (*offer.lists, *offer.bases.values()):
        known |= prices.frequencies.get(product.id, {}).keys()
    known |= {own.every for own in offer.customer.prices if own.product == product.id}
    return sorted(filter(None, known), key=lambda every: interval(every).in_months)


def _period(product: Product, every: Every, rate: Rate, usual: Rate | None) -> Iterator[str]:
    """Say what a billing period costs, and how that compares with the usual one."""
    yield _rate(rate, "")
    if usual is None or product.every in (None, every) or rate.tiers or not usual.unit_price:
        return
    month = _monthly(rate, every)
    change = (month / _monthly(usual, product.every or every) - 1) * HUNDRED
    yield f"{grouped(round(month, 2))} a month"
    yield f"{change:+.1f} %"


def _monthly(rate: Rate, every: Every) -> Decimal:
    return EXACT.divide(rate.unit_price, decimal(interval(every).in_months))


def line_told(talk: Talk, place: int, draft: Draft, quote: Priced, offer: Offer) -> list[str]:
    """Say what a line comes to, what comes off it, and what a little more would bring."""
    lines = [line for line in quote.lines if line.part == place]
    if not lines:
        return []
    own = total((line.own for line in lines), quote.currency)
    parts = [f"{talk.name(draft.lines[place])}: {_gross(lines)}"]
    parts += _offs(lines, quote.currency)
    if len(parts) > 1 or own != total((line.gross for line in lines), quote.currency):
        parts.append(f"= {own}")
    first = lines[0]
    ahead = [] if draft.lines[place].price is not None else list(_ahead(first, quote, offer))
    return [*joined(parts), *joined(ahead)] if ahead else joined(parts)


def _gross(lines: Sequence[Line]) -> str:
    line, amount = lines[0], total((one.gross for one in lines), lines[0].gross.currency)
    if len(lines) == 1 and (line.rate.tiers or line.rate.package_size):
        return f"{amount} ({told(line.rate, line.quantity)})"
    return str(amount)


def _taken(line: Line) -> list[Step]:
    """Give the steps of what comes off a line; a price set by hand is not one of them."""
    steps = [step for step in line.steps if step.stage in ("schedule", "promotion", "manual")]
    return steps[len(steps) - len(line.reductions) :]


def _offs(lines: Sequence[Line], currency: str) -> Iterator[str]:
    """Say what comes off a line and its options, each reduction once."""
    changes: dict[str, Decimal] = {}
    for step in (step for line in lines for step in _taken(line)):
        changes[step.rule] = changes.get(step.rule, Decimal(0)) + step.after - step.before
    for rule, change in changes.items():
        figure = grouped(Money.of(change, currency).amount)
        yield f"{rule} ({'+' if change > 0 else ''}{figure})"


def _ahead(line: Line, quote: Priced, offer: Offer) -> Iterator[str]:
    """Say what is the next step of each kind; nothing where the last is reached."""
    if not line.bundle and (tier := next_tier(line.rate, line.quantity)):
        yield f"next: {tier_told(tier, line.rate.currency)}"
    for band in bands_ahead(line, quote, offer):
        yield f"next: {band_told(band, line.unit, offer.currency)}"


def tier_told(tier: NextTier, currency: str) -> str:
    """Say what the next tier brings: `1 350.00 each above 40`."""
    above = f"above {grouped(tier.above)}"
    each, once = money(tier.unit_price, currency), money(tier.flat, currency)
    if tier.model == "package":
        return f"{once} more {above}"
    if tier.model == "block":
        more = f" and {each} for each unit beyond" if tier.unit_price else ""
        return f"{once} {above}{more}"
    fee = f" and {once} once" if tier.flat else ""
    if tier.model == "graduated-percentage":
        return f"{_percent(tier.unit_price)} % of what is {above}{fee}"
    return f"{each} {'each' if tier.model == 'volume' else 'for each'} {above}{fee}"


def band_told(band: NextBand, unit: str, currency: str) -> str:
    """Say what the next band of a schedule brings: `8 % from 80 h`."""
    what = f"{band.percent:f} %" if band.percent else f"{money(band.amount, currency)} off each"
    figure = {
        "quantity": f"{grouped(band.least)} {unit}",
        "amount": f"{money(band.least, currency)} {currency}",
        "term": f"{band.least:f} months",
    }[band.by]
    where = f"of what is above {figure}" if band.slices else f"from {figure}"
    return f"{what} {where}{' in all' if band.together else ''} ({band.name})"
