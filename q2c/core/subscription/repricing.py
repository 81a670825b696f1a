"""Price changes: prices that rise on one day for new customers, on another for those there are."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from q2c.core.catalog import unknown_currency
from q2c.core.fault import Fault
from q2c.core.money import CURRENCIES, EXACT
from q2c.core.order import Order, OrderLine
from q2c.core.party import CurrencyCode, Customer, Id, Note
from q2c.core.period import Day, Period
from q2c.core.pricing import Rate, told
from q2c.core.subscription.changes import Change, When, changes_of
from q2c.core.subscription.raising import priced_at, raised
from q2c.core.subscription.state import at
from q2c.core.subscription.stretches import Stretch, stretches
from q2c.core.trace import Sourced, Step

LEAST = Decimal(-100)
FINE = Decimal("0.000001")


class Grandfather(
    Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """Who keeps the older price: who agreed before a day, and customers by id or segment."""

    agreed_before: Day | None = None
    customers: tuple[Id, ...] = ()
    segments: tuple[Id, ...] = ()


class PriceChange(
    Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """A change of prices: `price-changes/<id>.yaml`.

    Who agrees from `new_from` on has the new prices from the price lists. Those there are have
    them from `existing_from` on: so many per cent more, rounded to a step, or the price of one by
    currency. `proration` says when within a billing period.
    """

    id: Id
    products: tuple[Id, ...] = ()
    families: tuple[Id, ...] = ()
    percent: Decimal | None = None
    round_to: Annotated[Decimal, Meta(description="The step that prices are rounded to.")] = (
        Decimal(0)
    )
    price: dict[CurrencyCode, Decimal] = {}
    new_from: Day
    existing_from: Day
    proration: When = "next-period"
    grandfather: Grandfather | None = None
    notice: Note = ""


def price_change_faults(change: PriceChange) -> Iterator[Fault]:
    """Say what of a price change cannot be."""
    if not (change.products or change.families):
        remedy = "Name products or families."
        yield change.fault("price-change", "This price change is of no product.", "", remedy)
    if (change.percent is None) == (not change.price):
        message = "A price change is by per cent, or to a price of one by currency."
        yield change.fault("price-change", message, "", "Write percent: 3, or price: {SEK: 210}.")
    if change.percent is not None and change.percent <= LEAST:
        remedy = "Write by how many per cent the prices rise."
        yield change.fault("price-change", "Nothing is left of the prices.", "percent", remedy)
    for currency, price in change.price.items():
        if currency not in CURRENCIES:
            yield unknown_currency(change, currency, f"price.{currency}")
        if price < 0:
            remedy = "Write what one costs."
            message = "A price is not below 0."
            yield change.fault("price-change", message, f"price.{currency}", remedy)
    if change.existing_from < change.new_from:
        message = f"New customers have the new price from {change.new_from}, later than the others."
        remedy = "Let new_from be the same day or an earlier one."
        yield change.fault("price-change", message, "new_from", remedy)


def covers(change: PriceChange, order: Order, line: OrderLine, earlier: Sequence[Change]) -> bool:
    """Say whether a price change is about a line: it recurs, and runs when the change begins.

    What was agreed from `new_from` on has its price from the lists of that day.
    """
    if line.charge != "recurring" or line.service is None or line.every is None:
        return False
    if order.agreed_on >= change.new_from or change.existing_from > line.service.last:
        return False
    now = _stands(line, earlier, change)
    named = now.line.product in change.products or now.line.family in change.families
    return named and now.state != "cancelled"


def _stands(line: OrderLine, earlier: Sequence[Change], change: PriceChange) -> Stretch:
    return at(stretches(line, earlier), change.existing_from)


def kept(change: PriceChange, order: Order, now: OrderLine, customer: Customer) -> str:
    """Say why a line keeps the older price, or nothing."""
    old = change.grandfather or Grandfather()
    if order.customer in old.customers:
        return "grandfathered"
    if customer.segment and customer.segment in old.segments:
        return "segment grandfathered"
    if old.agreed_before and order.agreed_on < old.agreed_before:
        return f"agreed before {old.agreed_before}"
    if change.price and now.rate.contracted:
        return "price of its own"
    if change.price and order.currency not in change.price:
        return f"no price in {order.currency}"
    return ""


class Repriced(Struct, frozen=True, kw_only=True):
    """A line that a price change is about: its change, or why it keeps the older price."""

    order: Order
    line: OrderLine
    change: Change | None = None
    kept: str = ""
    done: bool = False


def repriced(
    change: PriceChange, order: Order, changes: Sequence[Change], customer: Customer
) -> Iterator[Repriced]:
    """Say what becomes of each line of an order that a price change is about, made or not."""
    for line in order.lines:
        earlier = changes_of(changes, line.id)
        if any(one.key == change.id for one in earlier):
            yield Repriced(order=order, line=line, done=True)
        elif covers(change, order, line, earlier):
            now = _stands(line, earlier, change).line
            if reason := kept(change, order, now, customer):
                yield Repriced(order=order, line=line, kept=reason)
            else:
                yield Repriced(order=order, line=line, change=_made(change, line, earlier))


def _made(change: PriceChange, line: OrderLine, earlier: Sequence[Change]) -> Change:
    assert line.service is not None, line
    now = _stands(line, earlier, change)
    rate = _rate(change, now.line)
    rule = f"price change {change.id}: {told(rate, now.line.quantity)}"
    path = "percent" if change.percent is not None else f"price.{rate.currency}"
    step = Step(rule, change.source(path), now.line.rate.unit_price, rate.unit_price)
    return Change(
        kind="price",
        date=max(change.existing_from, line.service.first),
        line=line.id,
        rate=rate,
        discounted=now.discounted,
        proration=change.proration,
        key=change.id,
        note=change.notice,
        steps=(step,),
    )


def _rate(change: PriceChange, line: OrderLine) -> Rate:
    """Give the rate after a change; of prices that include VAT, what they leave without it."""
    rate = line.rate
    if change.percent is not None:
        return raised(rate, change.percent, change.round_to)
    price, source = change.price[rate.currency], change.source(f"price.{rate.currency}")
    if line.with_vat:
        whole = EXACT.multiply(price, line.net.minor)
        price = EXACT.divide(whole, line.with_vat.minor).quantize(FINE, context=EXACT).normalize()
    return priced_at(rate, price, f"price change {change.id}", source)


def open_price_changes(
    order: Order,
    services: Iterable[tuple[OrderLine, Period]],
    changes: Sequence[Change],
    files: Sequence[PriceChange],
    customer: Customer,
) -> list[Fault]:
    """Say which price changes were not made of what is about to be charged: lines and their days.

    A billing period is not charged at the older price where it begins when a change holds.
    """
    charged = list(services) if files else []
    faults = []
    for change in files:
        for line, days in charged:
            earlier = changes_of(changes, line.id)
            made = any(one.key == change.id for one in earlier)
            if days.first < change.existing_from or made:
                continue
            if not covers(change, order, line, earlier):
                continue
            if not kept(change, order, _stands(line, earlier, change).line, customer):
                faults.append(_unmade(change, order.ref(line), days))
                break
    return faults


def _unmade(change: PriceChange, ref: str, days: Period) -> Fault:
    message = (
        f"{ref} would be charged the older price for {days}, "
        f"and price change {change.id} holds from {change.existing_from}."
    )
    remedy = f"Make it: q2c order reprice {change.file or change.id}, or grandfather the customer."
    return Fault("price-change-open", message, change.place("existing_from"), remedy)
