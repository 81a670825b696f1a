"""Which claims can be written as the e-invoice that their customer asks for."""

from collections.abc import Iterable, Iterator, Sequence

from q2c.core.billing import Claim, Hold
from q2c.core.fault import Fault, Refused
from q2c.core.rates import ExchangeRate


def with_einvoices(
    claims: Iterable[Claim], rates: Sequence[ExchangeRate]
) -> tuple[tuple[Claim, ...], tuple[Hold, ...]]:
    """Give the claims that go on, and hold those whose e-invoice would be refused."""
    kept: list[Claim] = []
    held: list[Hold] = []
    for claim in claims:
        if faults := list(_faults(claim, rates)):
            held += _holds(claim, faults)
        else:
            kept.append(claim)
    return tuple(kept), tuple(held)


def _faults(claim: Claim, rates: Sequence[ExchangeRate]) -> Iterator[Fault]:
    """Say what a receiver would refuse in the e-invoice of a claim."""
    from q2c.core.einvoice import faults_of, foreseen

    if claim.einvoice == "none":
        return
    try:
        yield from faults_of(foreseen(claim, claim.einvoice, rates), claim.einvoice)
    except Refused as refused:
        yield from refused.faults


def _holds(claim: Claim, faults: Sequence[Fault]) -> Iterator[Hold]:
    """Hold the orders of a claim for the first fault; of more of them it says how many."""
    first, more = faults[0], len(faults) - 1
    message = f"{first.message} And {more} more: q2c check." if more else first.message
    for order in claim.orders:
        yield Hold(order, claim.customer, first.code, message, first.remedy)
