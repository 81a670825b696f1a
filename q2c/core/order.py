"""Orders: accepted lines, and what has been delivered of them."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.catalog import Bill, Charge, Granted, VatClass
from q2c.core.fault import Fault, Invalid, Unknown
from q2c.core.money import Money, total
from q2c.core.period import Alignment, Every, Free, Period, Proration
from q2c.core.pricing import Rate, cost
from q2c.core.quote import Event as QuoteEvent
from q2c.core.quote import Line, Payment, Priced, nets, rate_without
from q2c.core.quote.inclusive import terms_without, working_without
from q2c.core.quote.metering import Metering
from q2c.core.quote.milestone import Milestone
from q2c.core.quote.working import Allowance, Working
from q2c.core.tax import Supply
from q2c.core.trace import Paper, Step

OPEN_ENDED = frozenset({"hourly", "usage", "expense"})


class OrderLine(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A line that was agreed; `source` is the quote line it came from.

    Where its price includes VAT, `with_vat` is what was agreed, at `rate_with_vat`, and `gross` is
    with VAT; `net` and `rate` are what they leave without it.
    `net` is agreed for the whole quantity over all `times`, `gross` what it would be without
    discounts, where it has any; hours and usage beyond the quantity are owed at `rate`, less the
    same discounts.
    """

    id: str
    source: str
    product: str
    family: str = ""
    name: str
    text: str = ""
    section: str = ""
    quantity: Decimal
    unit: str
    charge: Charge
    bill: Bill
    rate: Rate
    working: Working | None = None
    metering: Metering | None = None
    grants: Granted | None = None
    times: int = 1
    gross: Money | None = None
    net: Money
    with_vat: Money | None = None
    rate_with_vat: Rate | None = None
    metering_with_vat: Metering | None = None
    working_with_vat: Working | None = None
    every: Every | None = None
    align: Alignment = "anniversary"
    service: Period | None = None
    anchor: date | None = None
    proration: Proration = "days"
    trial: Period | None = None
    free: Free | None = None
    charged: tuple[int, int] | None = None
    segment: str = ""
    delivery: str = ""
    milestone: Milestone | None = None
    parent: str = ""
    supply: Supply = "service"
    vat: VatClass = "standard"
    vat_exemption: str = ""
    revenue: str
    bundle: str = ""
    steps: tuple[Step, ...] = ()

    @property
    def paid(self) -> Fraction:
        """How many whole billing periods `net` is the price of."""
        return Fraction(*self.charged) if self.charged else Fraction(self.times)

    @property
    def meter(self) -> str:
        """The meter whose events are its use, or nothing where it is delivered."""
        return self.metering.meter if self.metering else ""

    @property
    def once_granted(self) -> bool:
        """Say whether it is credits for use, all granted with the order."""
        return self.grants is not None and self.service is None

    @property
    def open_ended(self) -> bool:
        """Say whether more may be delivered than was agreed: hours on account, usage, expenses."""
        return self.charge in OPEN_ENDED and self.bill == "on-delivery"

    @property
    def prepaid(self) -> Allowance | None:
        """The hours that are paid before they are worked, if it has such."""
        return self.working.prepaid if self.working else None

    @property
    def takes_hours(self) -> bool:
        """Say whether hours are recorded on it."""
        return self.charge == "hourly" or self.prepaid is not None


