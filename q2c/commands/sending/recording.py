"""The record of sending: what is about to happen is written before, and what came of it after."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.call import today
from q2c.commands.desk import Stamp, desk
from q2c.commands.sending.ways import Errand
from q2c.core.fault import Fault, Place, Stale
from q2c.core.period import Day
from q2c.core.sending import Answer, Attempt, Happened, known_of
from q2c.store.attempts import read_sent, sent_line
from q2c.store.sent import sent_path
from q2c.store.writing import Change


class Recorder(Struct, frozen=True):
    """Who records, and for which day."""

    mark: Stamp
    on: Day

    def before(self, errand: Errand, message_id: str = "") -> None:
        """Record that a document is about to go, unless somebody else recorded it meanwhile."""
        with desk(commit=False) as at:
            path, earlier = errand.parcel.path, read_sent(at.tree, errand.parcel.path)
            now = known_of(earlier, errand.parcel.papers, errand.channel)
            if any(now.get(to, "new") != errand.known[to] for to in errand.left):
                message = f"Somebody else has begun to send {errand.parcel.number}."
                remedy = "Look at what came of it, then run this again."
                raise Stale(Fault("sending-moved", message, Place(sent_path(path)), remedy))
            attempt = self._attempt(errand, "sending", message_id)
            line = sent_line(earlier, attempt)
            at.write(Change(appended={sent_path(path): line}), "")

    def after(
        self,
        errand: Errand,
        kind: Happened,
        message_id: str = "",
        *,
        answers: Sequence[Answer] = (),
        place: str = "",
        reason: str = "",
    ) -> None:
        """Record what came of a document that was about to go."""
        attempt = replace(
            self._attempt(errand, kind, message_id),
            answers=tuple(answers),
            place=place,
            reason=reason,
        )
        with desk(commit=False) as at:
            earlier = read_sent(at.tree, errand.parcel.path)
            line = sent_line(earlier, attempt)
            at.write(Change(appended={sent_path(errand.parcel.path): line}), "")

    def _attempt(self, errand: Errand, kind: Happened, message_id: str) -> Attempt:
        return Attempt(
            kind=kind,
            date=self.on,
            document=errand.parcel.number,
            channel=errand.channel,
            to=errand.left,
            files=errand.parcel.papers,
            message_id=message_id.strip("<>"),
            recorded=self.mark.recorded,
            recorded_by=self.mark.by,
            commit=self.mark.commit,
            program=self.mark.program,
        )


def recorder(mark: Stamp, time_zone: str) -> Recorder:
    """Give what records for today."""
    return Recorder(mark, today(time_zone))
