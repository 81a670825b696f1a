"""Programs that are killed while they work."""

import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path


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
