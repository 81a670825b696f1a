"""E-invoices of others, read: UBL, CII, and PDF files that hold one."""

from q2c.exchange.einvoice.received import Kind, Read, read

__all__ = ["Kind", "Read", "read"]
