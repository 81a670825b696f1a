"""E-invoices written: terms of EN 16931 as UBL or CII."""

from q2c.documents.einvoice.writing import Syntax, einvoice_xml, syntax_of

__all__ = ["Syntax", "einvoice_xml", "syntax_of"]
