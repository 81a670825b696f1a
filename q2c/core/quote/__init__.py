"""Quotes: drafts that people edit, the priced versions that were sent, and what became of them."""

from q2c.core.quote.course import Event, Happened, State, state, valid_until
from q2c.core.quote.lines import Draft, DraftLine, Length, Line, Priced
from q2c.core.quote.offer import Offer, Shelf, offered
from q2c.core.quote.price import priced

__all__ = [
    "Draft",
    "DraftLine",
    "Event",
    "Happened",
    "Length",
    "Line",
    "Offer",
    "Priced",
    "Shelf",
    "State",
    "offered",
    "priced",
    "state",
    "valid_until",
]
