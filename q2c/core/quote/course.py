"""What became of a quote, and how it stands on a day."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from q2c.core.period import Day

Happened = Literal["approved", "rejected", "sent", "accepted", "declined", "voided"]


class Event(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Something that happened to a quote on a day; kept beside it in `events.jsonl`.

    `by` is the customer's person (of an approval: ours), `recorded_by` who typed it; `files` are
    the documents it rests on. What the customer chose is in `choices` by group, `taken` are the
    optional lines, `only` the lines of an acceptance in part. An approval or its refusal names its
    `rule`, the SHA-256 of the commercial `content` and the `figures` that it was given for.
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
    signature: str = ""
    files: tuple[tuple[str, str], ...] = ()
    recorded: str = ""
    recorded_by: str = ""
    commit: str = ""
    program: str = ""


State = Literal["draft", "sent", "accepted", "declined", "expired"]


def state(events: Sequence[Event], valid_until: Day, today: Day) -> State:
    """Say how a quote stands, from what happened and the day it is; nothing of it is stored."""
    kinds = {event.kind for event in events}
    if "accepted" in kinds:
        return "accepted"
    if "declined" in kinds:
        return "declined"
    if "sent" not in kinds:
        return "draft"
    return "expired" if today > valid_until else "sent"


def valid_until(day: Day, days: int) -> Day:
    """Give the last day of an offer made on a day."""
    return day + timedelta(days=days)
