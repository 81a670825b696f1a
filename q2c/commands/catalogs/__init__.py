"""q2c catalog: what is sold, and what it costs."""
