"""Files of strangers read in a process of its own, which may take only so much time and memory."""

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final

MEMORY: Final = 1_000_000_000
SECONDS: Final = 20


def confined(module: str, data: bytes) -> bytes | None:
    """Give what a module of ours makes of some bytes; None where it took too much, or broke."""
    import subprocess

    words = [sys.executable, "-m", module]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, by its name
            words, input=data, capture_output=True, timeout=2 * SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    return None if done.returncode else done.stdout


def work(act: Callable[[bytes], bytes]) -> None:
    """Be the other process: take little, read the bytes, write what is made of them."""
    with suppress(ImportError, ValueError, OSError):  # a system without such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.stdout.buffer.write(act(sys.stdin.buffer.read()))
