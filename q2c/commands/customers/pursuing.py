"""q2c opportunity new, move and lost: from the first talk to the sale or the loss."""

from collections.abc import Mapping
from typing import Annotated

import typer
from msgspec import Struct

from q2c.commands.call import Commit, DateOption, DryRun, Message, today
from q2c.commands.customers.opportunity import OpportunityId, read_market, row_of
from q2c.commands.desk import Desk, desk, stamp
from q2c.commands.output import check_fields, following, say
from q2c.commands.prompt import ask, may_ask, missing
from q2c.commands.quotes.linewords import AskedLine, draft_line, read_line
from q2c.commands.words import read_amount, read_day, read_note
from q2c.core.catalog import Catalog
from q2c.core.fault import Fault, Invalid, Misused, Refused, Stale
from q2c.core.likeness import named
from q2c.core.period import Day
from q2c.core.pipeline import (
    Loss,
    Move,
    Opportunity,
    Pipeline,
    given_up,
    moved,
    opportunity_faults,
)
from q2c.store.draftfile import written
from q2c.store.master import customer_ids, read_catalog, read_company, read_customer
from q2c.store.opportunities import (
    opportunity_ids,
    opportunity_path,
    read_opportunity,
    read_pipeline,
)
from q2c.store.tree import Tree
from q2c.store.writing import Change

MODELINE = "# yaml-language-server: $schema=../.q2c/schema/opportunity.json\n"
NoteOption = Annotated[
    str, typer.Option("--note", parser=read_note, metavar="TEXT", help="What else to know.")
]
LineOption = Annotated[
    list[AskedLine] | None,
    typer.Option("--line", parser=read_line, metavar="PRODUCT[:QTY]", help="What may be sold."),
]


class Asked(Struct, frozen=True):
    """An opportunity as the flags say it."""

    id: str
    customer: str
    title: str
    amount: str
    close: Day | None
    owner: str
    stage: str
    lines: tuple[AskedLine, ...]
    origin: str
    note: str


