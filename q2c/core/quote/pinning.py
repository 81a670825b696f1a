"""Pinning: prices of a version that are written into its draft, so that they hold once more."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from q2c.core.catalog import Bundle
from q2c.core.fault import Fault, Stale
from q2c.core.money import EXACT, Money, decimal
from q2c.core.quote.draft import Draft
from q2c.core.quote.lines import Line, Priced

SMALLEST = Decimal("1e-12")
# The stages of a price before what a seller takes off by hand, which the draft says itself.
BEFORE = frozenset(("list", "contracted", "model", "schedule", "promotion"))
_Key = tuple[int, str, str, Decimal]


class Pin(Struct, frozen=True):
    """A unit price to write into a draft, and where."""

    path: tuple[str | int, ...]
    price: Decimal


class Shown(Struct, frozen=True):
    """What a line, or all parts of a bundle together, cost before what is off the whole quote.

    A promotion that ends divides a line into `spans` with `times` periods in all.
    """

    line: Line
    own: Money
    times: int
    spans: int = 1

    def moved(self, now: "Shown") -> bool:
        """Say whether it costs something else now; of what has no quantity the rate counts."""
        return self.own != now.own or (not self.line.quantity and self.line.rate != now.line.rate)

    def follows(self, now: "Shown") -> bool:
        """Say whether it is a percentage of what costs something else now: kept where that is."""
        return self.line.percent_of is not None and self.line.quantity != now.line.quantity


def pins(draft: Draft, shown: Priced, now: Priced, bundles: Mapping[str, Bundle]) -> list[Pin]:
    """Give the prices to write so that what costs something else now costs what was shown.

    `shown` is what was offered before, `now` the draft as it is priced today. Lines that were not
    shown so are left alone. Refuses what no unit price can keep: options, percentages of other
    lines, what has tiers and no fixed quantity.
    """
    found, faults = list[Pin](), list[Fault]()
    for was, is_ in _moved(shown, now):
        if was.follows(is_):
            continue
        pin = _pin(draft, was, bundles)
        if pin is None:
            faults.append(_lost(was, is_))
        else:
            found.append(pin)
    if faults:
        raise Stale(*faults)
    return found


def refuse_moved(shown: Priced, now: Priced) -> None:
    """Refuse prices that did not hold after all."""
    if faults := [_lost(was, is_) for was, is_ in _moved(shown, now)]:
        raise Stale(*faults)
    if _known(shown).keys() == _known(now).keys() and shown.net != now.net:
        message = f"What comes off the whole quote is another sum: {shown.net} was shown."
        remedy = f"It is {now.net} now; revise without --keep-prices and edit the draft."
        raise Stale(Fault("price-moved", message, remedy=remedy))


def _moved(shown: Priced, now: Priced) -> list[tuple[Shown, Shown]]:
    """Give what is there before and after for as long, and costs something else."""
    before, after = _known(shown), _known(now)
    both = [(one, after[key]) for key, one in before.items() if key in after]
    return [(was, is_) for was, is_ in both if was.times == is_.times and was.moved(is_)]


def _known(quote: Priced) -> dict[_Key, Shown]:
    """Give lines by what they are; the parts of a bundle, and of a divided line, are one."""
    found: dict[_Key, Shown] = {}
    for line in quote.lines:
        counted = not line.bundle and line.percent_of is None
        quantity = line.quantity if counted else Decimal(0)
        key = (line.part, line.bundle or line.product, line.segment, quantity)
        times = 0 if line.bundle else line.times
        if known := found.get(key):
            own, times = known.own + line.own, known.times + times
            found[key] = Shown(known.line, own, times, known.spans + 1)
        else:
            found[key] = Shown(line, line.own, times)
    return found


def _lost(was: Shown, now: Shown) -> Fault:
    name = was.line.bundle_name or was.line.name
    message = f"{name} costs {now.own} and not {was.own} as shown; that cannot be kept."
    remedy = "Revise without --keep-prices, and write into the draft what shall hold."
    return Fault("price-moved", message, remedy=remedy)


def _pin(draft: Draft, shown: Shown, bundles: Mapping[str, Bundle]) -> Pin | None:
    """Give the price that keeps a line, and where it is written; nothing where none can."""
    line = shown.line
    own = line.part < len(draft.lines) and not (line.parent or line.added_by)
    if not own or line.percent_of is not None:
        return None
    if line.bundle:
        return _bundle_pin(draft, shown, bundles.get(line.bundle))
    if shown.spans > 1:
        return None  # each has its own price
    segment = int(line.segment.partition("/")[0] or 0)
    ramp: tuple[str | int, ...] = ("ramp", segment - 1) if segment else ()
    price = _unit_price(line)
    return None if price is None else Pin(("lines", line.part, *ramp, "price"), price)


def _unit_price(line: Line) -> Decimal | None:
    """Give the price of one unit, before what is taken off by hand."""
    if not line.quantity:
        plain = line.rate.model == "per-unit" and not line.reductions
        return line.rate.unit_price if plain else None
    if line.charge in ("hourly", "usage") and line.bill == "on-delivery" and line.rate.tiers:
        return None  # hours beyond the quantity would lose their tiers
    amounts = [step.after for step in line.steps if step.stage in BEFORE]
    units = Decimal(1) if line.rate.model == "flat" else line.quantity
    return _divided(amounts[-1], EXACT.multiply(units, decimal(line.paid))) if amounts else None


def _bundle_pin(draft: Draft, shown: Shown, bundle: Bundle | None) -> Pin | None:
    """Give the price of one bundle, where nothing more is taken off it."""
    line = shown.line
    if bundle is None or line.reductions:
        return None
    times = decimal(line.paid) if bundle.every else Decimal(1)
    price = _divided(shown.own.amount, EXACT.multiply(draft.lines[line.part].quantity, times))
    return Pin(("lines", line.part, "price"), price)


def _divided(amount: Decimal, units: Decimal) -> Decimal:
    exact = EXACT.divide(amount, units)
    return EXACT.add(exact.quantize(SMALLEST, ROUND_HALF_UP, EXACT).normalize(EXACT), Decimal(0))
