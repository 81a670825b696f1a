"""What came of sending: attempts in their order, and what is known of each recipient."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Literal

from msgspec import Struct

from q2c.core.period import Day
from q2c.core.sending.parcel import Channel
from q2c.core.trace import Paper

Happened = Literal["sending", "sent", "deferred", "refused", "failed", "unknown"]
Known = Literal["new", "sent", "unknown"]
MAILED: tuple[Channel, ...] = ("smtp", "eml")  # one way: whoever gets both gets a mail twice
TAKEN = range(200, 300)  # RFC 5321, 4.2.1: a server that has taken something says 2xx
LATER = range(400, 500)  # and one that may take it another time 4xx


class Answer(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a mail server said of one recipient: its number and its words."""

    to: str
    code: int
    said: str = ""

    @property
    def taken(self) -> bool:
        """Whether the mail was taken for this recipient."""
        return self.code in TAKEN


class Attempt(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A step of sending; kept beside the document in `<document>.sent.jsonl`.

    `sending` is recorded before, and one of the others after: `sent` where somebody got it,
    `deferred` where it may be taken later, `refused` where not, `failed` where nobody can have
    got it, `unknown` where nobody can say. `files` are what went, `place` a file that was made.
    """

    kind: Happened
    date: Day
    document: str
    channel: Channel
    to: tuple[str, ...]
    files: tuple[Paper, ...]
    message_id: str = ""
    answers: tuple[Answer, ...] = ()
    place: str = ""
    reason: str = ""
    recorded: str = ""
    recorded_by: str = ""
    commit: str = ""
    program: str = ""


def known_of(
    attempts: Iterable[Attempt], papers: Sequence[Paper], channel: Channel
) -> dict[str, Known]:
    """Say for each recipient what is known of sending them exactly these files by this way.

    A mail is one way, whether a server takes it or a file. An attempt that nothing is recorded of
    after is one that nobody knows the end of.
    """
    known: dict[str, Known] = {}
    before: dict[str, Known] = {}
    same = MAILED if channel in MAILED else (channel,)
    for one in attempts:
        if one.channel not in same or one.files != tuple(papers):
            continue
        if one.kind == "sending":
            before = {to: known.get(to, "new") for to in one.to}
        for to in one.to:
            known[to] = _known(one, to, before.get(to, "new"))
    return known


def _known(one: Attempt, to: str, before: Known) -> Known:
    said = [answer for answer in one.answers if answer.to == to]
    if one.kind == "sending" or (one.kind == "unknown" and not said):
        return "unknown"
    if one.kind == "sent" and all(answer.taken for answer in said):
        return "sent"
    return before  # who did not get it this time may have got it another time


def way_taken(attempts: Iterable[Attempt], papers: Sequence[Paper]) -> Channel | None:
    """Give the way by which exactly these files went last, if they went."""
    went = [one.channel for one in attempts if one.kind == "sent" and one.files == tuple(papers)]
    return went[-1] if went else None


def times_sent(attempts: Iterable[Attempt], papers: Sequence[Paper]) -> int:
    """Count how often exactly these files were sent."""
    return sum(one.kind == "sent" and one.files == tuple(papers) for one in attempts)


def message_id(
    number: str, papers: Sequence[Paper], to: Iterable[str], domain: str, turn: int = 0
) -> str:
    """Make the id of a mail from what it brings and to whom: the same mail has the same id.

    Whoever gets it twice, since nobody knew whether it went, can see that it is one mail. A mail
    that is sent again on purpose has another `turn`, so that it is not taken for a copy.
    """
    said = [number, *(f"{paper.sha256}  {paper.path}" for paper in papers), *sorted(to)]
    said += [str(turn)] if turn else []
    digest = sha256("\n".join(said).encode()).hexdigest()
    return f"<{number}.{digest[:32]}@{domain}>"
