"""Recording: an event of a quote, with who typed it, when and on which commit."""

from collections.abc import Mapping

from msgspec.structs import replace

from q2c.commands.desk import Stamp
from q2c.core.period import Day
from q2c.core.quote import Event, Happened
from q2c.store.papers import paper


def event_of(kind: Happened, version: int, on: Day, mark: Stamp) -> Event:
    """Make an event of a version, or of a draft, whose version is 0."""
    return Event(
        kind=kind,
        date=on,
        version=version,
        recorded=mark.recorded,
        recorded_by=mark.by,
        commit=mark.commit,
        program=mark.program,
    )


def resting_on(event: Event, files: Mapping[str, bytes]) -> Event:
    """Write into an event the files it rests on, by their SHA-256."""
    papers = (paper(path, data) for path, data in files.items())
    return replace(event, files=tuple((one.path, one.sha256) for one in papers))
