"""Calm: reading much at once without the garbage collector looking through it again and again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def calm() -> Iterator[None]:
    """Keep the garbage collector away while much is made and nothing thrown away.

    Afterwards what was made counts as old, or the collector would go through all of it at
    the next occasion.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.freeze()
            gc.unfreeze()
            gc.enable()
