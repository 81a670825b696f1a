"""Schedules of payments: deposits before everything is delivered, and the final claim after it."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.billing.due import due
from q2c.core.billing.owing import Facts, Placing
from q2c.core.billing.phrases import DEPOSIT
from q2c.core.claim.parts import LINE, Deducted, DuePart, alike, deposit_line
from q2c.core.claim.plan import Charge, Claim
from q2c.core.fault import Fault, Held
from q2c.core.money import Money, allocate, total, zero
from q2c.core.order import Order, OrderLine, quantity_through
from q2c.core.party import buyer_of, seller_of, spoken
from q2c.core.period import Period
from q2c.core.quote import Due as Part
from q2c.core.quote import due_parts
from q2c.core.subscription import closed
from q2c.core.tax import Supplied, Treatment, VatTotal, treatment, vat_of
from q2c.core.trace import Step


def final_key(order: Order) -> str:
    """Name the final claim of an order's schedule."""
    return f"{order.number}:final"


def deposit_key(order: Order, number: int) -> str:
    """Name a part of an order's schedule that is claimed before everything is delivered."""
    return f"{order.number}:deposit-{number}"


def finished(order: Order, facts: Facts, at: Placing) -> bool:
    """Say whether all that an order is for has been delivered, or has fallen due as agreed."""
    return all(_finished(order, line, facts, at) for line in order.lines)


def _finished(order: Order, line: OrderLine, facts: Facts, at: Placing) -> bool:
    if line.charge == "recurring":
        whole = replace(
            at, through=max(at.through, line.service.last if line.service else date.min)
        )
        now, ever = (len([*due(order, line, facts, (), when)]) for when in (at, whole))
        return now == ever
    if line.service or line.metering:
        last = line.service.last if line.service else None
        last = line.metering.last if line.metering else last
        return last is not None and last <= at.through
    if line.bill == "on-order":
        return order.agreed_on <= at.through
    done = quantity_through(facts.deliveries, line.id, at.through) >= line.quantity
    return done or closed(facts.changes, line.id, at.through)


class _Claimed(Struct, frozen=True):
    """A part of a schedule with its place in it, counted from 1."""

    number: int
    part: Part


def parts_of(order: Order, at: Placing) -> tuple[Money, list[_Claimed]]:
    """Give what an order comes to with VAT as agreed, and the parts that it is paid in."""
    rows = _agreed(order, at, order.agreed_on)
    whole = total((amount for row in rows for amount in (row.base, row.vat)), order.currency)
    parts = due_parts(order.payments, whole)
    return whole, [_Claimed(number, part) for number, part in enumerate(parts, start=1)]


class _Taxed(Struct, frozen=True):
    """A line as it is taxed; `with_vat` is what it costs where its price includes that."""

    treatment: Treatment
    net: Money
    with_vat: Money | None


def _agreed(order: Order, at: Placing, day: date) -> tuple[VatTotal, ...]:
    """Total what was agreed by the VAT of a day, or of the first day of service."""
    lines = (
        _Taxed(_treatment(order, line, at, day), line.net, line.with_vat) for line in order.lines
    )
    return vat_of(lines, order.currency)


def _treatment(order: Order, line: OrderLine, at: Placing, day: date) -> Treatment:
    on = max(day, line.service.first) if line.service else day
    what = Supplied(vat=line.vat, supply=line.supply, day=on, exemption=line.vat_exemption)
    seller, buyer = seller_of(at.company), buyer_of(at.customer)
    return treatment(seller, buyer, what, at.vat_rates, order.language)


def deposits(order: Order, base: Claim, billed: Collection[str], at: Placing) -> Claim | None:
    """Claim the parts that fall due before everything is delivered, on the claim of their order.

    A part is claimed as long before its day as the customer has to pay, and never before the
    order was agreed. Its VAT is that of the day of the claim, when the deposit is asked for.
    """
    whole, parts = parts_of(order, at)
    ready = [
        one
        for one in parts
        if deposit_key(order, one.number) not in billed
        and one.part.amount.minor > 0
        and (day := _claimed_on(order, one.part)) is not None
        and day <= at.through
    ]
    if not ready:
        return None
    kinds = _agreed(order, at, at.issue_on)
    charges = [charge for one in ready for charge in _charges(order, one, whole, kinds, at)]
    return replace(
        base,
        scheduled="deposit",
        charges=tuple(charge for charge, _ in charges),
        vat=_rows(kinds, charges),
        instalments=_due_parts(order, ready, at, order.agreed_on),
    )


