"""UN/CEFACT CII: where an invoice says each term, by EN 16931-3-3."""

from q2c.core.einvoice.cii.document import CROSS_INDUSTRY_INVOICE
from q2c.core.einvoice.cii.values import VAT_DATES

__all__ = ["CROSS_INDUSTRY_INVOICE", "VAT_DATES"]
