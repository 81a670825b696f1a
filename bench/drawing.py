"""How fast an invoice is drawn, against plain platypus."""

from bench import platypus
from bench.measure import Row, warm
from q2c.core.invoice import Invoice
from q2c.documents.invoice import invoice_pdf
from q2c.documents.look import Look, Theme, frozen
from q2c.documents.payment_codes import payment_code
from tests import made

PAGES = 20


def rows() -> list[Row]:
    """Give the rows on drawing."""
    platypus.ready()
    look = frozen(Theme(), None, "sv")
    return [
        _row("12-line invoice as PDF", made.invoice(12), look, 5),
        _row("300-line invoice as PDF", made.invoice(300), look, 5),
    ]


def _row(name: str, invoice: Invoice, look: Look, bound: float) -> Row:
    code = payment_code(invoice)
    assert code, "the invoice has a code to pay by"
    many = PAGES if len(invoice.lines) < PAGES else 2
    return Row(
        name,
        warm(lambda: [invoice_pdf(invoice, look) for _ in range(many)]),
        warm(lambda: [platypus.drawn(invoice, code.payload) for _ in range(many)]),
        "plain platypus, same page",
        bound,
        "at least",
    )
