"""Which claims wait until their contract is signed."""

from collections.abc import Iterable

from q2c.core.billing import Claim, Hold
from q2c.core.fault import Fault
from q2c.core.party import Company
from q2c.store.signing import unsigned
from q2c.store.tree import Tree


def signed_first(
    claims: Iterable[Claim], company: Company, files: Tree
) -> tuple[tuple[Claim, ...], tuple[Hold, ...]]:
    """Hold claims of contracts that both parties have not signed, where that is required."""
    all_ = tuple(claims)
    if company.contracts.signature == "optional":
        return all_, ()
    waiting = unsigned(files, sorted({claim.contract for claim in all_}))
    kept = tuple(claim for claim in all_ if claim.contract not in waiting)
    return kept, tuple(_hold(claim) for claim in all_ if claim.contract in waiting)


def _hold(claim: Claim) -> Hold:
    message = f"{claim.contract} is not signed by both parties."
    remedy = f"q2c contract show {claim.contract} says for whom it waits; company.yaml asks for it"
    remedy += " at contracts.signature."
    fault = Fault("contract-not-signed", message, remedy=remedy)
    return Hold(claim.order, claim.customer, fault.code, fault.message, fault.remedy)
