"""Bundles: the price that parts have together, split over them by their stand-alone prices."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.catalog import Bundle
from q2c.core.fault import Fault, Invalid
from q2c.core.money import Money, decimal, total
from q2c.core.party import spoken
from q2c.core.pricing import Reduction, Stage, arranged, split
from q2c.core.pricing.fall import reduced_told
from q2c.core.pricing.reductions import run
from q2c.core.quote.lines import Line
from q2c.core.quote.offer import Offer
from q2c.core.trace import Step


class Part(Struct, frozen=True, kw_only=True):
    """A part of a bundle, priced by itself, and the bundles that it lies in, outermost first."""

    line: Line
    within: tuple[tuple[Bundle, Decimal], ...]


def bundled(
    parts: Sequence[Part], agreed: Decimal | None, reductions: Sequence[Reduction], offer: Offer
) -> list[Line]:
    """Give each part of a bundle its share of what the bundle costs, and of what comes off it.

    A fixed price is split by stand-alone prices (IFRS 15.76); of a sum less a discount each part
    has its own. `agreed` is a price for one bundle set by hand. Promotions and discounts by hand
    come off the bundle and are split alike.
    Refuses a bundle without a price in the quote's currency.
    """
    bundle, count = parts[0].within[0]
    shares = _shares(parts, 0, offer, agreed)
    lines = [
        _shared(part.line, share, bundle, offer, agreed)
        for part, share in zip(parts, shares, strict=True)
    ]
    whole = total(shares, offer.currency)
    times = parts[0].line.paid if bundle.every else Fraction(1)
    kept = arranged(reductions, offer.catalog.policy, whole.amount, count, decimal(times))
    for one, left in zip(kept, run(whole.amount, kept, count, decimal(times)), strict=True):
        _refuse_overdrawn(one, times, total(shares, offer.currency))
        after = split(Money.of(left, offer.currency), shares)
        stage: Stage = one.stage
        rule = f"{reduced_told(one, times)}, of bundle {bundle.id}"
        lines = [
            _stepped(
                line, share, Step(rule, one.source, line.own.amount, share.amount, stage=stage)
            )
            for line, share in zip(lines, after, strict=True)
        ]
        lines = [replace(line, reductions=(*line.reductions, one)) for line in lines]
        shares = after
    return lines


def _refuse_overdrawn(one: Reduction, times: Fraction, before: Money) -> None:
    """Refuse an amount off by hand that is more than what it comes off."""
    if one.stage == "manual" and Fraction(one.amount) * times > Fraction(before.amount):
        message = f"{one.amount:f} off is more than the bundle costs at that point."
        raise Invalid(Fault("discount-too-large", message, remedy="Take off less."))


def _shares(
    parts: Sequence[Part], depth: int, offer: Offer, agreed: Decimal | None = None
) -> tuple[Money, ...]:
    """Split what the bundle at a depth costs over its parts; bundles in it are priced first."""
    bundle, count = parts[0].within[depth]
    own = _inner(parts, depth, offer)
    if bundle.price or agreed is not None:
        each = _price(bundle, offer) if agreed is None else agreed
        times = parts[0].line.paid if bundle.every else Fraction(1)
        whole = Money.of(Fraction(each) * Fraction(count) * times, offer.currency)
        return split(whole, [part.line.own for part in parts])
    discount = bundle.discount or Decimal(0)
    whole = total(own, offer.currency)
    return split(whole.share(1 - discount / 100), own)


def _inner(parts: Sequence[Part], depth: int, offer: Offer) -> tuple[Money, ...]:
    """Give what each part costs before this bundle's own price: by itself or in an inner bundle."""
    own: list[Money] = []
    here = list(parts)
    while here:
        first = here[0]
        if len(first.within) == depth + 1:
            own.append(first.line.own)
            here = here[1:]
            continue
        inner = first.within[depth + 1]
        same = [part for part in here if part.within[depth + 1 : depth + 2] == (inner,)]
        group = here[: len(same)]
        own += _shares(group, depth + 1, offer)
        here = here[len(group) :]
    return tuple(own)


def _price(bundle: Bundle, offer: Offer) -> Decimal:
    price = bundle.price.get(offer.currency)
    if price is None:
        message = f"'{bundle.id}' has no price in {offer.currency}."
        remedy = f"Write one below price, as {offer.currency}: …."
        raise Invalid(bundle.fault("no-price", message, "price", remedy))
    return price


def _shared(line: Line, share: Money, bundle: Bundle, offer: Offer, agreed: Decimal | None) -> Line:
    how = f"{bundle.discount:f} % off the sum" if bundle.discount is not None else "by its share"
    if bundle.price or agreed is not None:
        each = bundle.price[offer.currency] if agreed is None else agreed
        how = f"its part of {each:f} each, by the stand-alone price {line.own}"
    rule = f"bundle {bundle.id}: {how}"
    path = f"price.{offer.currency}" if bundle.price else "discount"
    step = Step(rule, bundle.source(path), line.own.amount, share.amount, stage="bundle")
    name = spoken(bundle.name, offer.language)
    return replace(_stepped(line, share, step), bundle=bundle.id, bundle_name=name)


def _stepped(line: Line, share: Money, step: Step) -> Line:
    return replace(line, own=share, net=share, steps=(*line.steps, step))
