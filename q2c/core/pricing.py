"""What a quantity costs: one function a charge model, found in a table."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from q2c.core.catalog import Model, PriceList, Product
from q2c.core.fault import Fault, Invalid
from q2c.core.money import Money, allocate
from q2c.core.party import Customer
from q2c.core.trace import Step, Traced


class RateTier(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A tier in one currency: its inclusive upper end, its unit price, what reaching it costs."""

    up_to: Decimal | None
    unit_price: Decimal
    flat: Decimal = Decimal(0)


class Rate(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A price that is ready to use: one charge model in one currency, and where it stands.

    `unit_price` is for one unit, or for one package where `package_size` is given; a
    tiered rate has `tiers` instead. `origin` says in words whose price it is.
    """

    model: Model
    currency: str
    unit_price: Decimal = Decimal(0)
    package_size: Decimal | None = None
    tiers: tuple[RateTier, ...] = ()
    origin: str = ""
    source: str = ""


class Costed(Struct, frozen=True):
    """An exact cost before it is rounded, with the steps that made it."""

    amount: Fraction
    steps: tuple[Step, ...]


def flat(rate: Rate, quantity: Decimal) -> Costed:
    """Cost every unit the same."""
    return _costed(
        [(f"{quantity:f} × {rate.unit_price:f}", _exact(quantity, rate.unit_price))], rate
    )


def package(rate: Rate, quantity: Decimal) -> Costed:
    """Cost every started package in full: 201 units in packages of 100 are 3 packages."""
    assert rate.package_size is not None, rate
    packages = -(-Fraction(quantity) // Fraction(rate.package_size))
    rule = f"{packages} started packages of {rate.package_size:f} × {rate.unit_price:f}"
    return _costed([(rule, packages * Fraction(rate.unit_price))], rate)


def graduated(rate: Rate, quantity: Decimal) -> Costed:
    """Cost each slice of the quantity at the price of its own tier.

    1 000 at 0.01, the next 9 000 at 0.008, the rest at 0.005: 15 000 units cost 107.00.
    """
    parts, start = [], Decimal(0)
    for tier in rate.tiers:
        if quantity <= start:
            break
        end = quantity if tier.up_to is None else min(quantity, tier.up_to)
        cost = _exact(end - start, tier.unit_price) + Fraction(tier.flat)
        parts.append((f"{end - start:f} in the tier {_span(start, tier)}{_fee(tier)}", cost))
        start = end
    return _costed(parts, rate)


def volume(rate: Rate, quantity: Decimal) -> Costed:
    """Cost the whole quantity at the price of the tier that it reaches.

    With the tiers of `graduated`, 15 000 units cost 75.00.
    """
    start = Decimal(0)
    for tier in rate.tiers:
        if tier.up_to is None or quantity <= tier.up_to:
            break
        start = tier.up_to
    reached = Fraction(tier.flat) if quantity else Fraction(0)
    rule = f"{quantity:f} at the tier {_span(start, tier)}{_fee(tier)}"
    return _costed([(rule, _exact(quantity, tier.unit_price) + reached)], rate)


MODELS: dict[Model, Callable[[Rate, Decimal], Costed]] = {
    "flat": flat,
    "graduated": graduated,
    "volume": volume,
    "package": package,
}


def cost(rate: Rate, quantity: Decimal) -> Costed:
    """Cost a quantity by the rate's charge model, exactly; the quantity is not negative."""
    assert quantity >= 0, quantity
    return MODELS[rate.model](rate, quantity)


def price(rate: Rate, quantity: Decimal, times: int = 1) -> Traced:
    """Price a quantity, so many times over, and round once, half away from zero.

    `times` is the number of billing periods of something that recurs.
    """
    costed = cost(rate, quantity)
    steps, exact = list(costed.steps), costed.amount
    if times != 1:
        exact *= times
        steps.append(Step(f"{times} periods", "", _shown(costed.amount), _shown(exact)))
    rounded = Money.of(exact, rate.currency)
    if rounded.amount != exact:
        steps.append(
            Step(f"rounded to whole {rate.currency} minor units", "", _shown(exact), rounded.amount)
        )
    return Traced(rounded, tuple(steps))


def rate_of(
    product: Product,
    customer: Customer | None,
    lists: Sequence[PriceList],
    currency: str,
    day: date,
) -> Rate:
    """Find the price that holds: the customer's own, else a price list's, else the catalogue's.

    Refuses with `no-price` where there is none in that currency on that day.
    """
    own = customer.prices.get(product.id, {}) if customer else {}
    if customer and currency in own:
        path = f"prices.{product.id}.{currency}"
        origin = f"own price of {customer.id}"
        return _single(product, own[currency], currency, origin, customer.source(path))
    for prices in lists:
        if (
            prices.currency == currency
            and day in prices.valid
            and (found := _listed(product, prices))
        ):
            return found
    if currency in product.currencies():
        return _catalogued(product, currency)
    raise Invalid(_no_price(product, currency, day))


def _listed(product: Product, prices: PriceList) -> Rate | None:
    if product.id in prices.prices:
        source = prices.source(f"prices.{product.id}")
        amount = prices.prices[product.id]
        return _single(product, amount, prices.currency, f"price list {prices.id}", source)
    if product.id in prices.tiers:
        return Rate(
            model=product.model,
            currency=prices.currency,
            tiers=tuple(RateTier(t.up_to, t.unit_price, t.flat) for t in prices.tiers[product.id]),
            origin=f"price list {prices.id}",
            source=prices.source(f"tiers.{product.id}"),
        )
    return None


def _catalogued(product: Product, currency: str) -> Rate:
    origin = f"catalogue price of {product.id}"
    if not product.tiers:
        source = product.source(f"price.{currency}")
        return _single(product, product.price[currency], currency, origin, source)
    none = Decimal(0)
    tiers = (
        RateTier(t.up_to, t.unit_price[currency], t.flat.get(currency, none)) for t in product.tiers
    )
    return Rate(
        model=product.model,
        currency=currency,
        tiers=tuple(tiers),
        origin=origin,
        source=product.source("tiers"),
    )


def _single(product: Product, amount: Decimal, currency: str, origin: str, source: str) -> Rate:
    """Make a rate of one price; a price of the customer's own replaces tiers by itself."""
    return Rate(
        model="package" if product.model == "package" else "flat",
        currency=currency,
        unit_price=amount,
        package_size=product.package_size,
        origin=origin,
        source=source,
    )


def _no_price(product: Product, currency: str, day: date) -> Fault:
    known = ", ".join(sorted(product.currencies()))
    remedy = f"Add one to the catalogue or a price list; there are prices in {known}."
    return product.fault(
        "no-price", f"'{product.id}' has no price in {currency} on {day}.", "", remedy
    )


def split(whole: Money, stand_alone: Sequence[Money]) -> tuple[Money, ...]:
    """Split an agreed price over parts by their stand-alone prices (IFRS 15.76).

    Lost minor units go to the largest remainders; parts that are all free share equally.
    """
    weights = [part.minor for part in stand_alone]
    return allocate(whole, weights if any(weights) else [1] * len(weights))


def _exact(one: Decimal, other: Decimal) -> Fraction:
    return Fraction(one) * Fraction(other)


def _shown(exact: Fraction) -> Decimal:
    """Show an exact figure with as many decimals as it has, at most twelve."""
    shown = Decimal(exact.numerator) / Decimal(exact.denominator)
    return round(shown, 12).normalize() + Decimal(0)


def _span(start: Decimal, tier: RateTier) -> str:
    end = "and more" if tier.up_to is None else f"to {tier.up_to:f}"
    return f"above {start:f} {end} × {tier.unit_price:f}"


def _fee(tier: RateTier) -> str:
    return f" + {tier.flat:f} once" if tier.flat else ""


def _costed(parts: Sequence[tuple[str, Fraction]], rate: Rate) -> Costed:
    """Add parts up, a step each; the first names whose price it is."""
    steps, sum_ = [], Fraction(0)
    for number, (rule, amount) in enumerate(parts):
        told = f"{rate.origin}: {rule}" if number == 0 and rate.origin else rule
        steps.append(Step(told, rate.source, _shown(sum_), _shown(sum_ + amount)))
        sum_ += amount
    return Costed(sum_, tuple(steps))
