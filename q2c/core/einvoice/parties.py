"""The seller and the buyer in terms: BG-4 to BG-9, and where the buyer is delivered to, BG-15."""

import re
from typing import Final

from q2c.core.einvoice.codes import REGISTERS
from q2c.core.einvoice.formats import PEPPOL, Form
from q2c.core.einvoice.group import Group
from q2c.core.einvoice.phrases import phrase
from q2c.core.einvoice.saying import said
from q2c.core.identifier import swedish_organisation
from q2c.core.party import Address, Party, Seller, compact

# Said in Swedish whatever the language is (Peppol BIS Billing 3.0, SE-R-005).
F_TAX: Final = "Godkänd för F-skatt"
# The terms of an address: line 1, line 2, town, post code, region, country.
_SELLER = ("BT-35", "BT-36", "BT-37", "BT-38", "BT-39", "BT-40")
_BUYER = ("BT-50", "BT-51", "BT-52", "BT-53", "BT-54", "BT-55")
_DELIVERED = ("BT-75", "BT-76", "BT-77", "BT-78", "BT-79", "BT-80")


def seller_terms(seller: Seller, form: Form, language: str) -> Group:
    """State the seller (BG-4), its address (BG-5) and whom to ask there (BG-6)."""
    register, number = legal_id(seller)
    scheme, address = electronic(seller, form)
    home = seller.address.country == "SE"
    return said(
        {
            "BT-27": seller.name,
            "BT-30": number,
            "BT-30-1": register,
            "BT-31": compact(seller.vat_id),
            "BT-32": F_TAX if seller.f_tax and home else "",
            "BT-33": phrase("seat", language, town=seller.seat) if seller.seat else "",
            "BT-34": address,
            "BT-34-1": scheme,
            **_address(seller.address, _SELLER),
            "BT-41": seller.reference,
            "BT-42": seller.phone,
            "BT-43": seller.email,
        }
    )


def buyer_terms(buyer: Party, form: Form) -> Group:
    """State the buyer (BG-7), its address (BG-8) and whom to ask there (BG-9)."""
    register, number = legal_id(buyer)
    scheme, address = electronic(buyer, form)
    return said(
        {
            "BT-10": buyer.reference,
            "BT-44": buyer.name,
            "BT-46": buyer.id,
            "BT-47": number,
            "BT-47-1": register,
            "BT-48": compact(buyer.vat_id),
            "BT-49": address,
            "BT-49-1": scheme,
            **_address(buyer.address, _BUYER),
            "BT-56": buyer.contact,
            "BT-58": buyer.email,
        }
    )


def delivered_to(buyer: Party) -> Group:
    """State where the buyer is delivered to (BG-15)."""
    return said(dict(_address(buyer.delivery or buyer.address, _DELIVERED)))


def legal_id(party: Party) -> tuple[str, str]:
    """Give the register that a party is in (ISO 6523), where it is known, and its number there."""
    number = compact(party.org_number).upper()
    register, form, prefix = REGISTERS.get(party.address.country, ("", r"(?!)", ""))
    if not re.fullmatch(form, number.removeprefix(prefix)):
        return "", number
    return register, prefix + number.removeprefix(prefix)


def electronic(party: Party, form: Form) -> tuple[str, str]:
    """Give the scheme and the electronic address of a party (BT-34, BT-49), if it has one.

    What is given holds; else Swedish parties are reached by their organisation number and,
    outside the Peppol network, everybody by mail.
    """
    if party.electronic_address:
        scheme, _, address = party.electronic_address.partition(":")
        return scheme, address
    if party.address.country == "SE" and swedish_organisation(party.org_number):
        return "0007", compact(party.org_number)
    return ("EM", party.email) if party.email and form not in PEPPOL else ("", "")


def _address(address: Address, terms: tuple[str, ...]) -> dict[str, str]:
    lines = (
        address.street,
        address.line2 or "",
        address.city,
        address.postal_code,
        address.region or "",
        address.country,
    )
    return dict(zip(terms, lines, strict=True))
