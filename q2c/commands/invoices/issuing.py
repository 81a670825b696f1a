"""Issuing: a plan's claims become numbered invoices, with their files and entries."""

import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from msgspec import Struct

from q2c.commands.books import Books, added
from q2c.commands.call import on_stop
from q2c.commands.desk import Desk, Frozen, Stamp, frozen_look, stamp
from q2c.commands.invoices.billing import refuse_changed, refuse_forged, refuse_moved
from q2c.commands.progress import progress
from q2c.core.billing import Claim, Plan
from q2c.core.entry import Entry
from q2c.core.invoice import ExchangeRate, Invoice, Issue, issued
from q2c.core.money import Money, total
from q2c.core.posting import Balances, balances_of, credit_entry, invoice_entry
from q2c.store import series
from q2c.store.master import read_exchange_rates
from q2c.store.papers import frozen, paper
from q2c.store.tree import Tree
from q2c.store.writing import Change

# Invoices that are written at once. Each write waits three times for the disk, so a large
# run takes more of them together: it waits at most once for every hundred.
GROUP, LARGE_GROUP, LARGE = 100, 500, 1000


class Drawn(Struct, frozen=True):
    """A document that is ready to be written: its files and its entry."""

    invoice: Invoice
    files: dict[str, bytes]
    entry: Entry

    @property
    def row(self) -> dict[str, object]:
        """What is told of it."""
        pdf = self.entry.documents[-1]
        return {
            "number": self.invoice.number,
            "customer": self.invoice.customer,
            "total": self.invoice.total,
            "currency": self.invoice.currency,
            "due": self.invoice.due_on,
            "ocr": self.invoice.ocr,
            "pdf": pdf.path,
            "sha256": pdf.sha256,
        }


class Outcome(Struct, frozen=True, kw_only=True):
    """What came of a run: what was issued now, and how many stood already."""

    issued: tuple[Drawn, ...] = ()
    already: int = 0
    written: tuple[str, ...] = ()
    head: str = ""


class Press(Struct, frozen=True, kw_only=True):
    """All that drawing needs besides the claim."""

    plan: Plan
    books: Books
    balances: Balances
    looks: Mapping[str, Frozen]
    rates: Sequence[ExchangeRate]
    mark: Stamp


def unissued(plan: Plan, books: Books) -> list[Claim]:
    """Give the claims of a plan that are not invoices yet."""
    by_key = books.ledger.by_key
    return [
        claim
        for claim in plan.claims
        if (record := by_key.get(claim.charges[0].keys[0])) is None or record.plan != plan.id
    ]


def issue(work: Desk, books: Books, plan: Plan, inputs: Tree, file: str = "") -> Outcome:
    """Issue what is left of a plan, group by group, each written whole with its entries.

    Refuses a plan that the ledger or the files have left behind. `file` is the plan's own,
    if it stands in the workspace; it is committed with what it led to.
    """
    left = unissued(plan, books)
    already = len(plan.claims) - len(left)
    if not left:
        return Outcome(already=already, head=books.ledger.head)
    refuse_moved(plan, books)
    refuse_changed(plan, inputs)
    refuse_forged(inputs, left)
    press, done, told = _press(work, plan, books, inputs), list[Drawn](), list[str]()
    size = LARGE_GROUP if len(left) >= LARGE else GROUP
    for group in _groups(_drawn(left, press), size):
        books, written = write(work, books, group, press.mark, [file] if file else ())
        done += group
        told.append(written)
        _promise(len(done) + already, len(left) - len(done))
    head = books.ledger.head
    return Outcome(issued=tuple(done), already=already, written=tuple(told), head=head)


def _press(work: Desk, plan: Plan, books: Books, inputs: Tree) -> Press:
    languages = {claim.language for claim in plan.claims}
    return Press(
        plan=plan,
        books=books,
        balances=balances_of(books.records),
        looks={language: frozen_look(inputs, language) for language in languages},
        rates=read_exchange_rates(inputs),
        mark=stamp(work.root, work.tree.commit),
    )


def _drawn(claims: Sequence[Claim], press: Press) -> Iterator[Drawn]:
    """Draw claims in their order, each under the next number."""
    pattern, year = press.books.company.series.invoice, press.plan.issue_on.year
    numbers = series.following(press.books.ledger.by_number, pattern, year)
    for claim in progress("Issuing", claims, len(claims)):
        look = press.looks[claim.language]
        given = issue_of(press.books, next(numbers), look, press.mark, press.plan)
        invoice = issued(claim, given, press.rates)
        yield drawn(invoice, look, press.balances)


def issue_of(
    books: Books, number: str, look: Frozen, mark: Stamp, plan: Plan | None = None
) -> Issue:
    """Gather what a document is given when it is issued."""
    company = books.company
    return Issue(
        number=number,
        look=look.sha256,
        plan=plan.id if plan else "",
        commit=plan.commit if plan else mark.commit,
        program=mark.program,
        length_digit=company.ocr == "length-and-check-digit",
        late_interest_points=company.terms.late_interest_points,
    )


def drawn(invoice: Invoice, look: Frozen, balances: Balances) -> Drawn:
    """Draw an invoice or a credit note, and make its entry."""
    from q2c.documents.invoice import invoice_pdf

    pdf = invoice_pdf(invoice, look.look)
    files = {f"{invoice.path}.json": frozen(invoice), f"{invoice.path}.pdf": pdf}
    papers = [paper(path, data) for path, data in files.items()]
    make = invoice_entry if invoice.kind == "invoice" else credit_entry
    return Drawn(invoice, files | look.created, make(invoice, papers, balances))


def _groups(documents: Iterator[Drawn], size: int) -> Iterator[list[Drawn]]:
    while group := list(islice(documents, size)):
        yield group


def write(
    work: Desk, books: Books, group: Sequence[Drawn], mark: Stamp, also: Sequence[str] = ()
) -> tuple[Books, str]:
    """Write documents with their entries, all or none; give the books after, and what was done."""
    after, lines = added(books, [document.entry for document in group], mark)
    files = {path: data for document in group for path, data in document.files.items()}
    first, last = group[0].invoice.number, group[-1].invoice.number
    subject = f"Issue {first}" if first == last else f"Issue {first} to {last}"
    with unbroken():
        told = work.write(Change(created=files, appended=lines), subject, also)
    return after, told


@contextmanager
def unbroken() -> Iterator[None]:
    """Let Ctrl-C wait until what is begun is written."""
    caught: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: caught.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if caught:
        raise KeyboardInterrupt


def _promise(issued: int, left: int) -> None:
    on_stop(f"{issued} issued, {left} to go. Run the same command to go on.")


def sums(amounts: Sequence[Money]) -> str:
    """Add up amounts in each of their currencies: `1 250.00 SEK + 100.00 EUR`."""
    currencies = dict.fromkeys(amount.currency for amount in amounts)
    parts = (total((a for a in amounts if a.currency == c), c) for c in currencies)
    return " + ".join(str(part) for part in parts) or "0.00"


def inside(root: Path, file: Path) -> str:
    """Name a file as the workspace does, or nothing where it lies outside."""
    whole = file.absolute()
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else ""
