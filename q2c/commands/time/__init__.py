"""q2c time: working time and expenses, what was prepaid, and reports of them."""
