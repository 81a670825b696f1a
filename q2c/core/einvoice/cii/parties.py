"""Parties in CII: who sells, buys, is paid, and represents the seller for VAT."""

from q2c.core.einvoice.table import Leaf, Part, also, at, has, lacks, within


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
