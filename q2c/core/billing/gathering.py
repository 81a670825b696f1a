"""Claims made one invoice, and those that wait for a later one because they come to too little."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from q2c.core.billing.claiming import net_once
from q2c.core.claim.plan import Claim, Section, Skip
from q2c.core.money import Money
from q2c.core.party import Company, Customer, GroupBy
from q2c.core.tax import EN_16931, vat_of

_OWN: Mapping[GroupBy, Callable[[Claim], str]] = {
    "order": lambda claim: claim.order,
    "contract": lambda claim: claim.contract or claim.order,
    "customer": lambda claim: claim.customer,
    # What has no purchase order or cost centre stands by itself: nothing says that it belongs.
    "po": lambda claim: f"po {claim.po}" if claim.po else claim.order,
    "cost-centre": lambda claim: f"at {claim.cost_centre}" if claim.cost_centre else claim.order,
}


def gathered(claims: Iterable[Claim], customers: Mapping[str, Customer]) -> tuple[Claim, ...]:
    """Make one invoice of the claims that their customer wants on one.

    Currencies and languages stay apart. An invoice stands where the first of its orders stood.
    """
    groups: dict[tuple[str, ...], list[Claim]] = {}
    for claim in claims:
        # A deposit or a final invoice is of one order: its parts are paid on days of their own.
        by = "order" if claim.scheduled else customers[claim.customer].invoicing.group_by
        key = (claim.customer, claim.currency, claim.language, claim.scheduled, _OWN[by](claim))
        groups.setdefault(key, []).append(claim)
    return tuple(_together(group) for group in groups.values())


def _together(claims: Sequence[Claim]) -> Claim:
    """Make one claim of several; it is due as soon as the first of them would be."""
    if len(claims) == 1:
        return claims[0]
    first = claims[0]
    rounding = first.rounding or EN_16931
    charges = net_once(tuple(one for claim in claims for one in claim.charges), rounding)
    return replace(
        first,
        order="",
        contract=_common(claim.contract for claim in claims),
        po=_common(claim.po for claim in claims),
        cost_centre=_common(claim.cost_centre for claim in claims),
        title=_common(claim.title for claim in claims),
        sections=tuple(map(_section, claims)),
        due_days=min(claim.due_days for claim in claims),
        charges=charges,
        time_report=next((claim.time_report for claim in claims if claim.time_report), ""),
        vat=vat_of(charges, first.currency, rounding),
    )


def _section(claim: Claim) -> Section:
    return Section(
        order=claim.order,
        contract=claim.contract,
        po=claim.po,
        cost_centre=claim.cost_centre,
        title=claim.title,
    )


def _common(words: Iterable[str]) -> str:
    """Give what all of them are, or nothing where they differ."""
    found = set(words)
    return found.pop() if len(found) == 1 else ""


def set_aside(
    claims: Iterable[Claim],
    company: Company,
    customers: Mapping[str, Customer],
    ended: Callable[[str], bool],
) -> tuple[tuple[Claim, ...], tuple[Skip, ...]]:
    """Part what is to be invoiced from what waits: what comes to nothing, or to too little.

    Nothing is lost, for what waits is due again in the next run. The last claim of an order
    that has `ended` does not wait for more.
    """
    kept: list[Claim] = []
    skipped: list[Skip] = []
    for claim in claims:
        customer = customers[claim.customer]
        least = _least(claim, company, customer)
        if claim.scheduled:
            kept.append(claim)
        elif not claim.net.minor and company.billing.zero == "skip":
            message = "What is due comes to nothing; it goes on the next invoice."
            skipped.append(_skip(claim, message, code="zero"))
        elif least and claim.net.minor < least.minor and not any(map(ended, claim.orders)):
            message = f"{claim.net} is less than {least}, the least that is invoiced."
            skipped.append(_skip(claim, message, code="under-minimum"))
        else:
            kept.append(claim)
    return tuple(kept), tuple(skipped)


def _least(claim: Claim, company: Company, customer: Customer) -> Money | None:
    """Give the minimum of a customer where the claim is in the currency that it is in."""
    minimum: Decimal | None = customer.invoicing.minimum
    own = customer.currency or company.currency
    return Money.of(minimum, own) if minimum and claim.currency == own else None


def _skip(claim: Claim, message: str, *, code: str) -> Skip:
    return Skip(
        orders=claim.orders,
        customer=claim.customer,
        code=code,
        message=message,
        amount=claim.net,
    )
