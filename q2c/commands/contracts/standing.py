"""How contracts stand: read with what happened to them, and told in words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct

from q2c.commands.call import recorded, today
from q2c.core.contract import Contract
from q2c.core.fault import Fault, Invalid, Unknown
from q2c.core.party import Company
from q2c.core.period import Day
from q2c.core.signature import (
    SigningCourse,
    SigningState,
    state,
    told,
    waits_for,
)
from q2c.core.trace import Paper
from q2c.exchange.pades.trust import Trust, trust_of
from q2c.store.master import read_company
from q2c.store.orders import contract_path, read_contract
from q2c.store.papers import refuse_changed
from q2c.store.signing import (
    SIGNED,
    SignatureEvent,
    contract_file,
    contract_papers,
    read_signing,
    signing_papers,
)
from q2c.store.tree import Tree

LARGEST = 50_000_000
TRUST = "trust"
Number = Annotated[str, typer.Argument(metavar="CONTRACT", help="A contract, such as C-2026-0001.")]
TrustOption = Annotated[
    list[Path] | None,
    typer.Option("--trust", metavar="FILE", help="A root certificate, beside those in trust/."),
]


class Course(Struct, frozen=True):
    """A contract with what happened to it, and the company whose rules hold."""

    contract: Contract
    events: tuple[SignatureEvent, ...]
    company: Company

    @property
    def signing(self) -> SigningCourse:
        """The way of the contract, as the rules of signing see it."""
        return SigningCourse(
            number=self.contract.number, events=self.events, order=self.company.contracts.order
        )

    @property
    def signed(self) -> str:
        """The file that the last signature stands in, or nothing."""
        name = contract_file(self.contract.number, SIGNED)
        return name if any(name in dict(event.files) for event in self.events) else ""

    def state(self, on: Day) -> SigningState:
        """Say how it stands on a day."""
        return state(self.events, on)

    def told(self, on: Day) -> str:
        """Say in words how it stands on a day."""
        return told(self.events, self.company.contracts.order, on)

    def stands(self, on: Day) -> str:
        """Say the same as a part of a sentence: that it waits, or is signed."""
        words = {"signed": "it is signed by both parties", "unsigned": "it is not signed"}
        how = self.state(on)
        return words.get(how, f"it {self.told(on)}" if how == "waiting" else f"it is {how}")

    def row(self, on: Day) -> dict[str, object]:
        """Give what a program wants to know of it."""
        waits = self.state(on) == "waiting"
        return {
            "number": self.contract.number,
            "signing": self.state(on),
            "waits_for": waits_for(self.events, self.company.contracts.order) if waits else (),
        }


def course_of(files: Tree, number: str) -> Course:
    """Read a contract and what happened to it."""
    return Course(read_contract(files, number), read_signing(files, number), read_company(files))


def papers_of(files: Tree, course: Course) -> tuple[Paper, ...]:
    """Name the files of a contract by the SHA-256 that was recorded of each."""
    return (*contract_papers(files, course.contract), *signing_papers(course.events))


def to_sign(files: Tree, course: Course) -> tuple[bytes, bytes]:
    """Give the contract as it was made, and as it is signed by now, each as it was recorded."""
    refuse_changed(files, papers_of(files, course))
    base = files.read(f"{contract_path(course.contract.number)}.pdf")
    return base, files.read(course.signed) if course.signed else base


def now() -> datetime:
    """Give the time of this call, as signatures claim it."""
    return datetime.fromisoformat(recorded()).astimezone(UTC)


def day_of(course: Course, stated: Day | None = None) -> Day:
    """Give the business date of a contract."""
    return today(course.company.time_zone, stated)


def trust_in(files: Tree, more: list[Path] | None = None) -> Trust:
    """Read the roots of trust and the lists of what was revoked: in trust/, and those named."""
    known: Mapping[str, bytes] = {name: files.read(name) for name in files.names(TRUST)}
    return trust_of({**known, **{str(path): read_path(path) for path in more or ()}})


def read_path(path: Path) -> bytes:
    """Read a file that a person names; refuse one that is not there, or is too large."""
    try:
        if path.stat().st_size > LARGEST:
            message = f"{path} has more than {LARGEST:,} bytes."
            raise Invalid(Fault("file-too-large", message, remedy="Give a smaller copy."))
        return path.read_bytes()
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}."
        raise Unknown(Fault("no-such-file", message, remedy="Look at the path.")) from None
