"""The shop: all that quotes are priced with, and a draft priced with it as the files are."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.fault import Fault, Invalid, Refused
from q2c.core.party import Company, Customer
from q2c.core.quote import (
    Draft,
    Offer,
    Past,
    Priced,
    Shelf,
    history_of,
    looks_back,
    offered,
    priced,
)
from q2c.core.quote.rhythm import Running
from q2c.core.quote.stated import refuse_exchange
from q2c.core.trace import Paper, Sourced
from q2c.store.master import read_company, read_customer, read_shelf
from q2c.store.orders import numbers, read_order, read_past
from q2c.store.tree import Tree

LARGEST_ATTACHMENT = 50_000_000


class Shop(Struct, frozen=True):
    """The files of a workspace, with the seller and all that is for sale read from them.

    `past` are the orders of before, where a promotion of the catalogue counts them.
    """

    files: Tree
    company: Company
    shelf: Shelf
    past: tuple[Past, ...] = ()


def read_shop(files: Tree) -> Shop:
    """Read what every quote is priced with."""
    return shop_of(files, read_company(files), read_shelf(files))


def shop_of(files: Tree, company: Company, shelf: Shelf) -> Shop:
    """Make a shop of what was read already."""
    counts = looks_back(shelf.catalog.promotions)
    return Shop(files, company, shelf, read_past(files) if counts else ())


def offer_of(shop: Shop, draft: Draft, customer: Customer) -> Offer:
    """Gather what a draft is priced with for a customer."""
    history = history_of(shop.past, customer.id)
    offer = offered(shop.company, customer, shop.shelf, draft.date, draft.currency, history)
    return replace(offer, running=dict(_running(shop.files, draft)))


def _running(files: Tree, draft: Draft) -> Iterator[tuple[str, Running]]:
    """Give the ordered services that lines of a draft end with, where the customer has them."""
    refs = {line.ends_with for line in draft.lines if line.ends_with}
    known = numbers(files, "orders") if refs else ()
    for ref in sorted(refs):
        number, _, id_ = ref.partition("/")
        order = read_order(files, number) if number in known else None
        for line in order.lines if order and order.customer == draft.customer else ():
            if line.id == id_ and line.service and line.every:
                anchor = line.anchor or line.service.first
                yield ref, Running(ends=line.service.last, anchor=anchor, align=line.align)


def quoted(shop: Shop, number: str, draft: Draft, customer: Customer | None = None) -> Priced:
    """Price a draft as the files have it now, with its attachments by their SHA-256.

    Refuses with every fault of the draft that can be told at once.
    """
    buyer = customer or read_customer(shop.files, draft.customer)
    offer = offer_of(shop, draft, buyer)
    refuse_exchange(draft, offer.currency, shop.company.currency)
    quote = priced(number, draft, offer)
    return replace(quote, attachments=attached(shop.files, draft))


def attached(files: Tree, draft: Draft) -> tuple[Paper, ...]:
    """Name the attachments of a draft with the SHA-256 they have now."""
    return enclosed(files, draft, draft.attachments, "attachments")


def enclosed(files: Tree, record: Sourced, names: Sequence[str], key: str) -> tuple[Paper, ...]:
    """Name files that a record says are enclosed, under a key, with the SHA-256 they have now."""
    papers, faults = list[Paper](), list[Fault]()
    for place, name in enumerate(names):
        try:
            data = _attachment(files, record, name, f"{key}.{place}")
            papers.append(Paper(name, sha256(data).hexdigest()))
        except Refused as refused:
            faults += refused.faults
    if faults:
        raise Invalid(*faults)
    return tuple(papers)


def _attachment(files: Tree, record: Sourced, name: str, path: str) -> bytes:
    """Read an attachment; refuse one that is not there, is not ours to send, or is too large."""
    inside = PurePosixPath(name)
    if inside.as_posix() != name or any(part.startswith((".", "/")) for part in inside.parts):
        message = f"{name} is not a file of the workspace."
        remedy = "Put a copy into the workspace and write its path from there, as papers/plan.pdf."
        raise Invalid(record.fault("attachment-outside", message, path, remedy))
    if not files.exists(name):
        message, remedy = f"There is no file {name}.", "Put it there, or take it off the list."
        raise Invalid(record.fault("no-attachment", message, path, remedy))
    data = files.read(name)
    if len(data) > LARGEST_ATTACHMENT:
        message = f"{name} has more than {LARGEST_ATTACHMENT:,} bytes."
        remedy = "Attach a smaller copy."
        raise Invalid(record.fault("file-too-large", message, path, remedy))
    return data