def _claimed_on(order: Order, part: Part) -> date | None:
    """Give the day from which a part is claimed; nothing of one that waits for the delivery."""
    day = _day_of(order, part, None)
    if day is None:
        return None
    ahead = order.due_days if part.days or part.date else 0
    return max(order.agreed_on, day - timedelta(days=ahead))


def _day_of(order: Order, part: Part, delivered: date | None) -> date | None:
    """Give the day that a part is on; nothing where that is not known before the delivery."""
    if part.date:
        return part.date
    events = {"acceptance": order.agreed_on, "start": order.starts or order.agreed_on}
    event = events.get(part.on, delivered)
    return event and event + timedelta(days=part.days)


def _due_on(order: Order, part: Part, at: Placing, delivered: date) -> date:
    """Give the day that a part is to be paid by: its own, else so long after the invoice."""
    day = _day_of(order, part, delivered)
    if day is None or not (part.days or part.date):
        return at.issue_on + timedelta(days=order.due_days)
    return max(day, at.issue_on)


def _charges(
    order: Order, one: _Claimed, whole: Money, kinds: Sequence[VatTotal], at: Placing
) -> Iterator[tuple[Charge, Money]]:
    """Charge a part: a row for each way that it is taxed, with its VAT, together the part."""
    shares = [row.base + row.vat for row in kinds]
    amounts = allocate(one.part.amount, [share.minor for share in shares])
    key: tuple[str, ...] = (deposit_key(order, one.number),)
    name = spoken(DEPOSIT, order.language).format(n=one.number, count=len(order.payments))
    payment = order.payments[one.number - 1]
    said = f"{payment.percent:f} % of " if payment.percent is not None else "of "
    step = Step(f"deposit {one.number}: {said}{whole}", "", whole.amount, one.part.amount.amount)
    for row, amount in zip(kinds, amounts, strict=True):
        if not amount.minor:
            continue
        net = amount.share(Fraction(100) / (100 + Fraction(row.rate)))
        share = payment.percent is not None and _near(row.base, payment.percent, net)
        taxed = Step(f"of which at {row.rate:f} %, without VAT", "", amount.amount, net.amount)
        charge = Charge(
            source=deposit_line(order.number),
            keys=key,
            product=LINE,
            name=one.part.name or name,
            text=name if one.part.name else "",
            quantity=row.base.amount if share else Decimal(1),
            unit=order.currency if share else "",
            percent=payment.percent if share else None,
            net=net,
            supplied=Period(at.issue_on, at.issue_on),
            treatment=_treated(row),
            steps=(step, taxed),
        )
        yield charge, amount - net
        key = ()


def _near(base: Money, percent: Decimal, net: Money) -> bool:
    """Say whether a net is so many per cent of a base, but for its rounding."""
    return abs(base.share(percent / 100).minor - net.minor) <= 1


def _treated(row: VatTotal) -> Treatment:
    return Treatment(category=row.category, rate=row.rate, code=row.code, reason=row.reason)


def _rows(
    kinds: Sequence[VatTotal], charges: Sequence[tuple[Charge, Money]]
) -> tuple[VatTotal, ...]:
    """Total charges by the way that they are taxed, with the VAT that each has."""
    found = []
    for row in kinds:
        same = [(c.net, vat) for c, vat in charges if c.treatment == _treated(row)]
        if same:
            currency = row.base.currency
            base, vat = (total(column, currency) for column in zip(*same, strict=True))
            found.append(replace(row, base=base, vat=vat))
    return tuple(found)


