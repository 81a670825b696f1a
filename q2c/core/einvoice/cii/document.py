"""A CII invoice whole, in the order of its schema."""

from q2c.core.einvoice.cii.agreement import AGREEMENT, DELIVERY
from q2c.core.einvoice.cii.lines import LINE
from q2c.core.einvoice.cii.settlement import SETTLEMENT
from q2c.core.einvoice.cii.values import day
from q2c.core.einvoice.table import Branch, Table, at, each, within

NAMESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}


CROSS_INDUSTRY_INVOICE = Table(
    namespaces=NAMESPACES,
    root=Branch(
        name="rsm:CrossIndustryInvoice",
        parts=(
            within(
                "rsm:ExchangedDocumentContext",
                at("ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID", "BT-23"),
                at("ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", "BT-24"),
            ),
            within(
                "rsm:ExchangedDocument",
                at("ram:ID", "BT-1"),
                at("ram:TypeCode", "BT-3"),
                day("ram:IssueDateTime", "BT-2"),
                each(
                    "ram:IncludedNote",
                    "BG-1",
                    at("ram:Content", "BT-22"),
                    at("ram:SubjectCode", "BT-21"),
                ),
            ),
            within(
                "rsm:SupplyChainTradeTransaction",
                LINE,
                AGREEMENT,
                DELIVERY,
                SETTLEMENT,
            ),
        ),
    ),
)
