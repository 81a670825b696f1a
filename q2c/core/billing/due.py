"""What is due of an order line through a day: instalments, the order itself, or deliveries."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from q2c.core.money import Money
from q2c.core.order import Delivery, Order, OrderLine, kept, worth
from q2c.core.party import Company, Customer
from q2c.core.period import MONTHS, Period, billing_periods, common
from q2c.core.pricing import cost, told
from q2c.core.tax import VatRate
from q2c.core.trace import Step, shown

_Keyed = tuple[str, Delivery]


class Placing(Struct, frozen=True, kw_only=True):
    """All that a claim needs besides its order: the parties, the rates, the days."""

    company: Company
    customer: Customer
    vat_rates: tuple[VatRate, ...]
    through: date
    issue_on: date


class Due(Struct, frozen=True, kw_only=True):
    """What is claimed of an order line, before tax; `gross` is without discounts, if it has any."""

    keys: tuple[str, ...]
    quantity: Decimal
    net: Money
    gross: Money | None = None
    supplied: Period
    service: Period | None = None
    steps: tuple[Step, ...] = ()


def due(
    order: Order,
    line: OrderLine,
    deliveries: Sequence[Delivery],
    billed: Collection[str],
    at: Placing,
) -> Iterator[Due]:
    """Say what is due of an order line through a day and not billed."""
    if line.charge == "recurring":
        yield from _recurring(order, line, billed, at.through)
    elif line.bill == "on-order":
        yield from _on_order(order, line, billed, at.through)
    else:
        yield from _on_delivery(order, line, deliveries, billed, at)


def _on_order(
    order: Order, line: OrderLine, billed: Collection[str], through: date
) -> Iterator[Due]:
    key = f"{order.ref(line)}:order"
    if key not in billed and order.agreed_on <= through:
        day = Period(order.agreed_on, order.agreed_on)
        yield Due(keys=(key,), quantity=line.quantity, net=line.net, supplied=day, steps=line.steps)


def delivery_key(order: Order, line: OrderLine, number: int) -> str:
    """Name the charge of a delivery: its order line and its place among the order's events."""
    return f"{order.ref(line)}:delivery-{number}"


def _on_delivery(
    order: Order,
    line: OrderLine,
    deliveries: Sequence[Delivery],
    billed: Collection[str],
    at: Placing,
) -> Iterator[Due]:
    """Claim what deliveries are worth together, less what those billed before were worth.

    Days of different VAT rates are claimed apart. Nothing, or less than nothing because more
    units made all of them cheaper, waits for the next delivery.
    """
    before, fresh = Decimal(0), []
    for number, delivery in enumerate(deliveries):
        if delivery.line == line.id:
            key = delivery_key(order, line, number)
            if key in billed:
                before += delivery.quantity
            elif delivery.date <= at.through:
                fresh.append((key, delivery))
    if fresh:
        for groups in (_by_rate(fresh, _turns(line, at)), [fresh]):
            parts = list(_delivered(line, before, groups))
            if all(part.quantity > 0 and part.net.minor >= 0 for part in parts):
                yield from parts
                return


def _turns(line: OrderLine, at: Placing) -> list[date]:
    """Give the days on which the line's VAT rate changed."""
    country = at.company.address.country
    rows = (row for row in at.vat_rates if (row.country, row.vat) == (country, line.vat))
    return sorted(row.valid_from for row in rows)


def _by_rate(fresh: Sequence[_Keyed], turns: Sequence[date]) -> list[list[_Keyed]]:
    groups: dict[int, list[_Keyed]] = {}
    for key, delivery in fresh:
        groups.setdefault(bisect_right(turns, delivery.date), []).append((key, delivery))
    return [groups[era] for era in sorted(groups)]


def _delivered(
    line: OrderLine, before: Decimal, groups: Iterable[Sequence[_Keyed]]
) -> Iterator[Due]:
    """Claim group after group: what all through it is worth, less what all before it was."""
    for group in groups:
        days = [delivery.date for _, delivery in group]
        quantity = sum((delivery.quantity for _, delivery in group), Decimal(0))
        through = max(before + quantity, Decimal(0))
        already, now = worth(line, before), worth(line, through)
        rule = f"{through:f} {line.unit} delivered, of which {before:f} invoiced before"
        yield Due(
            keys=tuple(key for key, _ in group),
            quantity=quantity,
            net=now - already,
            supplied=Period(min(days), max(days)),
            steps=(*line.steps, *_worth(line, through), Step(rule, "", already.amount, now.amount)),
        )
        before = through


def _worth(line: OrderLine, quantity: Decimal) -> Iterator[Step]:
    """Say how a delivered quantity is worth what it is: by the rate, or as a share of the whole.

    Where the rate stands is said by the steps of the quote, which know the commit.
    """
    if line.open_ended and not line.bundle:
        exact, owed = cost(line.rate, quantity), worth(line, quantity).amount
        yield Step(told(line.rate, quantity), "", Decimal(0), shown(exact))
        if kept(line) != 1:
            rule = f"less the discounts: {line.net} of {line.gross} agreed"
            yield Step(rule, "", shown(exact), owed)
    elif quantity < line.quantity:
        owed = worth(line, quantity).amount
        rule = f"{quantity:f} of {line.quantity:f} {line.unit} for {line.net}"
        yield Step(rule, "", Decimal(0), owed)


def _recurring(
    order: Order, line: OrderLine, billed: Collection[str], through: date
) -> Iterator[Due]:
    for part in instalments(line):
        key = f"{order.ref(line)}:{part.service.first}..{part.service.last}"
        ready = part.service.last if line.bill == "in-arrears" else part.service.first
        if ready > through:
            return  # as are all after it
        if key not in billed:
            yield Due(
                keys=(key,),
                quantity=line.quantity,
                net=part.net,
                supplied=part.service,
                service=part.service,
                steps=(*line.steps, part.step),
            )


class Instalment(Struct, frozen=True):
    """The part of a recurring line that falls on one billing period."""

    service: Period
    net: Money
    step: Step


def instalments(line: OrderLine) -> Iterator[Instalment]:
    """Split a recurring line over its billing periods; the parts add up to what was agreed.

    A whole period costs one of the agreed `times`; a period that the service covers in part
    costs by its days over the days of the whole period. Each part is the rounded amount
    through its end less the rounded amount before it; the last takes what is left.
    """
    assert line.every is not None, line
    assert line.service is not None, line
    periods = list(billing_periods(line.service, MONTHS[line.every], line.align, line.anchor))
    sum_, billed = Fraction(0), Money(0, line.net.currency)
    for whole in periods:
        days = common(whole, line.service)
        service = Period(max(whole.first, line.service.first), min(whole.last, line.service.last))
        sum_ += Fraction(days, whole.days)
        through = line.net if whole is periods[-1] else line.net.share(sum_ / line.times)
        part = f"{days} of {whole.days} days of {whole}"
        over = f" over {line.times} periods" if line.times > 1 else ""
        rule = f"{line.net}{over}: {part}"
        net = through - billed
        yield Instalment(service, net, Step(rule, "", line.net.amount, net.amount))
        billed = through
