"""What all tests share: laws take the time they need on a busy machine."""

import os

from hypothesis import settings

settings.register_profile("q2c", deadline=None)
settings.register_profile("hammer", deadline=None, max_examples=2000)
settings.load_profile("hammer" if os.environ.get("Q2C_HAMMER") == "1" else "q2c")
