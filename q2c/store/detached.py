"""Detached signatures: files beside what was signed, made by `ssh-keygen -Y sign`."""

import re
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from q2c.core.fault import Fault, Place
from q2c.store.chain import canonical
from q2c.store.ledger import Ledger
from q2c.store.signatures import DOCUMENT, HEAD, signer
from q2c.store.tags import SIGNERS
from q2c.store.tree import Tree

HEADS = "ledger/heads"
_HEAD = re.compile(rf"{HEADS}/[0-9]{{6,}}\.json")


class LedgerHead(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a ledger stood: the position and the hash of its last line."""

    chain: str
    seq: int
    sha256: str

    @property
    def count(self) -> int:
        """How many entries the ledger had; their positions begin with 0."""
        return self.seq + 1

    @property
    def path(self) -> str:
        """Where it is kept, so that it can be signed."""
        return f"{HEADS}/{self.seq:06}.json"

    @property
    def data(self) -> bytes:
        """Its only form, which signatures are of."""
        return canonical(self) + b"\n"


class Signed(Struct, frozen=True):
    """A signature beside a file, and who made it; nobody where it does not count."""

    path: str
    file: str
    by: str


def head_of(ledger: Ledger) -> LedgerHead:
    """Say where a ledger stands now."""
    chain = ledger.records[0].chain or "main"
    return LedgerHead(chain, ledger.records[-1].seq, ledger.head)


def free_name(files: Tree, path: str) -> str:
    """Name the next signature of a file: `F-2026-0001.pdf.sig`, `F-2026-0001.pdf.2.sig`."""
    return _names(path, len(signature_names(files, path)) + 1)


def signature_names(files: Tree, path: str) -> list[str]:
    """Name the signatures of a file, in the order in which they were made."""
    found: list[str] = []
    while files.exists(name := _names(path, len(found) + 1)):
        found.append(name)
    return found


def _names(path: str, number: int) -> str:
    return f"{path}.sig" if number == 1 else f"{path}.{number}.sig"


def signatures(files: Tree, path: str, namespace: str = DOCUMENT) -> Iterator[Signed]:
    """Check every signature of a file against those who may sign."""
    names = signature_names(files, path)
    allowed = files.read(SIGNERS) if names and files.exists(SIGNERS) else b""
    for name in names:
        by = signer(files.read(path), files.read(name), allowed, namespace)
        yield Signed(name, path, by)


def heads(files: Tree) -> list[str]:
    """Name the heads of the ledger that were kept, the oldest first."""
    return [name for name in files.names(HEADS, ".json") if _HEAD.fullmatch(name)]


def head_faults(files: Tree, ledger: Ledger) -> tuple[list[Signed], list[Fault]]:
    """Hold every signed head against the ledger: who signed which, and what does not fit."""
    found, faults = list[Signed](), list[Fault]()
    for name in heads(files):
        if fault := _moved(files.read(name), name, ledger):
            faults.append(fault)
        made = list(signatures(files, name, HEAD))
        found += made
        faults += signature_faults(made)
        if not made:
            message = "This head of the ledger has no signature."
            faults.append(Fault("signature-missing", message, Place(name), _UNSIGNED))
    return found, faults


def _moved(raw: bytes, name: str, ledger: Ledger) -> Fault | None:
    """Say whether the ledger has no longer the line that a head names."""
    try:
        head = msgspec.json.decode(raw, type=LedgerHead)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Fault("head-broken", "This is no head of a ledger.", Place(name), _BACK)
    if head.data != raw or head.path != name:
        message = "This head of the ledger is not in the form that q2c writes."
        return Fault("head-broken", message, Place(name), _BACK)
    there = ledger.records[head.seq].hash if head.seq < len(ledger.records) else ""
    if there == head.sha256:
        return None
    message = f"Entry {head.count} of the ledger is not the one whose hash was kept."
    return Fault("ledger-rewritten", message, Place(name), "Bring the ledger back from git.")


def signature_faults(found: Iterable[Signed]) -> Iterator[Fault]:
    """Tell of signatures that are of another content, or of nobody who may sign."""
    for one in found:
        if not one.by:
            message = f"This is no signature of {one.file} by anybody in {SIGNERS}."
            remedy = f"Have the signer's key in {SIGNERS}; a file that was changed comes from git."
            yield Fault("signature-invalid", message, Place(one.path), remedy)


_BACK = "Bring it back from git, where it stands as q2c wrote it."
_UNSIGNED = "Sign it: q2c ledger sign; or take the file away."
