"""Plan files: the plan as a whole, and each of its claims when it is asked for."""

import os
from collections.abc import Iterator, Sequence
from hashlib import sha256
from sys import intern
from typing import BinaryIO, Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from q2c.core.claim import Claim, Plan
from q2c.core.fault import Fault, Invalid, Place, Stale
from q2c.store.invoices import PLAN_AGAIN, read_plan
from q2c.store.papers import frozen

BLOCK = 1 << 20
# Where the claims begin and where one ends, in the form in which a plan is written; what stands
# in the place of all of them, there and in the form that the id is made of.
OPEN, CLOSE = b'\n  "claims": [\n', b"\n    }"
EMPTY, NONE = b'\n  "claims": []', b'"claims":[]'


class Brief(Struct, frozen=True):
    """What a run needs to know of a claim before it is issued; `key` names its first charge."""

    orders: tuple[str, ...]
    customer: str
    language: str
    key: str


class Claims(Protocol):
    """A plan whose claims are made when they are asked for; `plan` itself may hold none."""

    plan: Plan
    briefs: Sequence[Brief]

    def claim(self, place: int) -> Claim:
        """Give a claim by its place in the plan."""


class InMemory:
    """The claims of a plan that was just made."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.briefs: Sequence[Brief] = [
            Brief(claim.orders, claim.customer, claim.language, claim.charges[0].keys[0])
            for claim in plan.claims
        ]

    def claim(self, place: int) -> Claim:
        """Give a claim by its place in the plan."""
        return self.plan.claims[place]


class Found(Struct, frozen=True):
    """Where a claim stands in the file of its plan, and the SHA-256 of what stands there."""

    start: int
    length: int
    sha256: bytes


class InFile:
    """The claims of a plan as they stand in its file; none is held longer than it is used."""

    def __init__(
        self, plan: Plan, briefs: Sequence[Brief], file: tuple[BinaryIO, str], at: Sequence[Found]
    ) -> None:
        self.plan = plan
        self.briefs = briefs
        self._file, self._name = file
        self._at = at

    def claim(self, place: int) -> Claim:
        """Give a claim by its place in the plan; refuse one that is no longer what it was."""
        found = self._at[place]
        # Several processes can do this at once: the file has no position that they share.
        raw = os.pread(self._file.fileno(), found.length, found.start)
        if sha256(raw).digest() != found.sha256:
            message = "This plan was changed while it was applied."
            raise Stale(Fault("plan-changed", message, Place(self._name), PLAN_AGAIN))
        try:
            return msgspec.json.decode(raw, type=Claim)
        except msgspec.DecodeError as error:
            message = f"This plan cannot be read: {error}."
            raise Invalid(
                Fault("document-broken", message, Place(self._name), PLAN_AGAIN)
            ) from error


def read_claims(file: BinaryIO, name: str) -> Claims:
    """Read the file of a plan once, a claim at a time; refuse one that was changed.

    The file is read again for every claim that is asked for, so it has to stay open.
    """
    found = _read(file, name)
    if found is None:  # something is wrong with it, which is told as of every document
        file.seek(0)
        return InMemory(read_plan(file.read(), name))
    return found


def whole(claims: Claims) -> Plan:
    """Give a plan with all its claims, for those who have to look at them together."""
    places = range(len(claims.briefs))
    return replace(claims.plan, claims=tuple(claims.claim(place) for place in places))


def _read(file: BinaryIO, name: str) -> InFile | None:
    """Find the claims of a plan; nothing where it is not exactly as q2c writes it."""
    before, opened, _ = file.read(BLOCK).partition(OPEN)
    briefs, at = list[Brief](), list[Found]()
    try:
        digest = sha256(_first(before))
        for start, raw in _parts(file, len(before + opened)):
            compact = msgspec.json.format(raw, indent=-1)
            if _written(compact) != raw:
                return None
            digest.update(b"," * bool(at) + compact)
            at.append(Found(start, len(raw), sha256(raw).digest()))
            briefs.append(_brief(raw))
        if not at:
            return None
        file.seek(at[-1].start + at[-1].length + len(b"\n  ]"))
        whole = before + EMPTY + file.read()
        plan = msgspec.json.decode(whole, type=Plan)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, IndexError):
        return None
    bare = msgspec.json.encode(replace(plan, id=""), order="sorted")
    digest.update(bare.partition(NONE)[2].join((b"]", b"")))
    fits = frozen(plan) == whole and digest.hexdigest() == plan.id
    return InFile(plan, briefs, (file, name), at) if fits else None


def _first(before: bytes) -> bytes:
    """Give what stands before the claims in the form that the id of a plan is made of."""
    fields = msgspec.json.decode(before + EMPTY + b"\n}", type=dict[str, object])
    return msgspec.json.encode(fields, order="sorted").partition(b"]")[0]


def _parts(file: BinaryIO, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield the claims that begin at a place in a file, each with its own place."""
    file.seek(start)
    buffer = b""
    while block := file.read(BLOCK):
        buffer += block
        begin = 0
        while 0 <= (end := buffer.find(CLOSE, begin)) <= len(buffer) - len(CLOSE + b",\n"):
            stop = end + len(CLOSE)
            yield start + begin, buffer[begin:stop]
            if buffer[stop : stop + 2] != b",\n":
                return
            begin = stop + 2
        buffer, start = buffer[begin:], start + begin


def _written(compact: bytes) -> bytes:
    """Write a claim as it stands in a plan, two levels deep."""
    return msgspec.json.format(b"[[" + compact + b"]]", indent=2)[6:-6]


class _Charge(Struct):
    keys: tuple[str, ...]


class _Section(Struct):
    order: str


class _Claim(Struct):
    """What is needed of a claim for its brief; a full reading takes several times as long."""

    customer: str
    language: str
    charges: tuple[_Charge, ...]
    order: str = ""
    sections: tuple[_Section, ...] = ()


_claim = msgspec.json.Decoder(_Claim).decode


def _brief(raw: bytes) -> Brief:
    found = _claim(raw)
    orders = tuple(section.order for section in found.sections) or (found.order,)
    # The few customers and languages of a plan stand in memory once.
    customer, language = intern(found.customer), intern(found.language)
    return Brief(orders, customer, language, found.charges[0].keys[0])
