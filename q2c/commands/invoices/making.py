"""Making: the files of an invoice or credit note, from what it says and how documents look."""

from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from q2c.core.fault import Fault, Invalid, Place
from q2c.core.invoice import Invoice
from q2c.core.trace import Paper
from q2c.store.tree import Tree

if TYPE_CHECKING:  # drawn only when something is issued
    from q2c.core.einvoice import Form
    from q2c.documents.attached import Attached
    from q2c.documents.look import Look

INSIDE: Final = "factur-x"  # the format of the e-invoice in a PDF


def pdf_of(invoice: Invoice, look: "Look") -> bytes:
    """Draw a document with its e-invoice inside, where it says all that one has to say."""
    from q2c.documents.invoice import invoice_pdf

    return invoice_pdf(invoice, look, hybrid(invoice))


def hybrid(invoice: Invoice) -> "tuple[Attached, ...]":
    """Give the XML that makes a PDF a Factur-X invoice; nothing where EN 16931 forbids it."""
    from q2c.core.einvoice import faults_of, stated
    from q2c.documents.attached import Attached
    from q2c.documents.einvoice import einvoice_xml

    terms = stated(invoice, INSIDE)
    if any(faults_of(terms, INSIDE)):
        return ()
    data = einvoice_xml(terms, "cii")
    return (Attached("factur-x.xml", "text/xml", data, "Factur-X", "Alternative"),)


def xml_of(invoice: Invoice, form: "Form", enclosed: Mapping[str, bytes]) -> bytes:
    """Write the e-invoice of a format; `enclosed` are the files that go along, by their path.

    Refuses what a receiver would refuse.
    """
    from q2c.core.einvoice import faults_of, stated
    from q2c.documents.einvoice import einvoice_xml, syntax_of

    terms = stated(invoice, form, enclosed)
    if faults := list(faults_of(terms, form)):
        raise Invalid(*faults)
    return einvoice_xml(terms, syntax_of(form))


def report_of(invoice: Invoice, look: "Look") -> bytes:
    """Make the report of the hours that an invoice is for."""
    from q2c.documents.timereport import report_csv, report_of, report_pdf

    report = report_of(invoice)
    return report_pdf(report, look) if invoice.time_report == "pdf" else report_csv(report)


def beside(invoice: Invoice, look: "Look", enclosed: Mapping[str, bytes]) -> dict[str, bytes]:
    """Make the files that stand beside the PDF of a document: time report and e-invoice.

    `enclosed` has the files that go with it, of which an e-invoice holds copies.
    """
    made: dict[str, bytes] = {}
    if invoice.time_report:
        made[f"{invoice.path}.time.{invoice.time_report}"] = report_of(invoice, look)
    if (form := invoice.einvoice) != "none":
        papers = {one.path: same(enclosed[one.path], one) for one in invoice.attachments}
        made[f"{invoice.path}.xml"] = xml_of(invoice, form, {**papers, **made})
    return made


def enclosures(files: Tree, invoice: Invoice) -> dict[str, bytes]:
    """Read the files that an e-invoice holds copies of."""
    asked = invoice.attachments if invoice.einvoice != "none" else ()
    return {one.path: files.read(one.path) for one in asked}


def same(data: bytes, one: Paper) -> bytes:
    """Give the bytes of a file; refuse one that is not what it was."""
    if sha256(data).hexdigest() != one.sha256:
        message = f"{one.path} is not the file that goes with the invoice; it was changed."
        remedy = "Bring it back from git, where it stands as it was."
        raise Invalid(Fault("document-changed", message, Place(one.path), remedy))
    return data
