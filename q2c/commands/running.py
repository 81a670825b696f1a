"""One run of the program: calls the command, and turns what stopped it into an exit status."""

import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import typer
from typer.exceptions import TyperException

from q2c.commands.call import begin, call, give, stopped
from q2c.commands.debugging import debugged
from q2c.core.fault import Fault, Invalid, Misused, Refused

INTERRUPTED = 130
UNFINISHED = 1


def run(tree: Callable[[], Any], words: list[str]) -> int:
    """Run a command; give the exit status, and tell what is to be told."""
    begin()
    _prepare_streams()
    try:
        status = _acted(tree, words)
        sys.stdout.flush()
    except BrokenPipeError:
        _leave_pipe()
        status = 0
    except Refused as refused:
        _tell(*refused.faults, nothing_written=isinstance(refused, Invalid))
        status = refused.status
    except KeyboardInterrupt as stop:
        status = _interrupted(str(stop) or stopped())
    except OSError as error:
        status = _failed("system", _system_words(error), "", error)
    except Exception as error:  # noqa: BLE001 - the last place where a fault of ours can be told
        remedy = "This is a fault in q2c, not in your files. Report it with what --debug shows."
        status = _failed("bug", f"{type(error).__name__}: {error}", remedy, error)
    return status


def _acted(tree: Callable[[], Any], words: list[str]) -> int:
    """Let Typer read the words and call the command; its complaints become refusals.

    A command that returns a number returns the exit status.
    """
    try:
        with tree().make_context("q2c", words) as context:
            result = context.command.invoke(context)
    except typer.Exit as leave:
        return leave.exit_code
    except TyperException as error:
        # The word that asks for JSON may stand behind the one that stopped the reading.
        for mode in {"--json", "--jsonl"}.intersection(words):
            give(mode.removeprefix("--"), value=True)
        raise Misused(usage_fault(error)) from None
    return result if isinstance(result, int) else 0


def usage_fault(error: TyperException) -> Fault:
    """Say in our own form what Typer found wrong with the words."""
    message, _, meant = error.format_message().partition(" Did you mean ")
    meant = meant.replace("', '", "' or '").replace("'", "")
    near: list[str] = getattr(error, "possibilities", None) or []
    if near:
        message, meant = str(error), f"{' or '.join(near[:2])}?"
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "q2c"
    remedy = f"Did you mean {meant}" if meant else f"See: {path} --help"
    return Fault("usage", f"{message.strip().rstrip('.')}.", remedy=remedy)


def _tell(*faults: Fault, nothing_written: bool = False) -> None:
    from q2c.commands.telling import tell  # only what goes wrong needs it

    tell(faults, nothing_written=nothing_written)


def _interrupted(sentence: str) -> int:
    if call().machine:
        _tell(Fault("interrupted", f"Stopped. {sentence}", remedy="Run the command again."))
    else:
        # The terminal has just shown ^C at the end of a line.
        sys.stderr.write(f"{chr(10) * sys.stderr.isatty()}Stopped. {sentence}\n")
    return INTERRUPTED


def _failed(code: str, message: str, remedy: str, error: Exception) -> int:
    _tell(Fault(code, message, remedy=remedy))
    debugged(error)
    return UNFINISHED


def _system_words(error: OSError) -> str:
    words = error.strerror or str(error)
    return f"{words}: {error.filename}" if error.filename else f"{words}."


def _prepare_streams() -> None:
    """Write UTF-8 wherever the program runs, and to nowhere what was closed by the caller."""
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, io.StringIO())
        elif isinstance(stream, io.TextIOWrapper) and name != "stdin":
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _leave_pipe() -> None:
    """Let nothing more be written where nobody reads any longer."""
    with suppress(OSError, ValueError, io.UnsupportedOperation):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
