"""Issued documents as JSON: one form for each value, so that its bytes can be proved."""

from collections.abc import Iterable
from hashlib import sha256
from typing import TypeVar

import msgspec
from msgspec import Struct

from q2c.core.fault import Fault, Invalid, Place, Refused
from q2c.core.trace import Paper
from q2c.store.tree import Tree

T = TypeVar("T", bound=Struct)


def frozen(value: Struct) -> bytes:
    """Write a value in its only form: sorted keys, two spaces a level, a newline at the end."""
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=2) + b"\n"


def thawed(raw: bytes, kind: type[T], name: str) -> T:
    """Read an issued document; refuse one whose bytes are not as q2c wrote them."""
    try:
        value = msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(_broken(name, f"cannot be read: {error}")) from error
    if frozen(value) != raw:
        raise Invalid(_broken(name, "is not in the form that q2c writes"))
    return value


def paper(path: str, data: bytes) -> Paper:
    """Name a file by its path and SHA-256."""
    return Paper(path, sha256(data).hexdigest())


def plain_name(name: str) -> str:
    """Give the name under which a file that comes from elsewhere is kept: only signs that show."""
    return "".join(sign if sign.isprintable() else "-" for sign in name.lstrip("."))


def changed(tree: Tree, one: Paper) -> Fault | None:
    """Say what is wrong with an issued file: that it is gone, or is not what was issued."""
    remedy = "Bring it back from git, where it stands as it was issued."
    if not tree.exists(one.path):
        message = f"{one.path} was issued and is not there."
        return Fault("document-missing", message, Place(one.path), remedy)
    try:
        same = sha256(tree.read(one.path)).hexdigest() == one.sha256
    except Refused as refused:
        return refused.faults[0]
    if same:
        return None
    message = f"{one.path} is not the file that was issued; it was changed."
    return Fault("document-changed", message, Place(one.path), remedy)


def refuse_changed(tree: Tree, papers: Iterable[Paper]) -> None:
    """Refuse to go on from files that are not as they were issued."""
    if faults := [fault for one in papers if (fault := changed(tree, one))]:
        raise Invalid(*faults)


def _broken(name: str, what: str) -> Fault:
    remedy = "Nobody edits an issued document: bring it back from git, where it stands as issued."
    return Fault("document-broken", f"This document {what}.", Place(name), remedy)
