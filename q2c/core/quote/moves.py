"""Moves: what may be done with a quote on a day, as it stands."""

from collections.abc import Sequence

from msgspec import Struct

from q2c.core.fault import Fault, Stale, Unknown
from q2c.core.period import Day
from q2c.core.quote.course import Event, Standing, latest, standings


class Course(Struct, frozen=True, kw_only=True):
    """The way of a quote so far: what happened, and the last day of the version sent last."""

    number: str
    events: Sequence[Event] = ()
    valid_until: Day


def refuse_final(course: Course) -> None:
    """Refuse what can no longer be done once a quote was accepted or made void."""
    for event in course.events:
        if event.kind == "accepted":
            message = f"{course.number} was accepted on {event.date}: order {event.order}."
            remedy = "Offer more by a new quote: q2c quote new"
            raise Stale(Fault("quote-accepted", message, remedy=remedy))
        if event.kind == "voided":
            message = f"{course.number} was made void on {event.date}: {event.reason}."
            remedy = f"Take its lines into a new one: q2c quote duplicate {course.number}"
            raise Stale(Fault("quote-voided", message, remedy=remedy))


def refuse_before(course: Course, on: Day) -> None:
    """Refuse a day before the last thing that happened to a quote."""
    last = course.events[-1] if course.events else None
    if last and on < last.date:
        message = f"{course.number} was {last.kind} on {last.date}; {on} is before that."
        raise Stale(Fault("event-before", message, remedy="Give the day with --date."))


def next_version(course: Course, until: Day, on: Day, *, changed: bool) -> int:
    """Give the number of the version that a draft becomes; 0 where it was sent as it is.

    `until` is the last day of the draft, `changed` says whether it offers anything else than the
    version sent last. What was declined is not sent again as it was.
    """
    refuse_final(course)
    refuse_before(course, on)
    last = latest(course.events)
    if not last or not changed:
        refuse_declined(course)
    if on > until:
        raise Stale(_expired(course.number, until))
    return last + 1 if changed or not last else 0


def acceptable(course: Course, on: Day, version: int = 0) -> int:
    """Give the version that can be accepted on a day: the one asked for, else the live one.

    Refuses a draft, and a version that was superseded, has expired, was declined or made void.
    """
    refuse_final(course)
    refuse_before(course, on)
    known = standings(course.events, course.valid_until, on)
    if not known:
        refuse_declined(course)
        message = f"{course.number} is a draft; what was not sent cannot be accepted."
        remedy = f"Send it first: q2c quote send {course.number}"
        raise Stale(Fault("not-sent", message, remedy=remedy))
    found = next((one for one in known if one.version == (version or known[-1].version)), None)
    if found is None:
        message = f"{course.number} has no version {version}."
        remedy = f"It has {', '.join(f'v{one.version}' for one in known)}."
        raise Unknown(Fault("no-such-version", message, remedy=remedy))
    if found.state != "sent":
        raise Stale(_dead(course, found, known[-1]))
    return found.version


def _dead(course: Course, found: Standing, last: Standing) -> Fault:
    """Say why a version cannot be accepted."""
    number, name = course.number, f"{course.number}/v{found.version}"
    if found.state == "expired":
        return _expired(number, course.valid_until)
    if found.state == "declined":
        return _declined(number, found.since)
    message = f"{name} was superseded by v{last.version} on {found.since}."
    how = {
        "sent": f"What may be accepted is {number}/v{last.version}",
        "expired": f"v{last.version} has expired, too",
        "declined": f"v{last.version} was declined",
    }[last.state]
    remedy = f"{how}; for other terms, q2c quote revise {number}"
    return Fault("version-superseded", message, remedy=remedy)


def refuse_declined(course: Course) -> None:
    """Refuse what cannot be done while the answer of the customer is no."""
    last = latest(course.events)
    for event in course.events:
        if event.kind == "declined" and event.version == last:
            raise Stale(_declined(course.number, event.date, sent=bool(last)))


def _declined(number: str, day: Day, *, sent: bool = True) -> Fault:
    verb = "revise" if sent else "duplicate"
    message = f"{number} was declined on {day}."
    return Fault("quote-declined", message, remedy=f"Offer anew: q2c quote {verb} {number}")


def _expired(number: str, until: Day) -> Fault:
    message = f"{number} was valid until {until}."
    return Fault("quote-expired", message, remedy=f"Offer anew: q2c quote revise {number}")


def refuse_unrevisable(course: Course, on: Day) -> None:
    """Refuse to offer anew what is over; a draft that was declined is copied, not revised."""
    refuse_final(course)
    refuse_before(course, on)
    if not latest(course.events):
        refuse_declined(course)


def refuse_answered(course: Course, on: Day) -> None:
    """Refuse to record that a quote was declined if it was answered before, or made void."""
    refuse_final(course)
    refuse_before(course, on)
    refuse_declined(course)


def refuse_unvoidable(course: Course, on: Day) -> None:
    """Refuse to make a quote void that was accepted, or is void."""
    refuse_final(course)
    refuse_before(course, on)
