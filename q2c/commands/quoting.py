"""Quoting: a quote as the files have it now, priced, stamped and written out."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.desk import commits_of, sources, stamped
from q2c.commands.plain import fields_of
from q2c.core.fault import Fault, Stale, Unknown
from q2c.core.party import Company
from q2c.core.period import Day
from q2c.core.quote import Draft, Event, Priced, Shelf, offered, priced, state
from q2c.store.invoices import look_path
from q2c.store.master import read_company, read_customer, read_shelf
from q2c.store.quotes import FOLDER, Folder
from q2c.store.tree import Tree

# Only for the seller's eyes, and told where they are asked for: q2c quote show --inside.
UNTOLD = frozenset(("inside", "rules"))


class Shop(Struct, frozen=True):
    """The files of a workspace, with the seller and all that is for sale read from them."""

    files: Tree
    company: Company
    shelf: Shelf


def read_shop(files: Tree) -> Shop:
    """Read what every quote is priced with."""
    return Shop(files, read_company(files), read_shelf(files))


def priced_draft(shop: Shop, number: str, draft: Draft) -> Priced:
    """Price a draft as the files have it now."""
    customer = read_customer(shop.files, draft.customer)
    offer = offered(shop.company, customer, shop.shelf, draft.date, draft.currency)
    return priced(number, draft, offer)


def with_commits(files: Tree, quote: Priced) -> Priced:
    """Write into the steps of a quote the commits that their files stand in."""
    steps = (step for line in quote.lines for step in (*line.steps, *line.treatment.steps))
    commits = commits_of(files, sources(steps))
    lines = tuple(
        replace(
            line,
            steps=stamped(line.steps, commits),
            treatment=replace(line.treatment, steps=stamped(line.treatment.steps, commits)),
        )
        for line in quote.lines
    )
    return replace(quote, lines=lines)


def live(shop: Shop, folder: Folder) -> Priced:
    """Give the version that counts: the last one sent, or before that the draft, priced now."""
    return folder.sent or priced_draft(shop, folder.number, drafted(folder))


def drafted(folder: Folder) -> Draft:
    """Give the draft of a quote; refuse where its file was taken away."""
    if folder.draft is None:
        message = f"{folder.number} has no draft: its quote.yaml is not there."
        remedy = "Bring it back from git, or make a new quote: q2c quote new"
        raise Unknown(Fault("no-draft", message, remedy=remedy))
    return folder.draft


def refuse_closed(folder: Folder) -> None:
    """Refuse what can no longer be done once a quote was accepted or declined."""
    for event in folder.events:
        if event.kind == "accepted":
            message = f"{folder.number} was accepted on {event.date}: order {event.order}."
            remedy = "Offer more by a new quote: q2c quote new"
            raise Stale(Fault("quote-accepted", message, remedy=remedy))
        if event.kind == "declined":
            message = f"{folder.number} was declined on {event.date}."
            raise Stale(Fault("quote-declined", message, remedy="Make a new one: q2c quote new"))


def refuse_earlier(folder: Folder, on: Day) -> None:
    """Refuse a day before the last thing that happened to a quote."""
    last = folder.events[-1] if folder.events else None
    if last and on < last.date:
        message = f"{folder.number} was {last.kind} on {last.date}; {on} is before that."
        raise Stale(Fault("event-before", message, remedy="Give the day with --date."))


def kept(files: Tree, folder: Folder) -> list[str]:
    """Name the files of a quote that are there, to commit them with what comes after them."""
    looks = [look_path(folder.sent.look)] if folder.sent else []
    return [*files.walk(f"{FOLDER}/{folder.number}"), *looks]


def as_row(quote: Priced, events: Sequence[Event], on: Day) -> dict[str, object]:
    """Give everything of a quote by name, with what is asked and not stored.

    Cost and margin are left out: what a script passes on may end up with the customer.
    """
    own = {name: value for name, value in fields_of(quote).items() if name not in UNTOLD}
    return {
        **own,
        "customer": quote.buyer.id,
        "state": state(events, quote.valid_until, on),
        "net": quote.net,
        "tax": quote.tax,
        "total": quote.total,
        "events": list(events),
    }
