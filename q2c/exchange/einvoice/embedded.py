"""The e-invoice in a hybrid PDF file, found in a process of its own."""

from typing import TYPE_CHECKING

import msgspec

from q2c.core.fault import Fault, Invalid, Place
from q2c.exchange.contained import Contained, contained
from q2c.exchange.einvoice.parsing import LARGEST, refuse_large

if TYPE_CHECKING:
    from collections.abc import Sequence

# As Factur-X, ZUGFeRD, XRechnung and Order-X name it; capitals differ.
NAMES = (
    "factur-x.xml",
    "zugferd-invoice.xml",
    "xrechnung.xml",
    "order-x.xml",
)


class Enclosed(msgspec.Struct, frozen=True):
    """A file in a PDF file."""

    name: str
    data: bytes


def is_pdf(data: bytes) -> bool:
    """Say whether bytes are a PDF file; its header may come a little after its beginning."""
    return b"%PDF-" in data[:1024] and not is_xml(data)


def is_xml(data: bytes) -> bool:
    """Say whether bytes begin as XML does."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def embedded(data: bytes, name: str) -> "Sequence[Enclosed]":
    """Give the XML files in a PDF file, those with a name of the standards first.

    One that holds none is refused, and so is one that cannot be read in bounds.
    """
    refuse_large(data, name)
    try:
        packed = contained(f"{__name__}:xml_files", data)
    except Contained as error:
        remedy = "Ask the sender for a sound file, or for the XML alone."
        message = f"The PDF file cannot be read: {str(error).rstrip('.')}."
        raise Invalid(Fault("pdf-unreadable", message, Place(name), remedy)) from None
    files = msgspec.msgpack.decode(packed, type=list[Enclosed])
    if not files:
        message = "The PDF file holds no e-invoice."
        remedy = "Ask the sender for a hybrid file (Factur-X, ZUGFeRD), or for the XML."
        raise Invalid(Fault("no-einvoice", message, Place(name), remedy))
    return sorted(files, key=_rank)


def _rank(one: Enclosed) -> int:
    """Rank a file by its name, the best being least."""
    name = one.name.lower()
    return NAMES.index(name) if name in NAMES else len(NAMES)


def xml_files(data: bytes) -> bytes:
    """Pack the XML files in a PDF file; for the process that is limited."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    found: list[Enclosed] = []
    for number in range(min(document.count_attachments(), 100)):
        attachment = document.get_attachment(number)
        content = bytes(attachment.get_data())
        if len(content) > LARGEST:
            raise ValueError("a file in it is too large")
        if is_xml(content) or attachment.get_name().lower().endswith(".xml"):
            found.append(Enclosed(attachment.get_name(), content))
    return msgspec.msgpack.encode(found)
