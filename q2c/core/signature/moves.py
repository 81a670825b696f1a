"""Moves: what may be done on a day with a contract that is to be signed."""

from collections.abc import Sequence

from msgspec import Struct

from q2c.core.fault import Fault, Stale
from q2c.core.party import SigningOrder
from q2c.core.period import Day
from q2c.core.signature.course import Role, SigningEvent, expiry, state, waits_for, who_signed


class SigningCourse(Struct, frozen=True, kw_only=True):
    """The way of a contract so far: what happened to it, and who is to sign first."""

    number: str
    events: Sequence[SigningEvent] = ()
    order: SigningOrder = "any"


def refuse_unsignable(course: SigningCourse, roles: Sequence[Role], on: Day) -> None:
    """Refuse signatures of these parties on a day.

    That is where one has signed already or another comes first, and where the contract was
    declined, or is past the day by which it was to be signed.
    """
    _refuse_before(course, on)
    _refuse_over(course, on)
    for role in roles:
        if role in who_signed(course.events):
            message = f"The {role} has signed {course.number} already."
            remedy = f"Who signs next: the {' or the '.join(waits_for(course.events, 'any'))}."
            raise Stale(Fault("signed-already", message, remedy=remedy))
    first = waits_for(course.events, course.order)
    if not set(first) & set(roles):
        message = f"The {first[0]} signs {course.number} before the {roles[0]} does."
        remedy = "company.yaml says so at contracts.order; wait for the other, or write any there."
        raise Stale(Fault("signing-order", message, remedy=remedy))


def refuse_unofferable(course: SigningCourse, on: Day, expires: Day) -> None:
    """Refuse to offer for signing what is signed, and a last day that is over."""
    _refuse_before(course, on)
    _refuse_signed(course, on)
    if expires < on:
        message = f"{course.number} cannot be signed by {expires}: it is {on}."
        raise Stale(Fault("signing-expired", message, remedy="Give a later day with --expires."))


def refuse_undeclinable(course: SigningCourse, on: Day) -> None:
    """Refuse to record that a contract was declined if it is signed, or was declined before."""
    _refuse_before(course, on)
    _refuse_signed(course, on)
    _refuse_declined(course, on)


def _refuse_over(course: SigningCourse, on: Day) -> None:
    _refuse_signed(course, on)
    _refuse_declined(course, on)
    if state(course.events, on) == "expired":
        message = f"{course.number} was to be signed by {expiry(course.events)}; it is {on}."
        raise Stale(Fault("signing-expired", message, remedy=_again(course)))


def _refuse_signed(course: SigningCourse, on: Day) -> None:
    if state(course.events, on) == "signed":
        message = f"{course.number} is signed by both parties."
        remedy = f"See who signed: q2c contract verify {course.number}"
        raise Stale(Fault("signed-already", message, remedy=remedy))


def _refuse_declined(course: SigningCourse, on: Day) -> None:
    if state(course.events, on) == "declined":
        last = next(event for event in reversed(course.events) if event.kind == "declined")
        message = f"{course.number} was declined on {last.date}: {last.reason}"
        raise Stale(Fault("signing-declined", f"{message.rstrip('.')}.", remedy=_again(course)))


def _refuse_before(course: SigningCourse, on: Day) -> None:
    last = course.events[-1] if course.events else None
    if last and on < last.date:
        message = f"{course.number} was {last.kind} on {last.date}; {on} is before that."
        raise Stale(Fault("event-before", message, remedy="Give the day with --date."))


def _again(course: SigningCourse) -> str:
    return f"Offer it anew: q2c contract offer {course.number}"
