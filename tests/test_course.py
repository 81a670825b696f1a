"""What becomes of a quote: each move from one state to the next, and that no other is there."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from q2c.core.fault import Refused
from q2c.core.period import Day
from q2c.core.quote import Course, Event, Happened, standings, state
from q2c.core.quote.moves import (
    acceptable,
    next_version,
    refuse_answered,
    refuse_unrevisable,
    refuse_unvoidable,
)
from tests.values import day

UNTIL = day("2026-12-02")
ON = day("2026-11-20")
LATER = day("2026-12-03")


def event(kind: Happened, version: int = 1, on: Day = ON, **more: str) -> Event:
    return Event(kind=kind, date=on, version=version, **more)  # type: ignore[arg-type]  # texts


SENT, AGAIN = event("sent"), event("sent", 2)
ACCEPTED = event("accepted", order="O-2026-0001")
DECLINED = event("declined")
VOIDED = event("voided", reason="Too small")


def course(*events: Event) -> Course:
    return Course(number="Q-2026-0001", events=events, valid_until=UNTIL)


def code(what: Callable[[], object]) -> str:
    with pytest.raises(Refused) as told:
        what()
    return told.value.faults[0].code


@pytest.mark.parametrize(
    ("events", "on", "stands"),
    [
        ((), ON, "draft"),
        ((), LATER, "draft"),
        ((SENT,), ON, "sent"),
        ((SENT,), UNTIL, "sent"),
        ((SENT,), LATER, "expired"),
        ((SENT, AGAIN), ON, "sent"),
        ((SENT, ACCEPTED), LATER, "accepted"),
        ((SENT, DECLINED), ON, "declined"),
        ((SENT, DECLINED), LATER, "declined"),
        ((SENT, DECLINED, AGAIN), ON, "sent"),
        ((event("declined", 0),), ON, "declined"),
        ((event("voided", 0),), ON, "voided"),
        ((SENT, VOIDED), LATER, "voided"),
        ((SENT, DECLINED, VOIDED), ON, "voided"),
    ],
)
def test_a_quote_stands_as_what_happened_and_the_day_say(
    events: tuple[Event, ...], on: Day, stands: str
) -> None:
    assert state(events, UNTIL, on) == stands


def test_a_draft_waits_for_its_approvals() -> None:
    assert state((), UNTIL, ON, "waiting") == "in-approval"
    assert state((), UNTIL, ON, "granted") == "approved"
    assert state((SENT,), UNTIL, ON, "waiting") == "sent"


@pytest.mark.parametrize(
    ("events", "on", "told"),
    [
        ((SENT,), ON, [("sent", "", "generated")]),
        ((SENT,), LATER, [("expired", "cascade_of_expired", "expired")]),
        (
            (SENT, AGAIN),
            ON,
            [("superseded", "superseded", "voided"), ("sent", "", "generated")],
        ),
        (
            (SENT, AGAIN),
            LATER,
            [
                ("superseded", "superseded", "voided"),
                ("expired", "cascade_of_expired", "expired"),
            ],
        ),
        ((SENT, ACCEPTED), LATER, [("accepted", "", "signed")]),
        ((SENT, DECLINED, AGAIN), ON, [("declined", "", "voided"), ("sent", "", "generated")]),
        (
            (SENT, AGAIN, VOIDED),
            LATER,
            [
                ("superseded", "superseded", "voided"),
                ("voided", "cascade_of_voided", "voided"),
            ],
        ),
    ],
)
def test_a_version_says_why_it_is_over_and_how_its_form_stands(
    events: tuple[Event, ...], on: Day, told: list[tuple[str, str, str]]
) -> None:
    found = standings(events, UNTIL, on)
    assert [(one.state, one.reason, one.form) for one in found] == told


def test_a_version_says_since_when_it_stands_so() -> None:
    twice = (SENT, event("sent", 2, day("2026-11-25")))
    assert [one.since for one in standings(twice, UNTIL, ON)] == [day("2026-11-25")] * 2
    assert standings((SENT,), UNTIL, LATER)[0].since == LATER


@pytest.mark.parametrize(
    ("events", "on", "version", "refused"),
    [
        ((), ON, 0, "not-sent"),
        ((event("declined", 0),), ON, 0, "quote-declined"),
        ((SENT,), LATER, 0, "quote-expired"),
        ((SENT,), day("2026-11-19"), 0, "event-before"),
        ((SENT,), ON, 2, "no-such-version"),
        ((SENT, AGAIN), ON, 1, "version-superseded"),
        ((SENT, DECLINED), ON, 0, "quote-declined"),
        ((SENT, ACCEPTED), ON, 0, "quote-accepted"),
        ((SENT, VOIDED), ON, 0, "quote-voided"),
    ],
)
def test_a_version_that_is_over_cannot_be_accepted(
    events: tuple[Event, ...], on: Day, version: int, refused: str
) -> None:
    assert code(lambda: acceptable(course(*events), on, version)) == refused


def test_the_version_sent_last_can_be_accepted_through_its_last_day() -> None:
    assert acceptable(course(SENT), UNTIL) == 1
    assert acceptable(course(SENT, AGAIN), UNTIL, 2) == 2
    assert acceptable(course(SENT, DECLINED, AGAIN), ON) == 2


@pytest.mark.parametrize(
    ("last", "how"),
    [((), "may be accepted"), ((event("declined", 2),), "was declined")],
)
def test_a_version_that_was_superseded_names_the_one_that_counts(
    last: tuple[Event, ...], how: str
) -> None:
    with pytest.raises(Refused) as told:
        acceptable(course(SENT, AGAIN, *last), ON, 1)
    assert how in told.value.faults[0].remedy


def test_a_draft_becomes_the_next_version_if_it_offers_anything_else() -> None:
    assert next_version(course(), UNTIL, ON, changed=True) == 1
    assert next_version(course(SENT), UNTIL, ON, changed=False) == 0
    assert next_version(course(SENT), UNTIL, ON, changed=True) == 2
    assert next_version(course(SENT, DECLINED), UNTIL, ON, changed=True) == 2


@pytest.mark.parametrize(
    ("events", "changed", "on", "refused"),
    [
        ((), True, LATER, "quote-expired"),
        ((event("declined", 0),), True, ON, "quote-declined"),
        ((SENT, DECLINED), False, ON, "quote-declined"),
        ((SENT,), False, LATER, "quote-expired"),
        ((SENT, ACCEPTED), True, ON, "quote-accepted"),
        ((SENT, VOIDED), True, ON, "quote-voided"),
    ],
)
def test_what_is_over_is_not_sent(
    *, events: tuple[Event, ...], changed: bool, on: Day, refused: str
) -> None:
    known = course(*events)
    assert code(lambda: next_version(known, UNTIL, on, changed=changed)) == refused


@pytest.mark.parametrize("events", [(), (SENT,), (SENT, DECLINED), (SENT, AGAIN)])
def test_what_was_not_agreed_on_can_be_offered_anew_and_made_void(
    events: tuple[Event, ...],
) -> None:
    refuse_unrevisable(course(*events), LATER)
    refuse_unvoidable(course(*events), LATER)


def test_what_is_over_is_neither_revised_nor_made_void_nor_declined() -> None:
    for last, refused in ((ACCEPTED, "quote-accepted"), (VOIDED, "quote-voided")):
        for move in (refuse_unrevisable, refuse_unvoidable, refuse_answered):
            assert code(partial(move, course(SENT, last), ON)) == refused
    never = course(event("declined", 0))
    assert code(lambda: refuse_unrevisable(never, ON)) == "quote-declined"
    assert code(lambda: refuse_answered(course(SENT, DECLINED), ON)) == "quote-declined"


class AnyCourse(RuleBasedStateMachine):
    """A quote of which anything is tried on any day; what is refused did not happen."""

    @initialize()
    def begin(self) -> None:
        """Begin with a draft."""
        self.events: tuple[Event, ...] = ()
        self.today, self.until, self.draft_until = ON, UNTIL, UNTIL
        self.changed = True

    def course(self) -> Course:
        """Give the way so far."""
        return Course(number="Q-1", events=self.events, valid_until=self.until)

    def happens(self, kind: Happened, version: int) -> None:
        """Add what happened."""
        self.events = (*self.events, event(kind, version, self.today, order="O-1", reason="So"))

    @rule(days=st.integers(0, 20))
    def time_passes(self, days: int) -> None:
        """Let days pass."""
        self.today += timedelta(days=days)

    @rule()
    def edit(self) -> None:
        """Change the draft."""
        self.changed = True

    @rule()
    def revise(self) -> None:
        """Offer it anew."""
        try:
            refuse_unrevisable(self.course(), self.today)
        except Refused:
            return
        self.draft_until, self.changed = self.today + timedelta(days=10), True

    @rule()
    def send(self) -> None:
        """Send the draft."""
        try:
            version = next_version(
                self.course(), self.draft_until, self.today, changed=self.changed
            )
        except Refused:
            return
        if version:
            self.happens("sent", version)
            self.until, self.changed = self.draft_until, False

    @rule(version=st.integers(0, 4))
    def accept(self, version: int) -> None:
        """Accept any version, which then must have been the only live one."""
        before = self.alive()
        try:
            found = acceptable(self.course(), self.today, version)
        except Refused:
            assert not before or version not in (0, *before)
            return
        assert before == [found]
        self.happens("accepted", found)

    @rule()
    def decline(self) -> None:
        """Record a no."""
        try:
            refuse_answered(self.course(), self.today)
        except Refused:
            return
        self.happens("declined", max((e.version for e in self.events), default=0))

    @rule(seldom=st.integers(0, 3))
    def void(self, seldom: int) -> None:
        """Make it void, now and then."""
        try:
            refuse_unvoidable(self.course(), self.today)
        except Refused:
            return
        if not seldom:
            self.happens("voided", max((e.version for e in self.events), default=0))

    def alive(self) -> list[int]:
        """Name the versions that may be accepted."""
        found = standings(self.events, self.until, self.today)
        return [one.version for one in found if one.state == "sent"]

    @invariant()
    def at_most_one_version_is_live(self) -> None:
        """Hold that the live version is the last, and that the quote then is open."""
        live = self.alive()
        assert len(live) <= 1
        assert bool(live) == (state(self.events, self.until, self.today) == "sent")

    @invariant()
    def an_acceptance_is_the_end(self) -> None:
        """Hold that nothing comes after an acceptance or a voiding."""
        kinds = [event.kind for event in self.events]
        assert not {"accepted", "voided"}.intersection(kinds[:-1])


TestAnyCourse = AnyCourse.TestCase
