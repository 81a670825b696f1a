"""UBL Order 2.1: where an order says what an invoice says too, by Peppol BIS Ordering 3.

An order is read by the terms of an invoice: its number is BT-1, its buyer BT-44, what is expected
to be paid BT-115. It is never written.
"""

from q2c.core.einvoice.table import Branch, Table, at, each, within
from q2c.core.einvoice.ubl.documents import namespaces
from q2c.core.einvoice.ubl.lines import ITEM, PRICE
from q2c.core.einvoice.ubl.parties import BUYER, DELIVERY, SELLER
from q2c.core.einvoice.ubl.references import ATTACHMENTS, NOTES, TENDER
from q2c.core.einvoice.ubl.sums import ALLOWANCES, TERMS_OF_PAYMENT, allowance, totals

LINE = each(
    "cac:OrderLine",
    "BG-25",
    at("cbc:Note", "BT-127"),
    within(
        "cac:LineItem",
        at("cbc:ID", "BT-126"),
        at("cbc:Note", "BT-127"),
        at("cbc:Quantity", "BT-129", "number", unitCode="BT-130"),
        at("cbc:LineExtensionAmount", "BT-131", "amount"),
        at("cbc:AccountingCost", "BT-133"),
        allowance("BG-27", "BT-140 BT-139 BT-138 BT-136 BT-137"),
        allowance("BG-28", "BT-145 BT-144 BT-143 BT-141 BT-142"),
        PRICE,
        ITEM,
    ),
)

ORDER = Table(
    namespaces=namespaces("Order"),
    root=Branch(
        name="Order",
        parts=(
            at("cbc:CustomizationID", "BT-24"),
            at("cbc:ProfileID", "BT-23"),
            at("cbc:ID", "BT-1"),
            at("cbc:SalesOrderID", "BT-14"),
            at("cbc:IssueDate", "BT-2", "date"),
            at("cbc:OrderTypeCode", "BT-3"),
            NOTES,
            at("cbc:DocumentCurrencyCode", "BT-5"),
            at("cbc:CustomerReference", "BT-10"),
            at("cbc:AccountingCost", "BT-19"),
            TENDER,
            ATTACHMENTS,
            at("cac:Contract/cbc:ID", "BT-12"),
            within("cac:BuyerCustomerParty", BUYER),
            within("cac:SellerSupplierParty", SELLER),
            DELIVERY,
            TERMS_OF_PAYMENT,
            *ALLOWANCES,
            at("cac:TaxTotal/cbc:TaxAmount", "BT-110", "amount"),
            totals("cac:AnticipatedMonetaryTotal"),
            LINE,
        ),
    ),
)
