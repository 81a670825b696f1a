"""Intents: a change as it is kept on disk until all of it is carried out."""

from hashlib import sha256

import msgspec
from msgspec import Struct

from q2c.core.fault import Fault, Invalid, Place, Stale
from q2c.store.files import Files

TAIL = 1 << 20  # of a file that grows, so much before its end is compared
FILE = ".q2c/intents/intent"


class Put(Struct, frozen=True, array_like=True):
    """The new bytes of a file, and the SHA-256 of the old ones (empty where there were none)."""

    path: str
    before: str
    data: bytes


class Add(Struct, frozen=True, array_like=True):
    """Bytes to add to a file of `base` bytes, and the SHA-256 of the last of those."""

    path: str
    base: int
    tail: str
    data: bytes


class Intent(Struct, frozen=True, array_like=True):
    """A change with what it was decided on, so that it can be carried out twice."""

    created: dict[str, bytes]
    replaced: tuple[Put, ...]
    appended: tuple[Add, ...]

    def paths(self) -> list[str]:
        """List the files that it touches."""
        added = [add.path for add in self.appended]
        return [*self.created, *(put.path for put in self.replaced), *added]


def packed(intent: Intent) -> bytes:
    """Write an intent as bytes that show by themselves whether they are whole."""
    raw = msgspec.msgpack.encode(intent)
    return sha256(raw).digest() + raw


def unpacked(data: bytes) -> Intent:
    """Read an intent; refuse one that is not whole."""
    digest, raw = data[:32], data[32:]
    if sha256(raw).digest() != digest:
        message = "The record of a change that was being written is damaged."
        remedy = "See with git which files of the change are missing; then remove this one."
        raise Invalid(Fault("intent-broken", message, Place(FILE), remedy))
    return msgspec.msgpack.decode(raw, type=Intent)


def refuse_moved(intent: Intent, root: str, files: Files) -> None:
    """Refuse to carry out an intent on files that somebody else has changed since."""
    for put in intent.replaced:
        if digest(files, f"{root}/{put.path}") not in (put.before, sha256(put.data).hexdigest()):
            raise _moved(put.path)
    for add in intent.appended:
        known = min(add.base, TAIL)
        content = content_of(files, f"{root}/{add.path}", add.base - known) or b""
        if sha256(content[:known]).hexdigest() != add.tail or _foreign(content[known:], add.data):
            raise _moved(add.path)


def content_of(files: Files, path: str, start: int = 0) -> bytes | None:
    """Give the bytes of a file from a position on, or nothing where there is no file."""
    return files.read(path, start) if files.kind(path) else None


def digest(files: Files, path: str) -> str:
    """Give the SHA-256 of a file, empty where there is no file."""
    content = content_of(files, path)
    return "" if content is None else sha256(content).hexdigest()


def _moved(path: str) -> Stale:
    message = f"A stopped command has still to write {path}, which was changed since."
    remedy = "Put the file back as it was, for example with git; then run this again."
    return Stale(Fault("recovery-blocked", message, Place(path), remedy))


def _foreign(tail: bytes, data: bytes) -> bool:
    """Say whether whole lines that are not ours stand where we have to add some.

    Our own may be cut off anywhere, or hold zeros where the disk lost a piece.
    """
    torn = data.startswith(tail) or b"\0" in tail or not tail.endswith(b"\n")
    return len(tail) > len(data) or not torn
