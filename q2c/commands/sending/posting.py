"""Mails on their way: round after round over one connection, each recorded as it goes."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.sending.recording import Recorder
from q2c.commands.sending.ways import Errand
from q2c.core.fault import Refused
from q2c.core.sending import LATER, Answer, Happened

if TYPE_CHECKING:
    from q2c.exchange.smtp import Line, Outcome

# Seconds before the second round, the third …; the last holds for all after. A greylisting
# server lets a mail in after some minutes (RFC 6647, 4.5).
WAITS: Final = (10.0, 60.0, 180.0, 300.0)
MINUTE: Final = 60.0


class Pace(Struct, frozen=True, kw_only=True):
    """How often is tried again, how many mails go in a minute, and what waits."""

    retries: int
    rate: int = 0
    wait: Callable[[float], object] = sleep
    clock: Callable[[], float] = monotonic
    waits: Sequence[float] = WAITS

    def before_round(self, number: int) -> None:
        """Wait before another round."""
        self.wait(self.waits[min(number, len(self.waits)) - 1])


class Letter(Struct, frozen=True, kw_only=True):
    """A mail ready to go: its errand, its bytes and its id."""

    errand: Errand
    data: bytes
    message_id: str


class Result(Struct, frozen=True, kw_only=True):
    """What came of an errand: for each recipient what was said, and how it ended."""

    errand: Errand
    kind: Happened
    answers: tuple[Answer, ...] = ()
    place: str = ""
    reason: str = ""


def post_all(
    line: "Line", sender: str, letters: Sequence[Letter], recorder: Recorder, pace: Pace
) -> Iterator[Result]:
    """Send mails, and yield what came of each try.

    Who cannot take a mail yet is tried again in the next round, and so are all that are left
    when the connection drops. What may have been taken is not tried again. Rounds in which no
    server answered anything are counted, and end it.
    """
    waiting, tries, idle = list(letters), Counter[str](), 0
    meter = _Rate(pace)
    for number in count(1):
        later, moved, reason = list[Letter](), False, ""
        for place, letter in enumerate(waiting):
            try:
                line.ready()
                meter.next()
                result = _posted(line, sender, letter, recorder)
            except line.dropped as dropped:
                later, reason = [*later, *waiting[place:]], str(dropped)
                break
            yield result
            if result.kind == "unknown":
                later += waiting[place + 1 :]
                break
            moved = True
            tries[letter.errand.parcel.path] += 1
            if tries[letter.errand.parcel.path] <= pace.retries:
                later += _deferred(letter, result)
        idle = 0 if moved else idle + 1
        if not later:
            return
        if idle > pace.retries:
            yield from (Result(errand=one.errand, kind="failed", reason=reason) for one in later)
            return
        line.take_leave()
        pace.before_round(number)
        waiting = later


def _posted(line: "Line", sender: str, letter: Letter, recorder: Recorder) -> Result:
    """Send one mail: record that it goes, let it go, record what came of it."""
    errand, known = letter.errand, letter.message_id
    recorder.before(errand, known)
    try:
        outcome = line.post(sender, errand.left, letter.data)
    except line.dropped as dropped:
        recorder.after(errand, "failed", known, reason=str(dropped))
        raise
    except Refused as refused:
        recorder.after(errand, "failed", known, reason=refused.faults[0].message)
        raise
    except BaseException:  # stopped by hand: what is true is recorded before it is told
        stopped: Happened = "unknown" if line.ending else "failed"
        recorder.after(errand, stopped, known, reason="stopped by hand")
        raise
    kind = _kind(outcome)
    recorder.after(errand, kind, known, answers=outcome.answers, reason=outcome.told)
    return Result(errand=errand, kind=kind, answers=outcome.answers, reason=outcome.told)


def _kind(outcome: "Outcome") -> Happened:
    if outcome.unknown:
        return "unknown"
    if any(answer.taken for answer in outcome.answers):
        return "sent"
    return "deferred" if any(a.code in LATER for a in outcome.answers) else "refused"


def _deferred(letter: Letter, result: Result) -> list[Letter]:
    """Give what is to be tried again of a mail: the same, for those who may take it later."""
    again = tuple(answer.to for answer in result.answers if answer.code in LATER)
    return [replace(letter, errand=replace(letter.errand, left=again))] if again else []


class _Rate:
    """Keeps mails apart, so that no more go in a minute than a server takes."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._next = 0.0

    def next(self) -> None:
        """Wait until the next mail may go."""
        if not self._pace.rate:
            return
        now = self._pace.clock()
        if now < self._next:
            self._pace.wait(self._next - now)
            now = self._next
        self._next = now + MINUTE / self._pace.rate
