"""Words for what was changed in a billing period, as they stand on the paper and in the steps."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from q2c.core.money import Money, grouped
from q2c.core.party import spoken
from q2c.core.period import Period, common
from q2c.core.plural import Units
from q2c.core.pricing import cost, told
from q2c.core.subscription.amounts import pieces
from q2c.core.subscription.phrases import SAID
from q2c.core.subscription.slots import Slot
from q2c.core.subscription.stretches import Stretch


class Tongue(Struct, frozen=True):
    """The language of a paper, and its words for units."""

    language: str = "en"
    units: Units = Units()

    def unit(self, word: str, quantity: Decimal) -> str:
        """Give a unit's word for a quantity; as it stands where the language has none."""
        return self.units.of(word, quantity)


def free_told(slot: Slot, language: str) -> str:
    """Say that a billing period is free of charge, where it is."""
    return "" if slot.charged else spoken(SAID["free"], language)


def mixture_told(
    slot: Slot, cut: Sequence[Stretch], tongue: Tongue, within: Period | None = None
) -> str:
    """Say of which stretches a billing period is made; nothing where one covers all of it."""
    if not slot.charged and within is None:
        return free_told(slot, tongue.language)
    found = [(one, days.within(within or days)) for one, days in pieces(slot, cut)]
    if within is None and len(found) == 1 and found[0][1] == slot.whole:
        return ""
    parts = (
        f"{_what(one, tongue, exact=within is not None)}: {_days(days.days, slot, tongue.language)}"
        for one, days in found
    )
    return "; ".join(parts)


def difference_told(
    slot: Slot,
    cuts: tuple[Sequence[Stretch], Sequence[Stretch]],
    days: Period,
    tongue: Tongue,
    *,
    dated: bool = False,
) -> str:
    """Say what some days of a billing period cost otherwise for: more or fewer, another price."""
    counts: dict[str, int] = {}
    for before, old in pieces(slot, cuts[0]):
        for after, new in pieces(slot, cuts[1]):
            count = common(days, old.within(new)) if common(old, new) else 0
            if count and before.price != after.price:
                what = _difference(before, after, tongue)
                counts[what] = counts.get(what, 0) + count
    if dated and len(counts) == 1:
        ((what, count),) = counts.items()
        return f"{what}, {days}: {_days(count, slot, tongue.language)}"
    parts = "; ".join(
        f"{what}: {_days(count, slot, tongue.language)}" for what, count in counts.items()
    )
    return f"{days}: {parts}" if dated else parts


def _difference(old: Stretch, new: Stretch, tongue: Tongue) -> str:
    language = tongue.language
    more = new.line.quantity - old.line.quantity
    if old.state != new.state:
        return spoken(SAID[new.state], language)
    if old.line.product != new.line.product:
        names = {"new": new.line.name, "old": old.line.name}
        return spoken(SAID["plan"], language).format(**names)
    if not more:
        return spoken(SAID["price"], language)
    how = spoken(SAID["more" if more > 0 else "fewer"], language)
    return how.format(count=_number(abs(more)), unit=tongue.unit(new.line.unit, more))


def _what(one: Stretch, tongue: Tongue, *, exact: bool) -> str:
    if one.state != "running":
        return spoken(SAID[one.state], tongue.language)
    if exact:
        full = Money.of(cost(one.line.rate, one.line.quantity), one.line.rate.currency)
        less = ", less the discounts" if one.price < full.minor else ""
        return f"{told(one.line.rate, one.line.quantity)} a period{less}"
    return f"{_number(one.line.quantity)} {tongue.unit(one.line.unit, one.line.quantity)}"


def _days(count: int, slot: Slot, language: str) -> str:
    return spoken(SAID["days"], language).format(count=count, whole=slot.whole.days)


def _number(number: Decimal) -> str:
    return grouped(number.normalize() + 0)
