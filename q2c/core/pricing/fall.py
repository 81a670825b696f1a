"""The price waterfall: from the list price, stage by stage, to what a line costs."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from q2c.core.money import EXACT, Money, decimal
from q2c.core.pricing.models import cost, headline, headline_told, told
from q2c.core.pricing.rates import Rate
from q2c.core.pricing.reductions import Reduction, run
from q2c.core.trace import Step, mixed, shown

Stage = Literal[
    "list", "contracted", "model", "schedule", "promotion", "manual", "bundle", "quote", "net"
]
ZERO = Decimal(0)
_FINEST = Decimal("1e-300")  # what a division leaves below is no part of the figure


class Fall(Struct, frozen=True):
    """What a line costs after each stage, exactly, and what made it so.

    `times` counts billing periods, parts of them as well. `levels` are stage, cause and what is
    left, in the order they were worked out; the words are made of just these when somebody asks
    for the `steps`.
    """

    quantity: Decimal
    times: Fraction
    every: str
    currency: str
    gross: Decimal
    levels: tuple[tuple[Stage, Rate | Reduction, Decimal], ...]

    @property
    def amount(self) -> Decimal:
        """What is left in the end, exactly."""
        return self.levels[-1][2]

    @property
    def net(self) -> Money:
        """What is left in the end, rounded once, half away from zero."""
        return Money.of(self.amount, self.currency)

    def whole(self, each: Decimal) -> Decimal:
        """Say what an amount for a billing period comes to over all of them."""
        return _over(each, self.times)

    @property
    def listed(self) -> Money:
        """What it costs at the list price, by the list's own charge model."""
        _, first, _ = self.levels[0]
        assert isinstance(first, Rate), first
        return Money.of(self.whole(cost(first, self.quantity)), self.currency)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Say stage by stage how it came about."""
        return tuple(_steps(self))


def fall(  # noqa: PLR0913 - what a price is made of
    rate: Rate,
    quantity: Decimal,
    times: Fraction | int = 1,
    *,
    every: str = "",
    listed: Rate | None = None,
    agreed: Rate | None = None,
    reductions: Sequence[Reduction] = (),
) -> Fall:
    """Price a quantity, so many times over, from the list to what is left after every reduction.

    `rate` is the price that holds; `listed` what the list says where the customer has a price of
    its own; `agreed` a price set by hand, which comes before any reduction. Exact throughout.
    """
    levels: list[tuple[Stage, Rate | Reduction, Decimal]] = []
    if listed is not None:
        levels.append(("list", listed, _over(headline(listed, quantity), times)))
    amount = _over(headline(rate, quantity), times)
    levels.append(("contracted" if rate.contracted else "list", rate, amount))
    gross = _over(cost(rate, quantity), times)
    if gross != amount:
        levels.append(("model", rate, gross))
    if agreed is not None:
        gross = _over(cost(agreed, quantity), times)
        levels.append(("manual", agreed, gross))
    if reductions:
        left = run(gross, reductions, quantity, decimal(times))
        if times.denominator > 1 or any(one.slices for one in reductions):  # only these divide
            left = [after.quantize(_FINEST, context=EXACT) for after in left]
        levels += [(one.stage, one, after) for one, after in zip(reductions, left, strict=True)]
    return Fall(quantity, Fraction(times), every, rate.currency, gross, tuple(levels))


def _over(each: Decimal, times: Fraction | int) -> Decimal:
    """Multiply what one billing period costs by all of them, parts as well."""
    exact = EXACT.multiply(each, times.numerator)
    if times.denominator == 1:
        return exact
    return EXACT.divide(exact, Decimal(times.denominator)).quantize(_FINEST, context=EXACT)


def _steps(found: Fall) -> Iterator[Step]:
    before = ZERO
    for stage, cause, after in found.levels:
        if isinstance(cause, Rate):
            rule, source = _priced(found, stage, cause), cause.source
        else:
            rule, source = reduced_told(cause, found.times), cause.source
        yield Step(rule, source, shown(before), shown(after), stage=stage)
        before = after
    if (net := found.net.amount) != before:
        rule = f"rounded to whole {found.currency} minor units"
        yield Step(rule, "", shown(before), net, stage="net")


def _priced(found: Fall, stage: Stage, rate: Rate) -> str:
    words = headline_told if stage in {"list", "contracted"} else told
    periods = f", {_periods(found)}" if found.times != 1 else ""
    whose = f"{rate.origin}: " if rate.origin and stage != "model" else ""
    return f"{whose}{words(rate, found.quantity)}{periods}"


def _periods(found: Fall) -> str:
    every, count = found.every or "period", mixed(found.times)
    return f"{count} × {every}" if " " in every else f"{count} {every}s"


def reduced_told(one: Reduction, times: Fraction | int) -> str:
    """Say in words what a reduction takes off."""
    periods = f", {mixed(Fraction(times))} times" if times != 1 else ""
    if one.slices:
        what = " and ".join(f"{percent:f} % off {units:f}" for units, percent in one.slices)
    elif one.percent:
        what = f"{abs(one.percent):f} % {'off' if one.percent > 0 else 'more'}"
    else:
        each = " a unit" if one.per_unit else ""
        what = f"{abs(one.amount):f}{each} {'off' if one.amount > 0 else 'more'}{periods}"
    name = f"{one.name or one.stage} {one.reached}".rstrip()
    return f"{name}: {what}"