def new_opportunity(  # noqa: PLR0913 - a flag for each field
    id_: Annotated[
        str, typer.Argument(metavar="[ID]", help="A new id; without one it comes of the title.")
    ] = "",
    *,
    customer: Annotated[str, typer.Option("--customer", metavar="ID", help="Who may buy.")] = "",
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="What it is about.")] = "",
    amount: Annotated[
        str, typer.Option("--amount", metavar="AMOUNT", help="What it is worth, without VAT.")
    ] = "",
    close: Annotated[
        Day | None,
        typer.Option("--close", parser=read_day, metavar="DAY", help="When it may be sold."),
    ] = None,
    owner: Annotated[
        str, typer.Option("--owner", metavar="NAME", help="Who looks after it.  [you]")
    ] = "",
    stage: Annotated[
        str, typer.Option("--stage", metavar="ID", help="Where it stands.  [the first]")
    ] = "",
    line: LineOption = None,
    origin: Annotated[
        str, typer.Option("--origin", metavar="TEXT", help="Where it came from.")
    ] = "",
    note: NoteOption = "",
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Write down what may be sold to a customer.

    On a terminal, customer and title are asked for. An opportunity is won when an order comes
    of it: name it in the quote.

    Example: q2c opportunity new --customer adler-gmbh --title "Data review" --amount "24000 EUR" --close 2027-02-26
    """  # noqa: E501 - an example is one line
    customer, title = _completed(customer, title)
    asked = Asked(
        id_, customer, title, amount, close, owner, stage, tuple(line or ()), origin, note
    )
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        made, data = _made(at, asked, day)
        row = row_of(made, read_market(at.tree, day))
        check_fields(row)
        change = Change(created={opportunity_path(made.id): data})
        told = at.write(change, f"Add opportunity {made.id}")
        after = _next(read_pipeline(at.tree), made.stage)
    say(row, f"{made.id}  {made.title}\n{told}")
    if not dry_run:
        following(f"q2c opportunity move {made.id} --stage {after}")


def _completed(customer: str, title: str) -> tuple[str, str]:
    """Ask for what was not given; where nobody can be asked, name all of it."""
    flags = [flag for flag, said in (("--customer", customer), ("--title", title)) if not said]
    if flags and not may_ask():
        raise missing(*flags)
    return customer or ask("Customer", "--customer"), title or ask("Title", "--title")


def _person(at: Desk) -> str:
    """Name the person at work, without the address."""
    return stamp(at.root).by.partition(" <")[0]


def _made(at: Desk, asked: Asked, day: Day | None) -> tuple[Opportunity, bytes]:
    """Make an opportunity as it was asked for, and its file."""
    buyer, pipeline = read_customer(at.tree, asked.customer), read_pipeline(at.tree)
    company, catalog = read_company(at.tree), read_catalog(at.tree)
    first = pipeline.stage(asked.stage) if asked.stage else pipeline.stages[0]
    me, known = _person(at), opportunity_ids(at.tree)
    _refuse_known(asked.id, known)
    fields = _fields(
        id=asked.id or named(asked.title, known),
        customer=asked.customer,
        title=asked.title,
        owner=asked.owner or me,
        amount=_amount(asked.amount, buyer.currency or company.currency),
        close_on=asked.close,
        origin=asked.origin,
        moves=[_fields(date=today(company.time_zone, day), stage=first.id, by=me)],
        lines=[written(draft_line(one, catalog)) for one in asked.lines],
        note=asked.note,
    )
    data = _written(fields)
    return _checked(data, str(fields["id"]), pipeline, at.tree, catalog), data


def _refuse_known(id_: str, known: list[str]) -> None:
    if id_ in known:
        message = f"There is an opportunity '{id_}' already."
        remedy = f"Look: q2c opportunity show {id_}"
        raise Stale(Fault("opportunity-exists", message, remedy=remedy))


def _amount(word: str, currency: str) -> dict[str, object]:
    if not word:
        return {}
    money = read_amount(word, currency)
    return {money.currency: money.amount}


def _fields(**fields: object) -> dict[str, object]:
    """Give a record as a file has it: what is not said is left out."""
    return {key: value for key, value in fields.items() if value}


def _written(record: Mapping[str, object]) -> bytes:
    from q2c.store.edit import emit

    return f"{MODELINE}{emit(record)}".encode()


def _checked(
    data: bytes, id_: str, pipeline: Pipeline, files: Tree, catalog: Catalog
) -> Opportunity:
    """Read what would be written, and check it against all that is there."""
    from q2c.store.records import read_record

    try:
        made = read_record(data, opportunity_path(id_), Opportunity)
    except Refused as refused:
        raise Misused(*map(_unplaced, refused.faults)) from None
    customers = dict.fromkeys(customer_ids(files))
    faults = list(opportunity_faults(made, pipeline, customers, catalog))
    if faults:
        raise Invalid(*map(_unplaced, faults))
    return made


def _unplaced(fault: Fault) -> Fault:
    """Tell a fault of what stands in no file yet."""
    return Fault(fault.code, fault.message, remedy=fault.remedy)


def _next(pipeline: Pipeline, stage: str) -> str:
    """Name the stage after one; the last has none after it."""
    ids = [one.id for one in pipeline.stages]
    return ids[min(ids.index(stage) + 1, len(ids) - 1)]


def move_opportunity(  # noqa: PLR0913 - a flag for each thing that is recorded
    id_: OpportunityId,
    *,
    stage: Annotated[str, typer.Option("--stage", metavar="ID", help="Where it stands now.")],
    note: NoteOption = "",
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Record that an opportunity came to another stage.

    Example: q2c opportunity move polar-insight --stage quoted
    """
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        market = read_market(at.tree, day)
        opportunity = read_opportunity(at.tree, id_)
        asked = Move(date=market.on, stage=stage, by=_person(at), note=note)
        won = market.won.get(id_, ())
        move = moved(opportunity, asked, market.pipeline, won)
        fields = _fields(date=move.date, stage=move.stage, by=move.by, note=move.note)
        data, after = _added(at.tree, id_, "moves", fields)
        row = row_of(after, market)
        check_fields(row)
        change = Change(replaced={opportunity_path(id_): data})
        told = at.write(change, f"Move opportunity {id_} to {stage}")
    came = f"{id_}: {opportunity.stage} → {stage} ({row['probability']} %)"
    say(row, f"{came}\n{told}")
    if not dry_run:
        following(f"q2c opportunity show {id_}")


def lose_opportunity(  # noqa: PLR0913 - a flag for each thing that is recorded
    id_: OpportunityId,
    *,
    reason: Annotated[
        str, typer.Option("--reason", metavar="ID", help="Why, of the list in pipeline.yaml.")
    ] = "",
    note: NoteOption = "",
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Record that an opportunity was lost, and why.

    Example: q2c opportunity lost polar-insight --reason price --note "A tenth too much"
    """
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        market = read_market(at.tree, day)
        _refuse_no_reason(reason, market.pipeline)
        opportunity = read_opportunity(at.tree, id_)
        asked = Loss(date=market.on, reason=reason, note=note)
        loss = given_up(opportunity, asked, market.pipeline, market.won.get(id_, ()))
        fields = _fields(date=loss.date, reason=loss.reason, note=loss.note)
        data, after = _added(at.tree, id_, "lost", fields)
        row = row_of(after, market)
        check_fields(row)
        change = Change(replaced={opportunity_path(id_): data})
        told = at.write(change, f"Lose opportunity {id_}")
    say(row, f"Lost {id_}: {reason}\n{told}")


def _refuse_no_reason(reason: str, pipeline: Pipeline) -> None:
    if not reason:
        message = "A loss needs a reason."
        known = ", ".join(one.id for one in pipeline.lost_reasons)
        remedy = f"Give one with --reason: {known}."
        raise Misused(Fault("reason-needed", message, remedy=remedy))


def _added(
    files: Tree, id_: str, key: str, fields: Mapping[str, object]
) -> tuple[bytes, Opportunity]:
    """Add a move or the loss to a file: its bytes, and what it says then."""
    from q2c.store.edit import appended, inserted
    from q2c.store.records import read_record

    name = opportunity_path(id_)
    add = appended if key == "moves" else inserted
    data = add(files.read(name), (key,), dict(fields), name)
    return data, read_record(data, name, Opportunity)
