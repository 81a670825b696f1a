"""UBL documents whole: an invoice and a credit note, in the order of their schemas."""

from q2c.core.einvoice.table import Branch, Table, also, at, told, within
from q2c.core.einvoice.ubl.lines import line
from q2c.core.einvoice.ubl.parties import BUYER, DELIVERY, PAYEE, SELLER, TAX_REPRESENTATIVE
from q2c.core.einvoice.ubl.references import (
    ATTACHMENTS,
    CONTRACT,
    NOTES,
    OBJECT,
    REFERENCES,
    TENDER,
)
from q2c.core.einvoice.ubl.sums import ALLOWANCES, TERMS_OF_PAYMENT, TOTALS, payment_means

BASIC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"


AGGREGATE = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"


DOCUMENT = "urn:oasis:names:specification:ubl:schema:xsd:{0}-2"


# Codes of UNTDID 1001 that ask for the root CreditNote.
CREDIT_NOTES = frozenset("81 83 261 262 296 308 381 396 420 458 532".split())


def namespaces(root: str) -> dict[str, str]:
    """Give the addresses of the prefixes in a document with this root."""
    return {"": DOCUMENT.format(root), "cac": AGGREGATE, "cbc": BASIC}


INVOICE = Table(
    namespaces=namespaces("Invoice"),
    root=Branch(
        name="Invoice",
        parts=(
            at("cbc:CustomizationID", "BT-24"),
            at("cbc:ProfileID", "BT-23"),
            at("cbc:ID", "BT-1"),
            at("cbc:IssueDate", "BT-2", "date"),
            at("cbc:DueDate", "BT-9", "date"),
            at("cbc:InvoiceTypeCode", "BT-3"),
            NOTES,
            at("cbc:TaxPointDate", "BT-7", "date"),
            at("cbc:DocumentCurrencyCode", "BT-5"),
            at("cbc:TaxCurrencyCode", "BT-6"),
            *REFERENCES,
            TENDER,
            CONTRACT,
            OBJECT,
            ATTACHMENTS,
            at("cac:ProjectReference/cbc:ID", "BT-11"),
            within("cac:AccountingSupplierParty", SELLER),
            within("cac:AccountingCustomerParty", BUYER),
            PAYEE,
            TAX_REPRESENTATIVE,
            DELIVERY,
            payment_means([also("cbc:PaymentDueDate", "BT-9", "date")]),
            TERMS_OF_PAYMENT,
            *ALLOWANCES,
            *TOTALS,
            line("cac:InvoiceLine", "cbc:InvoicedQuantity"),
        ),
    ),
)


CREDIT_NOTE = Table(
    namespaces=namespaces("CreditNote"),
    root=Branch(
        name="CreditNote",
        parts=(
            at("cbc:CustomizationID", "BT-24"),
            at("cbc:ProfileID", "BT-23"),
            at("cbc:ID", "BT-1"),
            at("cbc:IssueDate", "BT-2", "date"),
            also("cbc:DueDate", "BT-9", "date"),
            at("cbc:TaxPointDate", "BT-7", "date"),
            at("cbc:CreditNoteTypeCode", "BT-3"),
            NOTES,
            at("cbc:DocumentCurrencyCode", "BT-5"),
            at("cbc:TaxCurrencyCode", "BT-6"),
            *REFERENCES,
            CONTRACT,
            OBJECT,
            within(
                "cac:AdditionalDocumentReference",
                at("cbc:ID", "BT-11"),
                told("cbc:DocumentTypeCode", "50"),
            ),
            ATTACHMENTS,
            TENDER,
            within("cac:AccountingSupplierParty", SELLER),
            within("cac:AccountingCustomerParty", BUYER),
            PAYEE,
            TAX_REPRESENTATIVE,
            DELIVERY,
            payment_means([at("cbc:PaymentDueDate", "BT-9", "date")]),
            TERMS_OF_PAYMENT,
            *ALLOWANCES,
            *TOTALS,
            line("cac:CreditNoteLine", "cbc:CreditedQuantity"),
        ),
    ),
)
