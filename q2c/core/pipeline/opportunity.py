"""Opportunities: what may be sold to a customer, how far it has come, what became of it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from msgspec import Meta, Struct

from q2c.core.fault import Fault, Invalid, Stale
from q2c.core.money import Money
from q2c.core.party import CurrencyCode, Id, Name, Note
from q2c.core.period import Day
from q2c.core.pipeline.stages import Pipeline, Stage, listed
from q2c.core.quote import DraftLine
from q2c.core.trace import Sourced

Standing = Literal["open", "won", "lost"]


class Move(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A change of stage: from its day on the opportunity stands there."""

    date: Day
    stage: Id
    by: Annotated[str, Meta(max_length=200)] = ""
    note: Note = ""


class Loss(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The end of an opportunity that was not sold."""

    date: Day
    reason: Id
    note: Note = ""


class Opportunity(
    Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """Something that may be sold to a customer: `opportunities/<id>.yaml`.

    Its stage is that of the last move. It is won when an order comes of it, which stands
    with the order and not here. Without `amount` it is worth what its lines cost; a quote for it
    begins with them.
    """

    id: Id
    customer: Id
    title: Name
    owner: Annotated[str, Meta(max_length=200)] = ""
    amount: Annotated[dict[CurrencyCode, Decimal], Meta(max_length=1)] = {}
    close_on: Day | None = None
    origin: Annotated[str, Meta(max_length=200)] = ""
    moves: Annotated[tuple[Move, ...], Meta(min_length=1, max_length=1000)]
    lost: Loss | None = None
    lines: Annotated[tuple[DraftLine, ...], Meta(max_length=10_000)] = ()
    note: Note = ""

    @property
    def stage(self) -> str:
        """The id of the stage where it stands."""
        return self.moves[-1].stage

    @property
    def money(self) -> Money | None:
        """The amount that is stated, if one is."""
        stated = (Money.of(amount, currency) for currency, amount in self.amount.items())
        return next(stated, None)


class Stay(Struct, frozen=True, kw_only=True):
    """How long an opportunity stood at a stage; `until` is open while it still does."""

    stage: str
    since: date
    until: date | None
    days: int
    by: str
    note: str


class Won(Struct, frozen=True):
    """An order that came of an opportunity: its number, its day, what was agreed."""

    order: str
    agreed_on: date
    net: Money


def stage_of(opportunity: Opportunity, pipeline: Pipeline) -> Stage:
    """Give the stage where it stands; refuse a file that names one that is not there."""
    known = {stage.id: stage for stage in pipeline.stages}
    if opportunity.stage not in known:
        message = f"There is no stage '{opportunity.stage}'."
        at = f"moves.{len(opportunity.moves) - 1}.stage"
        remedy = listed(opportunity.stage, known)
        raise Invalid(opportunity.fault("unknown-stage", message, at, remedy))
    return known[opportunity.stage]


def standing(opportunity: Opportunity, won: Sequence[Won]) -> Standing:
    """Say how an opportunity stands; what was ordered is won, whatever was thought before."""
    if won:
        return "won"
    return "lost" if opportunity.lost else "open"


def closed_on(opportunity: Opportunity, won: Sequence[Won]) -> date | None:
    """Give the day on which it was won or lost."""
    if won:
        return min(one.agreed_on for one in won)
    return opportunity.lost.date if opportunity.lost else None


def stays(opportunity: Opportunity, closed: date | None, today: date) -> list[Stay]:
    """Give every stage it has stood at with its days; the last one to the close, or to today."""
    moves = opportunity.moves
    ends = [after.date for _, after in pairwise(moves)] + [closed]
    return [
        Stay(
            stage=move.stage,
            since=move.date,
            until=end,
            days=max(0, ((end or today) - move.date).days),
            by=move.by,
            note=move.note,
        )
        for move, end in zip(moves, ends, strict=True)
    ]


def probability(stage: Stage, state: Standing) -> int:
    """Say how likely a sale is, in per cent: by the stage, and certain once it is decided."""
    return {"won": 100, "lost": 0}.get(state, stage.probability)


def weighted(amount: Money, stage: Stage, state: Standing) -> Money:
    """Give what an amount counts for: by its probability, whole when won."""
    return amount.share(Decimal(probability(stage, state)) / 100)


def moved(opportunity: Opportunity, move: Move, pipeline: Pipeline, won: Sequence[Won]) -> Move:
    """Give a move back if it can be made; refuse another stage, an earlier day, a closed one."""
    pipeline.stage(move.stage)
    refuse_closed(opportunity, won)
    last = opportunity.moves[-1]
    if move.date < last.date:
        message = f"{opportunity.id} came to {last.stage} on {last.date}; {move.date} is before."
        raise Stale(Fault("move-before", message, remedy="Give the day with --date."))
    if move.stage == last.stage:
        message = f"{opportunity.id} stands at {last.stage} since {last.date}."
        other = ", ".join(stage.id for stage in pipeline.stages if stage.id != last.stage)
        raise Stale(Fault("same-stage", message, remedy=f"The other stages are: {other}."))
    return move


def given_up(opportunity: Opportunity, loss: Loss, pipeline: Pipeline, won: Sequence[Won]) -> Loss:
    """Give a loss back if it can be; refuse an unknown reason, an earlier day, a closed one."""
    pipeline.reason(loss.reason)
    refuse_closed(opportunity, won)
    last = opportunity.moves[-1]
    if loss.date < last.date:
        message = f"{opportunity.id} came to {last.stage} on {last.date}; {loss.date} is before."
        raise Stale(Fault("move-before", message, remedy="Give the day with --date."))
    return loss


def refuse_closed(opportunity: Opportunity, won: Sequence[Won]) -> None:
    """Refuse what can no longer be done once it was won or lost."""
    if won:
        message = f"{opportunity.id} was won on {won[0].agreed_on}: order {won[0].order}."
        remedy = "What more may be sold is another one: q2c opportunity new"
        raise Stale(Fault("opportunity-closed", message, remedy=remedy))
    if opportunity.lost:
        message = f"{opportunity.id} was lost on {opportunity.lost.date}."
        remedy = "If it lives again, take the key lost out of its file, or make a new one."
        raise Stale(Fault("opportunity-closed", message, remedy=remedy))
