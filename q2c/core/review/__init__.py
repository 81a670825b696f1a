"""Review: what is doubtful about a catalogue and its prices, and what changed in them."""

from collections.abc import Iterator

from q2c.core.review.change import Change, changes
from q2c.core.review.finding import Finding, Severity, Wares
from q2c.core.review.idle import idle_findings
from q2c.core.review.margins import margin_findings
from q2c.core.review.steps import step_findings
from q2c.core.review.validity import validity_findings
from q2c.core.review.view import Fact, View, view

__all__ = [
    "Change",
    "Fact",
    "Finding",
    "Severity",
    "View",
    "Wares",
    "catalog_findings",
    "changes",
    "view",
]


def catalog_findings(wares: Wares) -> Iterator[Finding]:
    """Say what is doubtful about a catalogue, its lists and its customers' prices.

    They have no fault by themselves: those are told first, and by `q2c check` as well.
    """
    yield from validity_findings(wares)
    yield from step_findings(wares)
    yield from margin_findings(wares)
    yield from idle_findings(wares)
