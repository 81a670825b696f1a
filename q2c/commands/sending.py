"""q2c quote send: a draft becomes a version that nobody changes."""

from typing import Annotated

import typer
from msgspec.structs import replace

from q2c.commands.call import Commit, DateOption, DryRun, Message, today
from q2c.commands.desk import Stamp, desk, frozen_look, origin, stamp
from q2c.commands.output import check_fields, following, hint, say
from q2c.commands.quote import Number
from q2c.commands.quoting import (
    Shop,
    as_row,
    drafted,
    kept,
    priced_draft,
    read_shop,
    refuse_closed,
    refuse_earlier,
    with_commits,
)
from q2c.core.fault import Fault, Stale
from q2c.core.period import Day
from q2c.core.quote import Event, Priced
from q2c.core.trace import Step
from q2c.store.papers import frozen, paper
from q2c.store.quotes import Folder, event_line, path_of, read_quote
from q2c.store.writing import Change


def send_quote(
    number: Number,
    *,
    out_only: Annotated[
        bool, typer.Option("--out-only", help="Only make the files; mail nothing.")
    ] = False,
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Issue a quote as a version that nothing changes, with its PDF.

    A draft that was edited after it was sent becomes the next version.

    Example: q2c quote send Q-2026-0001
    """
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        shop = read_shop(at.tree)
        on = today(shop.company.time_zone, day)
        folder = read_quote(at.tree, number)
        quote, files = _issued(shop, folder, on, stamp(at.root))
        event = _sent(quote, files, on, stamp(at.root))
        events = (*folder.events, event)
        if folder.sent and same_offer(folder.sent, quote):
            told = f"Version {folder.sent.version} was sent already, and nothing changed since."
            quote, events = folder.sent, folder.events
        else:
            check_fields(as_row(quote, events, on))
            lines = {path_of(number, "events.jsonl"): event_line(folder.events, event)}
            subject = f"Send {number}, version {quote.version}"
            change = Change(created=files, appended=lines)
            told = at.write(change, subject, kept(at.tree, folder))
    say(as_row(quote, events, on), _told(quote, told))
    if not out_only:
        hint(f"Nothing was mailed: send {path_of(number, f'v{quote.version}.pdf')} yourself.")
    if not dry_run:
        following(f"q2c quote accept {number} --by NAME")


def _issued(shop: Shop, folder: Folder, on: Day, mark: Stamp) -> tuple[Priced, dict[str, bytes]]:
    """Price the draft as the next version, and make its files."""
    from q2c.documents.quote import quote_pdf

    refuse_closed(folder)
    refuse_earlier(folder, on)
    quote = with_commits(shop.files, priced_draft(shop, folder.number, drafted(folder)))
    if on > quote.valid_until:
        message = f"{folder.number} was valid until {quote.valid_until}."
        remedy = "Put valid_until in quote.yaml on a later day."
        raise Stale(Fault("quote-expired", message, remedy=remedy))
    look = frozen_look(shop.files, quote.language)
    quote = replace(
        quote,
        version=folder.sent.version + 1 if folder.sent else 1,
        look=look.sha256,
        commit=origin(shop.files, _inputs(quote)),
        program=mark.program,
    )
    name = path_of(folder.number, f"v{quote.version}")
    files = {f"{name}.json": frozen(quote), f"{name}.pdf": quote_pdf(quote, look.look)}
    return quote, {**files, **look.created}


def _inputs(quote: Priced) -> set[str]:
    """Name the files that a quote came from."""
    steps = (step for line in quote.lines for step in (*line.steps, *line.treatment.steps))
    named = {step.source.rpartition(":")[0] for step in steps if step.source}
    own = (path_of(quote.number, "quote.yaml"), f"customers/{quote.buyer.id}.yaml", "company.yaml")
    return {*named, *own}


def _sent(quote: Priced, files: dict[str, bytes], on: Day, mark: Stamp) -> Event:
    name = path_of(quote.number, f"v{quote.version}")
    papers = [paper(f"{name}{ending}", files[f"{name}{ending}"]) for ending in (".json", ".pdf")]
    return Event(
        kind="sent",
        date=on,
        version=quote.version,
        files=tuple((one.path, one.sha256) for one in papers),
        recorded=mark.recorded,
        recorded_by=mark.by,
        commit=mark.commit,
        program=mark.program,
    )


def same_offer(one: Priced, other: Priced) -> bool:
    """Say whether two versions offer the same, whenever and by which commit they were made."""
    return _bare(one) == _bare(other)


def _bare(quote: Priced) -> Priced:
    lines = tuple(
        replace(
            line,
            steps=_uncommitted(line.steps),
            treatment=replace(line.treatment, steps=_uncommitted(line.treatment.steps)),
        )
        for line in quote.lines
    )
    return replace(quote, lines=lines, version=0, look="", commit="", program="")


def _uncommitted(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(replace(step, source="", commit="") for step in steps)


def _told(quote: Priced, told: str) -> str:
    head = f"{quote.number} version {quote.version}  {quote.buyer.name}  {quote.total}"
    return f"{head}  valid until {quote.valid_until}\n{told}"
