"""Charge models: how a quantity becomes an amount; one function each, found in a table.

Every model says which parts the amount has; `cost` adds them up and `told` words them. All
amounts are exact: nothing is rounded here.
"""

from collections.abc import Callable
from decimal import ROUND_CEILING, Decimal

from q2c.core.catalog import PERCENTAGES, Model
from q2c.core.money import EXACT
from q2c.core.pricing.rates import Rate

Part = tuple[Decimal, Decimal, Decimal]  # so many units, at so much each, and a fee for the part
ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)


def per_unit(rate: Rate, quantity: Decimal) -> list[Part]:
    """Cost every unit the same; of a percentage, every krona of the amount."""
    return [(quantity, rate.unit_price, ZERO)]


def flat(rate: Rate, quantity: Decimal) -> list[Part]:  # noqa: ARG001 - whatever it is
    """Cost the same whatever the quantity."""
    return [(ONE, rate.unit_price, ZERO)]


def package(rate: Rate, quantity: Decimal) -> list[Part]:
    """Cost every started package in full, after the free units.

    201 units, of which 100 are free, in packages of 100 are 2 packages.
    """
    assert rate.package_size is not None, rate
    paid = max(EXACT.subtract(quantity, rate.free_units), ZERO)
    packages = EXACT.divide(paid, rate.package_size).to_integral_value(ROUND_CEILING)
    return [(packages, rate.unit_price, ZERO)]


def graduated(rate: Rate, quantity: Decimal) -> list[Part]:
    """Cost each slice of the quantity at the price of its own tier.

    1 000 at 0.01, the next 9 000 at 0.008, the rest at 0.005: 15 000 units cost 107.00.
    """
    parts, start = [], ZERO
    for tier in rate.tiers:
        end = tier.up_to
        if end is None or quantity <= end:
            parts.append((EXACT.subtract(quantity, start), tier.unit_price, tier.flat))
            break
        parts.append((EXACT.subtract(end, start), tier.unit_price, tier.flat))
        start = end
    return parts


def volume(rate: Rate, quantity: Decimal) -> list[Part]:
    """Cost the whole quantity at the price of the tier that it reaches.

    With the tiers of `graduated`, 15 000 units cost 75.00.
    """
    tier = next(t for t in rate.tiers if t.up_to is None or quantity <= t.up_to)
    return [(quantity, tier.unit_price, tier.flat)]


def block(rate: Rate, quantity: Decimal) -> list[Part]:
    """Cost the block that the quantity falls in, and each unit above the block's start.

    Blocks of up to 10 for 100 and of more for 250 and 5 a unit: 12 units cost 260.
    """
    start = ZERO
    for tier in rate.tiers:
        if tier.up_to is None or quantity <= tier.up_to:
            break
        start = tier.up_to
    beyond = EXACT.subtract(quantity, start) if tier.unit_price else ZERO
    return [(beyond, tier.unit_price, tier.flat)]


MODELS: dict[Model, Callable[[Rate, Decimal], list[Part]]] = {
    "per-unit": per_unit,
    "flat": flat,
    "graduated": graduated,
    "volume": volume,
    "package": package,
    "block": block,
    "percentage": per_unit,
    "graduated-percentage": graduated,
    "cost-plus": per_unit,
}


def cost(rate: Rate, quantity: Decimal) -> Decimal:
    """Cost a quantity, exactly, in major units of the rate's currency; it is not negative.

    A quantity of nothing costs nothing, unless the rate says that its fees are owed all the same.
    """
    assert quantity >= 0, quantity
    if not quantity and not rate.fees_at_zero:
        return ZERO
    amount = rate.fixed
    for units, price, fee in MODELS[rate.model](rate, quantity):
        amount = EXACT.fma(units, price, amount)
        if fee:
            amount = EXACT.add(amount, fee)
    if rate.minimum is not None and amount < rate.minimum:
        return rate.minimum
    if rate.maximum is not None and amount > rate.maximum:
        return rate.maximum
    return amount


def headline(rate: Rate, quantity: Decimal) -> Decimal:
    """Cost a quantity at the price that a list shows first: of tiers, that of the first one."""
    if rate.model in FIRST_TIER and rate.tiers:
        return EXACT.multiply(quantity, rate.tiers[0].unit_price)
    if not quantity and not rate.fees_at_zero:
        return ZERO
    amount = ZERO
    for units, price, fee in MODELS[rate.model](rate, quantity):
        amount = EXACT.fma(units, price, EXACT.add(amount, fee))
    return amount


_FINE = Decimal("1.0000")  # decimals of an amount that a percentage is of, as words
FIRST_TIER = frozenset({"graduated", "volume", "graduated-percentage"})


def told(rate: Rate, quantity: Decimal) -> str:
    """Say in words how a quantity costs what it does."""
    if not quantity and not rate.fees_at_zero:
        return "nothing for a quantity of 0"
    parts = " + ".join(_part_told(rate, part) for part in MODELS[rate.model](rate, quantity))
    fixed = f" + {rate.fixed:f} fixed" if rate.fixed else ""
    return f"{_WORDS.get(rate.model, '')}{parts}{fixed}{_bound(rate, quantity)}"


def headline_told(rate: Rate, quantity: Decimal) -> str:
    """Say in words what `headline` costs it at."""
    if rate.model in FIRST_TIER and rate.tiers:
        return _part_told(rate, (quantity, rate.tiers[0].unit_price, ZERO))
    return " + ".join(_part_told(rate, part) for part in MODELS[rate.model](rate, quantity))


_WORDS = {
    "graduated": "each tier at its own price: ",
    "volume": "all at the tier reached: ",
    "graduated-percentage": "each tier at its own percentage: ",
}


def _part_told(rate: Rate, part: Part) -> str:
    units, price, fee = part
    once = f" + {fee:f}" if fee else ""
    if rate.model in PERCENTAGES:
        amount = _plain(units.quantize(_FINE, context=EXACT))
        return f"{_plain(price * HUNDRED)} % of {amount}{once}"
    if rate.model == "flat":
        return f"{price:f} flat"
    if rate.model == "package":
        free = f" after {rate.free_units:f} free" if rate.free_units else ""
        return f"{units:f} started packages of {rate.package_size:f}{free} × {price:f}"
    if rate.model == "block":
        return f"block {fee:f}" + (f" + {units:f} × {price:f}" if units else "")
    return f"{units:f} × {price:f}{once}"


def _bound(rate: Rate, quantity: Decimal) -> str:
    amount = cost(rate, quantity)
    if amount == rate.minimum:
        return f", at least {rate.minimum:f}"
    if amount == rate.maximum:
        return f", at most {rate.maximum:f}"
    return ""


def _plain(number: Decimal) -> str:
    """Write a number without the noughts that end its decimals."""
    return f"{number.normalize():f}"
