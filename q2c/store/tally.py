"""The tally: the balance of every role, from a ledger whose chain was checked on the way."""

from collections import defaultdict
from hashlib import sha256
from io import BytesIO
from typing import NoReturn

import msgspec
from msgspec import Struct

from q2c.store.chain import MEMBER, MEMBER_LENGTH, NO_HASH
from q2c.store.volumes import Volumes, volumes


class _Amount(Struct, gc=False):
    role: str
    amount: int
    currency: str
    book: int | None = None


class _Line(Struct, gc=False):
    """What is needed of a line; to read all of it takes three times as long."""

    seq: int
    prev: str
    hash: str
    postings: tuple[_Amount, ...] = ()


def tally(tree: Volumes) -> tuple[str, dict[tuple[str, str], int]]:
    """Give the head of a ledger, and for every role and currency the sum, debit positive.

    Exchange differences stand under no currency: they are in the company's own. The chain
    is checked in full: every position, every hash, every link.
    """
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    seq, head = 0, NO_HASH
    for name in volumes(tree):
        raw = tree.read(name)
        try:
            seq, head = _add(raw, seq, head, sums)
        except ValueError:  # which includes what cannot be decoded
            _refuse(tree)
    return head, dict(sums)


def _add(
    raw: bytes, seq: int, head: str, sums: defaultdict[tuple[str, str], int]
) -> tuple[int, str]:
    """Add the lines of a file; raise `ValueError` for one that does not fit."""
    decode = msgspec.json.Decoder(_Line).decode
    if raw and not raw.endswith(b"\n"):
        raise ValueError(raw)
    for line in BytesIO(raw):  # each is gone before the next, which spares much memory and time
        record = decode(line)
        at = line.find(MEMBER)
        digest = sha256(line[:at] + line[at + MEMBER_LENGTH : -1]).hexdigest()
        if digest != record.hash or record.prev != head or record.seq != seq:
            raise ValueError(line)
        seq, head = seq + 1, digest
        for posting in record.postings:
            if posting.amount or not posting.book:
                sums[posting.role, posting.currency] += posting.amount
            else:
                sums[posting.role, ""] += posting.book
    return seq, head


def _refuse(tree: Volumes) -> NoReturn:
    """Read the ledger slowly, which says what is wrong with it and where."""
    from q2c.store.ledger import read_ledger

    read_ledger(tree)
    raise AssertionError("a chain that does not hold is refused")
