"""Likeness: which customers may be the same one, and ids made from names."""

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import count
from typing import Literal
from unicodedata import combining, normalize

from msgspec import Struct

from q2c.core.party import Customer, compact

Trait = Literal["organisation number", "VAT number", "mail domain"]
LONGEST_ID = 60  # leaves room for the number of a namesake
NAMELESS = "customer"  # where a name has no letter that an id may have
# Letters that Unicode does not take apart into a plain one and a mark.
_PLAIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th"}
)
_SWEDISH_VAT = re.compile(r"SE([0-9]{10})01")
# Where anybody has an address: to share one of these says nothing about two companies.
FREE_MAIL = frozenset(
    """
    aol.com bredband.net comcast.net email.com fastmail.com free.fr gmail.com gmx.at gmx.ch gmx.com
    gmx.de gmx.net googlemail.com hey.com hotmail.co.uk hotmail.com hotmail.de hotmail.fr hotmail.se
    hushmail.com icloud.com interia.pl laposte.net libero.it live.com live.no live.se luukku.com
    mac.com mail.com mail.ru me.com msn.com o2.pl online.no orange.fr outlook.com outlook.de
    outlook.fr pm.me proton.me protonmail.com qq.com spray.se t-online.de telia.com tutanota.com
    web.de wp.pl yahoo.co.uk yahoo.com yahoo.de yahoo.fr yahoo.se yandex.com yandex.ru ymail.com
    zoho.com
    """.split()
)


class Likeness(Struct, frozen=True, order=True):
    """Two customers, in the order of their ids, and what both have."""

    one: str
    other: str
    trait: Trait
    shared: str


def duplicates(customers: Iterable[Customer]) -> list[Likeness]:
    """Find customers that may be the same: by organisation number, VAT number or mail domain.

    Of those that share something, each is paired with the first by id, so that the work and
    the list grow with the number of customers and not with the number of pairs.
    """
    holders: dict[tuple[Trait, str], list[str]] = {}
    for customer in customers:
        for trait in traits(customer):
            holders.setdefault(trait, []).append(customer.id)
    found = (
        Likeness(first, other, trait, shared)
        for (trait, shared), ids in holders.items()
        for first, *others in [sorted(ids)]
        for other in others
    )
    return sorted(found)


def traits(customer: Customer) -> Iterator[tuple[Trait, str]]:
    """Give what a customer is known by, in one form however it was written, each once."""
    if customer.org_number:
        yield "organisation number", compact(customer.org_number).upper()
    if customer.vat_id:
        number = compact(customer.vat_id).upper()
        yield "VAT number", number
        # A Swedish VAT number holds the organisation number, which may stand alone elsewhere.
        swedish = _SWEDISH_VAT.fullmatch(number)
        if swedish and swedish[1] != compact(customer.org_number):
            yield "organisation number", swedish[1]
    for domain in sorted({domain_of(contact.email) for contact in customer.contacts} - {""}):
        yield "mail domain", domain


def domain_of(email: str) -> str:
    """Give the domain of a mail address; nothing where it tells no company."""
    domain = email.rpartition("@")[2].strip().rstrip(".").lower() if "@" in email else ""
    return "" if domain in FREE_MAIL else domain


def named(name: str, taken: Collection[str]) -> str:
    """Make an id of a name: Åre Måleri & Co AB is are-maleri-co-ab, a namesake's ends in -2."""
    letters = normalize("NFKD", name.lower().translate(_PLAIN))
    plain = "".join(letter for letter in letters if not combining(letter))
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_ID].strip("-") or NAMELESS
    if base not in taken:
        return base
    return next(id_ for n in count(2) if (id_ := f"{base}-{n}") not in taken)


def same_name(name: str) -> str:
    """Give a name as it is compared: letters alike, spaces single."""
    return " ".join(normalize("NFKC", name).casefold().split())
