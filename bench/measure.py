"""Measuring: two jobs in turns, the CPU time of each, the least of several rounds."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from time import process_time
from typing import Literal

ROUNDS = 7
FULL = "--full" in sys.argv  # in the size that is promised, where the usual one is smaller
Job = Callable[[], float]  # does the work once and gives the CPU seconds it took


@dataclass(frozen=True)
class Row:
    """A promise: our job against a yardstick, and the ratio that bounds it.

    `at most` bounds ours / yardstick, how much dearer we may be; `at least` bounds
    yardstick / ours, how much faster we must be.
    """

    name: str
    ours: Job
    yardstick: Job
    against: str
    bound: float
    sense: Literal["at most", "at least"] = "at most"

    def ratio(self, ours: float, yardstick: float) -> float:
        """Give the figure that the bound speaks of."""
        return ours / yardstick if self.sense == "at most" else yardstick / ours

    def kept(self, ratio: float) -> bool:
        """Say whether the promise is kept."""
        return ratio <= self.bound if self.sense == "at most" else ratio >= self.bound


def measured(row: Row, rounds: int = ROUNDS) -> float:
    """Run both jobs in turns; give the ratio of their least CPU times.

    The least is what the code costs; anything above it is what else the machine did.
    """
    for job in (row.yardstick, row.ours):  # fill the caches of both
        job()
    yardsticks, ours = zip(*((row.yardstick(), row.ours()) for _ in range(rounds)), strict=True)
    return row.ratio(min(ours), min(yardsticks))


def _as_installed() -> dict[str, str]:
    """Give the environment in which a person starts a program that is installed.

    Its byte code is kept from one start to the next, here in a folder of its own; nothing
    else is said about Python.
    """
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return plain | {"PYTHONPYCACHEPREFIX": mkdtemp(prefix="q2c-bytecode-")}


ENVIRONMENT = _as_installed()


def whole_process(words: Sequence[str], folder: Path | None = None) -> Job:
    """Make a job of a program that is started and waited for."""
    silence = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0o600) for stream in (0, 1, 2)]

    def run() -> float:
        with chdir(folder or Path()):
            # Not a fork: its cost would grow with this process and flatter the ratio.
            child = os.posix_spawnp(words[0], list(words), ENVIRONMENT, file_actions=silence)
        _, status, usage = os.wait4(child, 0)
        code = os.waitstatus_to_exitcode(status)
        if code:
            message = f"{' '.join(words)} ended with {code}"
            raise RuntimeError(message)
        return usage.ru_utime + usage.ru_stime

    return run


def warm(act: Callable[[], object]) -> Job:
    """Make a job of a function called in this process; throwing away its result is not counted."""

    def run() -> float:
        began = process_time()
        result = act()
        seconds = process_time() - began
        del result
        return seconds

    return run
