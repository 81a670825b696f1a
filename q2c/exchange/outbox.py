"""E-invoices in the envelope by which Peppol finds their receiver."""

from hashlib import sha256
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, uuid5

from q2c.core.fault import Fault, Invalid

if TYPE_CHECKING:
    from lxml.etree import _Element

HEADER: Final = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
PARTICIPANTS: Final = "iso6523-actorid-upis"
DOCUMENTS: Final = "busdox-docid-qns"
PROCESSES: Final = "cenbii-procid-ubl"
VERSION: Final = "2.1"  # of UBL
_CBC: Final = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
_CAC: Final = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
_COUNTRY: Final = (
    f"{_CAC}AccountingSupplierParty/{_CAC}Party/{_CAC}PostalAddress/{_CAC}Country/"
    f"{_CBC}IdentificationCode"
)


def enveloped(document: bytes, created: str) -> bytes:
    """Put a UBL document into its envelope (Peppol Business Message Envelope 2.0.1).

    Everything on the envelope is what the document itself says: its parties' electronic
    addresses, its type and its process, and the country of the seller. The id follows from the
    bytes, so that the same document put in again is seen to be the same.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=False)
    root = etree.fromstring(document, parser)
    name = etree.QName(root)
    customization = _said(root, f"{_CBC}CustomizationID", "BT-24")
    whole = etree.Element(
        f"{{{HEADER}}}StandardBusinessDocument",
        nsmap={None: HEADER},  # type: ignore[dict-item]  # the stubs know no default namespace
    )
    head = _add(whole, "StandardBusinessDocumentHeader")
    _add(head, "HeaderVersion", "1.0")
    for role, party in (("Sender", "Supplier"), ("Receiver", "Customer")):
        identifier = _add(_add(head, role), "Identifier", _participant(root, party))
        identifier.set("Authority", PARTICIPANTS)
    identification = _add(head, "DocumentIdentification")
    _add(identification, "Standard", name.namespace or "")
    _add(identification, "TypeVersion", VERSION)
    _add(identification, "InstanceIdentifier", instance(document))
    _add(identification, "Type", name.localname)
    _add(identification, "CreationDateAndTime", created)
    kind = f"{name.namespace}::{name.localname}##{customization}::{VERSION}"
    scopes = _add(head, "BusinessScope")
    _scope(scopes, "DOCUMENTID", kind, DOCUMENTS)
    _scope(scopes, "PROCESSID", _said(root, f"{_CBC}ProfileID", "BT-23"), PROCESSES)
    _scope(scopes, "COUNTRY_C1", _said(root, _COUNTRY, "BT-40"))
    whole.append(root)
    data: bytes = etree.tostring(whole, xml_declaration=True, encoding="UTF-8")
    return data


def instance(document: bytes) -> str:
    """Give the id of an envelope: a UUID that follows from the bytes in it (RFC 9562, 5.5)."""
    return str(uuid5(NAMESPACE_URL, f"urn:sha256:{sha256(document).hexdigest()}"))


def _participant(root: "_Element", party: str) -> str:
    """Give the electronic address of a party as Peppol writes it: scheme, colon, address."""
    path = f"{_CAC}Accounting{party}Party/{_CAC}Party/{_CBC}EndpointID"
    address = _said(root, path, _TERMS[party])
    scheme = root.find(path)
    assert scheme is not None, path
    return f"{scheme.get('schemeID')}:{address}".lower()


def _said(root: "_Element", path: str, term: str) -> str:
    """Give what a document says somewhere; refuse one that does not say it."""
    found = root.find(path)
    text = (found.text or "").strip() if found is not None else ""
    if not text:
        message = f"This e-invoice does not say {term}, which its envelope repeats."
        raise Invalid(Fault("not-for-peppol", message, remedy=_PEPPOL))
    return text


def _add(parent: "_Element", name: str, text: str = "") -> "_Element":
    from lxml import etree

    child = etree.SubElement(parent, f"{{{HEADER}}}{name}")
    child.text = text or None
    return child


def _scope(scopes: "_Element", kind: str, value: str, scheme: str = "") -> None:
    scope = _add(scopes, "Scope")
    _add(scope, "Type", kind)
    _add(scope, "InstanceIdentifier", value)
    if scheme:
        _add(scope, "Identifier", scheme)


_TERMS: Final = {"Supplier": "BT-34", "Customer": "BT-49"}
_PEPPOL: Final = (
    "Send it another way; for the next one, write invoicing: {einvoice: peppol} "
    "and electronic_address: in the customer's file."
)
