"""Workers: tasks done by several processes at once, the results in the order of the tasks.

A worker begins as a copy of this process, so that it has everything it needs, and ends when it
has told its last result, or when nobody is left to tell it to.
"""

import gc
import os
import signal
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from typing import BinaryIO, TypeVar

from msgspec import Struct

from q2c.core.fault import Fault, Refused

T = TypeVar("T")
LENGTH = 8  # bytes that say how long a result is
ROOM = 1 << 20  # bytes of results that may wait to be read, where the system lets us say so


class Worker(Struct, frozen=True):
    """A process at work, and where its results are read."""

    process: int
    results: BinaryIO


def processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def may_copy() -> bool:
    """Say whether this process can be copied: a copy would lose its other threads."""
    return hasattr(os, "fork") and threading.active_count() == 1


def spread(
    act: Callable[[T], bytes], tasks: Sequence[T], workers: int
) -> Generator[bytes, None, None]:
    """Do tasks in so many processes; yield what `act` made of each, in their order.

    A worker takes every n-th task and waits where its results are not read. None is left
    behind, however the reading ends.
    """
    crew: list[Worker] = []
    gc.freeze()  # what is there already is not looked through, which would copy it in each
    try:
        for place in range(min(workers, len(tasks))):
            crew.append(_begun(act, tasks[place::workers], crew))
        for place in range(len(tasks)):
            yield _received(crew[place % workers])
    finally:
        for worker in crew:
            _ended(worker)
        gc.unfreeze()


def _begun(act: Callable[[T], bytes], tasks: Sequence[T], others: Sequence[Worker]) -> Worker:
    reading, writing = os.pipe()
    _widen(writing)
    parent = os.getpid()
    process = os.fork()
    if process:
        os.close(writing)
        return Worker(process, os.fdopen(reading, "rb"))
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who reads
        os.close(reading)
        for other in others:  # a pipe whose reader is gone must have no other
            other.results.close()
        _work(act, tasks, writing, parent)
        status = 0
    finally:
        os._exit(status)  # what was open or unsaid before the copy is not the copy's


def _work(act: Callable[[T], bytes], tasks: Sequence[T], writing: int, parent: int) -> None:
    for task in tasks:
        result = act(task)
        if os.getppid() != parent:
            return
        rest = memoryview(len(result).to_bytes(LENGTH, "big") + result)
        while rest:
            rest = rest[os.write(writing, rest) :]


def _received(worker: Worker) -> bytes:
    head = worker.results.read(LENGTH)
    length = int.from_bytes(head, "big")
    result = worker.results.read(length)
    if len(head) < LENGTH or len(result) < length:
        message = f"A worker (process {worker.process}) ended before its work was done."
        remedy = "Run the same command again, with --workers 1 if memory is short."
        raise Refused(Fault("worker-lost", message, remedy=remedy))
    return result


def _ended(worker: Worker) -> None:
    worker.results.close()
    with suppress(ProcessLookupError):
        os.kill(worker.process, signal.SIGKILL)
    os.waitpid(worker.process, 0)


def _widen(pipe: int) -> None:
    """Let a pipe hold more, so that a worker goes on while its results are being written."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, ROOM)
