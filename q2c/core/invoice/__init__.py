"""Invoices and credit notes: numbered, complete in themselves, never changed."""

from q2c.core.invoice.credit import Crediting, credited, parts_of, uncredited, vat_left
from q2c.core.invoice.document import Invoice, InvoiceLine, Original, faults_of
from q2c.core.invoice.issue import Issue, digits, issued
from q2c.core.invoice.rates import (
    ExchangeRate,
    ExchangeRates,
    HomeVat,
    exchange_faults,
    home_vat,
    rate_between,
    rate_on,
)

__all__ = [
    "Crediting",
    "ExchangeRate",
    "ExchangeRates",
    "HomeVat",
    "Invoice",
    "InvoiceLine",
    "Issue",
    "Original",
    "credited",
    "digits",
    "exchange_faults",
    "faults_of",
    "home_vat",
    "issued",
    "parts_of",
    "rate_between",
    "rate_on",
    "uncredited",
    "vat_left",
]
