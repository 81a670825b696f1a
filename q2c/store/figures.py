"""What keeps a text from being a number, and what to write instead."""

import re
from collections.abc import Callable
from decimal import Decimal
from unicodedata import digit

from q2c.store.dialect import NUMBER, typed

_SCIENTIFIC = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,12})?[eE][+-]?[0-9]+")
_SMALL_EXPONENT = re.compile(r"[^eE]+[eE][+-]?[0-9]")
_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
_TROUBLES: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("is nothing with a minus sign", re.compile(r"-0(\.0+)?").fullmatch),
    ("stands in quotes, which makes it a text", NUMBER.fullmatch),
    ("has digits of another script", lambda text: any(_foreign(char) for char in text)),
    ("has a space in it", re.compile(r"\s").search),
    ("has an underscore in it", lambda text: "_" in text),
    ("has an exponent", _SCIENTIFIC.fullmatch),
    ("has a comma in it", re.compile(r"[0-9],[0-9]").search),
    ("begins with a plus sign", re.compile(r"\+[0-9]").match),
    ("begins with a zero", re.compile(r"-?0[0-9]+(\.[0-9]+)?").fullmatch),
    (
        "has too many digits (15 before the point and 12 behind it are read)",
        re.compile(r"-?[0-9]+(\.[0-9]+)?").fullmatch,
    ),
    ("is no finite number", re.compile(r"(?i)[+-]?\.?(s?nan|inf|infinity)").fullmatch),
)
_USUAL = "Write digits only, with a dot before decimals: 1450 or 1450.50."


def trouble(text: str) -> str:
    """Say what a text has that a number has not, as the end of a sentence."""
    return next((said for said, has in _TROUBLES if has(text)), "is a text")


def instead(text: str) -> str:
    """Say what to write where a text was meant as a number."""
    meant = "".join(str(digit(char)) if _foreign(char) else char for char in text)
    meant = re.sub(r"[\s_+]", "", meant)
    if _SCIENTIFIC.fullmatch(text) and _SMALL_EXPONENT.fullmatch(text):
        meant = format(Decimal(text), "f")
    if not _THOUSANDS.fullmatch(meant):  # 1,450 may be either
        meant = meant.replace(",", "" if "." in meant else ".")
    meant = re.sub(r"^(-?)0+(?=[0-9])", r"\1", meant)
    number = NUMBER.fullmatch(meant) and typed(meant) is not meant
    return f"Write {meant}." if number else _USUAL


def _foreign(char: str) -> bool:
    return not char.isascii() and digit(char, None) is not None
