"""The q2c program: its commands, what a refusal costs, and nothing that takes time to load."""

from __future__ import annotations

import gc
import os
import sys

from q2c import __version__

TYPE_CHECKING = False  # the name is what type checkers look for; `typing` takes time to load
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, NoReturn

ABOUT = "Quote to cash over plain files: quotes, contracts, invoices and a ledger, kept in git."
SHORT = f"""{ABOUT}

  q2c init nordlys                      make a workspace
  q2c quote new fjord-foods             offer something
  q2c invoice run --through 2026-11-30  bill what is due

q2c --help lists every command; q2c COMMAND --help shows how it is used.
"""


def main(words: Sequence[str] | None = None) -> int:
    """Run the command that the words name; give the exit status."""
    if words is None:
        # A command lives for a moment: looking for garbage less often starts it sooner.
        gc.set_threshold(100_000, 50, 50)
        _leave(main(sys.argv[1:]))
    if list(words) == ["--version"]:  # before anything is loaded
        return _version()
    try:
        from q2c.commands.running import run

        return run(tree, list(words))
    except KeyboardInterrupt:  # while the program was still loading
        sys.stderr.write("Stopped. Nothing was written.\n")
        return 130


def _version() -> int:
    """Say which version this is; fail where that cannot be written."""
    try:
        sys.stdout.write(f"q2c {__version__}\n")
    except (AttributeError, OSError):  # the stream is closed, or its disk full
        return 1
    return 0


def _leave(status: int) -> NoReturn:
    """End the process, and leave it to the system to take everything back at once.

    Python would take its modules apart one by one, a tenth of the time of a short command.
    Nothing waits for that: files are closed where they are opened, and no thread runs.
    """
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except (OSError, ValueError):  # it was told already, or there is nobody to tell
            status = status or 1
    os._exit(status)


def tree() -> Any:  # noqa: ANN401 - Typer keeps the type private
    """Make the tree of commands; their modules are imported when used."""
    from q2c.commands.frame import Tree
    from q2c.commands.names import COMMANDS

    top = Tree("q2c", ABOUT, {}, short=SHORT)
    for words, target, told, spelling in COMMANDS:
        noun, _, verb = words.rpartition(" ")
        for group in _groups(top, noun, Tree):
            _add(group, (verb, spelling), target, told)
    return top


def _groups(top: Any, noun: str, make: Callable[..., Any]) -> Iterable[Any]:  # noqa: ANN401 - as above
    """Find a noun's groups, its own and that of its other spelling; make them if need be."""
    if not noun:
        return [top]
    from q2c.commands.names import NOUNS

    told, spelling = NOUNS[noun]
    for name in filter(None, (noun, spelling)):
        if name not in top.commands:
            top.add_command(make(name, told, {}, hidden=name == spelling))
    return [top.commands[name] for name in (noun, spelling) if name]


def _add(group: Any, names: tuple[str, str], target: str, told: str) -> None:  # noqa: ANN401 - as above
    from q2c.commands.frame import Verb

    name, spelling = names
    group.add_command(Verb(name, target, told))
    if spelling:
        group.add_command(Verb(spelling, target, told, hidden=True))
