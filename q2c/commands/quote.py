"""q2c quote: offers - drafted, listed and drawn."""

from pathlib import Path
from typing import Annotated

import typer

from q2c.commands.call import At, Commit, DateOption, DryRun, Message, today
from q2c.commands.desk import desk, frozen_look, read_look, save, tree
from q2c.commands.drafting import Asked, AskedLine, draft_file, draft_of, read_line
from q2c.commands.offertold import quote_told
from q2c.commands.output import check_fields, following, say, table, warn
from q2c.commands.prompt import may_ask, missing
from q2c.commands.quoting import (
    Shop,
    as_row,
    drafted,
    live,
    priced_draft,
    read_shop,
)
from q2c.commands.words import read_day
from q2c.core.fault import Refused
from q2c.core.period import Day
from q2c.core.quote import Priced, state
from q2c.store.quotes import path_of, quote_numbers, read_quote
from q2c.store.series import following as next_numbers
from q2c.store.tree import Tree

Number = Annotated[str, typer.Argument(metavar="QUOTE", help="A quote, such as Q-2026-0001.")]
LineOption = Annotated[
    list[AskedLine] | None,
    typer.Option("--line", parser=read_line, metavar="PRODUCT[:QTY]", help="What is offered."),
]
StartsOption = Annotated[
    Day | None,
    typer.Option("--starts", parser=read_day, metavar="DAY", help="First day of what recurs."),
]
UntilOption = Annotated[
    Day | None,
    typer.Option("--valid-until", parser=read_day, metavar="DAY", help="Last day of the offer."),
]


def new_quote(  # noqa: PLR0913 - a flag for each field
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="A customer's id.")] = "",
    *,
    line: LineOption = None,
    term: Annotated[
        str, typer.Option("--term", metavar="LENGTH", help="Of what recurs: 12m, 1 year.")
    ] = "",
    starts: StartsOption = None,
    until: UntilOption = None,
    currency: Annotated[
        str, typer.Option("--currency", metavar="CODE", help="Not the customer's usual one.")
    ] = "",
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="What it is about.")] = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Said below the lines.")] = "",
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Draft a quote.

    On a terminal, without --line, it asks for the customer and the lines one by one.

    Example: q2c quote new fjord-foods --line advisory:40 --line support-gold --term 12m
    """
    asked = Asked(
        customer=customer,
        lines=tuple(line or ()),
        term=term,
        starts=starts,
        until=until,
        currency=currency,
        title=title,
        note=note,
    )
    edits = False
    if not (asked.customer and asked.lines):
        asked, edits = _answered(asked, day)
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        from q2c.store.writing import Change

        shop = read_shop(at.tree)
        on = today(shop.company.time_zone, day)
        draft = draft_of(asked, shop.company, shop.shelf.catalog, on)
        number = next(next_numbers(quote_numbers(at.tree), shop.company.series.quote, on.year))
        quote = priced_draft(shop, number, draft)
        row, data = as_row(quote, (), on), draft_file(draft)
        check_fields(row)
        told = at.write(Change(created={path_of(number, "quote.yaml"): data}), f"Draft {number}")
    say(row, f"{quote_told(quote, 'draft')}\n{told}")
    if edits and not dry_run:
        from q2c.commands.editing import edit_quote

        edit_quote(number, commit, message)
    elif not dry_run:
        following(f"q2c quote send {number}   (or edit the file first)")


def _answered(asked: Asked, day: Day | None) -> tuple[Asked, bool]:
    """Ask for what the flags leave open; where nobody can be asked, name it."""
    if not may_ask():
        raise missing(*(["CUSTOMER"] if not asked.customer else []), "--line")
    from q2c.commands.wizard import interview

    answers = interview(asked, day)
    return answers.asked, answers.edits


def list_quotes(at: At = "", day: DateOption = None) -> None:
    """List the quotes, and how each stands today.

    Example: q2c quote list
    """
    shop = read_shop(tree(at))
    on = today(shop.company.time_zone, day)
    rows = [_row(shop, number, on) for number in quote_numbers(shop.files)]
    table(rows, ("number", "customer", "title", "total", "valid_until", "state"))


def _row(shop: Shop, number: str, on: Day) -> dict[str, object]:
    folder = read_quote(shop.files, number)
    try:
        quote = live(shop, folder)
    except Refused as refused:
        draft = drafted(folder)
        warn(f"{number} cannot be priced: {refused.faults[0].message}")
        known: dict[str, object] = {"customer": draft.customer, "title": draft.title}
        return {"number": number, **known, "valid_until": draft.valid_until, "state": "draft"}
    return {
        "number": number,
        "customer": quote.buyer.id,
        "title": quote.title,
        "total": quote.total,
        "valid_until": quote.valid_until,
        "state": state(folder.events, quote.valid_until, on),
        "version": quote.version,
        "net": quote.net,
        "tax": quote.tax,
    }


def render_quote(
    number: Number,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the PDF goes.")],
    at: At = "",
) -> None:
    """Draw a quote as a PDF.

    Example: q2c quote render Q-2026-0001 --out quote.pdf
    """
    shop = read_shop(tree(at))
    quote = live(shop, read_quote(shop.files, number))
    say({"number": number, "file": str(out)}, save(out, drawn(shop.files, quote)))


def drawn(files: Tree, quote: Priced) -> bytes:
    """Draw a quote: one that was sent as it was sent, a draft as it would look today."""
    from q2c.documents.quote import quote_pdf

    look = read_look(files, quote.look) if quote.look else frozen_look(files, quote.language).look
    return quote_pdf(quote, look)
