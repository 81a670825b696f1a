"""Activities: what was said and done with a customer, day by day."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from q2c.core.period import Day

Kind = Literal["call", "mail", "meeting", "note"]
LONGEST = 5000


class Activity(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A call, mail or meeting, or something to remember; kept in `activities/<customer>.jsonl`."""

    date: Day
    kind: Kind
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST)]
    recorded: str = ""
    recorded_by: str = ""
    program: str = ""
