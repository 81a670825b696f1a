"""How a fault is told: for people with the line and a caret, for programs as JSON."""

import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from q2c.commands.call import call, revision
from q2c.commands.color import bold, colored
from q2c.commands.visible import visible, width
from q2c.core.fault import Fault, Place, Refused

MOST = 20
LONGEST_FILE = 8_000_000
EXCERPT = 72  # with its margin it fits a terminal of 80 columns


def tell(faults: Sequence[Fault], *, nothing_written: bool = False) -> None:
    """Tell faults on standard error; say at the end that nothing was written."""
    if call().machine:
        sys.stderr.write(as_json(faults))
        return
    base = _workspace()
    color = colored(sys.stderr)
    told_ones = [told(fault, base, color=color) for fault in faults[:MOST]]
    if len(faults) > MOST:
        told_ones.append(f"… and {len(faults) - MOST} more.")
    if nothing_written:
        more = f"More about a code: q2c explain {faults[0].code}"
        told_ones.append(f"{summary(faults)} Nothing was written.   {more}")
    sys.stderr.write("\n".join(told_ones) + "\n")


def told(
    fault: Fault, base: Path | None = None, *, color: bool = False, severity: str = "error"
) -> str:
    """Write a fault so that people, editors and build logs can follow it."""
    where = f"{_seen_from_here(fault.place, base)}: " if fault.place else ""
    error = bold(f"{severity}[{fault.code}]", color=color)
    excerpt = pointed(fault.place, base or Path()) if fault.place else ""
    lines = [f"{where}{error}: {visible(fault.message)}", excerpt]
    lines += [f"  {line}" for line in visible(fault.remedy, keep="\n").splitlines()]
    return "\n".join(line for line in lines if line)


def pointed(place: Place, base: Path) -> str:
    """Show the line of the file with carets below; nothing where it cannot be read.

    What --at reads stands in a commit, where the file on disk may say something else.
    """
    line = "" if revision() else _line(base / place.file, place.line)
    if not line or place.column > len(line) + 1:
        return ""
    # One column for each character, so that the caret stands where the reader looks.
    text = "".join(c if c == visible(c) else " " if c == "\t" else "\N{MIDDLE DOT}" for c in line)
    first = max(0, place.column - 1 - EXCERPT // 2) if width(text) > EXCERPT else 0
    text, before = text[first : first + EXCERPT], text[first : place.column - 1]
    margin = f"  {place.line} | "
    carets = "^" * max(1, min(place.width, len(text) - len(before)))
    return f"{margin}{text.rstrip()}\n{'| ':>{len(margin)}}{' ' * width(before)}{carets}"


def _line(path: Path, number: int) -> str:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode) or about.st_size > LONGEST_FILE:
            return ""
        text = path.read_text("utf-8", errors="replace")
    except (OSError, ValueError):
        return ""
    lines = [] if "\0" in text else text.split("\n")  # a spreadsheet has rows, and no lines
    return lines[number - 1] if 0 < number <= len(lines) else ""


def summary(faults: Sequence[Fault]) -> str:
    """Count errors and the files they are in."""
    files = {fault.place.file for fault in faults if fault.place}
    inside = f" in {_counted(len(files), 'file')}" if files else ""
    return f"{_counted(len(faults), 'error')}{inside}."


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def as_json(faults: Sequence[Fault]) -> str:
    """Write the first fault as `error`, and where there are several, all of them as `errors`."""
    told_ones = [fields(fault) for fault in faults]
    document: dict[str, object] = {"error": told_ones[0]}
    if len(told_ones) > 1:
        document["errors"] = told_ones
    return msgspec.json.encode(document).decode() + "\n"


def fields(fault: Fault) -> dict[str, object]:
    """Give a fault as programs read it."""
    place = fault.place
    return {
        "code": fault.code,
        "message": visible(fault.message, keep="\n"),
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "hint": fault.remedy or None,
    }


def _workspace() -> Path | None:
    try:
        return call().root
    except (Refused, OSError, ImportError):
        return None


def _seen_from_here(place: Place, base: Path | None) -> str:
    """Name a place so that an editor started in the current folder finds it."""
    file = os.path.relpath(base / place.file) if base else place.file
    return visible(f"{file}:{place.line}:{place.column}")
