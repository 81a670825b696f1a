"""From an order to a claim: what is due of it, taxed, or the reason why it is held."""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec.structs import replace

from q2c.core.billing.due import due
from q2c.core.billing.owing import Due, Facts, Placing
from q2c.core.billing.prepaying import with_vat_paid
from q2c.core.billing.scheduled import deposits, final, final_key, finished, refuse_unearned
from q2c.core.claim.plan import Charge, Claim, Hold
from q2c.core.fault import Fault, Held, Refused
from q2c.core.money import Money
from q2c.core.order import Order, OrderLine
from q2c.core.party import Company, Customer, Party, Seller, buyer_of, seller_of
from q2c.core.tax import EN_16931, Rounding, Supplied, Treatment, nets_of, treatment, vat_of
from q2c.core.trace import Step
from q2c.core.usage.worked import TimeReport

SLACK = 2  # minor units that parts of a price with VAT may differ by from the VAT of each
Dues = Sequence[tuple[OrderLine, Due]]


def claim(order: Order, facts: Facts, billed: Collection[str], at: Placing) -> Claim | None:
    """Say what is due of an order through a day and not billed, or nothing.

    Refuses with `Held` where it is due but may not be invoiced: the purchase order number
    that the customer requires is missing, or the customer's VAT number.
    """
    return claim_due(order, facts, billed, dues_of(order, facts, billed, at), at)


def claim_due(
    order: Order, facts: Facts, billed: Collection[str], dues: Dues, at: Placing
) -> Claim | None:
    """Make a claim of what is due: as agreed in the payments of the order, where it has any.

    Until everything is delivered these are deposits; then all is claimed, less the deposits.
    """
    if facts.unclear:
        raise Held(*facts.unclear)
    if not order.payments or final_key(order) in billed:
        return claim_of(order, dues, at)
    if finished(order, facts, at):
        whole = claim_of(order, dues, at)
        if whole is None:
            refuse_unearned(order, facts.deposits)
        return whole and final(order, whole, facts, billed, at)
    claimed = deposits(order, _claimed(order, (), at), billed, at)
    if claimed:
        _refuse_blocked(order, at)
    return claimed


def dues_of(order: Order, facts: Facts, billed: Collection[str], at: Placing) -> Dues:
    """Say what falls due of every line of an order, and what goes back of what was billed."""
    return [(line, part) for line in order.lines for part in _due(order, line, facts, billed, at)]


def claim_of(order: Order, dues: Dues, at: Placing) -> Claim | None:
    """Make a claim of what is due, as `claim` does; what goes back is on credit notes."""
    found = [(line, part) for line, part in dues if not part.reduces]
    if not found:
        return None
    _refuse_blocked(order, at)
    return _claimed(order, found, at)


def _refuse_blocked(order: Order, at: Placing) -> None:
    """Refuse to invoice a customer that waits for something, or without its order's number."""
    if at.customer.invoicing.hold:
        raise Held(_blocked(at.customer))
    if at.customer.require_po and not po_of(order, at.customer):
        raise Held(_needs_po(order))


def _claimed(order: Order, found: Dues, at: Placing) -> Claim:
    seller = seller_of(at.company)
    rounding = rounding_of(at.company, order.currency)
    # Where VAT is due follows from where a customer is established, not from where it reads mail.
    taxed = buyer_of(at.customer)
    parts = (_charge(order, line, part, seller, taxed, at) for line, part in found)
    charges = net_once(tuple(parts), rounding)
    return Claim(
        order=order.number,
        contract=order.contract,
        customer=order.customer,
        po=po_of(order, at.customer),
        cost_centre=order.cost_centre,
        title=order.title,
        issue_on=at.issue_on,
        due_days=order.due_days,
        currency=order.currency,
        language=order.language,
        seller=seller,
        buyer=buyer_of(at.customer, invoice=True),
        charges=charges,
        vat=vat_of(charges, order.currency, rounding),
        rounding=None if rounding == EN_16931 else rounding,
        time_report=reported(at.customer) if any(one.worked for one in charges) else "",
        einvoice=at.customer.invoicing.einvoice,
    )


def net_once(charges: tuple[Charge, ...], rounding: Rounding) -> tuple[Charge, ...]:
    """Let the nets of prices with VAT be what one invoice of all of them leaves."""
    nets = nets_of(charges, rounding)
    return tuple(
        one if one.net == net else _left(one, net) for one, net in zip(charges, nets, strict=True)
    )


def _left(charge: Charge, net: Money) -> Charge:
    """Give a charge with its net of an invoice, told in the step that took the VAT out."""
    *before, last = charge.steps
    return replace(charge, net=net, steps=(*before, replace(last, after=net.amount)))


def po_of(order: Order, customer: Customer) -> str:
    """Give the purchase order number that an order was accepted with, or that came later."""
    return order.po or customer.invoicing.po.get(order.number, "")


def reported(customer: Customer) -> TimeReport:
    """Say how a customer wants hours reported, if at all."""
    asked = customer.invoicing.time_report
    return "" if asked == "none" else asked


