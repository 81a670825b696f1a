"""Signatures on contracts: who signed, declined or is waited for, and what may be done next."""

from q2c.core.signature.course import (
    ROLES,
    Happening,
    Role,
    SigningEvent,
    SigningState,
    expiry,
    state,
    told,
    waits_for,
    who_signed,
)
from q2c.core.signature.moves import (
    SigningCourse,
    refuse_undeclinable,
    refuse_unofferable,
    refuse_unsignable,
)

__all__ = [
    "ROLES",
    "Happening",
    "Role",
    "SigningCourse",
    "SigningEvent",
    "SigningState",
    "expiry",
    "refuse_undeclinable",
    "refuse_unofferable",
    "refuse_unsignable",
    "state",
    "told",
    "waits_for",
    "who_signed",
]
