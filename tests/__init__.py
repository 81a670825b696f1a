"""What q2c promises, as tests."""
