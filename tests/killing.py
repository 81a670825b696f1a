"""Programs that are killed while they work."""

import signal
import subprocess
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from threading import Timer


def killed(
    argv: Sequence[str], after: float, cwd: Path, env: dict[str, str] | None = None
) -> tuple[str, bool]:
    """Run a program and kill it after so many seconds; what it said, and whether it was killed."""
    with subprocess.Popen(
        argv, cwd=cwd, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        deadline = time.monotonic() + after
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.001)
        early = process.poll() is None
        if early:
            process.send_signal(signal.SIGKILL)
        said, _ = process.communicate()
    return said, early


def killed_after(
    argv: Sequence[str], lines: int, pause: float, cwd: Path, limit: float
) -> tuple[list[str], bool]:
    """Run a program and kill it some seconds after it has said so many lines.

    Gives the lines that it said to their end, and whether it was killed.
    """
    with subprocess.Popen(
        argv, cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        watch = Timer(limit, process.kill)
        watch.start()
        assert process.stdout
        said = "".join(islice(process.stdout, lines))
        time.sleep(pause)
        early = process.poll() is None
        if early:
            process.kill()
        rest, wrong = process.communicate()
        assert watch.is_alive(), f"{argv[-1]} took more than {limit} seconds"
        watch.cancel()
    assert early or process.returncode == 0, wrong
    return (said + rest).split("\n")[:-1], early