class Order(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is to be delivered and invoiced: `orders/O-…/order.json`.

    `starts` is there where something is to be paid so many days after it.
    """

    number: str
    source: str
    contract: str
    agreed_on: date
    customer: str
    po: str = ""
    cost_centre: str = ""
    title: str = ""
    currency: str
    language: str
    due_days: int
    lines: tuple[OrderLine, ...]
    payments: tuple[Payment, ...] = ()
    starts: date | None = None
    promotions: tuple[str, ...] = ()
    opportunity: str = ""
    commit: str = ""
    program: str = ""

    @property
    def net(self) -> Money:
        """The sum agreed for the lines, without VAT."""
        return total((line.net for line in self.lines), self.currency)

    def line(self, id_: str) -> OrderLine:
        """Give a line by its id; refuse one that is not there."""
        found = next((line for line in self.lines if line.id == id_), None)
        if found is None:
            ids = ", ".join(line.id for line in self.lines)
            message = f"Order {self.number} has no line '{id_}'."
            raise Unknown(Fault("no-such-line", message, remedy=f"It has the lines {ids}."))
        return found

    def ref(self, line: OrderLine) -> str:
        """How entries and invoices name a line: `O-2026-0001/1`."""
        return f"{self.number}/{line.id}"


OrderState = Literal["created", "executed", "cancelled"]


class Tagged(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A git tag as it was found: its name, the commit it stood at, and who had signed it."""

    name: str
    commit: str
    repository: str = ""
    signer: str = ""

    def __str__(self) -> str:
        where = f" of {self.repository}" if self.repository else ""
        return f"tag {self.name}{where} at commit {self.commit[:12]}"


class Delivery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """So much of a line was delivered on a day: goods, hours, milestones.

    A negative quantity takes back what was recorded in error. `key` names a row of an
    imported time sheet, so that it counts once; `tag` is what delivered a milestone. Of hours,
    `staff` is the id of the person and `role` what the person was on that day; of an expense,
    `paid` is what it cost in its own currency, and `receipt` the file that shows it.
    Kept in `orders/O-…/events.jsonl`.
    """

    kind: Literal["delivered"] = "delivered"
    date: date
    line: str
    quantity: Decimal
    note: str = ""
    person: str = ""
    staff: str = ""
    role: str = ""
    project: str = ""
    paid: Money | None = None
    receipt: Paper | None = None
    key: str = ""
    tag: Tagged | None = None
    recorded: str = ""
    recorded_by: str = ""
    commit: str = ""
    program: str = ""


def from_quote(quote: Priced, accepted: QuoteEvent, number: str, contract: str) -> Order:
    """Make the order of a quote version that was accepted."""
    return Order(
        number=number,
        source=quote.ref,
        contract=contract,
        agreed_on=accepted.date,
        customer=quote.buyer.id,
        po=accepted.po,
        cost_centre=quote.cost_centre,
        title=quote.title,
        currency=quote.currency,
        language=quote.language,
        due_days=quote.due_days,
        lines=_lines(quote),
        payments=quote.payments,
        starts=quote.starts if any(one.on == "start" for one in quote.payments) else None,
        promotions=quote.promotions,
        opportunity=quote.opportunity,
        commit=accepted.commit,
        program=accepted.program,
    )


def _lines(quote: Priced) -> tuple[OrderLine, ...]:
    lines = tuple(_ordered(line, quote.ref) for line in quote.counted)
    if not quote.prices_include_vat:
        return lines
    left = zip(lines, quote.counted, nets(quote.counted), strict=True)
    return tuple(
        replace(
            line,
            net=net,
            with_vat=line.net,
            rate=rate_without(line.rate, quoted.treatment.rate),
            rate_with_vat=line.rate,
            metering=terms_without(line.metering, quoted.treatment.rate),
            metering_with_vat=line.metering,
            working=working_without(line.working, quoted.treatment.rate),
            working_with_vat=line.working,
        )
        for line, quoted, net in left
    )


def _ordered(line: Line, source: str) -> OrderLine:
    return OrderLine(
        id=line.id,
        source=f"{source}/{line.id}",
        product=line.product,
        family=line.family,
        name=line.name,
        text=line.text,
        section=line.section,
        quantity=line.quantity,
        unit=line.unit,
        charge=line.charge,
        bill=line.bill,
        rate=line.rate,
        working=line.working,
        metering=line.metering,
        grants=line.grants,
        times=line.times,
        gross=None if line.gross == line.net else line.gross,
        net=line.net,
        every=line.every,
        align=line.align,
        service=line.service,
        anchor=line.anchor,
        proration=line.proration,
        trial=line.trial,
        free=line.free,
        charged=line.charged,
        segment=line.segment,
        delivery=line.delivery,
        milestone=line.milestone,
        parent=line.parent,
        supply=line.supply,
        vat=line.vat,
        vat_exemption=line.vat_exemption,
        revenue=line.revenue,
        bundle=line.bundle,
        steps=line.steps,
    )


def quantity_through(deliveries: Iterable[Delivery], line: str, day: date) -> Decimal:
    """Add up what was delivered of a line through a day."""
    return sum((d.quantity for d in deliveries if d.line == line and d.date <= day), Decimal(0))


def worth(line: OrderLine, quantity: Decimal) -> Money:
    """Say what a delivered quantity of a line is owed in all, rounded once.

    Of what is agreed for a fixed quantity, its share; hours on account by their own rate, less
    what the discounts make of it. Beyond the agreed quantity of a bundle's hours, the rate for
    the hours beyond.
    """
    if line.open_ended and not line.bundle:
        return Money.of(Fraction(cost(line.rate, quantity)) * kept(line), line.net.currency)
    within = min(quantity, line.quantity)
    owed = line.net.share(Fraction(within) / Fraction(line.quantity))
    if quantity > within:
        owed += Money.of(cost(line.rate, quantity - within), line.net.currency)
    return owed


def kept(line: OrderLine) -> Fraction:
    """Say what part of its rate a line is owed after discounts: all of it where there are none."""
    full = cost(line.rate, line.quantity)
    if not full or line.net == Money.of(full, line.net.currency):
        return Fraction(1)
    return Fraction(line.net.amount) / Fraction(full)


def _least_from(deliveries: Sequence[Delivery], line: str, day: date) -> Decimal:
    """Give the least that is delivered of a line on a day or any after it."""
    later = {d.date for d in deliveries if d.line == line and d.quantity < 0 and d.date > day}
    return min(quantity_through(deliveries, line, at) for at in (day, *later))


def checked(order: Order, earlier: Sequence[Delivery], new: Delivery) -> Delivery:
    """Give a delivery back if it can be so; refuse more than was ordered and less than nothing."""
    line = order.line(new.line)
    given = checked_after(order, quantity_through(earlier, line.id, date.max), new)
    if new.quantity < 0:
        _refuse_too_little(order, line, _least_from(earlier, line.id, new.date), new)
    return given


def _refuse_too_little(order: Order, line: OrderLine, least: Decimal, new: Delivery) -> None:
    if least + new.quantity < 0:
        ref = order.ref(line)
        message = (
            f"Only {least:f} of {ref} is delivered by {new.date}; "
            f"{-new.quantity:f} cannot be taken back."
        )
        remedy = f"Take back at most {least:f}, or give a later day with --date."
        raise Invalid(Fault("delivered-too-little", message, remedy=remedy))


def checked_after(order: Order, before: Decimal, new: Delivery) -> Delivery:
    """Give a delivery back if it can follow so much of its line; for what is not taken back."""
    line = order.line(new.line)
    ref = order.ref(line)
    if line.charge == "recurring" and line.prepaid is None:
        message = f"{ref} {line.name} is delivered day by day and cannot be delivered by hand."
        remedy = "Leave it out: it is invoiced period by period."
        raise Invalid(Fault("not-deliverable", message, remedy=remedy))
    if line.meter:
        message = f"{ref} {line.name} is counted by its meter and cannot be delivered by hand."
        remedy = "Import the events: q2c usage import FILE."
        raise Invalid(Fault("not-deliverable", message, remedy=remedy))
    if new.quantity == 0:
        message = "A delivery of nothing is not recorded."
        remedy = "Say how much; below 0 takes back what was recorded in error."
        raise Invalid(Fault("bad-quantity", message, remedy=remedy))
    if new.date < order.agreed_on:
        message = f"{ref} was agreed on {order.agreed_on}; nothing was delivered on {new.date}."
        raise Invalid(Fault("delivered-before", message, remedy="Give the day with --date."))
    bounded = not line.open_ended and line.prepaid is None
    if bounded and before + new.quantity > line.quantity:
        message = (
            f"{ref} is for {line.quantity:f} {line.unit}; {before:f} are delivered, "
            f"so {new.quantity:f} more cannot be."
        )
        raise Invalid(
            Fault("delivered-too-much", message, remedy="Quote and accept the rest first.")
        )
    return new
