"""Quotes: drafts that people edit, the priced versions that were sent, and what became of them."""

from q2c.core.quote.choice import choose, chosen_in, groups_of
from q2c.core.quote.course import Event, Happened, State, state, valid_until
from q2c.core.quote.draft import (
    Clause,
    Discount,
    Draft,
    DraftLine,
    Length,
    Payment,
    Segment,
    StatedRate,
)
from q2c.core.quote.figures import (
    Due,
    Inner,
    Stretch,
    contract_years,
    dues,
    inner_lines,
    inner_of,
    stretches,
)
from q2c.core.quote.lines import Alert, Inside, Line, Priced, Reduced
from q2c.core.quote.offer import History, Offer, Shelf, offered
from q2c.core.quote.price import priced

__all__ = [
    "Alert",
    "Clause",
    "Discount",
    "Draft",
    "DraftLine",
    "Due",
    "Event",
    "Happened",
    "History",
    "Inner",
    "Inside",
    "Length",
    "Line",
    "Offer",
    "Payment",
    "Priced",
    "Reduced",
    "Segment",
    "Shelf",
    "State",
    "StatedRate",
    "Stretch",
    "choose",
    "chosen_in",
    "contract_years",
    "dues",
    "groups_of",
    "inner_lines",
    "inner_of",
    "offered",
    "priced",
    "state",
    "stretches",
    "valid_until",
]
