"""q2c quote show: a quote as it stands, and how each of its figures came about."""

from typing import Annotated

import typer

from q2c.commands.call import At, DateOption, call, today
from q2c.commands.desk import tree
from q2c.commands.offertold import quote_told
from q2c.commands.output import say
from q2c.commands.quote import Number
from q2c.commands.quoting import as_row, drafted, live, priced_draft, read_shop, with_commits
from q2c.core.quote import Event
from q2c.store.quotes import read_quote


def show_quote(
    number: Number,
    *,
    draft: Annotated[
        bool, typer.Option("--draft", help="The draft, also where a version was sent.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show each step, with file, line and commit.")
    ] = False,
    at: At = "",
    day: DateOption = None,
) -> None:
    """Show a quote: the version that was sent, or the draft as it is priced now.

    Example: q2c quote show Q-2026-0001 --explain
    """
    shop = read_shop(tree(at))
    on = today(shop.company.time_zone, day)
    folder = read_quote(shop.files, number)
    quote = priced_draft(shop, number, drafted(folder)) if draft else live(shop, folder)
    if not quote.version and (explain or call().machine):
        quote = with_commits(shop.files, quote)
    events = () if draft else folder.events
    row = as_row(quote, events, on)
    told = quote_told(quote, str(row["state"]), explain=explain)
    say(row, "\n".join([told, *map(_event_told, events)]))


def _event_told(event: Event) -> str:
    names = (path.rpartition("/")[2] for path, _ in event.files)
    words = (
        f"{event.date} {event.kind}{f' version {event.version}' if event.version else ''}",
        event.by and f"by {event.by}",
        event.po and f"order number {event.po}",
        event.reason and f"“{event.reason}”",
        event.contract and f"contract {event.contract}",
        event.order and f"order {event.order}",
        *(name for name in names if name.startswith("evidence")),
    )
    return "  ".join(filter(None, words))
