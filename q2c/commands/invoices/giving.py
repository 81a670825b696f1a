"""What the credit notes of a plan come to with VAT, before they are issued and after."""

from collections.abc import Iterator

from q2c.commands.books import Books
from q2c.core.billing import CreditClaim, Plan
from q2c.core.fault import Refused
from q2c.core.invoice import Crediting, Invoice, Issue, credited
from q2c.store.invoices import credit_notes, read_invoice
from q2c.store.tree import Tree


def notes_of(plan: Plan, files: Tree, books: Books) -> tuple[Invoice | None, ...]:
    """Give the credit notes of a plan in its order; nothing for one that cannot be made."""
    return tuple(_notes(plan, files, books))


def _notes(plan: Plan, files: Tree, books: Books) -> Iterator[Invoice | None]:
    for claim in plan.credits:
        record = books.ledger.by_key.get(claim.parts[0].keys[0])
        try:
            if record is not None and record.plan == plan.id:
                yield read_invoice(files, books.records, record.number)
            else:
                yield _note(claim, plan, files, books)
        except Refused:  # which is told when it is issued
            yield None


def _note(claim: CreditClaim, plan: Plan, files: Tree, books: Books) -> Invoice:
    invoice = read_invoice(files, books.records, claim.original)
    before = credit_notes(files, books.records, claim.original)
    what = Crediting(parts=claim.parts, issued_on=plan.issue_on, reason=claim.reason)
    return credited(invoice, before, what, Issue(number="", look=""))
