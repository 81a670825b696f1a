"""What a UBL document refers to: notes, periods, other documents, attachments."""

from q2c.core.einvoice.table import Leaf, Part, at, each, told, within

NOTES = Leaf(name="cbc:Note", term="BT-22", form="note", group="BG-1")


def period(starts: str, ends: str, *more: Part) -> Part:
    """Place a period."""
    return within(
        "cac:InvoicePeriod",
        at("cbc:StartDate", starts, "date"),
        at("cbc:EndDate", ends, "date"),
        *more,
    )


REFERENCES = (
    at("cbc:AccountingCost", "BT-19"),
    at("cbc:BuyerReference", "BT-10"),
    period("BT-73", "BT-74", at("cbc:DescriptionCode", "BT-8")),  # BG-14
    within(
        "cac:OrderReference",
        Leaf(name="cbc:ID", term="BT-13", missing="NA"),
        at("cbc:SalesOrderID", "BT-14"),
    ),
    each(
        "cac:BillingReference",
        "BG-3",
        within(
            "cac:InvoiceDocumentReference",
            at("cbc:ID", "BT-25"),
            at("cbc:IssueDate", "BT-26", "date"),
        ),
    ),
    at("cac:DespatchDocumentReference/cbc:ID", "BT-16"),
    at("cac:ReceiptDocumentReference/cbc:ID", "BT-15"),
)


TENDER = at("cac:OriginatorDocumentReference/cbc:ID", "BT-17")


CONTRACT = at("cac:ContractDocumentReference/cbc:ID", "BT-12")


OBJECT = within(
    "cac:AdditionalDocumentReference",
    at("cbc:ID", "BT-18", schemeID="BT-18-1"),
    told("cbc:DocumentTypeCode", "130"),
)


ATTACHMENTS = each(
    "cac:AdditionalDocumentReference",
    "BG-24",
    at("cbc:ID", "BT-122"),
    at("cbc:DocumentDescription", "BT-123"),
    within(
        "cac:Attachment",
        at(
            "cbc:EmbeddedDocumentBinaryObject",
            "BT-125",
            "bytes",
            mimeCode="BT-125-1",
            filename="BT-125-2",
        ),
        at("cac:ExternalReference/cbc:URI", "BT-124"),
    ),
)
