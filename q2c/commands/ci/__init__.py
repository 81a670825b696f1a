"""q2c ci: invoices from a tag, issued by a runner."""
