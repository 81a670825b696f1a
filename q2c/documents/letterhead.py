"""The letterhead: a PDF of the workspace made ready to lie below documents."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Final

import msgspec
from msgspec import Struct

from q2c.core.fault import Fault, Invalid
from q2c.documents.confined import confined
from q2c.documents.form import Form
from q2c.documents.look import Theme

MOST_BYTES: Final = 10_000_000
_NO_EXTRA: Final = 'Install it with:  pip install "q2c[letterhead]"'
_REMEDY: Final = "Export it anew as a PDF of one or two pages A4, in RGB, with its fonts embedded."


class Pages(Struct, frozen=True, omit_defaults=True):
    """The pages of a letterhead, or why they cannot be used."""

    forms: tuple[Form, ...] = ()
    faults: tuple[str, ...] = ()


def prepared_letterhead(theme: Theme, data: bytes) -> Pages:
    """Make a letterhead ready; what is wrong with it is told where the theme names it.

    The file is read in a process of its own: whoever made it may have meant it to hang ours.
    """
    if faults := list(_faults(theme, data)):
        raise Invalid(*faults)
    made = confined("q2c.documents.underlay", data)
    if made is None:
        raise Invalid(_fault(theme, "The letterhead takes too long or too much memory to read."))
    pages = msgspec.msgpack.decode(made, type=Pages)
    if pages.faults:
        raise Invalid(*(_fault(theme, message) for message in pages.faults))
    return pages


def _faults(theme: Theme, data: bytes) -> Iterator[Fault]:
    if len(data) > MOST_BYTES:
        yield _fault(theme, f"The letterhead has {len(data):,} bytes, more than {MOST_BYTES:,}.")
    if find_spec("pikepdf") is None:
        message = "The letterhead is a PDF, and the part of q2c that reads those is missing."
        yield theme.fault("needs-extra", message, "letterhead.file", _NO_EXTRA)


def _fault(theme: Theme, message: str) -> Fault:
    return theme.fault("bad-letterhead", message, "letterhead.file", _REMEDY)
