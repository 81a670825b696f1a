"""q2c send: documents on their way to whom they are for."""