def final(order: Order, base: Claim, facts: Facts, billed: Collection[str], at: Placing) -> Claim:
    """Make the final claim of the claim of everything: less deposits, due in the parts agreed.

    Refuses with `Held` where deposits are more than everything, or were taxed at another rate.
    """
    # What comes to nothing is never given back, so the key is on something that may be.
    first = next((place for place, one in enumerate(base.charges) if one.net.minor), 0)
    charges = list(base.charges)
    charges[first] = replace(charges[first], keys=(*charges[first].keys, final_key(order)))
    claim = replace(base, scheduled="final", charges=tuple(charges), deposits=facts.deposits)
    _refuse_overdrawn(order, claim)
    delivered = max(_fell_due(charge, order) for charge in base.charges)
    _, parts = parts_of(order, at)
    left = [one for one in parts if deposit_key(order, one.number) not in billed]
    return replace(claim, instalments=_settling(order, left, claim.payable, at, delivered))


def _fell_due(charge: Charge, order: Order) -> date:
    """Give the day that something fell due: its last, or its first where it is paid ahead."""
    line = next(line for line in order.lines if order.ref(line) == charge.source)
    return charge.supplied.first if line.bill == "in-advance" else charge.supplied.last


def _refuse_overdrawn(order: Order, claim: Claim) -> None:
    for row in (row for deposit in claim.deposits for row in deposit.vat):
        if not any(alike(row, one) for one in claim.vat):
            raise Held(_other_rate(order, claim.deposits, row))
    rounding = len(claim.deposits)  # each is split over the rates by itself
    if claim.payable.minor < 0 or any(
        (row.base + row.vat).minor < -rounding for row in claim.taxed
    ):
        raise Held(_too_much(order, claim))


def refuse_unearned(order: Order, found: Sequence[Deducted]) -> None:
    """Refuse to leave deposits of an order that is over, where nothing was delivered."""
    if found:
        names = ", ".join(one.number for one in found)
        message = f"The deposits {names} of {order.number} stand, and nothing of it is delivered."
        remedy = f"Give them back: q2c invoice credit {found[0].number}"
        raise Held(Fault("deposits-exceed", message, remedy=remedy))


def _other_rate(order: Order, found: Sequence[Deducted], row: VatTotal) -> Fault:
    number = next(one.number for one in found if row in one.vat)
    message = f"{number} is a deposit with VAT at {row.rate:f} %, and nothing of {order.number} is."
    remedy = f"Give it back, so that all is taxed as delivered: q2c invoice credit {number}"
    return Fault("deposit-rate", message, remedy=remedy)


def _too_much(order: Order, claim: Claim) -> Fault:
    names = ", ".join(deposit.number for deposit in claim.deposits)
    paid = claim.total - claim.payable
    message = f"The deposits {names} of {order.number} are {paid}, and all of it {claim.total}."
    last = claim.deposits[-1]
    over = max(paid - claim.total, zero(claim.currency), key=_minor)
    net = over.share(Fraction(100) / (100 + Fraction(last.vat[0].rate)))
    words = f"{last.number} --line 1:{net.amount if net.minor else 'AMOUNT'}"
    remedy = f"Give back what is too much: q2c invoice credit {words}"
    return Fault("deposits-exceed", message, remedy=remedy)


def _minor(amount: Money) -> int:
    return amount.minor


def _settling(
    order: Order, parts: Sequence[_Claimed], payable: Money, at: Placing, delivered: date
) -> tuple[DuePart, ...]:
    """Say when the rest is paid: as agreed, and what is more or less than agreed with the last."""
    left, taken = payable, list[_Claimed]()
    for one in parts:
        amount = (
            left
            if one is parts[-1]
            else Money(min(one.part.amount.minor, left.minor), left.currency)
        )
        taken.append(_Claimed(one.number, replace(one.part, amount=amount)))
        left -= amount
    return _due_parts(order, taken, at, delivered)


def _due_parts(
    order: Order, parts: Sequence[_Claimed], at: Placing, delivered: date
) -> tuple[DuePart, ...]:
    """Add up parts by the day that they are to be paid by, the first day first."""
    sums: dict[date, Money] = {}
    for one in parts:
        day = _due_on(order, one.part, at, delivered)
        sums[day] = sums.get(day, Money(0, order.currency)) + one.part.amount
    return tuple(DuePart(due_on=day, amount=sums[day]) for day in sorted(sums) if sums[day].minor)
