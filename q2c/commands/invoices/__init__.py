"""q2c invoice, q2c plan and q2c apply: what is due, issued and credited."""
