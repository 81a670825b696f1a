"""What goes with invoices: the files that their customers want with them."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from q2c.core.billing import Claim, Hold
from q2c.core.fault import Refused
from q2c.core.party import Customer
from q2c.core.trace import Paper
from q2c.store.shop import enclosed
from q2c.store.tree import Tree


def with_files(
    claims: Iterable[Claim], customers: Mapping[str, Customer], files: Tree
) -> tuple[tuple[Claim, ...], tuple[Hold, ...]]:
    """Name on claims the files that go with them, and hold those whose files are not there."""
    papers: dict[str, tuple[Paper, ...] | Refused] = {}
    kept: list[Claim] = []
    held: list[Hold] = []
    for claim in claims:
        if claim.customer not in papers:
            papers[claim.customer] = _papers(customers[claim.customer], files)
        found = papers[claim.customer]
        if isinstance(found, Refused):
            fault = found.faults[0]
            held.append(Hold(claim.order, claim.customer, fault.code, fault.message, fault.remedy))
        else:
            kept.append(replace(claim, attachments=found) if found else claim)
    return tuple(kept), tuple(held)


def _papers(customer: Customer, files: Tree) -> tuple[Paper, ...] | Refused:
    names = customer.invoicing.attachments
    try:
        return enclosed(files, customer, names, "invoicing.attachments")
    except Refused as refused:
        return refused
