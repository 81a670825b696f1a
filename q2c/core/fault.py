"""What is wrong with something the user gave us, where it stands, and what to do about it."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import ClassVar

from msgspec import Struct


class Place(Struct, frozen=True, order=True):
    """A spot in a file of the workspace; line and column count from 1.

    `width` is the number of characters that a caret line marks.
    """

    file: str
    line: int = 1
    column: int = 1
    width: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Fault(Struct, frozen=True):
    """One thing to put right: a code that never changes, a sentence, a place, a remedy."""

    code: str
    message: str
    place: Place | None = None
    remedy: str = ""


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error of ours
    """The work was not done, for these reasons, and nothing was written.

    `status` is the exit status of the program.
    """

    status: ClassVar[int] = 1

    def __init__(self, *faults: Fault) -> None:
        assert faults, "a refusal names at least one fault"
        self.faults = tuple(dict.fromkeys(faults))  # several lines may fail for one reason
        super().__init__("; ".join(fault.message for fault in self.faults))


class Misused(Refused):
    """The command was given words that do not go together."""

    status = 2


class Invalid(Refused):
    """Data says something that cannot be."""

    status = 3


class Held(Refused):
    """A person has to decide or supply something first."""

    status = 4


class Stale(Refused):
    """The world moved since this was decided, or somebody else is at work."""

    status = 5


class Unknown(Refused):
    """There is nothing of that name."""

    status = 6


class Unreachable(Refused):
    """A service outside did not do its part."""

    status = 7


def nearest(name: str, known: Iterable[str]) -> str:
    """Suggest the most similar of the names there are, or name some of them."""
    names = sorted(known)
    if close := get_close_matches(name, names, 1):
        return f"Did you mean '{close[0]}'?"
    shown = ", ".join(names[:8])
    return f"There are: {shown}{' …' if len(names) > len(names[:8]) else ''}." if names else ""
