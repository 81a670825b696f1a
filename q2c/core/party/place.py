"""Where a party is, and who is there."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from q2c.core.party.forms import CountryCode, Name


class Address(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A postal address; `line2` is a box, a floor or a department."""

    street: Name
    line2: Name | None = None
    postal_code: Name
    city: Name
    region: Name | None = None
    country: CountryCode


class Contact(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A person at a company, in which position, and what the person is asked about."""

    name: Name
    title: Annotated[str, Meta(max_length=100)] = ""
    email: Annotated[str, Meta(max_length=254)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    roles: tuple[Literal["orders", "billing", "signatory", "project", "technical"], ...] = ()
