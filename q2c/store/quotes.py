"""Quotes on disk: the draft, the versions that were sent, and what happened to them."""

import re
from functools import lru_cache

from msgspec import Struct

from q2c.core.fault import Fault, Refused, Unknown, nearest
from q2c.core.quote import Draft, Event, Priced, latest
from q2c.core.trace import Paper
from q2c.store import chain
from q2c.store.papers import thawed
from q2c.store.records import read_file
from q2c.store.tree import Tree

FOLDER = "quotes"


class QuoteEvent(Event, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """An event in the chain of its quote."""

    seq: int
    prev: str
    hash: str


class Folder(Struct, frozen=True, kw_only=True):
    """What is known of one quote: its draft, the last version sent, its events.

    A draft that cannot be read leaves its faults; what was sent is known all the same.
    """

    number: str
    draft: Draft | None
    sent: Priced | None
    events: tuple[QuoteEvent, ...]
    faults: tuple[Fault, ...] = ()


def path_of(number: str, name: str) -> str:
    """Name a file of a quote."""
    return f"{FOLDER}/{number}/{name}"


def quote_numbers(tree: Tree) -> list[str]:
    """Name every quote, in order."""
    return [path.rpartition("/")[2] for path in tree.folders(FOLDER)]


def known_quote(tree: Tree, number: str) -> str:
    """Give a quote's number back; refuse one that is not there, naming one that is alike."""
    known = quote_numbers(tree)
    if number not in known:
        message = f"There is no quote '{number}'."
        raise Unknown(Fault("unknown-quote", message, remedy=nearest(number, known)))
    return number


def read_draft(tree: Tree, number: str) -> Draft:
    """Read the draft of a quote, as people edit it."""
    return _draft(tree, known_quote(tree, number))


def _draft(tree: Tree, number: str) -> Draft:
    return read_file(tree, path_of(number, "quote.yaml"), Draft)


def versions(tree: Tree, number: str) -> list[int]:
    """List the versions that were sent, lowest first."""
    names = (name.rpartition("/")[2] for name in tree.names(f"{FOLDER}/{number}", ".json"))
    return sorted(int(m[1]) for name in names if (m := re.fullmatch(r"v([1-9][0-9]*)\.json", name)))


def read_version(tree: Tree, number: str, version: int) -> Priced:
    """Read a version that was sent."""
    name = path_of(number, f"v{version}.json")
    return thawed(tree.read(name), Priced, name)


def read_events(tree: Tree, number: str) -> tuple[QuoteEvent, ...]:
    """Read what happened to a quote, in order."""
    name = path_of(number, "events.jsonl")
    if not tree.exists(name):
        return ()
    return _replayed(tree.read(name), name)


@lru_cache(maxsize=512)  # by the bytes, so that a quote is proved once however often it is read
def _replayed(data: bytes, name: str) -> tuple[QuoteEvent, ...]:
    return tuple(chain.replay(data, QuoteEvent, name, code="events-broken"))


def read_quote(tree: Tree, number: str) -> Folder:
    """Read all of a quote: draft, last version sent, events."""
    return read_known(tree, known_quote(tree, number))


def read_known(tree: Tree, number: str) -> Folder:
    """Read all of a quote that is known to be there."""
    events = read_events(tree, number)
    sent = latest(events)
    draft: Draft | None = None
    faults: tuple[Fault, ...] = ()
    if tree.exists(path_of(number, "quote.yaml")):
        try:
            draft = _draft(tree, number)
        except Refused as refused:
            faults = refused.faults
    return Folder(
        number=number,
        draft=draft,
        sent=read_version(tree, number, sent) if sent else None,
        events=events,
        faults=faults,
    )


def sent_papers(folder: Folder) -> list[Paper]:
    """Name the files that the last version was sent with, as they were then."""
    last = latest(folder.events)
    sent = (event for event in folder.events if event.kind == "sent" and event.version == last)
    return [Paper(path, digest) for event in sent for path, digest in event.files]


def event_line(events: tuple[QuoteEvent, ...], event: Event) -> bytes:
    """Make the line that adds an event to those before."""
    prev = events[-1].hash if events else chain.NO_HASH
    return chain.sealed(event, QuoteEvent, len(events), prev)[1]
