"""Programs that tests compare with: skipped where they are missing, but not in the build."""

import os
import shutil

import pytest


def needs(program: str) -> str:
    """Give the path of a program, or end the test: skipped here, failed where CI is true."""
    path = shutil.which(program)
    if path is None:
        end = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        end(f"{program} is not installed")
    return path
