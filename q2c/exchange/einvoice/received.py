"""An e-invoice that was received: which syntax it is of, what it is, and what it says."""

from contextlib import suppress
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.einvoice.cii import CROSS_INDUSTRY_INVOICE
from q2c.core.einvoice.group import Group
from q2c.core.einvoice.table import Table
from q2c.core.einvoice.ubl import CREDIT_NOTE, CREDIT_NOTES, INVOICE, ORDER
from q2c.core.fault import Fault, Invalid, Place
from q2c.exchange.einvoice.embedded import embedded, is_pdf
from q2c.exchange.einvoice.parsing import parsed
from q2c.exchange.einvoice.reading import local, terms_of

if TYPE_CHECKING:
    from lxml.etree import _Element

Kind: TypeAlias = Literal["invoice", "credit-note", "order"]
ENVELOPE = "{http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader}"

# The root of each document that is read, and the table it is read by.
ROOTS: dict[str, Table] = {
    "Invoice": INVOICE,
    "CreditNote": CREDIT_NOTE,
    "Order": ORDER,
    "CrossIndustryInvoice": CROSS_INDUSTRY_INVOICE,
    "CrossIndustryDocument": CROSS_INDUSTRY_INVOICE,  # ZUGFeRD 1.0
    "SCRDMCCBDACIOMessageStructure": CROSS_INDUSTRY_INVOICE,  # Order-X
}
# What may stand before the first sign of XML: blanks, and the marks of an encoding.
_BEFORE = b" \t\r\n\x00\xef\xbb\xbf\xfe\xff"
ORDERS = ("Order", "SCRDMCCBDACIOMessageStructure")


class Read(Struct, frozen=True, kw_only=True):
    """What was read: the syntax, the kind and the terms, and the XML that was in a PDF file.

    `skipped` counts elements that EN 16931 does not know, `remarks` names values not understood.
    """

    syntax: Literal["ubl", "cii"]
    kind: Kind
    terms: Group
    xml: bytes = b""
    embedded: str = ""
    skipped: int = 0
    remarks: tuple[str, ...] = ()


def read(data: bytes, name: str = "") -> Read:
    """Read an e-invoice or order, as XML or in a PDF file; the name is for what is wrong with it.

    Extensions of the standards are skipped and counted.
    """
    if not is_pdf(data):
        if not _begins_as_xml(data):
            raise _no_einvoice("This is neither XML nor a PDF file.", name)
        return _read_xml(data, name)
    *others, last = embedded(data, name)
    for one in others:  # a PDF file may hold other XML, too
        with suppress(_Other):
            return replace(_read_xml(one.data, f"{name}:{one.name}"), embedded=one.name)
    return replace(_read_xml(last.data, f"{name}:{last.name}"), embedded=last.name)


def _read_xml(data: bytes, name: str) -> Read:
    root = _opened(parsed(data.lstrip(), name))
    kind = local(root.tag)
    table = ROOTS.get(kind)
    if table is None:
        raise _unknown(root, name)
    reading = terms_of(root, table)
    return Read(
        syntax="cii" if table is CROSS_INDUSTRY_INVOICE else "ubl",
        kind=_kind(kind, reading.terms),
        terms=reading.terms,
        xml=data,
        skipped=reading.skipped,
        remarks=tuple(reading.remarks),
    )


def _opened(root: "_Element") -> "_Element":
    """Give the document, which stands after the header of an envelope for Peppol."""
    if root.tag == f"{ENVELOPE}StandardBusinessDocument":
        for child in root:
            if not child.tag.startswith(ENVELOPE):
                return child
    return root


def _kind(root: str, terms: Group) -> Kind:
    if root in ORDERS:
        return "order"
    credit = root == "CreditNote" or terms.get("BT-3") in CREDIT_NOTES
    return "credit-note" if credit else "invoice"


class _Other(Invalid):
    """It is XML of another kind."""


def _begins_as_xml(data: bytes) -> bool:
    """Say whether a file begins as XML does, in whichever encoding; an empty one may."""
    return data[:400].lstrip(_BEFORE)[:1] in (b"", b"<")


def _unknown(root: "_Element", name: str) -> _Other:
    shown = root.tag.rpartition("}")[2][:40]
    return _no_einvoice(f"'{shown}' is no e-invoice that q2c reads.", name)


def _no_einvoice(message: str, name: str) -> _Other:
    remedy = "UBL (Invoice, CreditNote, Order) and CII are read, also in PDF files."
    return _Other(Fault("no-einvoice", message, Place(name), remedy))
