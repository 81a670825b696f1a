"""q2c quote show: a quote as it stands, and how each of its figures came about."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from msgspec import Struct

from q2c.commands.call import At, DateOption, call, today
from q2c.commands.desk import tree
from q2c.commands.output import say, table
from q2c.commands.quotes.offertold import head_told, quote_told
from q2c.commands.quotes.quote import Number
from q2c.commands.quotes.quoting import (
    approvals_asked,
    as_row,
    drafted,
    live,
    state_of,
    with_commits,
)
from q2c.core.fault import Fault, Unknown
from q2c.core.quote import Event, Line, Priced, contract_years, dues, stretches
from q2c.core.quote.otherwise import differences
from q2c.store.quotes import read_quote
from q2c.store.shop import quoted, read_shop


class Wish(Struct, frozen=True, kw_only=True):
    """What is to be shown besides the quote itself."""

    explain: bool
    chart: bool
    inside: bool
    line: str
    plain: bool


def show_quote(  # noqa: PLR0913 - a flag for each view
    number: Number,
    *,
    draft: Annotated[
        bool, typer.Option("--draft", help="The draft, also where a version was sent.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show each step, with file, line and commit.")
    ] = False,
    chart: Annotated[
        bool, typer.Option("--chart", help="Draw how the net comes about, a bar a stage.")
    ] = False,
    inside: Annotated[
        bool, typer.Option("--inside", help="Show list price, cost and margin, too.")
    ] = False,
    line: Annotated[
        str, typer.Option("--line", metavar="N", help="Explain or draw this line only.")
    ] = "",
    ascii_: Annotated[bool, typer.Option("--ascii", help="Draw with plain signs.")] = False,
    at: At = "",
    day: DateOption = None,
) -> None:
    """Show a quote: the version that was sent, or the draft as it is priced now.

    With --csv, --explain and --chart give the steps of the price waterfall as rows.

    Example: q2c quote show Q-2026-0001 --explain
    Example: q2c quote show Q-2026-0001 --chart
    """
    wish = Wish(explain=explain, chart=chart, inside=inside, line=line, plain=ascii_)
    shop = read_shop(tree(at))
    on = today(shop.company.time_zone, day)
    folder = read_quote(shop.files, number)
    quote = quoted(shop, number, drafted(folder)) if draft else live(shop, folder)
    for_programs = call().mode in ("json", "jsonl", "csv")
    if not quote.version and (explain or for_programs):
        quote = with_commits(shop.files, quote)
    only = _only(quote, line)
    events = () if draft else folder.events
    row = as_row(quote, events, on)
    if not folder.sent:
        row["state"] = state_of(folder, quote, on, approvals_asked(shop.files))
    if (explain or chart) and call().mode == "csv":
        from q2c.commands.quotes.explained import COLUMNS, waterfall_rows

        table(waterfall_rows(quote, only), COLUMNS)
        return
    told = "\n".join([*_told(quote, str(row["state"]), wish, only), *map(_event_told, events)])
    if for_programs or call().fields:
        row |= _figures(quote, wish, only)
    say(row, told)


def _only(quote: Priced, id_: str) -> tuple[Line, ...]:
    """Give the lines to explain: all, or the one that is named."""
    chosen = tuple(line for line in quote.lines if id_ in ("", line.id))
    if not chosen:
        ids = ", ".join(line.id for line in quote.lines)
        message = f"{quote.number} has no line '{id_}'."
        raise Unknown(Fault("no-such-line", message, remedy=f"It has the lines {ids}."))
    return chosen


def _told(quote: Priced, state: str, wish: Wish, only: Sequence[Line]) -> Iterator[str]:
    if wish.line or (wish.chart and not (wish.explain or wish.inside)):
        yield from head_told(quote, state)
    else:
        yield quote_told(quote, state)
    if wish.inside or (wish.explain and not wish.line):
        from q2c.commands.quotes.insidetold import inside_told

        yield from inside_told(quote, wish.line)
    if wish.explain:
        from q2c.commands.quotes.explained import explained

        yield from explained(quote, only)
    if wish.chart:
        yield from _chart(quote, wish, only)


def _chart(quote: Priced, wish: Wish, only: Sequence[Line]) -> Iterator[str]:
    from q2c.commands.quotes.fallchart import chart_told, ink_of
    from q2c.core.quote.waterfall import levels

    if wish.line:
        yield f"{only[0].id}  {only[0].name}"
    yield from chart_told(levels(only if wish.line else quote.counted), ink_of(plain=wish.plain))


def _figures(quote: Priced, wish: Wish, only: Sequence[Line]) -> dict[str, object]:
    """Give what is worked out of a quote by name; cost and margin only where they are asked for."""
    from q2c.commands.quotes.explained import waterfall_rows

    inside: dict[str, object] = {}
    if wish.inside:
        from q2c.commands.quotes.insidetold import inside_row

        inside = {"inside": inside_row(quote)}
    years = contract_years(quote.lines, quote.currency)
    return {
        "stretches": stretches(quote.lines, quote.currency),
        "contract_years": [{"days": days, "net": net} for days, net in years],
        "dues": dues(quote),
        "otherwise": differences(quote),
        "waterfall": waterfall_rows(quote, only),
        **inside,
    }


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
