"""Rebasing: a plan goes on from a ledger that has grown, if nothing it says is touched by that."""

from collections.abc import Collection, Iterable

from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.books import Books
from q2c.commands.invoices.billing import recorded_since, stale
from q2c.core.billing import Claim, CreditClaim, Plan
from q2c.store.ledger import ISSUED, Record


class Rebased(Struct, frozen=True, kw_only=True):
    """A plan on the ledger as it is now, and what it no longer has to issue.

    `elsewhere` are the numbers that others gave to claims of the plan, by order.
    """

    plan: Plan
    elsewhere: tuple[tuple[str, str], ...] = ()
    later: int = 0

    @property
    def told(self) -> list[str]:
        """Say what has changed since the plan was made."""
        rows = [f"{order} is left out: {number} has it." for order, number in self.elsewhere]
        entries = "an entry" if self.later == 1 else f"{self.later} entries"
        moved = f"The ledger is {entries} longer than when this was planned; no claim is touched."
        return [*rows, *([moved] if self.later and not rows else [])]


def rebased(plan: Plan, books: Books) -> Rebased:
    """Put a plan on the ledger as it is now; its claims stay as they are, numbers come later.

    What another run has issued whole meanwhile is left out. A claim of which only a part is
    issued would be another one now, so the plan is stale; and so it is where an invoice that
    it credits was credited by somebody else, or one that has its charges as being wrong.
    """
    others = [r for r in recorded_since(plan, books) if r.plan != plan.id]
    _refuse_credited(plan, others)
    _refuse_released(plan, others)
    _refuse_later(plan, others)
    by_key = books.ledger.by_key
    claims: list[Claim | CreditClaim] = [*plan.claims, *plan.credits]
    found = [(claim, _taken(plan, claim, by_key)) for claim in claims]
    left = {id(claim) for claim, number in found if not number}
    return Rebased(
        plan=replace(
            plan,
            base=books.ledger.head,
            claims=tuple(claim for claim in plan.claims if id(claim) in left),
            credits=tuple(claim for claim in plan.credits if id(claim) in left),
        ),
        elsewhere=tuple((_named(claim), number) for claim, number in found if number),
        later=len(others),
    )


def _taken(plan: Plan, claim: Claim | CreditClaim, by_key: dict[str, Record]) -> str:
    """Name the document in which another run has issued a claim, or nothing."""
    keys = _keys(claim)
    known = [by_key[key] for key in keys if key in by_key]
    if all(record.plan == plan.id for record in known):
        return ""
    if len(known) < len(keys):
        message = f"Since this plan was made, a part of {_named(claim)} was invoiced"
        raise stale(plan, f"{message} as {known[0].number}.")
    return " and ".join(dict.fromkeys(record.number for record in known))


def _keys(claim: Claim | CreditClaim) -> Collection[str]:
    parts = claim.charges if isinstance(claim, Claim) else claim.parts
    return {key for part in parts for key in part.keys}


def _named(claim: Claim | CreditClaim) -> str:
    return ", ".join(claim.orders) if isinstance(claim, Claim) else claim.original


def _refuse_credited(plan: Plan, others: Iterable[Record]) -> None:
    """Refuse a plan that credits what was credited since it was made."""
    ours = {claim.original for claim in plan.credits}
    for record in others if ours else ():
        named = _credited(record) & ours
        if named:
            message = f"Since this plan was made, {named.pop()} was credited by {record.number}."
            raise stale(plan, message)


def _refuse_released(plan: Plan, others: Iterable[Record]) -> None:
    """Refuse a plan of charges that were invoiced since, and are due anew: it has them as before.

    A run that is started once more would otherwise issue again what was found to be wrong.
    """
    released = {record.number: {*record.released} for record in others if record.released}
    ours = {key for claim in plan.claims for key in _keys(claim)} if released else set[str]()
    for number, keys in released.items():
        if key := min(keys & ours, default=""):
            raise stale(
                plan, f"Since this plan was made, {key} was invoiced, and {number} credits it."
            )


def _refuse_later(plan: Plan, others: Iterable[Record]) -> None:
    """Refuse a plan whose day has passed: a series of numbers never goes back in time."""
    for record in others:
        if record.kind in ISSUED and record.date > plan.issue_on:
            dated = f"{record.number} was dated {record.date}"
            raise stale(plan, f"Since this plan for {plan.issue_on} was made, {dated}.")


def _credited(record: Record) -> set[str]:
    is_credit = record.kind == "credit-note-issued"
    return {posting.item for posting in record.postings if is_credit}
