"""Marks made ready once and drawn as one: a logo of lines, a page of a letterhead."""

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

REFERENCE: Final = re.compile(r"@(\d+)")


class Part(Struct, frozen=True, omit_defaults=True):
    """An object of a PDF; one with `data` is a stream, and `about` is what its dictionary says.

    `@2` in `about` leads to the third part of its form. A sign `@` of another meaning stands
    there as `#40` in names and in hexadecimal digits in texts.
    """

    about: str
    data: bytes | None = None


class Form(Struct, frozen=True):
    """A drawing by its size in points and its parts, the first of which draws it.

    Its streams are packed when it is made: a later library might pack them into other bytes.
    """

    width: float
    height: float
    parts: tuple[Part, ...]


def numbered(part: Part, numbers: Sequence[int]) -> str:
    """Write what a part says, its references leading to the numbers that the parts have."""
    return REFERENCE.sub(lambda found: f"{numbers[int(found[1])]} 0 R", part.about)
