"""Events: so much that happened at a time, each with the key by which it counts once."""

import re
from collections.abc import Mapping
from decimal import Decimal
from hashlib import blake2b

from msgspec import Struct

_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,9})?")
_NUMBERED = _NUMBER.fullmatch
KEY_SIZE, CONTENT_SIZE = 12, 8  # of 96 bits, two of a billion keys are alike once in 10^11 times


class Event(Struct, frozen=True, kw_only=True):
    """So much of what a meter counts, of a customer or an order, at a time.

    `at` is in microseconds since 1970 (UTC), `day` the day it falls on where the company is,
    counted as `date.toordinal` does. `key` tells it from every other, `content` is a digest of
    all it says; `line` is where it stands in its file.
    """

    key: bytes
    content: bytes
    at: int
    day: int
    customer: str
    order: str
    meter: str
    quantity: Decimal
    properties: Mapping[str, str]
    line: int


def quantity_of(text: str) -> Decimal | None:
    """Read a quantity: at most 12 digits and 9 decimals; anything else is nothing."""
    return Decimal(text) if _NUMBERED(text) else None


def digests(id_: str, said: str) -> tuple[bytes, bytes]:
    """Give the key of an event and the digest of what it says.

    The key is that of its id; one without an id is known by all it says.
    """
    content = blake2b(said.encode(), digest_size=KEY_SIZE).digest()
    if not id_:
        return content, content[:CONTENT_SIZE]
    return blake2b(id_.encode(), digest_size=KEY_SIZE, person=b"id").digest(), content[
        :CONTENT_SIZE
    ]
