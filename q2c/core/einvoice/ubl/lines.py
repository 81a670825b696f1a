"""Lines in UBL: what is sold, how much of it, and its price."""

from q2c.core.einvoice.table import Part, at, each, fixed, within
from q2c.core.einvoice.ubl.references import period
from q2c.core.einvoice.ubl.sums import allowance, tax_category

ITEM = within(  # BG-31
    "cac:Item",
    at("cbc:Description", "BT-154"),
    at("cbc:Name", "BT-153"),
    at("cac:BuyersItemIdentification/cbc:ID", "BT-156"),
    at("cac:SellersItemIdentification/cbc:ID", "BT-155"),
    at("cac:StandardItemIdentification/cbc:ID", "BT-157", schemeID="BT-157-1"),
    at("cac:OriginCountry/cbc:IdentificationCode", "BT-159"),
    each(
        "cac:CommodityClassification",
        "BT-158",
        at("cbc:ItemClassificationCode", "BT-158", listID="BT-158-1", listVersionID="BT-158-2"),
    ),
    tax_category("cac:ClassifiedTaxCategory", "BT-151", "BT-152"),
    each(
        "cac:AdditionalItemProperty",
        "BG-32",
        at("cbc:Name", "BT-160"),
        at("cbc:Value", "BT-161"),
    ),
)


PRICE = within(  # BG-29
    "cac:Price",
    at("cbc:PriceAmount", "BT-146", "amount"),
    at("cbc:BaseQuantity", "BT-149", "number", unitCode="BT-150"),
    within(
        "cac:AllowanceCharge",
        fixed("cbc:ChargeIndicator", "false"),
        at("cbc:Amount", "BT-147", "amount"),
        at("cbc:BaseAmount", "BT-148", "amount"),
    ),
)


def line(name: str, quantity: str) -> Part:
    """Place a line; only the name of its quantity differs in a credit note."""
    return each(
        name,
        "BG-25",
        at("cbc:ID", "BT-126"),
        at("cbc:Note", "BT-127"),
        at(quantity, "BT-129", "number", unitCode="BT-130"),
        at("cbc:LineExtensionAmount", "BT-131", "amount"),
        at("cbc:AccountingCost", "BT-133"),
        period("BT-134", "BT-135"),
        at("cac:OrderLineReference/cbc:LineID", "BT-132"),
        within(
            "cac:DocumentReference",
            at("cbc:ID", "BT-128", schemeID="BT-128-1"),
            fixed("cbc:DocumentTypeCode", "130"),
        ),
        allowance("BG-27", "BT-140 BT-139 BT-138 BT-136 BT-137"),
        allowance("BG-28", "BT-145 BT-144 BT-143 BT-141 BT-142"),
        ITEM,
        PRICE,
    )
