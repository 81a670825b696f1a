"""q2c invoice show: a document with its lines and sums, and the chain that it is a link of."""

from collections import Counter
from collections.abc import Iterator, Sequence

from q2c.commands.books import read_books
from q2c.commands.call import At, call
from q2c.commands.desk import tree
from q2c.commands.invoices.invoice import Number
from q2c.commands.invoices.labels import label_of
from q2c.commands.output import hint, say, table
from q2c.commands.plain import fields_of
from q2c.core.claim import LINE
from q2c.core.entry import Entry
from q2c.core.invoice import Invoice
from q2c.core.money import Money
from q2c.core.receivable import OpenItem, open_items
from q2c.store.invoices import read_invoice

LINES = ("line", "name", "quantity", "unit", "unit_price", "net", "currency", "vat")


def show_invoice(number: Number, *, at: At = "") -> None:
    """Show an invoice or a credit note, and what credits, replaces or is replaced by it.

    Example: q2c invoice show F-2026-0001
    """
    files = tree(at)
    books = read_books(files)
    found = read_invoice(files, books.records, number)
    item = open_items(books.records).get(number)
    after = {
        "credited_by": [entry.number for entry in _notes(books.records, number)],
        "replaced_by": _replaced_by(books.records, number),
    }
    if call().mode == "json":
        sums = {"total": found.total, "payable": found.payable}
        say({**fields_of(found), **sums, "open": item.open if item else None, **after})
        return
    tell_document(found, item)
    for line in _chain(books.records, number, after["replaced_by"]):
        hint(line)


def tell_document(found: Invoice, item: OpenItem | None = None) -> None:
    """Say what a document says, and what is open on it; one without a number is a preview."""
    due = f", due {found.due_on}" if found.kind == "invoice" else ""
    name = found.number or f"preview of {'a credit note' if found.original else 'an invoice'}"
    hint(f"{name}  {found.buyer.name}  {found.issued_on}{due}")
    table(_lines(found), LINES)
    for line in _totals(found, item):
        hint(line)


def _lines(found: Invoice) -> Iterator[dict[str, object]]:
    several = Counter((line.source, line.service) for line in found.lines)
    for line in found.lines:
        named = f"{line.name} {line.service}" if line.service else line.name
        same = several[line.source, line.service] > 1 and line.product != LINE
        told = line.text.rpartition("\n")[2] if same else ""
        yield {
            "line": line.id,
            "name": f"{named}, {told}" if told else named,  # by group or role
            "quantity": line.quantity,
            "unit": line.unit,
            "unit_price": line.unit_price,
            "net": line.net,
            "currency": found.currency,
            "vat": label_of(line.treatment.category, line.treatment.rate),
            "source": line.source,
            "with_vat": line.with_vat,
        }


def _totals(found: Invoice, item: OpenItem | None) -> Iterator[str]:
    for row in found.vat:
        yield f"  {row.base} {label_of(row.category, row.rate)}, VAT {row.vat}"
    yield f"  total {found.total}"
    for deposit in found.deposits:
        yield f"  less {deposit.number} of {deposit.issued_on}: {deposit.net}, VAT {deposit.tax}"
    if found.rounded:
        yield f"  rounding {found.rounded}"
    if found.deposits or found.rounded:
        yield f"  to pay {found.payable}"
    for part in found.instalments:
        yield f"  {part.amount} by {part.due_on}"
    if found.original:
        verb = "voids" if found.void else "credits"
        yield f"  {verb} {found.original.number} of {found.original.issued_on}: {found.reason}"
    for paper in found.attachments:
        yield f"  attached {paper.path}  {paper.sha256[:12]}"
    if found.replaces:
        yield f"  replaces {', '.join(found.replaces)}"
    if item:
        yield f"  open {item.open}   OCR {found.ocr}   {found.rf}"


def _notes(records: Sequence[Entry], number: str) -> list[Entry]:
    """Give the entries of the credit notes of an invoice."""
    return [
        entry
        for entry in records
        if entry.kind == "credit-note-issued"
        and any(p.item == number for p in entry.postings if p.role == "receivable")
    ]


def _replaced_by(records: Sequence[Entry], number: str) -> list[str]:
    """Name the later invoices that claim what an invoice claimed before it was credited."""
    notes = [entry for entry in _notes(records, number) if entry.released]
    keys = {key for entry in notes for key in entry.released}
    later = records[records.index(notes[0]) :] if notes else ()
    return [e.number for e in later if e.kind == "invoice-issued" and keys & {*e.keys}]


def _chain(records: Sequence[Entry], number: str, replaced_by: Sequence[str]) -> Iterator[str]:
    """Say what became of an invoice: what credits it, and what takes its place."""
    for entry in _notes(records, number):
        owed = next(posting for posting in entry.postings if posting.role == "receivable")
        again = ", due again" if entry.released else ""
        amount = Money(-owed.amount, owed.currency)
        yield f"  credited by {entry.number} of {entry.date}: {amount}, {entry.note}{again}"
    if replaced_by:
        yield f"  replaced by {', '.join(replaced_by)}"
