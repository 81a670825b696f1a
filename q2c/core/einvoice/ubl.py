"""UBL 2.1: where an invoice and a credit note say each term, by EN 16931-3-2."""

from collections.abc import Iterable

from q2c.core.einvoice.table import (
    Branch,
    Leaf,
    Part,
    Table,
    also,
    at,
    each,
    fixed,
    has,
    told,
    under,
    within,
)

BASIC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
AGGREGATE = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
DOCUMENT = "urn:oasis:names:specification:ubl:schema:xsd:{0}-2"

# Codes of UNTDID 1001 that ask for the root CreditNote.
CREDIT_NOTES = frozenset("81 83 261 262 296 308 381 396 420 458 532".split())


def namespaces(root: str) -> dict[str, str]:
    """Give the addresses of the prefixes in a document with this root."""
    return {"": DOCUMENT.format(root), "cac": AGGREGATE, "cbc": BASIC}


def address(path: str, terms: str) -> Part:
    """Place an address: its lines 1 and 2, town, post code, region, line 3 and country."""
    street, more, town, code, region, third, country = terms.split()
    return within(
        path,
        at("cbc:StreetName", street),
        at("cbc:AdditionalStreetName", more),
        at("cbc:CityName", town),
        at("cbc:PostalZone", code),
        at("cbc:CountrySubentity", region),
        at("cac:AddressLine/cbc:Line", third),
        at("cac:Country/cbc:IdentificationCode", country),
    )


def contact(name: str, telephone: str, mail: str) -> Part:
    """Place whom to ask."""
    return within(
        "cac:Contact",
        at("cbc:Name", name),
        at("cbc:Telephone", telephone),
        at("cbc:ElectronicMail", mail),
    )


def vat_id(term: str) -> Part:
    """Place a VAT identifier."""
    return within(
        "cac:PartyTaxScheme", at("cbc:CompanyID", term), told("cac:TaxScheme/cbc:ID", "VAT")
    )


SELLER = within(  # BG-4
    "cac:Party",
    at("cbc:EndpointID", "BT-34", schemeID="BT-34-1"),
    under(
        "cac:PartyIdentification/cbc:ID",
        Leaf(name="cbc:ID", term="BT-90", mark=("schemeID", "SEPA")),
    ),
    each("cac:PartyIdentification", "BT-29", at("cbc:ID", "BT-29", schemeID="BT-29-1")),
    at("cac:PartyName/cbc:Name", "BT-28"),
    address("cac:PostalAddress", "BT-35 BT-36 BT-37 BT-38 BT-39 BT-162 BT-40"),
    vat_id("BT-31"),
    within(
        "cac:PartyTaxScheme", at("cbc:CompanyID", "BT-32"), fixed("cac:TaxScheme/cbc:ID", "TAX")
    ),
    within(
        "cac:PartyLegalEntity",
        at("cbc:RegistrationName", "BT-27"),
        at("cbc:CompanyID", "BT-30", schemeID="BT-30-1"),
        at("cbc:CompanyLegalForm", "BT-33"),
    ),
    contact("BT-41", "BT-42", "BT-43"),
)

BUYER = within(  # BG-7
    "cac:Party",
    at("cbc:EndpointID", "BT-49", schemeID="BT-49-1"),
    at("cac:PartyIdentification/cbc:ID", "BT-46", schemeID="BT-46-1"),
    at("cac:PartyName/cbc:Name", "BT-45"),
    address("cac:PostalAddress", "BT-50 BT-51 BT-52 BT-53 BT-54 BT-163 BT-55"),
    vat_id("BT-48"),
    within(
        "cac:PartyLegalEntity",
        at("cbc:RegistrationName", "BT-44"),
        at("cbc:CompanyID", "BT-47", schemeID="BT-47-1"),
    ),
    contact("BT-56", "BT-57", "BT-58"),
)

PAYEE = within(  # BG-10
    "cac:PayeeParty",
    under(
        "cac:PartyIdentification/cbc:ID",
        Leaf(name="cbc:ID", term="BT-90", mark=("schemeID", "SEPA"), use="also"),
    ),
    at("cac:PartyIdentification/cbc:ID", "BT-60", schemeID="BT-60-1"),
    at("cac:PartyName/cbc:Name", "BT-59"),
    at("cac:PartyLegalEntity/cbc:CompanyID", "BT-61", schemeID="BT-61-1"),
)

TAX_REPRESENTATIVE = within(  # BG-11
    "cac:TaxRepresentativeParty",
    at("cac:PartyName/cbc:Name", "BT-62"),
    address("cac:PostalAddress", "BT-64 BT-65 BT-66 BT-67 BT-68 BT-164 BT-69"),
    vat_id("BT-63"),
)

