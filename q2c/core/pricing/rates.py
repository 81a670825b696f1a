"""Rates: whose price holds for a customer on a day, ready to be multiplied."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.catalog import (
    PERCENTAGES,
    TIERED,
    Adjust,
    ListTier,
    Model,
    PriceList,
    Product,
    Tier,
)
from q2c.core.fault import Fault, Invalid
from q2c.core.money import EXACT, decimals
from q2c.core.party import Customer
from q2c.core.period import Every, by_every

NONE, ONE = Decimal(0), Decimal(1)
PER_CENT = Decimal("0.01")


class RateTier(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A tier in one currency: its inclusive upper end, its unit price, what reaching it costs."""

    up_to: Decimal | None
    unit_price: Decimal = NONE
    flat: Decimal = NONE


class Rate(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A price that is ready to use: one charge model in one currency, and where it stands.

    `unit_price` is for one unit, for one package where `package_size` is given, for everything
    of a flat price, and for one of the amount where it is a percentage (0.18 for 18 %); a tiered
    rate has `tiers` instead. `fixed` is owed once beside it; `minimum` and `maximum` bound the
    whole. `origin` says in words whose price it is, `contracted` that it is the customer's own.
    """

    model: Model
    currency: str
    unit_price: Decimal = NONE
    package_size: Decimal | None = None
    free_units: Decimal = NONE
    tiers: tuple[RateTier, ...] = ()
    fixed: Decimal = NONE
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    fees_at_zero: bool = False
    contracted: bool = False
    origin: str = ""
    source: str = ""


def each_price(rate: Rate, change: Callable[[Decimal], Decimal]) -> Rate:
    """Change every price of a rate alike: of a unit, of its tiers, and its bounds."""
    return replace(
        rate,
        unit_price=change(rate.unit_price),
        tiers=tuple(
            replace(tier, unit_price=change(tier.unit_price), flat=change(tier.flat))
            for tier in rate.tiers
        ),
        fixed=change(rate.fixed),
        minimum=None if rate.minimum is None else change(rate.minimum),
        maximum=None if rate.maximum is None else change(rate.maximum),
    )


class Rates(Struct, frozen=True):
    """The rate that holds, and the list's where the customer's own came before it."""

    rate: Rate
    listed: Rate | None = None


class Market(Struct, frozen=True, kw_only=True):
    """Where a price is looked for: a customer, its lists by rank, a currency and a day.

    `bases` are all price lists, by id, for those that are made from another.
    """

    customer: Customer | None
    lists: Sequence[PriceList]
    bases: Mapping[str, PriceList] = {}
    currency: str
    day: date
    fees_at_zero: bool = False


def rates_of(product: Product, market: Market, every: Every | None = None) -> Rates:
    """Find the price that holds: the customer's own, else a price list's, else the catalogue's.

    `every` is the billing period that is asked for, where it is not the product's own. Refuses
    with `no-price` where there is none in that currency, on that day, for that period.
    """
    listed = _listed(product, market, every)
    own = _own(product, market, every)
    if own:
        return Rates(own, listed)
    if listed is None:
        raise Invalid(_no_price(product, market, every))
    return Rates(listed)


def rate_of(product: Product, market: Market, every: Every | None = None) -> Rate:
    """Find the one price that holds."""
    return rates_of(product, market, every).rate


def _own(product: Product, market: Market, every: Every | None) -> Rate | None:
    customer = market.customer
    if customer is None:
        return None
    for number, own in enumerate(customer.prices):
        period = own.every or product.every
        if own.product != product.id or period != (every or product.every):
            continue
        if market.currency in own.price and own.holds(market.day):
            path = f"prices.{number}.price.{market.currency}"
            origin = f"own price of {customer.id}"
            return _single(
                product, market, own.price[market.currency], origin, customer.source(path)
            )
    return None


def _listed(product: Product, market: Market, every: Every | None) -> Rate | None:
    for prices in market.lists:
        if prices.currency == market.currency and market.day in prices.valid:
            found = _in_list(product, prices, market, every)
            if found:
                return found
    return _catalogued(product, market, every)


def _in_list(
    product: Product, prices: PriceList, market: Market, every: Every | None
) -> Rate | None:
    origin = f"price list {prices.id}"
    if every and every != product.every:
        amount = prices.frequencies.get(product.id, {}).get(every)
        source = prices.source(f"frequencies.{product.id}.{every}")
    else:
        amount, source = prices.prices.get(product.id), prices.source(f"prices.{product.id}")
    if amount is not None:
        return _single(product, market, amount, origin, source, contracted=False)
    if product.id in prices.tiers and (every or product.every) == product.every:
        tiers = tuple(_list_tier(tier) for tier in prices.tiers[product.id])
        return _tiered(product, market, tiers, origin, prices.source(f"tiers.{product.id}"))
    return _from_base(product, prices, market, every)


def _from_base(
    product: Product, prices: PriceList, market: Market, every: Every | None
) -> Rate | None:
    """Give the price of the list that this one is made from, adjusted."""
    if prices.base is None:
        return None
    base = market.bases.get(prices.base)
    below = _in_list(product, base, market, every) if base else _catalogued(product, market, every)
    # A percentage is of prices that are adjusted already.
    if below is None or prices.adjust is None or below.model in PERCENTAGES:
        return below
    tiers = tuple(
        replace(
            tier,
            unit_price=_adjusted(tier.unit_price, prices.adjust),
            flat=_adjusted(tier.flat, prices.adjust),
        )
        for tier in below.tiers
    )
    return replace(
        below,
        unit_price=_adjusted(below.unit_price, prices.adjust),
        tiers=tiers,
        origin=f"price list {prices.id}, {prices.adjust.percent:+f} % on {prices.base}",
        source=prices.source("adjust"),
    )


def _adjusted(price: Decimal, adjust: Adjust) -> Decimal:
    """Raise a price by the per cent and round it to the step, half away from zero, if there is one.

    A price that would be rounded to nothing is left as it is raised.
    """
    raised = EXACT.multiply(price, EXACT.fma(adjust.percent, PER_CENT, ONE))
    if not adjust.round_to:
        return raised
    steps = EXACT.divide(raised, adjust.round_to).quantize(ONE, ROUND_HALF_UP, EXACT)
    return EXACT.multiply(steps, adjust.round_to) if steps else raised


def _catalogued(product: Product, market: Market, every: Every | None) -> Rate | None:
    currency, origin = market.currency, f"catalogue price of {product.id}"
    if every and every != product.every:
        return _by_frequency(product, market, every)
    if currency not in product.currencies():
        return None
    if product.model in TIERED:
        tiers = tuple(_product_tier(tier, currency) for tier in product.tiers)
        return _tiered(product, market, tiers, origin, product.source("tiers"))
    amount, path = _one_price(product, currency)
    source = product.source(path)
    return _single(product, market, amount, origin, source, contracted=False)


def _one_price(product: Product, currency: str) -> tuple[Decimal, str]:
    """Give the one figure that a product without tiers is priced by, and where it stands."""
    if product.model == "percentage":
        assert product.percent is not None, product
        return product.percent * PER_CENT, "percent"
    if product.model == "cost-plus":
        return _marked_up(product, product.cost[currency], currency), "markup"
    return product.price[currency], f"price.{currency}"


def _marked_up(product: Product, cost: Decimal, currency: str) -> Decimal:
    """Add the markup; rounded to the currency's decimals, or to the cost's if it has more."""
    assert product.markup is not None, product
    places = max(decimals(currency), -int(cost.as_tuple().exponent))
    exact = EXACT.multiply(cost, EXACT.fma(product.markup, PER_CENT, ONE))
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT)


def _by_frequency(product: Product, market: Market, every: Every) -> Rate | None:
    currency, origin = market.currency, f"catalogue price of {product.id}"
    prices = product.frequencies.get(every, {})
    if currency not in prices:
        return None
    source = product.source(f"frequencies.{every}.{currency}")
    return _single(product, market, prices[currency], origin, source, contracted=False)


def _single(
    product: Product,
    market: Market,
    amount: Decimal,
    origin: str,
    source: str,
    *,
    contracted: bool = True,
) -> Rate:
    """Make a rate of one price; a price of the customer's own replaces tiers by itself."""
    currency = market.currency
    return Rate(
        model="per-unit" if product.model in TIERED else product.model,
        currency=currency,
        unit_price=amount,
        package_size=product.package_size,
        free_units=product.free_units or NONE,
        fixed=product.fixed.get(currency, NONE),
        minimum=product.minimum.get(currency),
        maximum=product.maximum.get(currency),
        fees_at_zero=market.fees_at_zero,
        contracted=contracted,
        origin=origin,
        source=source,
    )


def _tiered(
    product: Product, market: Market, tiers: tuple[RateTier, ...], origin: str, source: str
) -> Rate:
    return Rate(
        model=product.model,
        currency=market.currency,
        tiers=tiers,
        fixed=product.fixed.get(market.currency, NONE),
        minimum=product.minimum.get(market.currency),
        maximum=product.maximum.get(market.currency),
        fees_at_zero=market.fees_at_zero,
        origin=origin,
        source=source,
    )


def _product_tier(tier: Tier, currency: str) -> RateTier:
    price = tier.unit_price.get(currency, NONE)
    if tier.percent is not None:
        price = tier.percent * PER_CENT
    return RateTier(tier.up_to, price, tier.flat.get(currency, NONE))


def _list_tier(tier: ListTier) -> RateTier:
    price = tier.unit_price if tier.unit_price is not None else NONE
    return RateTier(
        tier.up_to, tier.percent * PER_CENT if tier.percent is not None else price, tier.flat
    )


def _no_price(product: Product, market: Market, every: Every | None) -> Fault:
    period = f" {by_every(every)}" if every and every != product.every else ""
    message = f"'{product.id}' has no price in {market.currency}{period} on {market.day}."
    if period:
        has = ", ".join([*filter(None, [product.every]), *product.frequencies])
        remedy = f"Write one below frequencies; it has prices by the {has}."
    else:
        known = ", ".join(sorted(product.currencies()))
        remedy = f"Add one to the catalogue or a price list; there are prices in {known}."
    return product.fault("no-price", message, "", remedy)
