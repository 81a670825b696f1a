"""Reducing: which schedules, promotions and discounts a line has, and which a whole quote."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from q2c.core.catalog import Band, Promotion, Schedule
from q2c.core.fault import Fault, Invalid, nearest
from q2c.core.money import EXACT, Money, decimal
from q2c.core.party import spoken
from q2c.core.pricing import Reduction
from q2c.core.quote.draft import Discount, Draft
from q2c.core.quote.lines import Reduced
from q2c.core.quote.offer import Offer

ZERO, HUNDRED = Decimal(0), Decimal(100)


class Measure(Struct, frozen=True):
    """What a schedule looks at: units, their price in major units, and months of term."""

    quantity: Decimal = ZERO
    amount: Decimal = ZERO
    months: Fraction = Fraction(0)

    def by(self, what: str) -> Decimal:
        """Give the figure that a schedule goes by."""
        figures = {"quantity": self.quantity, "amount": self.amount, "term": decimal(self.months)}
        return figures[what]


def promoted(draft: Draft, offer: Offer) -> tuple[list[Promotion], list[Fault]]:
    """Give the promotions that hold: those without a code, and those whose code was given.

    Beside them stands which codes there are not, do not hold on the day or for this customer, or
    are used up: as often redeemed as they may be, in all or by this customer.
    """
    faults: list[Fault] = []
    codes = {promo.code: promo for promo in offer.catalog.promotions if promo.code}
    for number, code in enumerate(draft.promotions):
        path = f"promotions.{number}"
        if code not in codes:
            message = f"There is no promotion with the code {code}."
            faults.append(draft.fault("unknown-code", message, path, nearest(code, codes)))
        elif why := _shut(codes[code], draft, offer):
            message = f"{code} {why}."
            remedy = "Take the code away."
            faults.append(draft.fault("promotion-shut", message, path, remedy))
    given = set(draft.promotions)
    found = [
        promo
        for promo in offer.catalog.promotions
        if (promo.code in given if promo.code else not _shut(promo, draft, offer))
    ]
    return found, faults


def _shut(promo: Promotion, draft: Draft, offer: Offer) -> str:
    """Say why a promotion does not hold; nothing where it does."""
    past, id_ = offer.history, promo.id
    reasons = (
        (promo.valid and draft.date not in promo.valid, f"does not hold on {draft.date}"),
        (
            promo.segments and offer.customer.segment not in promo.segments,
            f"is for customers of {' or '.join(promo.segments)}",
        ),
        (
            promo.first_order_only and past.orders,
            f"is for a first order, and {offer.customer.id} has ordered before",
        ),
        (
            promo.max_redemptions and past.redeemed.get(id_, 0) >= promo.max_redemptions,
            f"is used up: it was redeemed {promo.max_redemptions} times",
        ),
        (
            promo.per_customer and past.own.get(id_, 0) >= promo.per_customer,
            f"is used up for {offer.customer.id}: redeemed {promo.per_customer} times",
        ),
        (
            promo.amount and offer.currency not in promo.amount,
            f"has no amount in {offer.currency}",
        ),
    )
    return next((reason for shut, reason in reasons if shut), "")


def promotion_reductions(
    promotions: list[Promotion], product: str, family: str, offer: Offer
) -> Iterator[Reduction]:
    """Give what promotions take off a line; what comes off once over all lines is not here."""
    for promo in promotions:
        if not promo.scope.covers(product, family) or once_over_all(promo):
            continue
        periods = {"once": 1, "periods": promo.periods, "forever": None}[promo.lasts]
        path = "percent" if promo.percent is not None else f"amount.{offer.currency}"
        yield Reduction(
            stage="promotion",
            id=promo.id,
            name=spoken(promo.name, offer.language) or promo.code or promo.id,
            percent=promo.percent or ZERO,
            amount=promo.amount.get(offer.currency, ZERO),
            periods=periods,
            exclusive=promo.exclusive,
            source=promo.source(path),
        )


def once_over_all(promo: Promotion) -> bool:
    """Say whether it is one sum off the lines in its scope together."""
    return bool(promo.amount) and promo.lasts == "once"


def schedule_reductions(
    offer: Offer, product: str, family: str, line: Measure, scopes: Mapping[str, Measure]
) -> Iterator[Reduction]:
    """Give what schedules take off a line, by the line itself or by all lines in their scope.

    `scopes` has what the lines of a quote in a schedule's scope come to together, by its id.
    """
    for schedule in offer.catalog.schedules:
        if not schedule.scope.covers(product, family) or not in_force(schedule, offer):
            continue
        measure = scopes.get(schedule.id, line) if schedule.across == "quote" else line
        if schedule.apply == "slices":
            found = _slices(schedule, measure.by(schedule.by), offer)
        else:
            found = _whole(schedule, measure.by(schedule.by), offer)
        if found:
            yield found


def in_force(schedule: Schedule, offer: Offer) -> bool:
    """Say whether a schedule holds on the day and for this customer."""
    held = schedule.valid is None or offer.day in schedule.valid
    return held and (not schedule.segments or offer.customer.segment in schedule.segments)


def _whole(schedule: Schedule, figure: Decimal, offer: Offer) -> Reduction | None:
    reached = [n for n, band in enumerate(schedule.bands) if band.least <= figure]
    if not reached:
        return None
    band = schedule.bands[reached[-1]]
    amount = band.amount.get(offer.currency, ZERO)
    if not band.percent and not amount:
        return None
    return Reduction(
        stage="schedule",
        id=schedule.id,
        name=spoken(schedule.name, offer.language) or schedule.id,
        percent=band.percent or ZERO,
        amount=amount,
        per_unit=True,
        reached=_reached(schedule, band, offer),
        source=schedule.source(f"bands.{reached[-1]}"),
    )


def _slices(schedule: Schedule, figure: Decimal, offer: Offer) -> Reduction | None:
    """Give each part of the quantity the percentage of its own band."""
    starts = [ZERO, *(band.least for band in schedule.bands)]
    percents = [ZERO, *(band.percent or ZERO for band in schedule.bands)]
    ends = [*starts[1:], figure]
    slices = tuple(
        (EXACT.subtract(min(end, figure), start), percent)
        for start, end, percent in zip(starts, ends, percents, strict=True)
        if min(end, figure) > start
    )
    if not any(percent for _, percent in slices):
        return None
    name = spoken(schedule.name, offer.language) or schedule.id
    source = schedule.source("bands")
    return Reduction(stage="schedule", id=schedule.id, name=name, slices=slices, source=source)


def _reached(schedule: Schedule, band: Band, offer: Offer) -> str:
    units = {"quantity": "", "amount": f" {offer.currency}", "term": " months"}[schedule.by]
    return f"from {band.least:f}{units}"


def manual_reductions(draft: Draft, discounts: Mapping[str, Discount]) -> Iterator[Reduction]:
    """Give what a seller takes off a line by hand, by where it stands in the draft."""
    for path, one in discounts.items():
        refuse_discount(draft, one, path)
        yield Reduction(
            stage="manual",
            name=one.reason or "",
            percent=one.percent or ZERO,
            amount=one.amount or ZERO,
            source=draft.source(path),
        )


def refuse_discount(draft: Draft, one: Discount, path: str) -> None:
    """Refuse a discount that says nothing or too much."""
    if (one.percent is None) == (one.amount is None):
        message = "A discount is a percentage or an amount, one of them."
        raise Invalid(draft.fault("discount-what", message, path, "Write percent: 10."))
    if one.percent is not None and one.percent > HUNDRED:
        message = f"{one.percent:f} % is more than all of it."
        raise Invalid(draft.fault("discount-too-large", message, path, "Write at most 100."))


def over_all(draft: Draft, promotions: list[Promotion], offer: Offer) -> tuple[Reduced, ...]:
    """Give what comes off the whole quote: promotions that are one sum, then the seller's own."""
    found = [
        Reduced(
            name=spoken(promo.name, offer.language) or promo.code or promo.id,
            amount=Money.of(promo.amount[offer.currency], offer.currency),
            promotion=promo.id,
            scope=promo.scope if promo.scope.narrow else None,
            source=promo.source(f"amount.{offer.currency}"),
        )
        for promo in promotions
        if once_over_all(promo)
    ]
    own = []
    for number, one in enumerate(draft.discounts):
        path = f"discounts.{number}"
        refuse_discount(draft, one, path)
        amount = None if one.amount is None else Money.of(one.amount, offer.currency)
        own.append(
            Reduced(
                name=one.reason or "",
                percent=one.percent or ZERO,
                added=bool(one.percent) and offer.catalog.policy.percentages == "sum",
                amount=amount,
                source=draft.source(path),
            )
        )
    order = offer.catalog.policy.order
    if order != "as-written":
        own.sort(key=lambda one: (one.amount is None) == (order == "amounts-first"))
    return (*found, *own)
