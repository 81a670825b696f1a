"""q2c contract import: a contract that was signed elsewhere, kept as it came."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.call import Commit, DateOption, DryRun, Message
from q2c.commands.contracts.parties import read_parties
from q2c.commands.contracts.recording import course_after, event_of, record
from q2c.commands.contracts.signing import ByOption
from q2c.commands.contracts.standing import (
    Course,
    Number,
    course_of,
    day_of,
    now,
    read_path,
    to_sign,
    trust_in,
)
from q2c.commands.desk import Desk, desk, stamp
from q2c.commands.output import check_fields, following, say, warn
from q2c.core.fault import Fault, Invalid, Place
from q2c.core.signature import ROLES, Role, SigningEvent, refuse_unsignable
from q2c.store.papers import paper
from q2c.store.signing import SIGNED, contract_file

if TYPE_CHECKING:
    from q2c.exchange.pades.reading import Reading

PDF = b"%PDF-"
SHOWN = 5
Parties = Literal["seller", "buyer", "both"]


class Arrival(Struct, frozen=True):
    """A file that came signed: its bytes, what a PDF says of itself, and where it is kept."""

    data: bytes
    path: str
    reading: "Reading | None"


def import_contract(  # noqa: PLR0913 - a flag for each thing that is recorded
    number: Number,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What came: a PDF or a picture.")],
    *,
    signed: Annotated[
        Parties,
        typer.Option(
            "--signed", parser=read_parties, metavar="PARTY", help="seller, buyer or both."
        ),
    ] = "both",
    by: ByOption = None,
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Record a contract that was signed elsewhere, on paper or by a service.

    It is kept as it came, with its SHA-256. A PDF that adds signatures to ours takes the place of
    signed.pdf. Of any other file is told which words of the contract it has not; look at it, since
    by recording it you say that these parties signed what was agreed.

    Example: q2c contract import C-2026-0002 ../scan.png --by "Eva Ek"
    """
    roles: tuple[Role, ...] = ROLES if signed == "both" else (signed,)
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        course = course_of(at.tree, number)
        on = day_of(course, day)
        refuse_unsignable(course.signing, roles, on)
        arrival = _arrived(at, course, file)
        event = _event(event_of("imported", on, stamp(at.root)), arrival, roles, by or "")
        after = course_after(course, event)
        row = {**after.row(on), "file": arrival.path, "signed": roles, "by": event.by}
        row |= {"sha256": event.files[0][1], "certificate": event.certificate}
        check_fields(row)
        told = record(at, course, event, {arrival.path: arrival.data}, f"Import signed {number}")
    who = " and ".join(roles)
    say(row, f"Recorded {number} as signed by {who}; {after.stands(on)}.\n{told}")
    for sentence in _doubts(arrival):
        warn(sentence)
    if not dry_run:
        following(f"q2c contract verify {number}")


def _arrived(at: Desk, course: Course, file: Path) -> Arrival:
    """Read what came; a PDF that goes on from ours is signed.pdf, all else has its own name."""
    from q2c.exchange.pades.reading import read_signatures

    data, number = read_path(file), course.contract.number
    base, so_far = to_sign(at.tree, course)
    if not data.startswith(PDF):
        return Arrival(data, _free(at, number, file.suffix), None)
    reading = read_signatures(data, str(file), trust_in(at.tree), now(), base)
    if not (data.startswith(so_far) and len(data) > len(so_far) and reading.signatures):
        return Arrival(data, _free(at, number, ".pdf"), reading)
    odd = (
        *reading.wrong,
        *(why for one in reading.signatures if not one.intact for why in one.wrong),
    )
    if odd:
        message = f"This PDF goes on from ours and is not sound: {odd[0]}."
        remedy = f"Look at it: q2c contract verify {file}; have it signed anew from our file."
        raise Invalid(Fault("signature-broken", message, Place(str(file)), remedy))
    return Arrival(data, contract_file(number, SIGNED), reading)


def _free(at: Desk, number: str, suffix: str) -> str:
    """Give the name under which a file that came is kept: the next that is free."""
    ending = suffix.lower()
    kept = ending if ending[1:].isalnum() and ending.isascii() else ".bin"
    count = len([n for n in at.tree.names(contract_file(number, "")[:-1]) if "/imported-" in n])
    return contract_file(number, f"imported-{count + 1}{kept}")


def _event(event: SigningEvent, arrival: Arrival, roles: tuple[Role, ...], by: str) -> SigningEvent:
    """Write into an event what came, and whose signature was the last in it."""
    last = (
        arrival.reading.signatures[-1] if arrival.reading and arrival.reading.signatures else None
    )
    return replace(
        event,
        roles=roles,
        by=by or (last.holder if last else ""),
        level=last.level if last else "",
        certificate=last.certificate if last else "",
        stamped=f"{last.stamped:%Y-%m-%dT%H:%M:%SZ}" if last and last.stamped else "",
        files=((arrival.path, paper(arrival.path, arrival.data).sha256),),
        size=len(arrival.data),
    )


def _doubts(arrival: Arrival) -> list[str]:
    """Say what a person should look at."""
    reading = arrival.reading
    if reading is None:
        return ["It is no PDF, so nothing of it was read: compare it with v1.pdf yourself."]
    told = [f"{one.field}: {why}." for one in reading.signatures for why in one.wrong]
    if reading.ours:
        return told
    if reading.wordless:
        told.append("It has pictures and no words: compare it with v1.pdf yourself.")
    elif reading.lacks:
        few = ", ".join(f"'{word}'" for word in reading.lacks[:SHOWN])
        told.append(f"Its text is not that of v1.pdf: {len(reading.lacks)} words lack, as {few}.")
    if not reading.signatures:
        told.append("It carries no electronic signature: what shows who signed is its picture.")
    return told