def rounding_of(company: Company, currency: str) -> Rounding:
    """Say how a company rounds a document; there is cash of its own currency alone."""
    billing = company.billing
    cash = billing.cash_rounding if currency == company.currency else None
    return Rounding(vat=billing.vat_rounding, ties=billing.ties, cash=cash)


def hold(order: Order, refused: Refused) -> Hold:
    """Keep why an order is held."""
    fault = refused.faults[0]
    return Hold(order.number, order.customer, fault.code, fault.message, fault.remedy)


def _blocked(customer: Customer) -> Fault:
    message = f"Nothing is invoiced to {customer.id} now: {customer.invoicing.hold}"
    remedy = f"Take invoicing.hold out of customers/{customer.id}.yaml when that is settled."
    return Fault("customer-on-hold", message, remedy=remedy)


def _needs_po(order: Order) -> Fault:
    message = f"{order.customer} requires a purchase order number and {order.number} has none."
    where = f"customers/{order.customer}.yaml"
    remedy = f'Ask for it, and write it into {where}: invoicing: {{po: {{{order.number}: "…"}}}}'
    return Fault("po-needed", message, remedy=remedy)


def _due(
    order: Order,
    line: OrderLine,
    facts: Facts,
    billed: Collection[str],
    at: Placing,
) -> list[Due]:
    """Say what is due of a line, and what it would be without discounts where it has any."""
    parts = list(due(order, line, facts, billed, at))

    def as_if(agreed: Money) -> dict[tuple[str, ...], Money]:
        other = replace(
            line,
            net=agreed,
            rate=line.rate_with_vat or line.rate,
            metering=line.metering_with_vat or line.metering,
            working=line.working_with_vat or line.working,
            gross=None,
        )
        known = facts
        if line.meter and line.rate_with_vat:
            known = replace(facts, readings=with_vat_paid(line, other, facts.readings))
        return {part.keys: part.net for part in due(order, other, known, billed, at)}

    # What was changed since is priced without VAT, as everything is if nothing else is said.
    otherwise = any(one.line == line.id and one.kind != "close" for one in facts.changes)
    if line.with_vat is not None and not otherwise:
        paid = as_if(line.with_vat)
        parts = [replace(part, with_vat=paid.get(part.keys, part.net)) for part in parts]
    if line.gross is None or line.bundle:
        return parts
    gross = as_if(line.gross)
    return [
        replace(part, gross=full)
        if (full := gross.get(part.keys, _agreed(part))) != _agreed(part)
        else part
        for part in parts
    ]


def _net(part: Due, how: Treatment) -> Money:
    """Give an amount without VAT; of a price that includes it, by the rate that holds now."""
    if part.with_vat is None:
        return part.net
    inside = part.with_vat.share(Fraction(how.rate) / (100 + Fraction(how.rate)))
    as_agreed = abs((part.with_vat - part.net - inside).minor) <= SLACK
    return part.net if as_agreed else part.with_vat - inside


def _taken_out(part: Due, how: Treatment) -> Iterator[Step]:
    if part.with_vat is not None:
        rule = f"{part.with_vat} with VAT at {how.rate:f} %: what it is without"
        yield Step(rule, "", part.with_vat.amount, _net(part, how).amount)


def _agreed(part: Due) -> Money:
    """Give what was agreed for a part: with VAT where its price includes it."""
    return part.net if part.with_vat is None else part.with_vat


def _charge(
    order: Order, line: OrderLine, part: Due, seller: Seller, buyer: Party, at: Placing
) -> Charge:
    over = line.bill == "in-arrears" or line.meter  # supplied as a whole when its time is over
    day = part.supplied.last if over else part.supplied.first
    what = Supplied(vat=line.vat, supply=line.supply, day=day, exemption=line.vat_exemption)
    line = part.line or line
    price = _unit_price(line, part)
    share = line.rate.model == "percentage" and price is not None
    how = treatment(seller, buyer, what, at.vat_rates, order.language)
    return Charge(
        source=order.ref(line),
        keys=part.keys,
        product=line.product,
        name=line.name,
        text="\n".join(filter(None, (line.text, part.text))),
        quantity=part.quantity,
        unit=line.unit if line.charge == "usage" or not share else order.currency,
        unit_price=None if share else price,
        percent=line.rate.unit_price * 100 if share else None,
        gross=part.gross,
        net=_net(part, how),
        with_vat=part.with_vat,
        service=part.service,
        supplied=part.supplied,
        treatment=how,
        worked=part.worked if reported(at.customer) else (),
        steps=(*part.steps, *_taken_out(part, how)),
    )


def _unit_price(line: OrderLine, part: Due) -> Decimal | None:
    """Give the price of a unit where quantity times price is the amount, but for its rounding.

    The amount before discounts, which are no part of the unit price.
    """
    rate = line.rate_with_vat if part.with_vat and line.rate_with_vat else line.rate
    if rate.model not in {"per-unit", "cost-plus", "percentage"} or line.bundle:
        return None
    price = rate.unit_price
    exact = Money.of(Fraction(price) * Fraction(part.quantity), part.net.currency)
    amount = _agreed(part) if part.gross is None else part.gross
    return price if abs(exact.minor - amount.minor) <= 1 else None
