"""q2c einvoice: e-invoices and orders that others send."""
