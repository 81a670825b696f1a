"""UBL 2.1: where each term stands in an invoice, a credit note and an order, by EN 16931-3-2."""

from q2c.core.einvoice.ubl.documents import CREDIT_NOTE, CREDIT_NOTES, INVOICE
from q2c.core.einvoice.ubl.order import ORDER

__all__ = ["CREDIT_NOTE", "CREDIT_NOTES", "INVOICE", "ORDER"]
