"""q2c order: what is to be delivered, what has been, and what is agreed otherwise since."""
