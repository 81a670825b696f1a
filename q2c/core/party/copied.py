"""The parties of a document, copied into it as they stood on its day."""

from msgspec import Struct

from q2c.core.party.company import Bank, Company
from q2c.core.party.customer import Customer
from q2c.core.party.place import Address


class Party(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A party as it stood on the day of a document: copied in, never looked up again.

    `reference` is what the customer wants to find on documents; `contact` a person by name.
    """

    id: str
    name: str
    org_number: str = ""
    vat_id: str = ""
    address: Address
    delivery: Address | None = None
    electronic_address: str = ""
    reference: str = ""
    contact: str = ""
    email: str = ""
    kind: str = "business"


class Seller(Party, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The seller as it stood on the day of a document."""

    seat: str = ""
    phone: str = ""
    web: str = ""
    f_tax: bool = False
    bank: Bank = Bank()
    currency: str = "SEK"


def seller_of(company: Company) -> Seller:
    """Copy what documents say of the seller."""
    return Seller(
        id=company.id,
        name=company.name,
        org_number=company.org_number,
        vat_id=compact(company.vat_id).upper(),
        address=company.address,
        electronic_address=company.electronic_address or "",
        reference=company.contact or "",
        email=company.email,
        seat=company.seat or company.address.city,
        phone=company.phone,
        web=company.web,
        f_tax=company.f_tax,
        bank=company.bank,
        currency=company.currency,
    )


def buyer_of(customer: Customer, *, invoice: bool = False) -> Party:
    """Copy what documents say of a customer; invoices go to the invoice address if there is one."""
    contact = customer.contact("billing" if invoice else "orders")
    address = customer.invoice_address if invoice and customer.invoice_address else customer.address
    return Party(
        id=customer.id,
        name=customer.name,
        org_number=customer.org_number,
        vat_id=compact(customer.vat_id).upper(),
        address=address,
        delivery=customer.delivery_address,
        electronic_address=customer.electronic_address or "",
        reference=customer.reference or (contact.name if contact else ""),
        contact=contact.name if contact and customer.reference else "",
        email=contact.email if contact else "",
        kind=customer.kind,
    )


def compact(identifier: str) -> str:
    """Take spaces, dots and dashes out of an identifier."""
    return "".join(c for c in identifier if c not in " .-")
