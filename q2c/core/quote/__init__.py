"""Quotes: drafts that people edit, the priced versions that were sent, and what became of them."""

from q2c.core.quote.choice import choose, chosen_in, groups_of, refuse_nothing
from q2c.core.quote.course import (
    Approval,
    Event,
    Form,
    Happened,
    Standing,
    State,
    VersionState,
    latest,
    standings,
    state,
    valid_until,
)
from q2c.core.quote.draft import (
    Clause,
    Discount,
    Draft,
    DraftLine,
    Payment,
    Segment,
    StatedRate,
    Tag,
)
from q2c.core.quote.figures import (
    Due,
    Inner,
    Stretch,
    contract_years,
    due_parts,
    dues,
    inner_lines,
    inner_of,
    stretches,
)
from q2c.core.quote.inclusive import nets, rate_without, taxed
from q2c.core.quote.lines import Alert, Inside, Line, Priced, Reduced
from q2c.core.quote.milestone import Milestone
from q2c.core.quote.moves import Course
from q2c.core.quote.offer import History, Offer, Shelf, offered
from q2c.core.quote.past import Past, history_of, looks_back, refuse_used_up
from q2c.core.quote.price import priced

__all__ = [
    "Alert",
    "Approval",
    "Clause",
    "Course",
    "Discount",
    "Draft",
    "DraftLine",
    "Due",
    "Event",
    "Form",
    "Happened",
    "History",
    "Inner",
    "Inside",
    "Line",
    "Milestone",
    "Offer",
    "Past",
    "Payment",
    "Priced",
    "Reduced",
    "Segment",
    "Shelf",
    "Standing",
    "State",
    "StatedRate",
    "Stretch",
    "Tag",
    "VersionState",
    "choose",
    "chosen_in",
    "contract_years",
    "due_parts",
    "dues",
    "groups_of",
    "history_of",
    "inner_lines",
    "inner_of",
    "latest",
    "looks_back",
    "nets",
    "offered",
    "priced",
    "rate_without",
    "refuse_nothing",
    "refuse_used_up",
    "standings",
    "state",
    "stretches",
    "taxed",
    "valid_until",
]
