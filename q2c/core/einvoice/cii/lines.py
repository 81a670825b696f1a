"""Lines in CII: what is sold, how much of it, and its price."""

from q2c.core.einvoice.cii.agreement import ADDITIONAL
from q2c.core.einvoice.cii.settlement import allowance, tax_category
from q2c.core.einvoice.cii.values import period
from q2c.core.einvoice.table import Leaf, at, each, fixed, told, within

ITEM = within(  # BG-31
    "ram:SpecifiedTradeProduct",
    at("ram:GlobalID", "BT-157", schemeID="BT-157-1"),
    at("ram:SellerAssignedID", "BT-155"),
    at("ram:BuyerAssignedID", "BT-156"),
    at("ram:Name", "BT-153"),
    at("ram:Description", "BT-154"),
    each(
        "ram:ApplicableProductCharacteristic",
        "BG-32",
        at("ram:Description", "BT-160"),
        at("ram:Value", "BT-161"),
    ),
    each(
        "ram:DesignatedProductClassification",
        "BT-158",
        at("ram:ClassCode", "BT-158", listID="BT-158-1", listVersionID="BT-158-2"),
    ),
    at("ram:OriginTradeCountry/ram:ID", "BT-159"),
)


BASIS = Leaf(
    name="ram:BasisQuantity", term="BT-149", form="number", attributes=(("unitCode", "BT-150"),)
)


PRICE = within(  # BG-29
    "ram:SpecifiedLineTradeAgreement",
    at("ram:BuyerOrderReferencedDocument/ram:LineID", "BT-132"),
    within(
        "ram:GrossPriceProductTradePrice",
        at("ram:ChargeAmount", "BT-148", "number"),
        Leaf(
            name=BASIS.name,
            term=BASIS.term,
            form="number",
            use="again",
            attributes=BASIS.attributes,
        ),
        within(
            "ram:AppliedTradeAllowanceCharge",
            told("ram:ChargeIndicator/udt:Indicator", "false"),
            at("ram:ActualAmount", "BT-147", "number"),
        ),
    ),
    within(
        "ram:NetPriceProductTradePrice",
        at("ram:ChargeAmount", "BT-146", "number"),
        BASIS,
    ),
)


LINE = each(
    "ram:IncludedSupplyChainTradeLineItem",
    "BG-25",
    within(
        "ram:AssociatedDocumentLineDocument",
        at("ram:LineID", "BT-126"),
        at("ram:IncludedNote/ram:Content", "BT-127"),
    ),
    ITEM,
    PRICE,
    at("ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", "BT-129", "number", unitCode="BT-130"),
    within(
        "ram:SpecifiedLineTradeSettlement",
        tax_category("ram:ApplicableTradeTax", "BT-151", "BT-152"),
        period("BT-134", "BT-135"),
        allowance("BG-27", "BT-138 BT-137 BT-136 BT-140 BT-139"),
        allowance("BG-28", "BT-143 BT-142 BT-141 BT-145 BT-144"),
        at(
            "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount",
            "BT-131",
            "number",
        ),
        within(
            ADDITIONAL,
            at("ram:IssuerAssignedID", "BT-128"),
            fixed("ram:TypeCode", "130"),
            at("ram:ReferenceTypeCode", "BT-128-1"),
        ),
        at("ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID", "BT-133"),
    ),
)
