"""How far a long job has come, told on standard error."""

import os
import sys
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TypeVar

from q2c.commands.call import call
from q2c.commands.visible import cut, visible

T = TypeVar("T")
PATIENCE = 0.5  # seconds that a person waits without asking
REDRAW = 0.1
SILENCE = 30.0  # seconds after which a log that nobody watches gets a line all the same
CLEAR = "\r\x1b[K"


def progress(job: str, things: Iterable[T], count: int) -> Iterator[T]:
    """Yield things one by one; once it takes long, tell how many of them are done.

    On a terminal one line is drawn again and again; elsewhere there is a line for each tenth
    of the things, and for each half minute.
    """
    if call().quiet or call().machine or not count:
        yield from things
        return
    live = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    began = drawn = monotonic()
    tenth = 0
    try:
        for done, thing in enumerate(things):
            yield thing
            now = monotonic()
            if now - began < PATIENCE:
                continue
            if live and now - drawn >= REDRAW:
                sys.stderr.write(CLEAR + cut(visible(f"{job} {done + 1}/{count}"), 78))
                sys.stderr.flush()
                drawn = now
            elif not live and ((done + 1) * 10 // count > tenth or now - drawn >= SILENCE):
                tenth, drawn = (done + 1) * 10 // count, now
                sys.stderr.write(f"{job} {done + 1}/{count}\n")
                sys.stderr.flush()
    finally:
        if live and drawn > began:
            sys.stderr.write(CLEAR)
