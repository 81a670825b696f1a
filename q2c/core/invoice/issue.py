"""From a claim to an invoice: its number, its due day, its payment references."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.claim import Claim, DuePart
from q2c.core.identifier import digits, ocr, rf
from q2c.core.invoice.document import Invoice, InvoiceLine, rounded_of
from q2c.core.money import Money
from q2c.core.rates import ExchangeRate, home_vat


class Issue(Struct, frozen=True, kw_only=True):
    """What an invoice is given when it is issued: number, look, and where it came from."""

    number: str
    look: str
    plan: str = ""
    commit: str = ""
    program: str = ""
    length_digit: bool = True
    late_interest_points: Decimal = Decimal(8)


def issued(claim: Claim, given: Issue, rates: Sequence[ExchangeRate]) -> Invoice:
    """Make the invoice of a claim; its due date counts from the day of issue.

    Refuses a foreign currency without a rate of the day or of the 31 days before it.
    """
    base = digits(given.number)
    rounded = rounded_of(claim.payable, claim.rounding) if claim.rounding else None
    return Invoice(
        number=given.number,
        issued_on=claim.issue_on,
        due_on=_due_on(claim),
        order=claim.order,
        contract=claim.contract,
        po=claim.po,
        cost_centre=claim.cost_centre,
        title=claim.title,
        replaces=claim.replaces,
        attachments=claim.attachments,
        sections=claim.sections,
        customer=claim.customer,
        seller=claim.seller,
        buyer=claim.buyer,
        currency=claim.currency,
        language=claim.language,
        lines=tuple(_lines(claim)),
        vat=claim.vat,
        rounding=claim.rounding,
        rounded=rounded,
        scheduled=claim.scheduled,
        deposits=claim.deposits,
        instalments=_instalments(claim, rounded),
        home=home_vat(claim.claimed_tax, claim.seller.currency, claim.issue_on, rates),
        ocr=ocr(base, length_digit=given.length_digit),
        rf=rf(base),
        late_interest_points=given.late_interest_points,
        time_report=claim.time_report,
        einvoice=claim.einvoice,
        look=given.look,
        plan=given.plan,
        commit=given.commit,
        program=given.program,
    )


def _instalments(claim: Claim, rounded: Money | None) -> tuple[DuePart, ...]:
    """Give the parts that it is paid in, if there are several; the last is as it is rounded."""
    if len(claim.instalments) < 2:  # noqa: PLR2004 - one is the whole
        return ()
    *parts, last = claim.instalments
    amount = last.amount + rounded if rounded else last.amount
    return (*parts, replace(last, amount=amount))


def _due_on(claim: Claim) -> date:
    if claim.instalments:
        return claim.instalments[0].due_on
    return claim.issue_on + timedelta(days=claim.due_days)


def _lines(claim: Claim) -> Iterator[InvoiceLine]:
    for number, charge in enumerate(claim.charges, start=1):
        yield InvoiceLine(
            id=str(number),
            source=charge.source,
            keys=charge.keys,
            product=charge.product,
            name=charge.name,
            text=charge.text,
            quantity=charge.quantity,
            unit=charge.unit,
            unit_price=charge.unit_price,
            percent=charge.percent,
            gross=charge.gross,
            net=charge.net,
            with_vat=charge.with_vat,
            service=charge.service,
            supplied=charge.supplied,
            treatment=charge.treatment,
            worked=charge.worked,
            steps=charge.steps,
        )
