"""What is due through a day, and the plan that freezes it."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from q2c.core.fault import Fault, Held, Refused
from q2c.core.money import Money, total
from q2c.core.order import Delivery, Order, OrderLine, worth
from q2c.core.party import Company, Customer, Party, Seller, buyer_of, seller_of
from q2c.core.period import MONTHS, Period, billing_periods, common
from q2c.core.tax import Supplied, Treatment, VatRate, VatTotal, treatment, vat_totals
from q2c.core.trace import Paper, Step


class Charge(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """One line of an invoice to be: what is claimed of an order line, and why.

    `keys` name it for good: the order line with its service period or its deliveries; the
    ledger refuses a key it has. `unit_price` is left out where tiers make it differ.
    `supplied` are the days of supply, which decide the VAT rate.
    """

    source: str
    keys: tuple[str, ...]
    product: str
    name: str
    text: str = ""
    quantity: Decimal
    unit: str
    unit_price: Decimal | None = None
    net: Money
    service: Period | None = None
    supplied: Period
    treatment: Treatment
    steps: tuple[Step, ...] = ()


class Claim(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """An invoice to be, with everything but its number: one order's charges."""

    order: str
    contract: str
    customer: str
    po: str = ""
    title: str = ""
    issue_on: date
    due_days: int
    currency: str
    language: str
    seller: Seller
    buyer: Party
    charges: tuple[Charge, ...]
    vat: tuple[VatTotal, ...]

    @property
    def net(self) -> Money:
        """The sum of the charges, without VAT."""
        return total((charge.net for charge in self.charges), self.currency)

    @property
    def tax(self) -> Money:
        """The VAT of all categories and rates."""
        return total((row.vat for row in self.vat), self.currency)

    @property
    def total(self) -> Money:
        """What is to be paid, with VAT."""
        return self.net + self.tax


class Hold(Struct, frozen=True, forbid_unknown_fields=True):
    """An order that is due but cannot be invoiced, and why."""

    order: str
    customer: str
    code: str
    message: str
    remedy: str = ""


class Plan(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What a run would issue, decided on a ledger head: `plans/<name>.json`.

    `id` is the SHA-256 of the rest, `inputs` the files it was decided on.
    """

    id: str = ""
    through: date
    issue_on: date
    base: str
    inputs: tuple[Paper, ...]
    claims: tuple[Claim, ...]
    held: tuple[Hold, ...] = ()
    commit: str = ""
    program: str = ""


class Placing(Struct, frozen=True, kw_only=True):
    """All that a claim needs besides its order: the parties, the rates, the days."""

    company: Company
    customer: Customer
    vat_rates: tuple[VatRate, ...]
    through: date
    issue_on: date


def claim(
    order: Order, deliveries: Sequence[Delivery], billed: Collection[str], at: Placing
) -> Claim | None:
    """Say what is due of an order through a day and not billed, or nothing.

    Refuses with `Held` where it is due but may not be invoiced: the purchase order number
    that the customer requires is missing, or the customer's VAT number.
    """
    due = [
        (line, found) for line in order.lines for found in _due(order, line, deliveries, billed, at)
    ]
    if not due:
        return None
    if at.customer.require_po and not order.po:
        raise Held(_needs_po(order))
    seller = seller_of(at.company)
    # Where VAT is due follows from where a customer is established, not from where it reads mail.
    taxed = buyer_of(at.customer)
    charges = tuple(_charge(order, line, found, seller, taxed, at) for line, found in due)
    return Claim(
        order=order.number,
        contract=order.contract,
        customer=order.customer,
        po=order.po,
        title=order.title,
        issue_on=at.issue_on,
        due_days=order.due_days,
        currency=order.currency,
        language=order.language,
        seller=seller,
        buyer=buyer_of(at.customer, invoice=True),
        charges=charges,
        vat=vat_totals(((charge.treatment, charge.net) for charge in charges), order.currency),
    )


def hold(order: Order, refused: Refused) -> Hold:
    """Keep why an order is held."""
    fault = refused.faults[0]
    return Hold(order.number, order.customer, fault.code, fault.message, fault.remedy)


def _needs_po(order: Order) -> Fault:
    message = f"{order.customer} requires a purchase order number and {order.number} has none."
    remedy = "Ask for it; take require_po from the customer if none is needed."
    return Fault("po-needed", message, remedy=remedy)


_Keyed = tuple[str, Delivery]


class _Due(Struct, frozen=True, kw_only=True):
    """What is claimed of a line, before tax."""

    keys: tuple[str, ...]
    quantity: Decimal
    net: Money
    supplied: Period
    service: Period | None = None
    steps: tuple[Step, ...] = ()


def _due(
    order: Order,
    line: OrderLine,
    deliveries: Sequence[Delivery],
    billed: Collection[str],
    at: Placing,
) -> Iterator[_Due]:
    if line.charge == "recurring":
        yield from _recurring(order, line, billed, at.through)
    elif line.bill == "on-order":
        yield from _on_order(order, line, billed, at.through)
    else:
        yield from _on_delivery(order, line, deliveries, billed, at)


def _on_order(
    order: Order, line: OrderLine, billed: Collection[str], through: date
) -> Iterator[_Due]:
    key = f"{order.ref(line)}:order"
    if key not in billed and order.agreed_on <= through:
        day = Period(order.agreed_on, order.agreed_on)
        yield _Due(
            keys=(key,), quantity=line.quantity, net=line.net, supplied=day, steps=line.steps
        )


def delivery_key(order: Order, line: OrderLine, number: int) -> str:
    """Name the charge of a delivery: its order line and its place among the order's events."""
    return f"{order.ref(line)}:delivery-{number}"


def _on_delivery(
    order: Order,
    line: OrderLine,
    deliveries: Sequence[Delivery],
    billed: Collection[str],
    at: Placing,
) -> Iterator[_Due]:
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
) -> Iterator[_Due]:
    """Claim group after group: what all through it is worth, less what all before it was."""
    for group in groups:
        days = [delivery.date for _, delivery in group]
        quantity = sum((delivery.quantity for _, delivery in group), Decimal(0))
        through = max(before + quantity, Decimal(0))
        already, now = worth(line, before), worth(line, through)
        rule = f"{through:f} {line.unit} delivered, of which {before:f} invoiced before"
        yield _Due(
            keys=tuple(key for key, _ in group),
            quantity=quantity,
            net=now - already,
            supplied=Period(min(days), max(days)),
            steps=(*line.steps, Step(rule, "", already.amount, now.amount)),
        )
        before = through


