"""Quoting: a quote as the files have it now, priced, stamped and written out."""

from collections.abc import Callable, Sequence
from datetime import date

from msgspec.structs import replace

from q2c.commands.desk import commits_of, sources, stamped
from q2c.commands.plain import fields_of
from q2c.core.fault import Fault, Invalid, Unknown
from q2c.core.period import Day
from q2c.core.quote import (
    Approval,
    Course,
    Draft,
    Event,
    Priced,
    State,
    choose,
    standings,
    state,
)
from q2c.store.quotes import FOLDER, Folder
from q2c.store.shop import Shop, quoted
from q2c.store.tree import Tree

# How the approvals of a draft stand, asked of a folder and its quote.
Asking = Callable[[Folder, Priced], Approval]
# Only for the seller's eyes, and told where they are asked for: q2c quote show --inside.
UNTOLD = frozenset(("inside", "clearance", "rules"))


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
    return folder.sent or quoted(shop, folder.number, drafted(folder))


def taken(folder: Folder, quote: Priced) -> Priced:
    """Give what was accepted of a version, as the customer chose; else the version as it is."""
    for event in folder.events:
        if event.kind == "accepted" and (event.choices or event.taken or event.only):
            return choose(quote, event.choices, event.taken, event.only)
    return quote


def drafted(folder: Folder) -> Draft:
    """Give the draft of a quote; refuse where its file was taken away, or cannot be read."""
    if folder.draft is not None:
        return folder.draft
    if folder.faults:
        raise Invalid(*folder.faults)
    message = f"{folder.number} has no draft: its quote.yaml is not there."
    remedy = "Bring it back from git, or make a new quote: q2c quote new"
    raise Unknown(Fault("no-draft", message, remedy=remedy))


def course_of(folder: Folder) -> Course:
    """Give the way of a quote so far."""
    offer = folder.sent or folder.draft
    until = offer.valid_until if offer else date.max
    return Course(number=folder.number, events=folder.events, valid_until=until)


def approvals_asked(files: Tree) -> Asking:
    """Give how the approvals of a draft are asked for; there are none without rules of approval."""
    if not files.exists("approvals.yaml"):
        return lambda _folder, _quote: ""
    from q2c.store.approvals import rules_seen
    from q2c.store.clearing import approval_state

    now = rules_seen(files)
    return lambda folder, quote: approval_state(files, folder, quote, now)


def state_of(folder: Folder, quote: Priced, on: Day, asked: Asking) -> State:
    """Say how a quote stands on a day, a draft by its approvals, too."""
    approval = "" if folder.sent else asked(folder, quote)
    return state(folder.events, quote.valid_until, on, approval)


def kept(files: Tree, folder: Folder) -> list[str]:
    """Name the files of a quote that are there, to commit them with what comes after them."""
    from q2c.store.invoices import look_path  # with all that invoices are made of

    looks = [look_path(folder.sent.look)] if folder.sent else []
    named = folder.draft.attachments if folder.draft else ()
    papers = [name for name in named if files.exists(name)]
    return [*files.walk(f"{FOLDER}/{folder.number}"), *looks, *papers]


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
        "versions": [
            {**fields_of(one), "form": one.form} for one in standings(events, quote.valid_until, on)
        ],
        "events": list(events),
    }
