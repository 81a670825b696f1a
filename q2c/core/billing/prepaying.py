"""Credits that were sold ahead of use: what they cover of readings, units first, then amounts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from msgspec.structs import replace

from q2c.core.billing.rating import rated
from q2c.core.money import CURRENCIES, Money
from q2c.core.order import Order, OrderLine
from q2c.core.period import (
    Period,
    billing_periods,
    interval,
    last_of,
)
from q2c.core.prepaid import Draw, Drawdown, Grant, drawn
from q2c.core.usage.metering import Reading, stem_of

ZERO = Decimal(0)
Use = tuple[Order, OrderLine, Reading]
Parts = Mapping[str, Decimal]
Spent = tuple[date, Fraction]  # on a day, so much of what a line granted


def grants_of(orders: Iterable[Order], through: date) -> list[Grant]:
    """Give what was granted by a day: units of a meter, or an amount of a currency."""
    found = [
        grant
        for order in orders
        for line in order.lines
        if line.grants
        for grant in _grants(order, line, through)
    ]
    return [grant for grant in found if grant.first <= through]


def _grants(order: Order, line: OrderLine, through: date) -> Iterator[Grant]:
    """Yield the grants of a line: one for each billing period, or one for good."""
    terms, ref = line.grants, order.ref(line)
    assert terms is not None, line
    unit, quantity = terms.meter or order.currency, terms.quantity * line.quantity
    rollover = terms.rollover
    if not terms.meter and line.with_vat is not None:  # an amount is drawn as use is: without VAT
        quantity = _without_vat(order, line, quantity)
        rollover = None if rollover is None else _without_vat(order, line, rollover)
    if line.service is None or line.every is None:
        last = last_of(terms.expires or "", order.agreed_on)
        yield Grant(f"{ref}:granted", unit, quantity, order.agreed_on, last)
        return
    for whole in billing_periods(line.service, interval(line.every), line.align, line.anchor):
        period = whole.within(line.service)
        if period.first > through:
            return
        key = f"{ref}:{period.first}..{period.last}"
        yield Grant(key, unit, quantity, period.first, period.last, rollover)


def _without_vat(order: Order, line: OrderLine, amount: Decimal) -> Decimal:
    """Take the VAT out of an amount, as it was taken out of prices of the line, or of its like."""
    alike = (one for one in order.lines if one.vat == line.vat)
    pairs = (pair for one in (line, *alike) for pair in _prices(one))
    without, with_ = next((pair for pair in pairs if pair[1]), (Decimal(1), Decimal(1)))
    return Money.of(Fraction(amount) * Fraction(without) / Fraction(with_), order.currency).amount


def _prices(line: OrderLine) -> Iterator[tuple[Decimal, Decimal]]:
    """Give each price of a line without VAT and with it."""
    if line.rate_with_vat:
        now, agreed = line.rate, line.rate_with_vat
        yield now.unit_price, agreed.unit_price
        yield now.fixed, agreed.fixed
        for left, tier in zip(now.tiers, agreed.tiers, strict=True):
            yield left.unit_price, tier.unit_price
            yield left.flat, tier.flat


def with_vat_paid(
    line: OrderLine, agreed: OrderLine, readings: Iterable[Reading]
) -> tuple[Reading, ...]:
    """Say what prepaid amounts pay of readings of a line, at its prices as agreed with VAT.

    It is the same part of the use as without VAT, so what is paid in full stays so.
    """
    own = [one for one in readings if one.line == line.id]
    now, before = _parts(line, agreed, own), _parts(line, agreed, map(_as_billed, own))
    return tuple(
        replace(
            one,
            paid=_times(one.paid, *now[_place(one)]),
            paid_before=_times(one.paid_before, *before[_place(one)]),
        )
        for one in own
    )


Place = tuple[Period, tuple[tuple[str, str], ...]]


def _place(reading: Reading) -> Place:
    return reading.period, reading.group


def _parts(
    line: OrderLine, agreed: OrderLine, readings: Iterable[Reading]
) -> dict[Place, tuple[Money, Money]]:
    """Give what each reading is worth without VAT and with it."""
    own = list(readings)
    pairs = zip(rated(line, own), rated(agreed, own), strict=True)
    return {_place(one.reading): (one.net, other.net) for one, other in pairs}


def _times(paid: Decimal, net: Money, with_vat: Money) -> Decimal:
    return with_vat.share(Fraction(paid) / Fraction(net.amount)).amount if net.minor else paid


def covered(
    orders: Sequence[Order], readings: Mapping[str, Sequence[Reading]], through: date
) -> dict[str, tuple[Reading, ...]]:
    """Say of the readings of one customer's orders what its credits cover, by number of order.

    What was billed is drawn as if nothing else had been, and keeps what covered it: use that
    comes late is covered by what is left.
    """
    grants = grants_of(orders, through)
    known = {number: tuple(found) for number, found in readings.items()}
    if not grants:
        return known
    units = {grant.unit for grant in grants}
    for unit in sorted(units, key=lambda one: (one in CURRENCIES, one)):
        pots = [grant for grant in grants if grant.unit == unit]
        now = _drawn(pots, _units(orders, known, unit, before=False))
        before = _drawn(pots, _units(orders, known, unit, before=True))
        known = _with(orders, known, _kept(orders, known, now, before), before, unit)
    return known


def _kept(
    orders: Sequence[Order], readings: Mapping[str, Sequence[Reading]], now: Parts, before: Parts
) -> Parts:
    """Leave to what is billed what covered it, and take that off what came after and goes before.

    A credit is drawn day by day, so only what is to be billed for an earlier day takes of it.
    """
    kept, fresh = dict(now), list[tuple[date, str]]()
    for place, new in sorted(_places(orders, readings)):
        ref = place[1]
        if new:
            fresh.append(place)
            continue
        lost = before.get(ref, ZERO) - now.get(ref, ZERO)
        for _, other in reversed(fresh) if lost > 0 else ():
            part = min(lost, kept.get(other, ZERO) - before.get(other, ZERO))
            if part > 0:
                kept[other] -= part
                kept[ref] = kept.get(ref, ZERO) + part
                lost -= part
    return kept


def _places(
    orders: Sequence[Order], readings: Mapping[str, Sequence[Reading]]
) -> Iterator[tuple[tuple[date, str], bool]]:
    """Give the place of each reading in the order of draws, and whether any of it is to bill."""
    for order in orders:
        lines = {line.id: line for line in order.lines}
        for one in readings.get(order.number, ()):
            ref = _ref(order, lines[one.line], one)
            yield (_day(one), ref), bool(one.keys(order.ref(lines[one.line])))


def drawdowns(
    orders: Sequence[Order], readings: Mapping[str, Sequence[Reading]], through: date
) -> Iterator[tuple[list[Grant], Drawdown]]:
    """Give the grants of one customer by unit, with what became of them by a day."""
    grants = grants_of(orders, through)
    for unit in sorted({grant.unit for grant in grants}):
        pots = [grant for grant in grants if grant.unit == unit]
        draws = sorted(_units(orders, readings, unit, before=False), key=_in_order)
        yield pots, drawn(pots, draws, through)


def spent_of(
    orders: Sequence[Order], readings: Mapping[str, Sequence[Reading]], through: date
) -> dict[str, list[Spent]]:
    """Say of one customer's lines when which part of their credits was used, or expired."""
    found: dict[str, list[Spent]] = {}
    for grants, down in drawdowns(orders, readings, through):
        for row in down.rows:
            if row.grant.quantity:
                part = Fraction(row.quantity) / Fraction(row.grant.quantity)
                found.setdefault(row.grant.line, []).append((row.draw.day, part))
        for grant in grants:
            if grant.last and (lost := down.expired.get(grant.id)):
                part = Fraction(lost) / Fraction(grant.quantity)
                found.setdefault(grant.line, []).append((grant.last, part))
    return found


