"""The lock that lets one program at a time write in a workspace."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from q2c.core.fault import Fault, Stale


@contextmanager
def locked(path: str, wait: float) -> Iterator[None]:
    """Hold the lock kept at a path, after waiting for it at most so many seconds.

    The system lets go of it when the holder ends in any way. The file itself is never
    removed: two programs could then each hold a lock on a file of that name.
    """
    import filelock

    # Without a lock of the kernel we had rather fail than trust a file left lying about.
    lock = filelock.FileLock(path, timeout=wait, fallback_to_soft=False)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise Stale(_held(holder(path))) from error
    try:
        with suppress(OSError):  # the name is a courtesy to those who wait
            Path(f"{path}.holder").write_text(f"{os.getpid()}\n", "ascii")
        yield
    finally:
        lock.release()


def holder(path: str) -> str:
    """Name the process that took the lock last, as far as it is known."""
    try:
        return Path(f"{path}.holder").read_text("ascii").strip()
    except (OSError, ValueError):
        return ""


def _held(process: str) -> Fault:
    who = f"process {process}" if process.isdecimal() else "another program"
    message = f"The workspace is locked: {who} is writing in it."
    return Fault("locked", message, remedy="Wait until it has finished, then run this again.")
