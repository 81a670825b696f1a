"""Issued documents as JSON: one form for each value, so that its bytes can be proved."""

from hashlib import sha256
from typing import TypeVar

import msgspec
from msgspec import Struct

from q2c.core.fault import Fault, Invalid, Place
from q2c.core.trace import Paper

T = TypeVar("T", bound=Struct)


def frozen(value: Struct) -> bytes:
    """Write a value in its only form: sorted keys, two spaces a level, a newline at the end."""
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=2) + b"\n"


def thawed(raw: bytes, kind: type[T], name: str) -> T:
    """Read an issued document; refuse one whose bytes are not as q2c wrote them."""
    try:
        value = msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(_broken(name, f"cannot be read: {error}")) from error
    if frozen(value) != raw:
        raise Invalid(_broken(name, "is not in the form that q2c writes"))
    return value


def paper(path: str, data: bytes) -> Paper:
    """Name a file by its path and SHA-256."""
    return Paper(path, sha256(data).hexdigest())


def _broken(name: str, what: str) -> Fault:
    remedy = "Nobody edits an issued document: bring it back from git, where it stands as issued."
    return Fault("document-broken", f"This document {what}.", Place(name), remedy)
