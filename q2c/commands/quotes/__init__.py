"""q2c quote: offers, from the draft to what became of them."""
