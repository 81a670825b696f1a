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
    return b"%PDF-" in data[:1024]


def embedded(data: bytes, name: str) -> Enclosed:
    """Give the XML in a PDF file; refuse one that holds none, or that cannot be read in bounds."""
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
    return _preferred(files)


def _preferred(files: "Sequence[Enclosed]") -> Enclosed:
    """Choose the file with a name of the standards; else the first."""
    for name in NAMES:
        for one in files:
            if one.name.lower() == name:
                return one
    return files[0]


def xml_files(data: bytes) -> bytes:
    """Pack the XML files in a PDF file; for the process that is limited."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    found: list[Enclosed] = []
    for number in range(min(document.count_attachments(), 100)):
        attachment = document.get_attachment(number)
        if attachment.get_name().lower().endswith(".xml"):
            content = bytes(attachment.get_data())
            if len(content) > LARGEST:
                raise ValueError("a file in it is too large")
            found.append(Enclosed(attachment.get_name(), content))
    return msgspec.msgpack.encode(found)
