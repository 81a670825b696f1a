"""Discounts in words: what comes off a line, off a bundle, and off the whole of an offer."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from q2c.core.money import Money, decimals, total
from q2c.core.pricing import Reduction
from q2c.core.quote import Line, Reduced
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
    lang: Language, lines: Sequence[Line], reduced: Iterable[Reduced]
) -> tuple[Fact, ...]:
    """Give the sum of the lines, then what comes off all of them; nothing where nothing does."""
    offs = _offs(lines, reduced)
    if not offs:
        return ()
    currency = lines[0].own.currency
    own = total((line.own for line in lines), currency)
    rows = [
        Fact(
            _named(lang, one.name, _share(lang, one.percent), less=off.minor >= 0),
            signed(lang, -off),
        )
        for one, off in offs
    ]
    return (Fact(lang.say("lines_total"), amount(lang, own)), *rows)


def _offs(lines: Sequence[Line], reduced: Iterable[Reduced]) -> list[tuple[Reduced, Money]]:
    """Add up what each reduction took off its lines, which keep a step for each that did."""
    steps = {line.id: [step for step in line.steps if step.stage == "quote"] for line in lines}
    found = []
    for one in reduced:
        off = ZERO
        for line in lines if one.percent or (one.amount and one.amount.minor) else ():
            own = steps[line.id]
            if own and own[0].source == one.source and one.covers(line):
                step = own.pop(0)
                off += step.before - step.after
        found.append((one, Money.of(off, lines[0].own.currency)))
    return found


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