def _in_order(draw: Draw) -> tuple[date, str]:
    return draw.day, draw.ref


def _units(
    orders: Sequence[Order], readings: Mapping[str, Sequence[Reading]], unit: str, *, before: bool
) -> Iterator[Draw]:
    """Give the draws on a unit: of a meter so much, of a currency what use is worth in it."""
    for order in orders:
        for line in order.lines:
            own = [one for one in readings.get(order.number, ()) if one.line == line.id]
            if before:
                own = [_as_billed(one) for one in own if one.settled]
            if line.meter == unit:
                for one in own:
                    yield Draw(_day(one), one.quantity, _ref(order, line, one))
            elif line.meter and order.currency == unit:
                for found in rated(line, own):
                    ref = _ref(order, line, found.reading)
                    yield Draw(_day(found.reading), found.net.amount, ref)


def _as_billed(reading: Reading) -> Reading:
    return replace(reading, quantity=reading.billed, covered=reading.covered_before)


def _day(reading: Reading) -> date:
    return min(reading.period.last, reading.through)


def _ref(order: Order, line: OrderLine, reading: Reading) -> str:
    return stem_of(order.ref(line), reading.period, reading.group)


def _drawn(grants: Iterable[Grant], draws: Iterable[Draw]) -> Parts:
    """Say how much of each draw is covered."""
    found: dict[str, Decimal] = {}
    ordered = sorted(draws, key=_in_order)
    for row in drawn(grants, ordered).rows:
        found[row.draw.ref] = found.get(row.draw.ref, ZERO) + row.quantity
    return found


def _with(
    orders: Sequence[Order],
    readings: Mapping[str, Sequence[Reading]],
    now: Parts,
    before: Parts,
    unit: str,
) -> dict[str, tuple[Reading, ...]]:
    """Write into readings what is covered of them, and was."""
    new: dict[str, tuple[Reading, ...]] = {}
    for order in orders:
        lines = {line.id: line for line in order.lines}
        found = []
        for one in readings.get(order.number, ()):
            ref = _ref(order, lines[one.line], one)
            part, old = now.get(ref, ZERO), before.get(ref, ZERO)
            if lines[one.line].meter == unit:
                found.append(replace(one, covered=part, covered_before=old))
            elif order.currency == unit:
                found.append(replace(one, paid=part, paid_before=old))
            else:
                found.append(one)
        new[order.number] = tuple(found)
    return new
