"""q2c opportunity: what may be sold, listed and shown."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Annotated

import typer
from msgspec import Struct

from q2c.commands.call import At, DateOption, call, today
from q2c.commands.desk import tree
from q2c.commands.output import hint, laid_out, say, table, warn
from q2c.commands.plain import fields_of
from q2c.commands.quotes.quoting import live
from q2c.commands.visible import WIDE
from q2c.core.fault import Fault, Misused, Refused
from q2c.core.money import Money, grouped, total
from q2c.core.party import spoken
from q2c.core.period import Day
from q2c.core.pipeline import (
    Opportunity,
    Pipeline,
    Reason,
    Stage,
    Stay,
    Won,
    closed_on,
    probability,
    stage_of,
    standing,
    stays,
    weighted,
)
from q2c.core.quote import Draft, state
from q2c.store.master import read_company, read_customer
from q2c.store.opportunities import (
    quotes_of,
    read_opportunities,
    read_opportunity,
    read_pipeline,
    read_won,
)
from q2c.store.quotes import read_quote
from q2c.store.shop import Shop, quoted, read_shop
from q2c.store.tree import Tree

STATES = ("open", "won", "lost", "all")
LIST = ("id", "customer", "stage", "probability", "amount", "weighted", "days", "close_on", "state")
# What fits 80 columns; of those that are won or lost, how they stand.
SHORT = ("id", "stage", "probability", "weighted", "days", "close_on")
CLOSED = ("id", "stage", "amount", "days", "close_on", "state")
USUAL_TERM = "12 months"  # what recurs counts for a year where its line does not say otherwise
OpportunityId = Annotated[str, typer.Argument(metavar="ID", help="An opportunity's id.")]


class Market(Struct, frozen=True, dict=True):
    """What opportunities are seen against: files, stages, orders that came of them, the day."""

    files: Tree
    pipeline: Pipeline
    won: dict[str, tuple[Won, ...]]
    on: Day

    @cached_property
    def shop(self) -> Shop:
        """What is for sale; read only where an amount has to be worked out."""
        return read_shop(self.files)


def read_market(files: Tree, day: Day | None) -> Market:
    """Read what opportunities are seen against."""
    on = today(read_company(files).time_zone, day)
    return Market(files, read_pipeline(files), read_won(files), on)


def list_opportunities(
    *,
    which: Annotated[
        str, typer.Option("--state", metavar="|".join(STATES), help="How they stand.")
    ] = "open",
    customer: Annotated[
        str, typer.Option("--customer", metavar="ID", help="Only those of this customer.")
    ] = "",
    stage: Annotated[
        str, typer.Option("--stage", metavar="ID", help="Only those at this stage.")
    ] = "",
    owner: Annotated[
        str, typer.Option("--owner", metavar="NAME", help="Only those of this person.")
    ] = "",
    at: At = "",
    day: DateOption = None,
) -> None:
    """List what may be sold, how far it is, and what it counts for.

    Example: q2c opportunity list
    """
    if which not in STATES:
        message = f"There is no state '{which}'."
        raise Misused(Fault("usage", message, remedy=f"Choose from: {', '.join(STATES)}."))
    files = tree(at)
    market = read_market(files, day)
    rows = [
        row_of(one, market)
        for one in read_opportunities(files).values()
        if customer in ("", one.customer)
        and stage in ("", one.stage)
        and owner in ("", one.owner)
        and which in ("all", standing(one, market.won.get(one.id, ())))
    ]
    rows.sort(key=lambda row: (row["close_on"] is None, row["close_on"], row["id"]))
    short = SHORT if which == "open" else CLOSED
    table(rows, short if call().mode == "text" else LIST)
    for line in _sums(rows):
        hint(line)


def row_of(opportunity: Opportunity, market: Market) -> dict[str, object]:
    """Give an opportunity with what is asked and not stored."""
    won = market.won.get(opportunity.id, ())
    stands = standing(opportunity, won)
    stage = stage_of(opportunity, market.pipeline)
    amount, estimated = worth(opportunity, market)
    lasted = stays(opportunity, closed_on(opportunity, won), market.on)
    return {
        **fields_of(opportunity),
        "stage": stage.id,
        "probability": probability(stage, stands),
        "amount": amount,
        "estimated": estimated,
        "weighted": weighted(amount, stage, stands) if amount else None,
        "days": lasted[-1].days,
        "state": stands,
    }


def worth(opportunity: Opportunity, market: Market) -> tuple[Money | None, bool]:
    """Give what it is worth without VAT, and whether that is worked out from its lines.

    Won, it is what was ordered; else the amount that somebody stated counts, and without
    one, what its lines cost today.
    """
    ordered = [one.net for one in market.won.get(opportunity.id, ())]
    if ordered:
        currency = ordered[0].currency
        return total((net for net in ordered if net.currency == currency), currency), False
    if opportunity.money or not opportunity.lines:
        return opportunity.money, False
    draft = Draft(
        customer=opportunity.customer,
        date=market.on,
        valid_until=market.on,
        term=USUAL_TERM,
        lines=opportunity.lines,
    )
    try:
        return quoted(market.shop, opportunity.id, draft).net, True
    except Refused as refused:
        warn(f"{opportunity.id} cannot be priced: {refused.faults[0].message}")
        return None, True


def _sums(rows: Sequence[dict[str, object]]) -> Iterator[str]:
    """Add up the amounts, and what they count for, by currency."""
    amounts = [row["amount"] for row in rows if isinstance(row["amount"], Money)]
    counted = [row["weighted"] for row in rows if isinstance(row["weighted"], Money)]
    for currency in sorted({amount.currency for amount in amounts}):
        whole, part = (
            total((one for one in some if one.currency == currency), currency)
            for some in (amounts, counted)
        )
        yield f"in all {whole}, weighted {part}"


def show_opportunity(id_: OpportunityId, *, at: At = "", day: DateOption = None) -> None:
    """Show an opportunity: its stages and their days, its quotes and orders.

    Example: q2c opportunity show fjord-data-platform
    """
    files = tree(at)
    market = read_market(files, day)
    opportunity = read_opportunity(files, id_)
    won = market.won.get(id_, ())
    lasted = stays(opportunity, closed_on(opportunity, won), market.on)
    quotes = list(_quotes(market, id_))
    row = {**row_of(opportunity, market), "stays": lasted, "quotes": quotes, "orders": list(won)}
    told = [*_told(opportunity, row, market), *_stays_told(lasted)]
    told += [f"quote {one['number']} ({one['state']})  {one['date']}" for one in quotes]
    told += [f"order {one.order}  {one.agreed_on}  {one.net}" for one in won]
    say(row, "\n".join([*told, *_lost_told(opportunity, market), *opportunity.note.splitlines()]))


def _quotes(market: Market, id_: str) -> Iterator[dict[str, object]]:
    for number in quotes_of(market.files, id_):
        folder = read_quote(market.files, number)
        try:
            quote = live(market.shop, folder)
        except Refused as refused:
            warn(f"{number} cannot be priced: {refused.faults[0].message}")
            continue
        stands = state(folder.events, quote.valid_until, market.on)
        known = {"date": quote.date, "state": stands, "net": quote.net}
        yield {"number": number, "version": quote.version, **known}


def _told(opportunity: Opportunity, row: dict[str, object], market: Market) -> list[str]:
    name = read_customer(market.files, opportunity.customer).name
    since = f"since {opportunity.moves[-1].date} ({row['days']} days)"
    rows = [
        (
            "stage",
            f"{_name(stage_of(opportunity, market.pipeline))}, {row['probability']} %, {since}",
        ),
        ("amount", _amount(row)),
        ("expected", str(opportunity.close_on or "")),
        ("owner", opportunity.owner),
        ("came from", opportunity.origin),
        *(
            ("line", f"{line.product or line.bundle} × {grouped(line.quantity)}")
            for line in opportunity.lines
        ),
    ]
    head = f"{opportunity.id} ({row['state']})  {name}"
    return [head, opportunity.title, *(f"  {label:10} {said}" for label, said in rows if said)]


def _amount(row: dict[str, object]) -> str:
    if row["amount"] is None:
        return ""
    by = " by its lines" if row["estimated"] else ""
    return f"{row['amount']}{by}, weighted {row['weighted']}"


def _name(known: Stage | Reason) -> str:
    """Give an id with its name, where that says more."""
    said = spoken(known.name, call().language or "en")
    return known.id if said.lower() == known.id else f"{known.id} ({said})"


def _stays_told(lasted: Sequence[Stay]) -> list[str]:
    heads = ("since", "stage", "days", "by", "note")
    rows = [(str(one.since), one.stage, str(one.days), one.by, one.note) for one in lasted]
    return [f"  {line}" for line in laid_out(heads, rows, (False, False, True, False, False), WIDE)]


def _lost_told(opportunity: Opportunity, market: Market) -> list[str]:
    lost = opportunity.lost
    if lost is None:
        return []
    known = {reason.id: _name(reason) for reason in market.pipeline.lost_reasons}
    return [f"lost {lost.date}: {known.get(lost.reason, lost.reason)}", *lost.note.splitlines()]
