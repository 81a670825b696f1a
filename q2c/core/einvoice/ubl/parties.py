"""Parties in UBL: who sells, buys, is paid, represents the seller for VAT, and receives."""

from q2c.core.einvoice.table import Leaf, Part, at, each, fixed, told, under, within


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
