"""The kinds of time sheets: how each is known by what stands in it, and who reads it."""

import re
from collections.abc import Callable, Mapping

from q2c.core.fault import Fault, Invalid, Place
from q2c.core.usage import TimeRow
from q2c.exchange.sheet import decoded, records, refuse_large
from q2c.exchange.timesheet.cells import Reading
from q2c.exchange.timesheet.clock import read_clock, read_dots
from q2c.exchange.timesheet.plain import COLUMNS, read_plain
from q2c.exchange.timesheet.tables import LAYOUTS, read_table
from q2c.exchange.timesheet.warrior import read_intervals

KINDS = ("toggl", "harvest", "clockify", "timewarrior", "timeclock", "timedot", "csv")
_READERS: Mapping[str, Callable[[bytes, Reading], list[TimeRow]]] = {
    "timewarrior": read_intervals,
    "timeclock": read_clock,
    "timedot": read_dots,
    "csv": read_plain,
}
_CLOCK = re.compile(r"^[ioO] \d{4}[-/.]\d{1,2}[-/.]\d{1,2} \d{1,2}:\d\d", re.MULTILINE)
_DOTS = re.compile(r"^(\*+ +)?\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ \t][^,;\t]*)?$", re.MULTILINE)
_ALIKE = 2  # columns by which a list is known as ours, so that its mistakes can be told


def read_rows(data: bytes, how: Reading, kind: str = "") -> list[TimeRow]:
    """Read the rows of a time sheet, or refuse with everything that is wrong in all of them."""
    refuse_large(data, how.name)
    found = kind or kind_of(data, how.name)
    if found in LAYOUTS:
        return read_table(data, how, LAYOUTS[found])
    return _READERS[found](data, how)


def kind_of(data: bytes, name: str) -> str:
    """Say which program wrote a time sheet; refuse one that none or several could have."""
    text = decoded(data, name)
    if text.lstrip().startswith(("[", "{")):
        return "timewarrior"
    found = ["timeclock"] if _CLOCK.search(text) else []
    found += ["timedot"] if _DOTS.search(text) else []
    head = {*next(records(text.partition("\n")[0], name), (1, list[str]()))[1]}
    found += [kind for kind, layout in LAYOUTS.items() if {*layout.needs} <= head]
    if not found and len(head & {*COLUMNS}) >= _ALIKE:
        found = ["csv"]
    if len(found) == 1:
        return found[0]
    maybe = f"it could be of {' or '.join(found)}" if found else "its first line names no columns"
    message = f"Nothing says which program wrote this time sheet: {maybe}."
    remedy = f"Say it with --as: {', '.join(found or KINDS)}."
    raise Invalid(Fault("which-program", message, Place(name), remedy))
