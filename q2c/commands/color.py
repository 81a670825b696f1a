"""Whether to colour, decided once for all output; colour never carries a meaning alone."""

import os
from typing import TextIO

from q2c.commands.call import call
from q2c.core.fault import Refused


def colored(stream: TextIO) -> bool:
    """Decide by flag, then environment, then settings, then the terminal."""
    asked = call().color or os.environ.get("Q2C_COLOR", "")
    if asked in ("always", "never"):
        return asked == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    asked = _setting()
    if asked in ("always", "never"):
        return asked == "always"
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _setting() -> str:
    from q2c.commands.config import value_of

    try:
        return value_of("output.color")
    except Refused:  # a fault in the settings is told by what needs them, not by a colour
        return ""


def bold(text: str, *, color: bool) -> str:
    """Make a text stand out on a terminal."""
    return f"\x1b[1m{text}\x1b[0m" if color else text
