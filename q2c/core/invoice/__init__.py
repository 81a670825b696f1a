"""Invoices and credit notes: numbered, complete in themselves, never changed."""

from q2c.core.invoice.credit import Crediting, credited, parts_of, uncredited, vat_left
from q2c.core.invoice.document import Invoice, InvoiceLine, Original, faults_of
from q2c.core.invoice.issue import Issue, issued

__all__ = [
    "Crediting",
    "Invoice",
    "InvoiceLine",
    "Issue",
    "Original",
    "credited",
    "faults_of",
    "issued",
    "parts_of",
    "uncredited",
    "vat_left",
]
