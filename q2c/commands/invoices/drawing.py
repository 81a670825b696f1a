"""Drawing: what a plan says becomes documents, each with its files and its entry."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final, Literal, Protocol

import msgspec
from msgspec import Struct

from q2c.commands.books import Books
from q2c.commands.debugging import debugged
from q2c.commands.desk import Frozen, Stamp
from q2c.commands.invoices.making import beside, pdf_of
from q2c.core.billing import Plan
from q2c.core.entry import Entry
from q2c.core.fault import Fault, Refused
from q2c.core.invoice import Crediting, Invoice, Issue, credited, issued
from q2c.core.money import Money
from q2c.core.posting import Balances, after_credits, credit_entry, invoice_entry
from q2c.core.rates import ExchangeRate
from q2c.documents.spelling import spelled
from q2c.store.papers import frozen, paper
from q2c.store.planfile import Claims

Kind = Literal["invoice", "credit-note"]


class Row(Struct, frozen=True):
    """What is told of a document that was issued."""

    number: str
    customer: str
    total: Money
    currency: str
    due: date
    ocr: str
    pdf: str
    sha256: str
    kind: Kind = "invoice"

    @property
    def amount(self) -> Money:
        """What it adds to what is owed; a credit note takes from it."""
        return self.total if self.kind == "invoice" else -self.total


class Drawn(Struct, frozen=True):
    """A document that is ready to be written: its files and its entry."""

    invoice: Invoice
    files: dict[str, bytes]
    entry: Entry

    @property
    def row(self) -> Row:
        """What is told of it."""
        pdf = self.entry.documents[1]
        return Row(
            number=self.invoice.number,
            customer=self.invoice.customer,
            total=self.invoice.payable,
            currency=self.invoice.currency,
            due=self.invoice.due_on,
            ocr=self.invoice.ocr,
            pdf=pdf.path,
            sha256=pdf.sha256,
            kind=self.invoice.kind,
        )


class Job(Struct, frozen=True):
    """A document to issue: what it is, and its place among those of its plan."""

    kind: Kind
    place: int


class Printed(Struct, frozen=True, tag=True):
    """A document of a run as one process hands it to another; looks go by their names."""

    files: dict[str, bytes]
    looks: tuple[str, ...]
    entry: Entry
    row: Row


class Failed(Struct, frozen=True, tag=True):
    """A document of a run that cannot be issued, and why."""

    faults: tuple[Fault, ...]


Result = Printed | Failed


class Shelf(Protocol):
    """Documents that were drawn before, elsewhere."""

    def pdf(self, number: str, data: bytes) -> bytes | None:
        """Give the PDF of a document that has these bytes as JSON, if it is there."""


class Press(Struct, frozen=True, kw_only=True):
    """All that drawing needs besides the job and its number; `shelf` is what need not be drawn.

    `enclosed` are files that go into e-invoices, by path. `originals` are the invoices that are
    credited, by number, each before its credit notes; `notes` are the places of the credit notes
    that the run has to issue.
    """

    claims: Claims
    books: Books
    balances: Balances
    looks: Mapping[str, Frozen]
    rates: Sequence[ExchangeRate]
    mark: Stamp
    enclosed: Mapping[str, bytes] = {}
    shelf: Shelf | None = None
    originals: Mapping[str, Sequence[Invoice]] = {}
    notes: Sequence[int] = ()


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


def drawn(
    invoice: Invoice,
    look: Frozen,
    balances: Balances,
    enclosed: Mapping[str, bytes],
    shelf: Shelf | None = None,
) -> Drawn:
    """Draw an invoice or a credit note, and make its entry."""
    invoice = spelled(invoice, look.look.language)
    data = frozen(invoice)
    pdf = shelf.pdf(invoice.number, data) if shelf else None
    files = {
        f"{invoice.path}.json": data,
        f"{invoice.path}.pdf": pdf or pdf_of(invoice, look.look),
        **beside(invoice, look.look, enclosed),
    }
    papers = [paper(path, data) for path, data in files.items()]
    make = invoice_entry if invoice.kind == "invoice" else credit_entry
    return Drawn(invoice, files | look.created, make(invoice, papers, balances))


def _invoice(place: int, number: str, press: Press) -> Drawn:
    claim = press.claims.claim(place)
    look = press.looks[claim.language]
    given = issue_of(press.books, number, look, press.mark, press.claims.plan)
    invoice = issued(claim, given, press.rates)
    return drawn(invoice, look, press.balances, press.enclosed, press.shelf)


def _credit(place: int, number: str, press: Press) -> Drawn:
    """Draw a credit note that follows from what was changed."""
    plan = press.claims.plan
    claim = plan.credits[place]
    look = press.looks[claim.language]
    original, *before = press.originals[claim.original]
    what = Crediting(parts=claim.parts, issued_on=plan.issue_on, reason=claim.reason)
    note = credited(original, before, what, issue_of(press.books, number, look, press.mark, plan))
    ahead = [plan.credits[one] for one in press.notes if one < place]
    balances = after_credits(press.balances, [part for one in ahead for part in one.parts])
    return drawn(note, look, balances, press.enclosed, press.shelf)


DRAW: Final[dict[Kind, Callable[[int, str, Press], Drawn]]] = {
    "invoice": _invoice,
    "credit-note": _credit,
}


def printed(job: Job, number: str, press: Press) -> Result:
    """Draw what a job asks for under a number, or say why that cannot be."""
    try:
        one = DRAW[job.kind](job.place, number, press)
    except Refused as refused:
        return Failed(refused.faults)
    except Exception as error:  # noqa: BLE001 - one document that fails is no reason to leave out the others
        message = f"{type(error).__name__}: {error}"
        remedy = "This is a fault in q2c, not in your files. Report it with what --debug shows."
        debugged(error)
        return Failed((Fault("bug", message, remedy=remedy),))
    own = {document.path: one.files[document.path] for document in one.entry.documents}
    return Printed(own, tuple(one.files.keys() - own.keys()), one.entry, one.row)


def worked(sheaf: Sequence[tuple[Job, str]], press: Press) -> bytes:
    """Do some jobs; give the results as bytes."""
    return msgspec.msgpack.encode([printed(job, number, press) for job, number in sheaf])


def read_results(data: bytes) -> list[Result]:
    """Read the results of some jobs."""
    return msgspec.msgpack.decode(data, type=list[Result])
