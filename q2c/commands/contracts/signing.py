"""q2c contract sign: a signature in the PDF of a contract."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.call import Commit, DryRun, Message
from q2c.commands.config import value_of
from q2c.commands.contracts.keys import chosen_key
from q2c.commands.contracts.parties import read_role
from q2c.commands.contracts.recording import course_after, event_of, record
from q2c.commands.contracts.standing import (
    Course,
    Number,
    course_of,
    day_of,
    now,
    to_sign,
    trust_in,
)
from q2c.commands.desk import Desk, desk, read_look, stamp
from q2c.commands.output import check_fields, following, hint, say
from q2c.commands.words import read_name
from q2c.core.fault import Fault, Held
from q2c.core.signature import Role, SigningEvent, refuse_unsignable
from q2c.store.papers import paper
from q2c.store.signing import SIGNED, contract_file

if TYPE_CHECKING:
    from q2c.exchange.pades.keys import Key
    from q2c.exchange.pades.making import Wish
    from q2c.exchange.pades.reading import Found

# How wide a picture of a signature is; the line to sign on is at least so long.
WIDE = 200.0
FIELDS: dict[Role, str] = {"seller": "Seller", "buyer": "Buyer"}
RoleOption = Annotated[
    Role, typer.Option("--role", parser=read_role, metavar="ROLE", help="seller or buyer.")
]
ByOption = Annotated[
    str | None, typer.Option("--by", parser=read_name, metavar="NAME", help="Who.  [the key's]")
]
ReasonOption = Annotated[
    str | None,
    typer.Option("--reason", parser=read_name, metavar="TEXT", help="Why, in a sentence."),
]
PlaceOption = Annotated[
    str | None, typer.Option("--place", parser=read_name, metavar="TEXT", help="Where.")
]


class Saying(Struct, frozen=True):
    """What a signature says: for which party and by whom, why and where, and for how long."""

    role: Role
    by: str
    reason: str
    place: str
    long: bool


def sign_contract(  # noqa: PLR0913 - a flag for each thing that a signature says
    number: Number,
    *,
    p12: Annotated[
        Path | None, typer.Option("--p12", metavar="FILE", help="The key.  [sign.p12]")
    ] = None,
    role: RoleOption = "seller",
    by: ByOption = None,
    reason: ReasonOption = None,
    place: PlaceOption = None,
    long: Annotated[
        bool, typer.Option("--long-term", help="Add what shows that nothing was revoked (B-LT).")
    ] = False,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Sign a contract with a key and its certificate, in the PDF itself.

    What was agreed stays as it is; the signature (PAdES) is added behind it, in signed.pdf. The
    other party signs the same file after. With sign.tsa an authority stamps the time.

    Example: q2c contract sign C-2026-0001 --p12 ../ida.p12 --by "Ida Berg" --place Stockholm
    """
    from q2c.exchange.pades.keys import refuse_outside

    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        course = course_of(at.tree, number)
        on = day_of(course)
        refuse_unsignable(course.signing, (role,), on)
        base, so_far = to_sign(at.tree, course)
        key = chosen_key(p12)
        refuse_outside(key, now())
        saying = Saying(role, by or key.holder, reason or "", place or "", long)
        data, found = _signed(at, so_far, base, key, _wish(at, course, base, saying))
        event = _event(event_of("signed", on, stamp(at.root)), saying, found)
        path = contract_file(number, SIGNED)
        made = replace(event, files=((path, paper(path, data).sha256),), size=len(data))
        after = course_after(course, made)
        row = {**after.row(on), "role": role, "by": made.by, "level": made.level}
        row |= {"certificate": made.certificate, "stamped": made.stamped, "file": path}
        check_fields(row)
        told = record(at, course, made, {path: data}, f"Sign {number}")
    say(row, f"Signed {number} for the {role}: {made.by} ({made.level})\n{told}")
    hint(f"{number}: {after.stands(on)}.")
    if not dry_run:
        following(f"q2c contract verify {number}")


def _wish(at: Desk, course: Course, base: bytes, saying: Saying) -> "Wish":
    """Say how to sign: with a picture above the line of the party, where there is one."""
    from q2c.documents.language import language
    from q2c.documents.stamp import stamp as picture
    from q2c.exchange.pades.making import Wish
    from q2c.exchange.pades.places import signing_places

    contract, when = course.contract, now()
    label = read_look(at.tree, contract.look).language.say("signature")
    seats = signing_places(base, label, WIDE)
    places = dict(zip(FIELDS.values(), seats, strict=False))
    told = ", ".join(filter(None, (saying.place, saying.reason)))
    drawn = picture(language(contract.language), saying.by, when, told, WIDE) if places else b""
    return Wish(
        field=FIELDS[saying.role],
        name=saying.by,
        when=when,
        reason=saying.reason,
        place=saying.place,
        picture=drawn,
        places=places,
        authority=value_of("sign.tsa"),
        long=saying.long,
        look_up=value_of("sign.online") == "true",
        trust=trust_in(at.tree),
    )


def _signed(
    at: Desk, so_far: bytes, base: bytes, key: "Key", wish: "Wish"
) -> tuple[bytes, "Found"]:
    """Sign, and read the signature back as anybody would; refuse a key of somebody else."""
    from q2c.exchange.pades.making import signed
    from q2c.exchange.pades.reading import signatures_in

    data = signed(so_far, key, wish)
    found = signatures_in(data, trust_in(at.tree), wish.when, base).signatures[-1]
    if not found.intact:
        message = f"The key is not the one that the certificate of {key.holder} is for."
        remedy = "Take key and certificate from the same place, under one label."
        raise Held(Fault("bad-signing-key", message, remedy=remedy))
    assert found.whole, found.wrong
    return data, found


def _event(event: SigningEvent, saying: Saying, found: "Found") -> SigningEvent:
    return replace(
        event,
        roles=(saying.role,),
        by=saying.by,
        reason=found.reason,
        place=found.place,
        level=found.level,
        certificate=found.certificate,
        stamped=_moment(found.stamped),
    )


def _moment(when: datetime | None) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%SZ}" if when else ""
