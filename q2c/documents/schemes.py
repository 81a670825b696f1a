"""Price schemes in words: how a quantity becomes a price, for each charge model."""

from collections.abc import Iterator
from decimal import Decimal

from q2c.core.catalog import PERCENTAGES
from q2c.core.money import Money, decimals
from q2c.core.pricing import Rate, RateTier
from q2c.core.quote import Line
from q2c.documents.language import Language, amount, number, per, percent
from q2c.documents.parts import average
from q2c.documents.workwords import working_told

HUNDRED, ONE, ZERO = Decimal(100), Decimal(1), Decimal(0)


def scheme(lang: Language, line: Line) -> str:
    """Say how a line is priced where that is more than so much for each unit.

    Nothing is said of what makes a price from what it costs the seller.
    """
    work = working_told(lang, line.working, line.rate.currency)
    told = ", ".join([*_model(lang, line), *_bounds(lang, line.rate), *work])
    return told[:1].upper() + told[1:]


def unit_price(lang: Language, line: Line) -> str:
    """Write the price of a unit; where tiers or packages made it, the average if that is exact."""
    rate = line.rate
    if rate.model == "percentage":
        return percent(lang, rate.unit_price * HUNDRED)
    if rate.model in {"per-unit", "cost-plus"} or (rate.model, line.quantity) == ("flat", ONE):
        return _price(lang, rate.unit_price, rate.currency)
    if rate.model in {*PERCENTAGES, "flat"} or line.charge == "usage" or not line.quantity:
        return ""
    exact, shown = average(line.gross, line.quantity * line.times)
    return number(lang, shown, decimals(rate.currency)) if exact else ""


def _price(lang: Language, value: Decimal, currency: str) -> str:
    return number(lang, value, decimals(currency))


def _model(lang: Language, line: Line) -> Iterator[str]:
    rate = line.rate
    if rate.tiers:
        yield lang.say(rate.model, tiers="; ".join(_tiers(lang, rate)))
    elif rate.package_size:
        price = _price(lang, rate.unit_price, rate.currency)
        key = "package_free" if rate.free_units else "package"
        gaps = {"free": number(lang, rate.free_units)} if rate.free_units else {}
        yield lang.say(key, price=price, size=number(lang, rate.package_size), **gaps)
    elif rate.model == "flat" and line.quantity != ONE:
        yield lang.say("flat", price=_price(lang, rate.unit_price, rate.currency))
    elif line.percent_of:
        base = amount(lang, Money.of(line.quantity, rate.currency))
        share = percent(lang, rate.unit_price * HUNDRED)
        base = f"{base} {per(lang, line.every)}" if line.every else base
        yield lang.say("percent_of", percent=share, base=base)


def _bounds(lang: Language, rate: Rate) -> Iterator[str]:
    """Say what is owed besides, and between which amounts the whole stays."""
    if rate.fixed:
        yield lang.say("fixed", amount=_price(lang, rate.fixed, rate.currency))
    if rate.minimum is not None:
        yield lang.say("minimum", amount=_price(lang, rate.minimum, rate.currency))
    if rate.maximum is not None:
        yield lang.say("maximum", amount=_price(lang, rate.maximum, rate.currency))


def _tiers(lang: Language, rate: Rate) -> Iterator[str]:
    start = ZERO
    for tier in rate.tiers:
        price = _tier(lang, rate, tier, start)
        if tier.up_to is None:
            yield lang.say("tier_rest", price=price)
        else:
            yield lang.say("tier_to", up_to=number(lang, tier.up_to), price=price)
            start = tier.up_to


def _tier(lang: Language, rate: Rate, tier: RateTier, start: Decimal) -> str:
    """Write the price of a tier: of a unit or a percentage with its fee, or of a block."""
    fee = _price(lang, tier.flat, rate.currency)
    price = _price(lang, tier.unit_price, rate.currency)
    if rate.model == "block":
        if not tier.unit_price:
            return fee
        return lang.say("tier_above", fee=fee, price=price, start=number(lang, start))
    if rate.model == "graduated-percentage":
        price = percent(lang, tier.unit_price * HUNDRED)
    return lang.say("tier_fee", price=price, fee=fee) if tier.flat else price
