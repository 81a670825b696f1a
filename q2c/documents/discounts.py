"""Discounts in words: what comes off a line, off a bundle, and off the whole of an offer."""

from collections.abc import Sequence
from decimal import Decimal

from q2c.core.money import Money, decimals
from q2c.core.pricing import Reduction
from q2c.core.quote import Line, Reduced
from q2c.core.quote.waterfall import over_all_steps, own_sum
from q2c.documents.language import Language, amount, number, per, percent, unit
from q2c.documents.sheet import Fact

ZERO = Decimal(0)


def line_discounts(lang: Language, line: Line) -> str:
    """Say what came off a line, and what it was before; nothing where nothing did."""
    told = "; ".join(_told(lang, one, line) for one in line.reductions)
    if not told:
        return ""
    if not line.quantity:
        return lang.say("discount_in", told=told)
    key = "before_surcharge" if line.own.minor > line.gross.minor else "before_discount"
    return lang.say(key, gross=amount(lang, line.gross), told=told)


def bundle_discounts(lang: Language, lines: Sequence[Line]) -> str:
    """Say what came off a bundle, whose parts share each discount."""
    currency = lines[0].own.currency
    levels = [_levels(line) for line in lines]
    sums = [Money.of(sum(level, ZERO), currency) for level in zip(*levels, strict=True)]
    reductions = lines[0].reductions
    if not reductions or len(sums) != len(reductions) + 1:
        return ""
    told = "; ".join(
        _named(lang, one.name, _share(lang, one.percent) or signed(lang, after - before))
        for one, before, after in zip(reductions, sums[:-1], sums[1:], strict=True)
    )
    key = "before_surcharge" if sums[-1].minor > sums[0].minor else "before_discount"
    return lang.say(key, gross=amount(lang, sums[0]), told=told)


def _levels(line: Line) -> list[Decimal]:
    """Give the line's share of a bundle's price, and what was left of it after each discount."""
    stages = [step.stage for step in line.steps]
    if "bundle" not in stages:
        return []
    inside = line.steps[stages.index("bundle") :]
    return [step.after for step in inside if step.stage != "quote"]


def whole_discounts(
    lang: Language, lines: Sequence[Line], reduced: Sequence[Reduced], currency: str
) -> tuple[Fact, ...]:
    """Give the sum of the lines, then what comes off all of them; nothing where nothing does."""
    if not reduced:
        return ()
    own = own_sum(lines, currency)
    steps = over_all_steps(lines, reduced, currency)
    rows = (
        _row(lang, one, Money.of(step.after - step.before, currency))
        for one, step in zip(reduced, steps, strict=True)
    )
    return (Fact(lang.say("lines_total"), amount(lang, own)), *rows)


def _row(lang: Language, one: Reduced, effect: Money) -> Fact:
    name = _named(lang, one.name, _share(lang, one.percent), less=effect.minor <= 0)
    return Fact(name, signed(lang, effect))


def signed(lang: Language, what: Money) -> str:
    """Write an amount with its sign, also where it is more."""
    return f"{'+' if what.minor > 0 else ''}{amount(lang, what)}"


def _told(lang: Language, one: Reduction, line: Line) -> str:
    """Say what a reduction takes off: so many per cent, or so much of each unit and period."""
    if one.slices:
        parts = (
            lang.say("off_slice", percent=_share(lang, share), units=number(lang, units))
            for units, share in one.slices
            if share
        )
        return _named(lang, one.name, ", ".join(parts))
    if one.percent:
        return _named(lang, one.name, _share(lang, one.percent), less=one.percent > 0)
    value = number(lang, -one.amount, decimals(line.own.currency))
    value = value if one.amount > 0 else f"+{value}"
    if one.per_unit:
        value = lang.say("off_each", amount=value, what=unit(lang, line.unit, Decimal(1)))
    if line.every:
        value = lang.say("off_every", amount=value, every=per(lang, line.every))
    return _named(lang, one.name, value, less=one.amount > 0)


def _named(lang: Language, name: str, value: str, *, less: bool = True) -> str:
    word = name or lang.say("discount" if less else "surcharge")
    return f"{word} {value}".rstrip()


def _share(lang: Language, off: Decimal) -> str:
    """Write a percentage that comes off with a minus, one that is added with a plus."""
    return f"{'+' if off < 0 else ''}{percent(lang, -off)}" if off else ""
