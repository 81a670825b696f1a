"""What was invoiced before: the line that billed a charge, and what is invoiced anew."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from msgspec.structs import replace

from q2c.commands.books import Books
from q2c.core.billing import SLACK, Billed, Claim
from q2c.core.invoice import Invoice, uncredited
from q2c.store.invoices import credit_notes, read_invoice
from q2c.store.tree import Tree


def originals(files: Tree, books: Books) -> Callable[[str], Billed | None]:
    """Find the line of an invoice that billed a charge, and what is not credited of it."""

    def documents(number: str) -> list[Invoice]:
        first = read_invoice(files, books.records, number)
        return [first, *credit_notes(files, books.records, number)]

    return cache(billed_by(books, documents))


def billed_by(
    books: Books, documents: Callable[[str], Sequence[Invoice]]
) -> Callable[[str], Billed | None]:
    """Find the same where `documents` gives an invoice and its credit notes."""

    def billed(key: str) -> Billed | None:
        record = books.ledger.by_key.get(key)
        if record is None:
            return None
        invoice, *notes = documents(record.number)
        line = next(one for one in invoice.lines if key in one.keys)
        left = uncredited(invoice, notes)
        return Billed(
            number=invoice.number,
            line=line.id,
            source=line.source,
            customer=invoice.customer,
            language=invoice.language,
            left=left[line.id],
            slack=0 if line.with_vat is None else SLACK,
        )

    return billed


def replacing(claims: Iterable[Claim], books: Books) -> tuple[Claim, ...]:
    """Name on claims the invoices that were credited because they were wrong, and are due again."""
    wrong: dict[str, str] = {}
    for record in books.records:
        if record.kind == "credit-note-issued" and record.released:
            number = next(posting.item for posting in record.postings if posting.item)
            wrong |= dict.fromkeys(record.released, number)
    return tuple(_replacing(claim, wrong) for claim in claims) if wrong else tuple(claims)


def _replacing(claim: Claim, wrong: dict[str, str]) -> Claim:
    keys = (key for charge in claim.charges for key in charge.keys)
    return replace(claim, replaces=tuple(dict.fromkeys(wrong[key] for key in keys if key in wrong)))
