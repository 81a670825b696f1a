"""What a CII invoice is about: the parties, the documents it refers to, and the delivery."""

from q2c.core.einvoice.cii.parties import BUYER, SELLER, TAX_REPRESENTATIVE, address, either
from q2c.core.einvoice.cii.values import day
from q2c.core.einvoice.table import Branch, Part, at, each, fixed, told, within


def named(path: str, term: str) -> Part:
    """Place the number of another document."""
    return at(f"{path}/ram:IssuerAssignedID", term)


ADDITIONAL = "ram:AdditionalReferencedDocument"


AGREEMENT = within(
    "ram:ApplicableHeaderTradeAgreement",
    at("ram:BuyerReference", "BT-10"),
    SELLER,
    BUYER,
    TAX_REPRESENTATIVE,
    named("ram:SellerOrderReferencedDocument", "BT-14"),
    named("ram:BuyerOrderReferencedDocument", "BT-13"),
    named("ram:ContractReferencedDocument", "BT-12"),
    within(ADDITIONAL, at("ram:IssuerAssignedID", "BT-17"), told("ram:TypeCode", "50")),
    within(
        ADDITIONAL,
        at("ram:IssuerAssignedID", "BT-18"),
        told("ram:TypeCode", "130"),
        at("ram:ReferenceTypeCode", "BT-18-1"),
    ),
    each(
        ADDITIONAL,
        "BG-24",
        at("ram:IssuerAssignedID", "BT-122"),
        at("ram:URIID", "BT-124"),
        fixed("ram:TypeCode", "916"),
        at("ram:Name", "BT-123"),
        at(
            "ram:AttachmentBinaryObject",
            "BT-125",
            "bytes",
            mimeCode="BT-125-1",
            filename="BT-125-2",
        ),
    ),
    within(
        "ram:SpecifiedProcuringProject",
        at("ram:ID", "BT-11"),
        fixed("ram:Name", "Project reference"),
    ),
)


DELIVERY = Branch(  # BG-13; the schema wants it, even empty
    name="ram:ApplicableHeaderTradeDelivery",
    always=True,
    parts=(
        within(
            "ram:ShipToTradeParty",
            *either("BT-71", "BT-71-1"),
            at("ram:Name", "BT-70"),
            address("BT-78 BT-75 BT-76 BT-165 BT-77 BT-80 BT-79"),
        ),
        day("ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime", "BT-72"),
        named("ram:DespatchAdviceReferencedDocument", "BT-16"),
        named("ram:ReceivingAdviceReferencedDocument", "BT-15"),
    ),
)
