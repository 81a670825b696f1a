"""What became of a contract on its way to be signed, as of a day."""

from collections.abc import Sequence
from typing import Final, Literal

from msgspec import Struct

from q2c.core.party import SigningOrder
from q2c.core.period import Day

Role = Literal["seller", "buyer"]
Happening = Literal["offered", "signed", "imported", "declined"]
SigningState = Literal["unsigned", "waiting", "signed", "declined", "expired"]
ROLES: Final[tuple[Role, ...]] = ("seller", "buyer")


class SigningEvent(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """Something that happened to a contract on a day; kept beside it in `events.jsonl`.

    `roles` are the parties that signed, `by` a person's name. An offer to sign `expires`. Of a
    signature are told its `level` (PAdES: B-B, B-T, B-LT), the SHA-256 of the `certificate`, and
    the `stamped` time where an authority said it. `files` are the documents it rests on;
    `size` is how many bytes the signed one had, since a later signature only adds to it.
    """

    kind: Happening
    date: Day
    roles: tuple[Role, ...] = ()
    by: str = ""
    reason: str = ""
    place: str = ""
    expires: Day | None = None
    level: str = ""
    certificate: str = ""
    stamped: str = ""
    files: tuple[tuple[str, str], ...] = ()
    size: int = 0
    recorded: str = ""
    recorded_by: str = ""
    commit: str = ""
    program: str = ""


def who_signed(events: Sequence[SigningEvent]) -> tuple[Role, ...]:
    """Name the parties that have signed, the seller first."""
    done = {role for event in events for role in event.roles}
    return tuple(role for role in ROLES if role in done)


def expiry(events: Sequence[SigningEvent]) -> Day | None:
    """Give the last day on which the contract may be signed, if one was set."""
    offers = [event.expires for event in events if event.kind == "offered"]
    return offers[-1] if offers else None


def state(events: Sequence[SigningEvent], today: Day) -> SigningState:
    """Say how a contract stands, from what happened and the day it is; nothing of it is stored.

    Whoever offers it again takes back that it was declined or has expired.
    """
    if who_signed(events) == ROLES:
        return "signed"
    answers = [event.kind for event in events if event.kind in ("offered", "declined")]
    if answers[-1:] == ["declined"]:
        return "declined"
    last = expiry(events)
    if last is not None and today > last:
        return "expired"
    return "waiting" if events else "unsigned"


def waits_for(events: Sequence[SigningEvent], order: SigningOrder) -> tuple[Role, ...]:
    """Name the parties that may sign next, where one signs before the other only that one."""
    left = [role for role in ROLES if role not in who_signed(events)]
    if order == "buyer-first":
        left.reverse()
    return tuple(left) if order == "any" else tuple(left[:1])


def told(events: Sequence[SigningEvent], order: SigningOrder, today: Day) -> str:
    """Say in words how a contract stands, and for whom it waits."""
    how = state(events, today)
    if how == "waiting":
        return f"waits for {' and '.join(waits_for(events, order))}"
    return how
