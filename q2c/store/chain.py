"""Chained records: canonical JSON lines, each holding the hash of the line before.

The hash of a line is the SHA-256 of its bytes without the newline and without the member
`,"hash":"…"` itself.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Protocol, TypeVar, cast

import msgspec
from msgspec import Struct

from q2c.core.fault import Fault, Invalid, Place

NO_HASH = "0" * 64
MEMBER = b',"hash":"'  # only a member can look so: inside a text its quotation marks are escaped
MEMBER_LENGTH = len(MEMBER) + len(NO_HASH) + len(b'"')
REMEDY = "Nobody edits this file: bring it back from git, where it stands as q2c wrote it."
CUT = "ends in the middle; the end of the file is missing"
OTHER_FORM = "is not in the form that q2c writes"
CHANGED = "was changed after it was written; its hash no longer fits"
NOT_NEXT = "does not follow from the line before; a line was taken out, added or moved"

R = TypeVar("R", bound=Struct)


class Link(Protocol):
    """What every chained record has besides its facts.

    `seq` is its position from 0, `prev` the hash of the line before (`NO_HASH` for the
    first), `hash` its own.
    """

    seq: int
    prev: str
    hash: str


def canonical(record: Struct) -> bytes:
    """Write a record in its only form: sorted keys, no spaces, no newline yet."""
    return msgspec.json.encode(record, order="sorted")


def hash_of(line: bytes) -> str:
    """Give the hash that a line without its newline must carry."""
    at = line.find(MEMBER)
    return sha256(line[:at] + line[at + MEMBER_LENGTH :]).hexdigest()


def sealed(values: Struct, record_type: type[R], seq: int, prev: str) -> tuple[R, bytes]:
    """Give facts their place in a chain: the record, and its line."""
    facts = {name: getattr(values, name) for name in values.__struct_fields__}
    blank = canonical(record_type(**facts, seq=seq, prev=prev, hash=NO_HASH))
    assert blank.count(MEMBER) == 1, "one member is called hash, and another comes before it"
    digest = hash_of(blank)
    start = blank.find(MEMBER) + len(MEMBER)
    line = blank[:start] + digest.encode() + blank[start + len(digest) :] + b"\n"
    return record_type(**facts, seq=seq, prev=prev, hash=digest), line


def replay(
    raw: bytes, record_type: type[R], name: str, seq: int = 0, prev: str = NO_HASH, *, code: str
) -> list[R]:
    """Read the records of a file; refuse it if it was cut, edited or put in another order."""
    records, faults = checked(raw, record_type, name, seq, prev, code=code)
    if faults:
        raise Invalid(*faults)
    return records


def checked(
    raw: bytes, record_type: type[R], name: str, seq: int = 0, prev: str = NO_HASH, *, code: str
) -> tuple[list[R], list[Fault]]:
    """Read what can be read of a file, and tell every line that is not as q2c wrote it.

    After a wrong line the chain is taken up at what that line says of itself, so that one
    change is told once.
    """
    records: list[R] = []
    faults: list[Fault] = []
    decode = msgspec.json.Decoder(record_type).decode
    whole = raw.count(b"\n")
    for number, line in enumerate(_lines(raw), start=1):
        try:
            record = decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            wrong = f"cannot be read ({error})"
        else:
            wrong = _wrong(line, record, seq, prev)
            records.append(record)
            seq, prev = cast("Link", record).seq + 1, cast("Link", record).hash
        if number > whole:
            wrong = CUT
        if wrong:
            faults.append(Fault(code, f"This line {wrong}.", Place(name, number), REMEDY))
    return records, faults


def continues(before: bytes, data: bytes) -> bool:
    """Say whether chained lines follow from the end of what is there already.

    `before` may begin in the middle of a line; where it holds no whole line, any may follow.
    """
    last = before[before.rfind(b"\n", 0, -1) + 1 :]
    at = last.find(MEMBER) + len(MEMBER)
    digest = last[at : at + len(NO_HASH)]
    return at < len(MEMBER) or b',"prev":"' + digest + b'"' in data[: data.find(b"\n")]


def _lines(raw: bytes) -> Iterator[bytes]:
    lines = raw.split(b"\n")
    yield from lines if lines[-1] else lines[:-1]


def _wrong(line: bytes, record: Struct, seq: int, prev: str) -> str:
    link = cast("Link", record)
    if canonical(record) != line:
        return OTHER_FORM
    if hash_of(line) != link.hash:
        return CHANGED
    if (link.seq, link.prev) != (seq, prev):
        return NOT_NEXT
    return ""
