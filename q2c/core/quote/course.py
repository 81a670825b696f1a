"""What became of a quote and of each of its versions, as of a day."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from q2c.core.period import ONE_DAY, Day

Happened = Literal["approved", "rejected", "sent", "accepted", "declined", "voided"]


class Event(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Something that happened to a quote on a day; kept beside it in `events.jsonl`.

    `by` is the customer's person (of an approval: ours), `recorded_by` who typed it; `files` are
    the documents it rests on. What the customer chose is in `choices` by group, `taken` are the
    optional lines, `only` the lines of an acceptance in part. An approval or its refusal names its
    `rule`, the SHA-256 of the commercial `content`, and the `figures` and `facts` that it was
    given for; `signature` is the file that shows whose it is.
    """

    kind: Happened
    date: Day
    version: int
    by: str = ""
    po: str = ""
    reason: str = ""
    contract: str = ""
    order: str = ""
    choices: dict[str, str] = {}
    taken: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    rule: str = ""
    content: str = ""
    figures: dict[str, Decimal] = {}
    facts: dict[str, str] = {}
    signature: str = ""
    files: tuple[tuple[str, str], ...] = ()
    recorded: str = ""
    recorded_by: str = ""
    commit: str = ""
    program: str = ""


State = Literal[
    "draft", "in-approval", "approved", "sent", "expired", "accepted", "declined", "voided"
]
# How the approvals that a draft needs stand; nothing where it needs none.
Approval = Literal["", "waiting", "granted"]
VersionState = Literal["sent", "superseded", "expired", "accepted", "declined", "voided"]
# Why a version can no longer be accepted though nobody answered it.
Voiding = Literal["", "superseded", "cascade_of_expired", "cascade_of_voided"]
# The form on which a version is accepted: its last page.
Form = Literal["generated", "signed", "expired", "voided"]


def state(events: Sequence[Event], valid_until: Day, today: Day, approval: Approval = "") -> State:
    """Say how a quote stands, from what happened and the day it is; nothing of it is stored.

    `valid_until` is the last day of the version sent last. Who revises what was declined or
    has expired changes nothing until the next version is sent.
    """
    kinds = {event.kind for event in events}
    if "voided" in kinds:
        return "voided"
    if "accepted" in kinds:
        return "accepted"
    last = latest(events)
    if any(event.kind == "declined" and event.version == last for event in events):
        return "declined"
    if not last:
        waiting: dict[Approval, State] = {"waiting": "in-approval", "granted": "approved"}
        return waiting.get(approval, "draft")
    return "expired" if today > valid_until else "sent"


def latest(events: Sequence[Event]) -> int:
    """Give the version that was sent last; 0 where none was."""
    return max((event.version for event in events if event.kind == "sent"), default=0)


class Standing(Struct, frozen=True, kw_only=True):
    """How a version stands and since when; if nobody answered it, why it is over."""

    version: int
    state: VersionState
    since: Day
    reason: Voiding = ""

    @property
    def form(self) -> Form:
        """How the form stands on which it is accepted."""
        forms: dict[VersionState, Form] = {
            "sent": "generated",
            "accepted": "signed",
            "expired": "expired",
        }
        return forms.get(self.state, "voided")


def standings(events: Sequence[Event], valid_until: Day, today: Day) -> tuple[Standing, ...]:
    """Say how each version that was sent stands, from the first; at most one may be accepted."""
    sent = [event for event in events if event.kind == "sent"]
    return tuple(
        _standing(one, sent[place + 1 : place + 2], events, valid_until, today)
        for place, one in enumerate(sent)
    )


def _standing(
    sent: Event, following: Sequence[Event], events: Sequence[Event], valid_until: Day, today: Day
) -> Standing:
    version = sent.version
    for event in events:
        if event.version == version and event.kind in ("accepted", "declined"):
            how: VersionState = "accepted" if event.kind == "accepted" else "declined"
            return Standing(version=version, state=how, since=event.date)
    if following:
        since = following[0].date
        return Standing(version=version, state="superseded", since=since, reason="superseded")
    if ended := [event for event in events if event.kind == "voided"]:
        since = ended[0].date
        return Standing(version=version, state="voided", since=since, reason="cascade_of_voided")
    if today > valid_until:
        since = valid_until + ONE_DAY
        return Standing(version=version, state="expired", since=since, reason="cascade_of_expired")
    return Standing(version=version, state="sent", since=sent.date)


def valid_until(day: Day, days: int) -> Day:
    """Give the last day of an offer made on a day."""
    return day + timedelta(days=days)
