"""Work on files of others, in a process of its own that has little memory and little time."""

import sys
from contextlib import suppress
from importlib import import_module

MEMORY = 1 << 30  # bytes
SECONDS = 10


class Contained(Exception):  # noqa: N818 - an answer about the file, told as a fault
    """The work was not done: it took too long, too much memory, or found the file broken."""


def contained(work: str, data: bytes, seconds: int = SECONDS) -> bytes:
    """Give what a function makes of bytes; it is named as `module:function`.

    The process is ended when its time is over, writes no file, and starts no other.
    """
    import os
    import subprocess
    from pathlib import Path

    home = str(Path(__file__).parents[2])
    try:
        done = subprocess.run(  # noqa: S603 - our own program, no word of it is of the file
            [sys.executable, "-P", "-m", __name__, work, str(seconds)],
            input=data,
            capture_output=True,
            timeout=seconds,
            check=False,
            env={**os.environ, "PYTHONPATH": home},
        )
    except subprocess.TimeoutExpired:
        raise Contained(f"it was not done after {seconds} seconds") from None
    if done.returncode == 0:
        return done.stdout
    told = done.stderr.decode("utf-8", "replace").strip().splitlines()
    raise Contained(told[-1] if told and done.returncode == 1 else "it asked for too much memory")


def main(work: str, seconds: str) -> int:
    """Do the work on what comes in; write what it makes of it, or say in a line what is wrong."""
    _limit(int(seconds))
    module, _, function = work.partition(":")
    try:
        sys.stdout.buffer.write(getattr(import_module(module), function)(sys.stdin.buffer.read()))
    except MemoryError:
        return 2
    except Exception as error:  # noqa: BLE001 - any way in which a file breaks its reader
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _limit(seconds: int) -> None:
    """Limit the memory and time of this process, and what it may write."""
    import resource

    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(ValueError):  # macOS has no limit of memory
            resource.setrlimit(limit, (allowed, allowed))


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
