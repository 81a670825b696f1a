"""What was used of an order: working time, and what a meter counts."""

from q2c.core.usage.time import TimeRow, as_deliveries, keyed

__all__ = ["TimeRow", "as_deliveries", "keyed"]
