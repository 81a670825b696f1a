"""q2c contract: what was agreed, and how it is signed."""
