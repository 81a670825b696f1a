"""XML from outside: parsed only where it is of a sound size and declares nothing."""

from typing import TYPE_CHECKING

from q2c.core.fault import Fault, Invalid, Place

if TYPE_CHECKING:
    from lxml.etree import _Element

LARGEST = 30_000_000  # bytes; what goes by Peppol is limited to less
_PORTION = 1 << 16


def parsed(data: bytes, name: str) -> "_Element":
    """Give the root of an XML file; refuse one that is too large, broken, or declares a DOCTYPE.

    Nothing outside the file is fetched, and no entity replaced but those of XML itself: what
    could declare others is refused before the file is read any further.
    """
    from lxml import etree

    refuse_large(data, name)
    _refuse_doctype(data, name)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _broken(error.msg or "it is empty", name, error.position) from None
    # Said in an encoding that was not looked into before.
    if root.getroottree().docinfo.internalDTD is not None:
        raise _doctype(name, 1)
    return root


def _broken(said: str, name: str, position: tuple[int, int]) -> Invalid:
    """Say what is wrong with XML, without the place, which is told apart."""
    line, column = position
    place = Place(name, max(line, 1), max(column, 1))
    if "huge text node" in said or "Huge input" in said:
        return _large("A file that is enclosed in it is larger than about 7 million bytes.", place)
    if "Excessive depth" in said:
        said = "elements lie more than 256 deep"
    message = f"The XML cannot be read: {said.partition(', line ')[0]}."
    return Invalid(Fault("xml-broken", message, place, "Ask the sender for a sound file."))


def _large(message: str, place: Place) -> Invalid:
    remedy = f"At most {LARGEST:,} bytes are read."
    return Invalid(Fault("einvoice-too-large", message, place, remedy))


def refuse_large(data: bytes, name: str) -> None:
    """Refuse what is larger than any e-invoice."""
    if len(data) > LARGEST:
        raise _large(f"{len(data):,} bytes are too many for an e-invoice.", Place(name))


class _Seen(Exception):  # noqa: N818 - a way to stop the parser, never told
    """The first element, or a DOCTYPE before it, was seen."""


def _refuse_doctype(data: bytes, name: str) -> None:
    """Refuse a file with a DOCTYPE, as soon as it begins: no declaration in it is read."""
    from xml.parsers import expat

    found: list[int] = []

    def declared(*_declared: object) -> None:
        found.append(parser.CurrentLineNumber)
        raise _Seen

    def started(*_element: object) -> None:
        raise _Seen

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = started
    try:
        for start in range(0, len(data), _PORTION):
            parser.Parse(data[start : start + _PORTION])
    except _Seen:
        pass
    except expat.ExpatError:
        return  # it is told better where the file is read
    if found:
        raise _doctype(name, found[0])


def _doctype(name: str, line: int) -> Invalid:
    message = "An e-invoice has no DOCTYPE; what one declares could fetch files or fill memory."
    return Invalid(
        Fault("xml-doctype", message, Place(name, line), "Ask the sender for a file without it.")
    )
