"""Text from files, made harmless and measured before a terminal shows it."""

import re

WIDE = 80  # columns of a terminal that everything fits
# What a terminal obeys instead of showing: control characters, and marks that turn text round.
# Most runs meet none of them, so the pattern is compiled when the first text needs it.
_OBEYED = "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
_NARROW = 0x300  # below it every visible character is one column wide


def visible(text: str, *, keep: str = "") -> str:
    r"""Write control characters as escapes such as \u001b, so that a terminal shows them."""
    if text.isprintable():
        return text
    return re.sub(
        _OBEYED,
        lambda found: found[0] if found[0] in keep else f"\\u{ord(found[0]):04x}",
        text,
    )


def width(text: str) -> int:
    """Count the columns that a visible text takes on a terminal."""
    if text.isascii() or ord(max(text)) < _NARROW:
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        0 if category(c) in ("Mn", "Me", "Cf") else 2 if east_asian_width(c) in "WF" else 1
        for c in text
    )


def cut(text: str, columns: int) -> str:
    """Cut a text to a number of columns; an ellipsis shows that something is missing."""
    if width(text) <= columns:
        return text
    end = columns
    while end and width(text[:end]) > columns - 1:
        end -= 1
    return text[:end].rstrip() + "…"


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """Fill a text with spaces to a number of columns."""
    space = " " * (columns - width(text))
    return space + text if right else text + space


def wrapped(text: str, columns: int, hang: int = 0) -> list[str]:
    """Break a text between words into lines of at most so many columns; no word is cut.

    Lines after the first are shorter by `hang`, for who indents them.
    """
    lines, line = list[str](), ""
    for word in _words(text):
        room = columns - hang if lines else columns
        if line and width(line) + 1 + width(word) > room:
            lines.append(line.rstrip())
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line.rstrip()]


def _words(text: str) -> list[str]:
    """Part a text at its spaces, but not an amount between its thousands or before its currency."""
    words: list[str] = []
    for word in text.split(" "):
        thousands = word[:3].isdigit() and not word[3:4].isdigit()
        currency = word.isupper() and len(word) == len("SEK")
        if (thousands or currency) and words and words[-1][-1:].isdigit():
            words[-1] += f" {word}"
        else:
            words.append(word)
    return words
