"""Recording: an event of a contract, with who typed it, when and on which commit."""

from msgspec.structs import replace

from q2c.commands.contracts.standing import Course
from q2c.commands.desk import Desk, Stamp
from q2c.core.period import Day
from q2c.core.signature import Happening, SigningEvent
from q2c.store.signing import contract_file, signing_line
from q2c.store.writing import Change


def event_of(kind: Happening, on: Day, mark: Stamp) -> SigningEvent:
    """Make an event of a contract."""
    return SigningEvent(
        kind=kind,
        date=on,
        recorded=mark.recorded,
        recorded_by=mark.by,
        commit=mark.commit,
        program=mark.program,
    )


def course_after(course: Course, event: SigningEvent) -> Course:
    """Give the contract as it stands after an event."""
    return replace(course, events=(*course.events, event))


def record(
    at: Desk, course: Course, event: SigningEvent, files: dict[str, bytes], subject: str
) -> str:
    """Write an event with its files; a signature adds to the file that is there."""
    name = contract_file(course.contract.number, "events.jsonl")
    there = {path: data for path, data in files.items() if at.tree.exists(path)}
    new = {path: data for path, data in files.items() if path not in there}
    lines = {name: signing_line(course.events, event)}
    return at.write(Change(created=new, replaced=there, appended=lines), subject)
