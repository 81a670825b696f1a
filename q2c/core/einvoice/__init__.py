"""E-invoices: what an invoice says in the terms of EN 16931, and where each syntax puts it."""
