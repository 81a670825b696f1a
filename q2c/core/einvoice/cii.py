"""UN/CEFACT CII: where an invoice says each term, by EN 16931-3-3."""

import re

from q2c.core.einvoice.group import Group
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
    lacks,
    told,
    under,
    within,
)

NAMESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}

# VAT is due by a date that is named with UNTDID 2005 in EN 16931-1 and in UBL, with 2475 in CII.
VAT_DATES = {"3": "5", "35": "29", "432": "72"}

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}")


def is_iban(text: str) -> bool:
    """Say whether an account is written as an IBAN is, blanks or not."""
    return _IBAN.fullmatch("".join(text.split()).upper()) is not None


def _iban(group: Group) -> bool:
    return is_iban(str(group.get("BT-84", "")))


def _other_account(group: Group) -> bool:
    return not _iban(group)


def day(path: str, term: str) -> Part:
    """Place a day, which is digits in an element of its own; others write it with dashes."""
    return within(
        path,
        Leaf(name="udt:DateTimeString", term=term, form="day"),
        also("udt:DateTime", term, "day"),
    )


def either(term: str, scheme: str, group: str = "") -> tuple[Part, Part]:
    """Place an identifier: in ID as long as it has no scheme, else in GlobalID."""
    attributes = (("schemeID", scheme),)
    return tuple(
        Leaf(name=name, term=term, attributes=attributes, group=group, only=only)
        for name, only in (("ram:ID", lacks(scheme)), ("ram:GlobalID", has(scheme)))
    )  # type: ignore[return-value]  # a pair it is


def address(terms: str) -> Part:
    """Place an address: post code, its lines, town, country and region."""
    code, street, more, third, town, country, region = terms.split()
    return within(
        "ram:PostalTradeAddress",
        at("ram:PostcodeCode", code),
        at("ram:LineOne", street),
        at("ram:LineTwo", more),
        at("ram:LineThree", third),
        at("ram:CityName", town),
        at("ram:CountryID", country),
        at("ram:CountrySubDivisionName", region),
    )


def contact(name: str, telephone: str, mail: str) -> Part:
    """Place whom to ask; others say it is a department."""
    return within(
        "ram:DefinedTradeContact",
        at("ram:PersonName", name),
        also("ram:DepartmentName", name),
        at("ram:TelephoneUniversalCommunication/ram:CompleteNumber", telephone),
        at("ram:EmailURIUniversalCommunication/ram:URIID", mail),
    )


def organization(number: str, name: str = "") -> Part:
    """Place a legal registration, with its scheme, and a trading name."""
    names = (at("ram:TradingBusinessName", name),) if name else ()
    return within(
        "ram:SpecifiedLegalOrganization", at("ram:ID", number, schemeID=f"{number}-1"), *names
    )


def registration(term: str, scheme: str) -> Part:
    """Place a tax registration: VA is for VAT, FC for any other."""
    return within(
        "ram:SpecifiedTaxRegistration",
        Leaf(name="ram:ID", term=term, mark=("schemeID", scheme)),
    )


def electronic(term: str) -> Part:
    """Place an electronic address."""
    return at("ram:URIUniversalCommunication/ram:URIID", term, schemeID=f"{term}-1")


SELLER = within(  # BG-4
    "ram:SellerTradeParty",
    *either("BT-29", "BT-29-1", "BT-29"),
    at("ram:Name", "BT-27"),
    at("ram:Description", "BT-33"),
    organization("BT-30", "BT-28"),
    contact("BT-41", "BT-42", "BT-43"),
    address("BT-38 BT-35 BT-36 BT-162 BT-37 BT-40 BT-39"),
    electronic("BT-34"),
    registration("BT-31", "VA"),
    registration("BT-32", "FC"),
)

BUYER = within(  # BG-7
    "ram:BuyerTradeParty",
    *either("BT-46", "BT-46-1"),
    at("ram:Name", "BT-44"),
    organization("BT-47", "BT-45"),
    contact("BT-56", "BT-57", "BT-58"),
    address("BT-53 BT-50 BT-51 BT-163 BT-52 BT-55 BT-54"),
    electronic("BT-49"),
    registration("BT-48", "VA"),
)

TAX_REPRESENTATIVE = within(  # BG-11
    "ram:SellerTaxRepresentativeTradeParty",
    at("ram:Name", "BT-62"),
    address("BT-67 BT-64 BT-65 BT-164 BT-66 BT-69 BT-68"),
    registration("BT-63", "VA"),
)

PAYEE = within(  # BG-10
    "ram:PayeeTradeParty",
    *either("BT-60", "BT-60-1"),
    at("ram:Name", "BT-59"),
    organization("BT-61"),
)


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

