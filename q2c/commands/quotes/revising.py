"""q2c quote revise and duplicate: an offer that is made anew, and one made of another."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

import typer
from msgspec.structs import replace

from q2c.commands.call import Commit, DateOption, DryRun, Message, today
from q2c.commands.desk import Desk, desk
from q2c.commands.output import check_fields, following, hint, say
from q2c.commands.quotes import quoteflags as flags
from q2c.commands.quotes.offering import rate_of
from q2c.commands.quotes.offertold import quote_told
from q2c.commands.quotes.quote import Number
from q2c.commands.quotes.quoting import as_row, course_of, drafted, kept
from q2c.core.period import Day
from q2c.core.quote import Draft, Priced, Standing, standings, valid_until
from q2c.core.quote.copying import copied, shut_codes
from q2c.core.quote.moves import refuse_unrevisable
from q2c.core.quote.pinning import pins, refuse_moved
from q2c.store.draftfile import draft_file
from q2c.store.edit import reworked
from q2c.store.master import read_customer
from q2c.store.quotes import Folder, path_of, quote_numbers, read_quote
from q2c.store.records import read_record
from q2c.store.series import following as next_numbers
from q2c.store.shop import Shop, offer_of, quoted, read_shop
from q2c.store.writing import Change

KeepOption = Annotated[
    bool, typer.Option("--keep-prices", help="Write the prices that were shown into the draft.")
]
ForOption = Annotated[
    str, typer.Option("--customer", metavar="ID", help="For another customer.  [the same]")
]


def revise_quote(  # noqa: PLR0913 - a flag for each thing that may be said
    number: Number,
    *,
    keep_prices: KeepOption = False,
    starts: flags.Starts = None,
    until: flags.Until = None,
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Offer a quote anew: its draft gets today's date and prices, for its next version.

    What was sent stays as it was until the next version is sent. With --keep-prices what costs
    something else today gets the price that was shown, as a price by hand.

    Example: q2c quote revise Q-2026-0004
    """
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        shop = read_shop(at.tree)
        on = today(shop.company.time_zone, day)
        folder = read_quote(at.tree, number)
        refuse_unrevisable(course_of(folder), on)
        before, name = drafted(folder), path_of(number, "quote.yaml")
        last = until or valid_until(on, shop.company.terms.quote_valid_days)
        first = ((("starts",), starts),) if starts else ()
        data = reworked(at.tree.read(name), [(("date",), on), (("valid_until",), last), *first])
        quote = quoted(shop, number, read_record(data, name, Draft))
        if keep_prices:
            shown = folder.sent or quoted(shop, number, before)
            data, quote = _kept_prices(shop, data, shown, quote)
        check_fields(as_row(quote, (), on))
        told = at.write(Change(replaced={name: data}), f"Revise {number}", kept(at.tree, folder))
    say(as_row(quote, (), on), f"{quote_told(quote, 'draft')}\n{told}")
    for line in (*_live_told(folder, on), *_past_told(quote, on)):
        hint(line)
    if not dry_run:
        following(f"q2c quote send {number}   (or edit the file first)")


def _kept_prices(shop: Shop, data: bytes, shown: Priced, now: Priced) -> tuple[bytes, Priced]:
    """Write the prices that were shown into a draft, and see to it that they hold."""
    name = path_of(now.number, "quote.yaml")
    draft = read_record(data, name, Draft)
    found = pins(draft, shown, now, shop.shelf.catalog.bundles)
    data = reworked(data, [(pin.path, _figure(pin.price)) for pin in found], name)
    quote = quoted(shop, now.number, read_record(data, name, Draft))
    refuse_moved(shown, quote)
    return data, quote


def _figure(price: Decimal) -> Decimal | int:
    """Give a price as it is read from a file: a whole one is no decimal."""
    return int(price) if price == int(price) else price


def _live_told(folder: Folder, on: Day) -> Iterator[str]:
    """Say what may be accepted until the next version is sent."""
    if not folder.sent:
        return
    [*_, last] = standings(folder.events, folder.sent.valid_until, on)
    yield _standing_told(last, folder.sent.valid_until)


def _standing_told(last: Standing, until: Day) -> str:
    if last.state == "sent":
        return f"Until it is sent, version {last.version} may be accepted, through {until}."
    how = "has expired" if last.state == "expired" else f"was {last.state}"
    return f"Until it is sent nothing may be accepted: version {last.version} {how}."


def _past_told(quote: Priced, on: Day) -> Iterator[str]:
    """Name the lines whose service begins before the offer is made."""
    past = [line.id for line in quote.lines if line.service and line.service.first < on]
    if past:
        yield f"The service of {', '.join(past)} begins before {on}; --starts gives another day."


def duplicate_quote(  # noqa: PLR0913 - a flag for each thing that may be said
    number: Number,
    *,
    customer: ForOption = "",
    until: flags.Until = None,
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Draft a new quote with the lines and terms of another.

    It has today's date and prices. Approvals stay behind, and so do codes of promotions that no
    longer hold.

    Example: q2c quote duplicate Q-2026-0008
    """
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        shop = read_shop(at.tree)
        on = today(shop.company.time_zone, day)
        source = drafted(read_quote(at.tree, number))
        last = until or valid_until(on, shop.company.terms.quote_valid_days)
        draft = copied(source, on, last, customer)
        draft = replace(draft, exchange=rate_of(shop, draft.currency or "", on))
        buyer = read_customer(at.tree, draft.customer)
        shut = shut_codes(draft, offer_of(shop, draft, buyer))
        draft = replace(draft, promotions=tuple(c for c in draft.promotions if c not in shut))
        made, quote, told = _written(at, shop, draft, number)
    say(as_row(quote, (), on), f"{quote_told(quote, 'draft')}\n{told}")
    for why in shut.values():
        hint(f"Left out: {why}")
    if source.starts and not draft.starts:
        hint(f"The first day, {source.starts}, is past and was left out.")
    for line in _past_told(quote, on):
        hint(line.partition(";")[0] + ".")
    if not dry_run:
        following(f"q2c quote send {made}   (or edit the file first)")


def _written(at: Desk, shop: Shop, draft: Draft, source: str) -> tuple[str, Priced, str]:
    """Write a draft under the next number."""
    series = shop.company.series.quote
    number = next(next_numbers(quote_numbers(at.tree), series, draft.date.year))
    quote = quoted(shop, number, draft)
    check_fields(as_row(quote, (), draft.date))
    change = Change(created={path_of(number, "quote.yaml"): draft_file(draft)})
    return number, quote, at.write(change, f"Draft {number} after {source}")
