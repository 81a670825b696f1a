"""E-invoices of others, read: UBL, CII, and PDF files that hold one."""
