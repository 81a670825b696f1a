"""Faults of opportunities: what they name that is not there, and days that cannot be."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise

from q2c.core.catalog import Catalog
from q2c.core.fault import Fault, nearest
from q2c.core.money import CURRENCIES, Money, decimals
from q2c.core.pipeline.opportunity import Opportunity
from q2c.core.pipeline.stages import Pipeline, listed


def opportunity_faults(
    opportunity: Opportunity, pipeline: Pipeline, customers: Mapping[str, object], catalog: Catalog
) -> Iterator[Fault]:
    """Say what an opportunity names that is not there, and which of its days cannot be."""
    if opportunity.customer not in customers:
        message = f"There is no customer '{opportunity.customer}'."
        remedy = nearest(opportunity.customer, customers)
        yield opportunity.fault("unknown-customer", message, "customer", remedy)
    yield from _amount_faults(opportunity)
    yield from _stage_faults(opportunity, pipeline)
    yield from _line_faults(opportunity, catalog)


def _amount_faults(opportunity: Opportunity) -> Iterator[Fault]:
    for currency, amount in opportunity.amount.items():
        at = f"amount.{currency}"
        if currency not in CURRENCIES:
            message = f"There is no currency '{currency}'."
            remedy = "Write a code of ISO 4217: SEK, EUR …"
            yield opportunity.fault("no-such-currency", message, at, remedy)
        elif amount < 0 or Money.of(amount, currency).amount != amount:
            message = f"{amount:f} is no amount of {currency}."
            remedy = f"Write 0 or more, with at most {decimals(currency)} decimals."
            yield opportunity.fault("bad-amount", message, at, remedy)


def _stage_faults(opportunity: Opportunity, pipeline: Pipeline) -> Iterator[Fault]:
    stages = [stage.id for stage in pipeline.stages]
    for place, move in enumerate(opportunity.moves):
        if move.stage not in stages:
            message = f"There is no stage '{move.stage}'."
            at = f"moves.{place}.stage"
            yield opportunity.fault("unknown-stage", message, at, listed(move.stage, stages))
    for place, (one, after) in enumerate(pairwise(opportunity.moves), start=1):
        if after.date < one.date:
            yield _before(opportunity, after.date, one.date, f"moves.{place}.date")
    lost = opportunity.lost
    if lost and lost.date < opportunity.moves[-1].date:
        yield _before(opportunity, lost.date, opportunity.moves[-1].date, "lost.date")
    reasons = [reason.id for reason in pipeline.lost_reasons]
    if lost and lost.reason not in reasons:
        message = f"There is no lost reason '{lost.reason}'."
        remedy = listed(lost.reason, reasons)
        yield opportunity.fault("unknown-reason", message, "lost.reason", remedy)


def _before(opportunity: Opportunity, day: date, last: date, at: str) -> Fault:
    message = f"{day} is before the last move, which was on {last}."
    return opportunity.fault("move-before", message, at, "Write the moves in the order of days.")


def _line_faults(opportunity: Opportunity, catalog: Catalog) -> Iterator[Fault]:
    for place, line in enumerate(opportunity.lines):
        at = f"lines.{place}"
        if (line.product is None) == (line.bundle is None):
            message = "A line names a product or a bundle, one of them."
            yield opportunity.fault("line-what", message, at, "Write product: … or bundle: ….")
        elif line.product and line.product not in catalog.products:
            message = f"There is no product '{line.product}'."
            remedy = nearest(line.product, catalog.products)
            yield opportunity.fault("unknown-product", message, f"{at}.product", remedy)
        elif line.bundle and line.bundle not in catalog.bundles:
            message = f"There is no bundle '{line.bundle}'."
            remedy = nearest(line.bundle, catalog.bundles)
            yield opportunity.fault("unknown-bundle", message, f"{at}.bundle", remedy)