DELIVERY = within(  # BG-13
    "cac:Delivery",
    at("cbc:ActualDeliveryDate", "BT-72", "date"),
    within(
        "cac:DeliveryLocation",
        at("cbc:ID", "BT-71", schemeID="BT-71-1"),
        address("cac:Address", "BT-75 BT-76 BT-77 BT-78 BT-79 BT-165 BT-80"),
    ),
    at("cac:DeliveryParty/cac:PartyName/cbc:Name", "BT-70"),
)


def period(starts: str, ends: str, *more: Part) -> Part:
    """Place a period."""
    return within(
        "cac:InvoicePeriod",
        at("cbc:StartDate", starts, "date"),
        at("cbc:EndDate", ends, "date"),
        *more,
    )


def payment_means(due: Iterable[Part]) -> Part:
    """Place how to pay: once for each account, of which a credit note's first has the day."""
    return Branch(  # BG-16
        name="cac:PaymentMeans",
        group="BG-17",
        inner=("BT-84", "BT-85", "BT-86"),
        once=("BT-9", "BT-82"),
        only=has("BT-81"),
        parts=(
            at("cbc:PaymentMeansCode", "BT-81", name="BT-82"),
            *due,
            at("cbc:PaymentID", "BT-83"),
            within(  # BG-18
                "cac:CardAccount",
                at("cbc:PrimaryAccountNumberID", "BT-87"),
                fixed("cbc:NetworkID", "NA"),
                at("cbc:HolderName", "BT-88"),
            ),
            within(
                "cac:PayeeFinancialAccount",
                at("cbc:ID", "BT-84"),
                at("cbc:Name", "BT-85"),
                at("cac:FinancialInstitutionBranch/cbc:ID", "BT-86"),
            ),
            within(  # BG-19
                "cac:PaymentMandate",
                at("cbc:ID", "BT-89"),
                at("cac:PayerFinancialAccount/cbc:ID", "BT-91"),
            ),
        ),
    )


def tax_category(path: str, code: str, percent: str, *reasons: Part) -> Part:
    """Place a VAT category."""
    return within(
        path,
        at("cbc:ID", code),
        at("cbc:Percent", percent, "number"),
        *reasons,
        fixed("cac:TaxScheme/cbc:ID", "VAT"),
    )


def allowance(group: str, terms: str, *category: Part) -> Part:
    """Place what is taken off or charged: code, reason, percent, amount and base amount."""
    code, reason, percent, amount, base = terms.split()
    return each(
        "cac:AllowanceCharge",
        group,
        told("cbc:ChargeIndicator", "false" if group in ("BG-20", "BG-27") else "true"),
        at("cbc:AllowanceChargeReasonCode", code),
        at("cbc:AllowanceChargeReason", reason),
        at("cbc:MultiplierFactorNumeric", percent, "number"),
        at("cbc:Amount", amount, "amount"),
        at("cbc:BaseAmount", base, "amount"),
        *category,
    )


ALLOWANCES = (
    allowance(
        "BG-20",
        "BT-98 BT-97 BT-94 BT-92 BT-93",
        tax_category("cac:TaxCategory", "BT-95", "BT-96"),
    ),
    allowance(
        "BG-21",
        "BT-105 BT-104 BT-101 BT-99 BT-100",
        tax_category("cac:TaxCategory", "BT-102", "BT-103"),
    ),
)


def totals(path: str) -> Part:
    """Place the totals of a document."""
    return within(  # BG-22
        path,
        at("cbc:LineExtensionAmount", "BT-106", "amount"),
        at("cbc:TaxExclusiveAmount", "BT-109", "amount"),
        at("cbc:TaxInclusiveAmount", "BT-112", "amount"),
        at("cbc:AllowanceTotalAmount", "BT-107", "amount"),
        at("cbc:ChargeTotalAmount", "BT-108", "amount"),
        at("cbc:PrepaidAmount", "BT-113", "amount"),
        at("cbc:PayableRoundingAmount", "BT-114", "amount"),
        at("cbc:PayableAmount", "BT-115", "amount"),
    )


TOTALS = (
    within(
        "cac:TaxTotal",
        at("cbc:TaxAmount", "BT-110", "amount"),
        each(
            "cac:TaxSubtotal",
            "BG-23",
            at("cbc:TaxableAmount", "BT-116", "amount"),
            at("cbc:TaxAmount", "BT-117", "amount"),
            tax_category(
                "cac:TaxCategory",
                "BT-118",
                "BT-119",
                at("cbc:TaxExemptionReasonCode", "BT-121"),
                at("cbc:TaxExemptionReason", "BT-120"),
            ),
        ),
    ),
    within(
        "cac:TaxTotal",
        Leaf(name="cbc:TaxAmount", term="BT-111", form="number", agrees=("currencyID", "BT-6")),
    ),
    totals("cac:LegalMonetaryTotal"),
)

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


NOTES = Leaf(name="cbc:Note", term="BT-22", form="note", group="BG-1")

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
TERMS_OF_PAYMENT = at("cac:PaymentTerms/cbc:Note", "BT-20")

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