PAYMENT_MEANS = Branch(  # BG-16, once for each account
    name="ram:SpecifiedTradeSettlementPaymentMeans",
    group="BG-17",
    inner=("BT-84", "BT-85", "BT-86"),
    only=has("BT-81"),
    parts=(
        at("ram:TypeCode", "BT-81"),
        at("ram:Information", "BT-82"),
        within(  # BG-18
            "ram:ApplicableTradeSettlementFinancialCard",
            at("ram:ID", "BT-87"),
            at("ram:CardholderName", "BT-88"),
        ),
        within(
            "ram:PayerPartyDebtorFinancialAccount",
            at("ram:IBANID", "BT-91"),
            also("ram:ProprietaryID", "BT-91"),
        ),
        within(
            "ram:PayeePartyCreditorFinancialAccount",
            Leaf(name="ram:IBANID", term="BT-84", only=_iban),
            at("ram:AccountName", "BT-85"),
            Leaf(name="ram:ProprietaryID", term="BT-84", only=_other_account),
        ),
        at("ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID", "BT-86"),
    ),
)


def period(starts: str, ends: str) -> Part:
    """Place a period."""
    return within(
        "ram:BillingSpecifiedPeriod",
        day("ram:StartDateTime", starts),
        day("ram:EndDateTime", ends),
    )


def tax_category(path: str, code: str, percent: str) -> Part:
    """Place a VAT category."""
    return within(
        path,
        fixed("ram:TypeCode", "VAT"),
        at("ram:CategoryCode", code),
        at("ram:RateApplicablePercent", percent, "number"),
    )


def allowance(group: str, terms: str, *category: Part) -> Part:
    """Place what is taken off or charged: percent, base amount, amount, code and reason."""
    percent, base, amount, code, reason = terms.split()
    return each(
        "ram:SpecifiedTradeAllowanceCharge",
        group,
        told(
            "ram:ChargeIndicator/udt:Indicator",
            "false" if group in ("BG-20", "BG-27") else "true",
        ),
        at("ram:CalculationPercent", percent, "number"),
        at("ram:BasisAmount", base, "number"),
        at("ram:ActualAmount", amount, "number"),
        at("ram:ReasonCode", code),
        at("ram:Reason", reason),
        *category,
    )


VAT = Branch(
    name="ram:ApplicableTradeTax",
    group="BG-23",
    inner=tuple("BT-116 BT-117 BT-118 BT-119 BT-120 BT-121".split()),
    only=has("BT-118"),
    parts=(
        at("ram:CalculatedAmount", "BT-117", "number"),
        fixed("ram:TypeCode", "VAT"),
        at("ram:ExemptionReason", "BT-120"),
        at("ram:BasisAmount", "BT-116", "number"),
        at("ram:CategoryCode", "BT-118"),
        at("ram:ExemptionReasonCode", "BT-121"),
        within("ram:TaxPointDate", Leaf(name="udt:DateString", term="BT-7", form="day")),
        at("ram:DueDateTypeCode", "BT-8", "vat-date"),
        at("ram:RateApplicablePercent", "BT-119", "number"),
    ),
)

TOTALS = within(  # BG-22
    "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
    at("ram:LineTotalAmount", "BT-106", "number"),
    at("ram:ChargeTotalAmount", "BT-108", "number"),
    at("ram:AllowanceTotalAmount", "BT-107", "number"),
    at("ram:TaxBasisTotalAmount", "BT-109", "number"),
    at("ram:TaxTotalAmount", "BT-110", "amount"),
    Leaf(name="ram:TaxTotalAmount", term="BT-111", form="number", agrees=("currencyID", "BT-6")),
    at("ram:RoundingAmount", "BT-114", "number"),
    at("ram:GrandTotalAmount", "BT-112", "number"),
    at("ram:TotalPrepaidAmount", "BT-113", "number"),
    at("ram:DuePayableAmount", "BT-115", "number"),
)

SETTLEMENT = within(
    "ram:ApplicableHeaderTradeSettlement",
    at("ram:CreditorReferenceID", "BT-90"),
    at("ram:PaymentReference", "BT-83"),
    at("ram:TaxCurrencyCode", "BT-6"),
    at("ram:InvoiceCurrencyCode", "BT-5"),
    PAYEE,
    PAYMENT_MEANS,
    VAT,
    period("BT-73", "BT-74"),  # BG-14
    allowance(
        "BG-20",
        "BT-94 BT-93 BT-92 BT-98 BT-97",
        tax_category("ram:CategoryTradeTax", "BT-95", "BT-96"),
    ),
    allowance(
        "BG-21",
        "BT-101 BT-100 BT-99 BT-105 BT-104",
        tax_category("ram:CategoryTradeTax", "BT-102", "BT-103"),
    ),
    within(
        "ram:SpecifiedTradePaymentTerms",
        at("ram:Description", "BT-20"),
        day("ram:DueDateDateTime", "BT-9"),
        at("ram:DirectDebitMandateID", "BT-89"),
    ),
    TOTALS,
    each(
        "ram:InvoiceReferencedDocument",
        "BG-3",
        at("ram:IssuerAssignedID", "BT-25"),
        under(
            "ram:FormattedIssueDateTime/qdt:DateTimeString",
            Leaf(name="qdt:DateTimeString", term="BT-26", form="day"),
        ),
    ),
    at("ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID", "BT-19"),
)

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