def _recurring(
    order: Order, line: OrderLine, billed: Collection[str], through: date
) -> Iterator[_Due]:
    for part in _instalments(line):
        key = f"{order.ref(line)}:{part.service.first}..{part.service.last}"
        ready = part.service.last if line.bill == "in-arrears" else part.service.first
        if ready > through:
            return  # as are all after it
        if key not in billed:
            yield _Due(
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


def instalments(line: OrderLine) -> list[Instalment]:
    """Split a recurring line over its billing periods; the parts add up to what was agreed.

    A whole period costs one of the agreed `times`; a period that the service covers in part
    costs by its days over the days of the whole period. Each part is the rounded amount
    through its end less the rounded amount before it; the last takes what is left.
    """
    return list(_instalments(line))


def _instalments(line: OrderLine) -> Iterator[Instalment]:
    assert line.every is not None, line
    assert line.service is not None, line
    periods = list(billing_periods(line.service, MONTHS[line.every], line.align))
    sum_, billed = Fraction(0), Money(0, line.net.currency)
    for whole in periods:
        days = common(whole, line.service)
        service = Period(max(whole.first, line.service.first), min(whole.last, line.service.last))
        sum_ += Fraction(days, whole.days)
        through = line.net if whole is periods[-1] else line.net.share(sum_ / line.times)
        part = f"{days} of {whole.days} days of {whole}"
        rule = f"{line.net} over {line.times} periods: {part}"
        net = through - billed
        yield Instalment(service, net, Step(rule, "", line.net.amount, net.amount))
        billed = through


def _charge(
    order: Order, line: OrderLine, due: _Due, seller: Seller, buyer: Party, at: Placing
) -> Charge:
    day = due.supplied.last if line.bill == "in-arrears" else due.supplied.first
    what = Supplied(vat=line.vat, supply=line.supply, day=day, exemption=line.vat_exemption)
    return Charge(
        source=order.ref(line),
        keys=due.keys,
        product=line.product,
        name=line.name,
        text=line.text,
        quantity=due.quantity,
        unit=line.unit,
        unit_price=_unit_price(line, due),
        net=due.net,
        service=due.service,
        supplied=due.supplied,
        treatment=treatment(seller, buyer, what, at.vat_rates, order.language),
        steps=due.steps,
    )


def _unit_price(line: OrderLine, due: _Due) -> Decimal | None:
    """Give the price of a unit where quantity times price is the net, but for its rounding."""
    if line.rate.model != "flat" or line.bundle:
        return None
    price = line.rate.unit_price
    exact = Money.of(Fraction(price) * Fraction(due.quantity), due.net.currency)
    return price if abs(exact.minor - due.net.minor) <= 1 else None
