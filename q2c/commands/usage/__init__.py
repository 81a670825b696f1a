"""q2c usage: events of meters, what they come to, and what that costs."""
