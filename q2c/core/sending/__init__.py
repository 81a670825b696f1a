"""Sending: who is sent what, by which way, and what came of it."""

from q2c.core.sending.address import Mailbox, mailbox
from q2c.core.sending.parcel import (
    Addressed,
    Channel,
    Kind,
    Parcel,
    addressed,
    safe_name,
    sending_faults,
)
from q2c.core.sending.record import (
    LATER,
    MAILED,
    TAKEN,
    Answer,
    Attempt,
    Happened,
    Known,
    known_of,
    message_id,
    times_sent,
    way_taken,
)
from q2c.core.sending.secret import Secret

__all__ = [
    "LATER",
    "MAILED",
    "TAKEN",
    "Addressed",
    "Answer",
    "Attempt",
    "Channel",
    "Happened",
    "Kind",
    "Known",
    "Mailbox",
    "Parcel",
    "Secret",
    "addressed",
    "known_of",
    "mailbox",
    "message_id",
    "safe_name",
    "sending_faults",
    "times_sent",
    "way_taken",
]
