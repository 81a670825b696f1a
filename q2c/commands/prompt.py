"""Questions to a person at a terminal; every one has a flag that answers it."""

import os
import re
import sys

from q2c.commands.call import call
from q2c.commands.visible import visible
from q2c.core.fault import Fault, Misused


def may_ask() -> bool:
    """Say whether there is a person at a terminal who wants to be asked."""
    if call().no_input or call().machine or os.environ.get("CI", "").lower() in ("1", "true"):
        return False
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str) -> bool:
    """Ask yes or no; --yes answers yes, and no answer is a no."""
    if call().yes:
        return True
    return _answer(f"{question} [y/N] ", "--yes").lower() in ("y", "yes", "j", "ja")


def ask(question: str, flag: str, form: str = ".+") -> str:
    """Ask for a text that nothing can be done without, until it has the form it should."""
    while True:
        line = _line(f"{question}: ", flag)
        if not line:  # the end of the input, not an empty answer
            sys.stderr.write("\n")
            raise missing(flag)
        if re.fullmatch(form, line.strip()):
            return line.strip()


def typed_back(question: str, word: str) -> bool:
    """Ask for a word to be typed again, for what cannot be undone; --yes stands for it."""
    if call().yes:
        return True
    return _answer(f"{question} Type {word} to go on: ", "--yes") == word


def missing(*flags: str) -> Misused:
    """Make the refusal for what nobody can be asked for: it names every flag."""
    named = " and ".join(filter(None, (", ".join(flags[:-1]), flags[-1])))
    message = f"{named} must be given, since nobody can be asked here."
    remedy = f"Add {'them' if len(flags) > 1 else 'it'}, or run on a terminal."
    return Misused(Fault("nobody-to-ask", message, remedy=remedy))


def editor() -> str:
    """Name the user's editor, if there is one."""
    return os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""


def _answer(question: str, flag: str) -> str:
    return _line(question, flag).strip()


def _line(question: str, flag: str) -> str:
    if not may_ask():
        raise missing(flag)
    sys.stdout.flush()
    sys.stderr.write(visible(question, keep="\n"))
    sys.stderr.flush()
    return sys.stdin.readline()
