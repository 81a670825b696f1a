"""Parcels: a document with its files, ready to go to whom it is for."""

import re
from collections.abc import Collection, Iterator
from hashlib import sha256
from itertools import count
from typing import Final, Literal
from unicodedata import normalize

from msgspec import Struct

from q2c.core.fault import Fault, Invalid
from q2c.core.party import Contact, Customer, Party, Seller
from q2c.core.sending.address import Mailbox, mailbox
from q2c.core.trace import Paper

Kind = Literal[
    "quote",
    "contract",
    "order-confirmation",
    "delivery-note",
    "invoice",
    "credit-note",
    "reminder",
    "statement",
    "receipt",
]
Channel = Literal["smtp", "eml", "folder", "outbox"]
Role = Literal["orders", "billing", "signatory", "project", "technical"]
# Whose part at a customer a document is, the first that there is.
_FOR: Final[dict[Kind, tuple[Role, ...]]] = {
    "quote": ("orders",),
    "contract": ("signatory", "orders"),
    "order-confirmation": ("orders",),
    "delivery-note": ("project", "orders"),
}
_MONEY: Final[tuple[Role, ...]] = ("billing", "orders")


class Parcel(Struct, frozen=True, kw_only=True):
    """A document that may be sent: the bytes of its files by safe names, the PDF first.

    `path` is where what came of it is recorded, without an ending. `said` is what a mail may say
    of the document, as its language writes it; `xml` names the e-invoice for Peppol among the
    files, where there is one.
    """

    number: str
    kind: Kind
    path: str
    customer: Customer
    seller: Seller
    buyer: Party
    language: str
    files: dict[str, bytes]
    said: dict[str, str] = {}
    xml: str = ""

    @property
    def papers(self) -> tuple[Paper, ...]:
        """Its files, each by name and SHA-256."""
        return tuple(Paper(name, sha256(data).hexdigest()) for name, data in self.files.items())


def safe_name(name: str, known: Collection[str] = ()) -> str:
    """Give the name that a file has at whoever gets it: plain signs, and no other file's name."""
    letters = normalize("NFKD", name.lstrip(".")).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", letters).strip("-")
    found = re.search(r"\.[A-Za-z0-9]{1,8}$", plain)
    ending = found[0] if found else ""
    stem = plain.removesuffix(ending).lstrip(".-").rstrip(".") or "file"
    names = (f"{stem[:80]}{f'-{n}' if n > 1 else ''}{ending}" for n in count(1))
    taken = {one.lower() for one in known}
    return next(one for one in names if one.lower() not in taken)


class Addressed(Struct, frozen=True):
    """Whom a document goes to, and who gets a copy; nobody twice."""

    to: tuple[Mailbox, ...] = ()
    copies: tuple[Mailbox, ...] = ()

    @property
    def everyone(self) -> tuple[str, ...]:
        """The addresses of all."""
        return tuple(one.address for one in (*self.to, *self.copies))


def addressed(customer: Customer, kind: Kind) -> Addressed:
    """Give whom a document goes to: what is said under `sending`, else whose part it is.

    Refuses every address that is none, at its place in the customer's file.
    """
    if faults := list(sending_faults(customer)):
        raise Invalid(*faults)
    to = [mailbox(text) for text in customer.sending.to]
    person = None if to else _contact(customer, kind)
    if person:
        place = customer.place(f"contacts.{customer.contacts.index(person)}.email")
        to = [mailbox(person.email, place)]
    first = {one.address.lower(): one for one in reversed(to)}
    copies = {one.address.lower(): one for one in map(mailbox, reversed(customer.sending.cc))}
    rest = (one for key, one in copies.items() if key not in first)
    return Addressed(tuple(reversed(first.values())), tuple(reversed(list(rest))))


def sending_faults(customer: Customer) -> Iterator[Fault]:
    """Say which addresses under `sending` are none."""
    wished = customer.sending
    for key, texts in (("to", wished.to), ("cc", wished.cc)):
        for at, text in enumerate(texts):
            try:
                mailbox(text, customer.place(f"sending.{key}.{at}"))
            except Invalid as refused:
                yield from refused.faults


def _contact(customer: Customer, kind: Kind) -> Contact | None:
    """Find the person at a customer who gets a document, of those with a mail address."""
    reached = [one for one in customer.contacts if one.email]
    wanted = (one for role in _FOR.get(kind, _MONEY) for one in reached if role in one.roles)
    return next(wanted, reached[0] if reached else None)
