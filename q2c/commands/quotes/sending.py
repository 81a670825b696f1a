"""q2c quote send: a draft becomes a version that nobody changes."""

from typing import Annotated

import typer
from msgspec.structs import replace

from q2c.commands.call import Commit, DateOption, DryRun, Message, today
from q2c.commands.desk import Stamp, desk, frozen_look, origin, stamp
from q2c.commands.output import check_fields, following, hint, say
from q2c.commands.quotes.quote import Number
from q2c.commands.quotes.quoting import as_row, course_of, drafted, kept, with_commits
from q2c.core.period import Day
from q2c.core.quote import Event, Priced
from q2c.core.quote.moves import next_version, refuse_final
from q2c.core.trace import Step
from q2c.store.clearing import refuse_unapproved
from q2c.store.opportunities import refuse_opportunity
from q2c.store.papers import frozen, paper
from q2c.store.quotes import Folder, event_line, path_of, read_quote
from q2c.store.shop import Shop, quoted, read_shop
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
        quote = _next(shop, folder, on)
        events: tuple[Event, ...] = folder.events
        if folder.sent and not quote.version:
            told = f"Version {folder.sent.version} was sent already, and nothing changed since."
            quote = folder.sent
        else:
            refuse_opportunity(at.tree, drafted(folder))
            mark = stamp(at.root)
            quote = replace(quote, clearance=refuse_unapproved(at.tree, folder, quote))
            quote, files = _issued(shop, quote, mark)
            event = _sent(quote, files, on, mark)
            events = (*events, event)
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


def _next(shop: Shop, folder: Folder, on: Day) -> Priced:
    """Price the draft as its next version; one without a number where it was sent as it is."""
    course = course_of(folder)
    refuse_final(course)
    quote = with_commits(shop.files, quoted(shop, folder.number, drafted(folder)))
    changed = folder.sent is None or not same_offer(folder.sent, quote)
    version = next_version(course, quote.valid_until, on, changed=changed)
    return replace(quote, version=version)


def _issued(shop: Shop, quote: Priced, mark: Stamp) -> tuple[Priced, dict[str, bytes]]:
    """Freeze a version with its look, and make its files."""
    from q2c.documents.quote import quote_pdf

    look = frozen_look(shop.files, quote.language)
    commit = origin(shop.files, _inputs(quote))
    quote = replace(quote, look=look.sha256, commit=commit, program=mark.program)
    name = path_of(quote.number, f"v{quote.version}")
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
    made = [paper(f"{name}{ending}", files[f"{name}{ending}"]) for ending in (".json", ".pdf")]
    return Event(
        kind="sent",
        date=on,
        version=quote.version,
        files=tuple((one.path, one.sha256) for one in (*made, *quote.attachments)),
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
    return replace(quote, lines=lines, version=0, clearance=None, look="", commit="", program="")


def _uncommitted(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(replace(step, source="", commit="") for step in steps)


def _told(quote: Priced, told: str) -> str:
    head = f"{quote.number} version {quote.version}  {quote.buyer.name}  {quote.total}"
    return f"{head}  valid until {quote.valid_until}\n{told}"
