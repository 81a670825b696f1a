"""What YAML's grammar refuses, in words that help: the parser's own speak of its inner states."""

import re
from typing import NamedTuple, Protocol

from q2c.core.fault import Fault, Place


class _Mark(Protocol):
    line: int
    column: int


class _Told(NamedTuple):
    """Our code, the words by which a complaint of the parser is known, and our words for it.

    `opened` places ours where the matter began and not where the parser gave up.
    """

    code: str
    context: str
    problem: str
    message: str
    remedy: str
    opened: bool = False


_TOLD = (
    _Told(
        "tab-indent",
        "",
        "tab character",
        "The line is indented with a tab.",
        "Indent with spaces, two for each level.",
    ),
    _Told(
        "unclosed-quote",
        "quoted scalar",
        "unexpected end of stream",
        "The quote that begins here does not end.",
        "Close it with the same sign, or take it away.",
        opened=True,
    ),
    _Told(
        "bad-escape",
        "quoted scalar",
        "",
        "A backslash in double quotes begins an escape, and there is none like this.",
        "Use single quotes, in which a backslash is a backslash.",
    ),
    _Told(
        "unclosed-bracket",
        "flow",
        "did not find expected ','",
        "The bracket that begins here does not end, or a comma is missing inside it.",
        "Close it with ] or }, and put a comma between its values.",
        opened=True,
    ),
    _Told(
        "missing-colon",
        "simple key",
        "could not find expected ':'",
        "A key stands here without its colon.",
        "Write  key: value  with a colon and a space.",
        opened=True,
    ),
    _Told(
        "named-value",
        "alias",
        "",
        "A value that begins with * would stand for another value; that is not used here.",
        "Put a text that begins with * in quotes.",
        opened=True,
    ),
    _Told(
        "named-value",
        "anchor",
        "",
        "A value that begins with & would be named for later; that is not used here.",
        "Put a text that begins with & in quotes.",
        opened=True,
    ),
    _Told(
        "type-tag",
        "tag",
        "",
        "A value that begins with ! would name a type; types are not named here.",
        "Put a text that begins with ! in quotes.",
        opened=True,
    ),
    _Told(
        "needs-quotes",
        "",
        "cannot start any token",
        "A value cannot begin with this sign unless it is in quotes.",
        "Put the value in quotes.",
    ),
    _Told(
        "needs-quotes",
        "",
        "did not find expected node content",
        "A value is expected here, and this sign cannot begin one.",
        "Write a value; a text that begins with such a sign goes in quotes.",
    ),
    _Told(
        "bad-indent",
        "",
        "sequence entries are not allowed",
        "A list item cannot begin here.",
        "Begin each item on a line of its own, below its key.",
    ),
    _Told(
        "bad-indent",
        "",
        "expected '-' indicator",
        "The line stands among list items but does not begin with a dash.",
        "Begin it with - , or indent it like the rest of its item.",
    ),
    _Told(
        "bad-indent",
        "",
        "did not find expected key",
        "The line does not stand in the same column as the lines it belongs to.",
        "Indent it exactly as those.",
    ),
    _Told(
        "bad-character",
        "",
        "control characters are not allowed",
        "The file has a character that no text has.",
        "Write the text anew without it.",
    ),
)
_OTHER = _Told(
    "bad-syntax",
    "",
    "",
    "The file cannot be read from here on.",
    "Look at this line and the one before it for a missing quote, colon or bracket.",
)
_LONGEST_KEY = 1024
_COLON = re.compile(r":(?=\s|$)")


def syntax_fault(error: Exception, text: str, file: str) -> Fault:
    """Tell what the YAML parser stumbled over, at the place to look at."""
    context = str(getattr(error, "context", None) or "")
    problem = str(getattr(error, "problem", None) or error)
    mark: _Mark | None = getattr(error, "problem_mark", None)
    begun: _Mark | None = getattr(error, "context_mark", None) or mark
    if mark is None or begun is None:
        message = "The file has a character that no text has."
        return Fault("bad-character", message, Place(file), "Write the text anew without it.")
    lines = text.split("\n")
    if "mapping values are not allowed" in problem:
        return _stray_colon(lines, mark.line, mark.column, file)
    if "expected key" in problem and lines[mark.line][: mark.column].rstrip().endswith(("'", '"')):
        return _stray_quote(lines, mark.line, mark.column, file)
    said = next((s for s in _TOLD if s.context in context and s.problem in problem), _OTHER)
    at = begun if said.opened else mark
    return Fault(said.code, said.message, _place(lines, at.line, at.column, file), said.remedy)


def _place(lines: list[str], line: int, column: int, file: str) -> Place:
    """Give a place inside the file: a parser that reached the end stands behind it."""
    if not any(rest.strip() for rest in lines[line:]):
        filled = [number for number, text in enumerate(lines[:line]) if text.strip()]
        line = filled[-1] if filled else 0
        column = len(lines[line].rstrip())
    return Place(file, line + 1, column + 1)


def _stray_colon(lines: list[str], line: int, column: int, file: str) -> Fault:
    """Find out which colon is wrong: one too many, one missing above, or the indent."""
    place = Place(file, line + 1, column + 1)
    if column > _LONGEST_KEY:
        message = "The key before this colon is too long."
        return Fault("bad-key", message, place, "Put a text that has a colon in quotes.")
    if _COLON.search(lines[line][:column]):
        message = "A second colon stands on this line."
        return Fault("stray-colon", message, place, "Put a text that has a colon in quotes.")
    above = next((i for i in range(line - 1, -1, -1) if _speaks(lines[i])), -1)
    if above >= 0 and not _COLON.search(lines[above]):
        first = len(lines[above]) - len(lines[above].lstrip()) + 1
        place = Place(file, above + 1, first, len(lines[above].strip()))
        message = "A key stands here without a colon and a space behind it."
        return Fault("missing-colon", message, place, "Write  key: value .")
    first = len(lines[line]) - len(lines[line].lstrip()) + 1
    message = "The line is indented below a line that already has its value."
    remedy = "Indent it exactly as the lines it belongs to."
    return Fault("bad-indent", message, Place(file, line + 1, first, column + 1 - first), remedy)


def _stray_quote(lines: list[str], line: int, column: int, file: str) -> Fault:
    message = "More text stands behind the closing quote."
    remedy = "Quote the whole value; a single quote inside single quotes is written twice."
    width = len(lines[line].rstrip()) - column
    return Fault("stray-quote", message, Place(file, line + 1, column + 1, max(width, 1)), remedy)


def _speaks(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")
