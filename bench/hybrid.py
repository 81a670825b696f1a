"""How fast an invoice with its XML in it is made, against platypus finished by factur-x."""

from facturx import generate_from_binary

from bench import platypus
from bench.measure import Row, warm
from q2c.core.einvoice import stated
from q2c.core.invoice import Invoice
from q2c.documents.einvoice import einvoice_xml
from q2c.documents.invoice import invoice_pdf
from q2c.documents.look import Look, Theme, frozen
from q2c.documents.payment_codes import payment_code
from q2c.documents.pdf import Attached
from tests import made

MANY = 10


def rows() -> list[Row]:
    """Give the row on hybrids; ours writes its XML anew each time, the yardstick is given it."""
    platypus.ready()
    look, invoice = frozen(Theme(), None, "sv"), made.invoice(12)
    xml, code = written(invoice), payment_code(invoice)
    assert code, "the invoice has a code to pay by"
    return [
        Row(
            "12-line invoice as PDF/A-3 with its XML",
            warm(lambda: [hybrid(invoice, look) for _ in range(MANY)]),
            warm(lambda: [finished(invoice, xml, code.payload) for _ in range(MANY)]),
            "platypus and factur-x",
            4,
            "at least",
        )
    ]


def written(invoice: Invoice) -> bytes:
    """Write an invoice as the XML that travels in its PDF."""
    return einvoice_xml(stated(invoice, "factur-x"), "cii")


def hybrid(invoice: Invoice, look: Look) -> bytes:
    """Make the PDF with its XML, all by ourselves."""
    xml = Attached("factur-x.xml", "text/xml", written(invoice), "Invoice", "Alternative")
    return invoice_pdf(invoice, look, [xml])


def finished(invoice: Invoice, xml: bytes, payload: str) -> bytes:
    """Draw the page with platypus and let factur-x put the XML in; nothing is validated."""
    made_ = generate_from_binary(
        platypus.drawn(invoice, payload),
        xml,
        check_xsd=False,
        check_schematron=False,
        flavor="factur-x",
        level="en16931",
    )
    assert isinstance(made_, bytes)
    return made_
