"""q2c customer and q2c opportunity: who buys, and who may."""
