"""The tally: the balance of every role, from a ledger whose chain was checked on the way."""

from hashlib import sha256

import msgspec
from msgspec import Struct

from q2c.store.chain import MEMBER, MEMBER_LENGTH, NO_HASH
from q2c.store.ledger import Folder, ledger_files, read_ledger


class _Amount(Struct, gc=False):
    role: str
    amount: int
    currency: str


class _Line(Struct, gc=False):
    """What is needed of a line; a full reading takes three times as long."""

    seq: int
    prev: str
    hash: str
    postings: tuple[_Amount, ...] = ()


def tally(tree: Folder) -> tuple[str, dict[tuple[str, str], int]]:
    """Give the head of a ledger, and for every role and currency the sum, debit positive.

    The chain is checked in full: every position, every hash, every link.
    """
    decode = msgspec.json.Decoder(_Line).decode
    sums: dict[tuple[str, str], int] = {}
    seq, head = 0, NO_HASH
    for name in ledger_files(tree):
        *lines, rest = tree.read(name).split(b"\n")
        for raw in lines:
            at = raw.find(MEMBER)
            try:
                line = decode(raw)
            except (msgspec.DecodeError, UnicodeDecodeError):
                return _refused(tree)
            digest = sha256(raw[:at] + raw[at + MEMBER_LENGTH :]).hexdigest()
            if digest != line.hash or line.prev != head or line.seq != seq:
                return _refused(tree)
            seq, head = seq + 1, digest
            for posting in line.postings:
                place = posting.role, posting.currency
                sums[place] = sums.get(place, 0) + posting.amount
        if rest:
            return _refused(tree)
    return head, sums


def _refused(tree: Folder) -> tuple[str, dict[tuple[str, str], int]]:
    """Read the ledger slowly, which says what is wrong with it and where."""
    read_ledger(tree)
    raise AssertionError("a chain that does not hold is refused")
