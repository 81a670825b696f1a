"""Bytes of a text file to text: UTF-8, printable, indented by spaces, not too large."""

import re
from collections.abc import Iterator
from itertools import islice
from unicodedata import category

from q2c.core.fault import Fault, Invalid, Place
from q2c.store.conflict import unfinished

LARGEST = 8_000_000
MOST_FAULTS = 100
# A zero-width joiner shapes letters of some scripts; other invisible signs only deceive.
_JOINERS = "\u200c\u200d"
_UNSEEN = frozenset(("Cc", "Cf", "Co", "Cs", "Zl", "Zp"))
_TAB = re.compile(r"^ *+(\t++)[ \t]*+[^\s#]", re.MULTILINE)


def plain(data: bytes, file: str, largest: int = LARGEST) -> str:
    """Decode a file; refuse what no honest text file has, every instance of it at once."""
    if len(data) > largest:
        message = f"The file has {len(data):,} bytes; at most {largest:,} are read."
        raise Invalid(Fault("too-large", message, Place(file), "Divide it into several files."))
    text = _decoded(data, file)
    if "<<<<<<< " in text and (faults := unfinished(text, file)):
        raise Invalid(*faults)
    faults = [*islice(_unseen_faults(text, file), MOST_FAULTS)]
    faults += islice(_tab_faults(text, file), MOST_FAULTS - len(faults))
    if faults:
        raise Invalid(*sorted(faults, key=lambda fault: fault.place or Place(file)))
    return text


def unseen(line: str) -> int:
    """Find the first character that does not show or that steers a terminal; -1 for none."""
    if line.isprintable():
        return -1
    hidden = (i for i, char in enumerate(line) if category(char) in _UNSEEN)
    return next((i for i in hidden if line[i] not in _JOINERS), -1)


def shown(text: str, most: int = 60) -> str:
    """Write a text from a file into a message: short, on one line, every character seen."""
    cut = text if len(text) <= most else f"{text[: most - 1]}…"
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in cut)


def unseen_fault(char: str, place: Place) -> Fault:
    """Say that a character that does not show stands in a text."""
    message = f"The text has the character U+{ord(char):04X}, which does not show."
    remedy = "Write the text anew without it; where it belongs, write it in words."
    return Fault("bad-character", message, place, remedy)


def _decoded(data: bytes, file: str) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        message = "The file begins with a byte order mark."
        raise Invalid(Fault("bad-encoding", message, Place(file), "Save it as UTF-8 without BOM."))
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        message = f"The byte 0x{data[error.start]:02X} is not UTF-8."
        place = Place(file, line, column)
        raise Invalid(Fault("bad-encoding", message, place, "Save the file as UTF-8.")) from None


def _unseen_faults(text: str, file: str) -> Iterator[Fault]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.isprintable():
            continue
        # A tab may stand between words here; whether it stands in a value is seen later.
        shown = line.removesuffix("\r").replace("\t", " ")
        column = unseen(shown)
        if column >= 0:
            yield unseen_fault(shown[column], Place(file, number, column + 1))


def _tab_faults(text: str, file: str) -> Iterator[Fault]:
    line, seen = 1, 0
    for match in _TAB.finditer(text):
        line, seen = line + text.count("\n", seen, match.start()), match.start()
        column = match.start(1) - match.start() + 1
        place = Place(file, line, column, len(match[1]))
        message = "The line is indented with a tab."
        yield Fault("tab-indent", message, place, "Indent with spaces, two for each level.")
