"""What belongs to one customer: its quotes and its entries, found without reading the rest."""

from collections.abc import Iterator
from io import BytesIO

import msgspec
from msgspec import Struct

from q2c.store.ledger import Record, read_ledger
from q2c.store.quotes import path_of, quote_numbers, read_draft, versions
from q2c.store.tree import Tree
from q2c.store.volumes import volumes


class _Id(Struct):
    id: str


class _Sold(Struct):
    """What is needed of a version that was sent."""

    buyer: _Id


_sold = msgspec.json.Decoder(_Sold).decode


def quotes_for(tree: Tree, customer: str) -> list[str]:
    """Name the quotes of a customer: as they were sent last, else as they are drafted."""
    return [number for number in quote_numbers(tree) if _is_for(tree, number, customer)]


def _is_for(tree: Tree, number: str, customer: str) -> bool:
    sent = versions(tree, number)
    name = path_of(number, f"v{sent[-1]}.json" if sent else "quote.yaml")
    # Most files do not name the customer at all, and need not be understood to know that.
    if not tree.exists(name) or customer.encode() not in (data := tree.read(name)):
        return False
    if not sent:
        return read_draft(tree, number).customer == customer
    try:
        return _sold(data).buyer.id == customer
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False  # check tells what is wrong with it


def entries_of(tree: Tree, party: str) -> Iterator[Record]:
    """Read the entries of a customer, in their order; the lines between are passed over."""
    wanted = f'"party":"{party}"'.encode()
    decode = msgspec.json.Decoder(Record).decode
    for name in volumes(tree):
        for line in BytesIO(tree.read(name)):
            if wanted in line:
                try:
                    record = decode(line)
                except (msgspec.DecodeError, UnicodeDecodeError):
                    read_ledger(tree)  # which says what is wrong with it
                    raise
                if record.party == party:
                    yield record
