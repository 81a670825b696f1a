"""q2c status: what waits for somebody, and how the books stand."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta

from msgspec import Struct

from q2c.commands.books import Books, read_books
from q2c.commands.call import At, call, today
from q2c.commands.desk import tree
from q2c.commands.invoices.billing import refuse_moved
from q2c.commands.invoices.issuing import sums, unissued
from q2c.commands.invoices.outstanding import Asked, due
from q2c.commands.invoices.uncommitted import behind_books
from q2c.commands.output import table
from q2c.commands.quotes.quoting import approvals_asked, drafted, state_of
from q2c.core.fault import Refused, Stale
from q2c.core.quote import State, state
from q2c.core.receivable import open_items, overdue
from q2c.core.signature import state as signing_state
from q2c.core.signature import waits_for
from q2c.store.invoices import read_dues, read_invoice, read_plan
from q2c.store.ledger import Record
from q2c.store.orders import numbers
from q2c.store.quotes import Folder, quote_numbers, read_known
from q2c.store.sent import ENDING
from q2c.store.shop import quoted, read_shop
from q2c.store.signing import read_signing
from q2c.store.tree import Tree
from q2c.store.writing import unfinished

PENDING = 10
SOON = timedelta(days=7)
COLUMNS = ("what", "count", "which")
SHOWN = 5


class Matter(Struct, frozen=True):
    """Something to know: how many of what, which ones, and whether it waits for somebody."""

    what: str
    count: int
    which: str
    waits: bool


def status(*, at: At = "") -> int:
    """Show what waits for somebody, and how the books stand.

    With --quiet nothing is shown, and the exit status is 10 where something waits.

    Example: q2c status
    """
    files = tree(at)
    books = read_books(files)
    now = today(books.company.time_zone)
    matters = [
        *_stopped(),
        *_quotes(files, now),
        *_contracts(files, books, now),
        *_due(files, books, now),
        *_plans(files, books),
        *_unsent(files, books),
        *_unpaid(files, books, now),
        *_matter("files not in git", behind_books(files, books), waits=False),
        *_books(books),
    ]
    if call().quiet:
        return PENDING if any(matter.waits for matter in matters) else 0
    table(matters, COLUMNS)
    return 0


def _matter(what: str, which: list[str], *, waits: bool = True) -> Iterator[Matter]:
    if which:
        more = f" and {len(which) - SHOWN} more" if len(which) > SHOWN else ""
        yield Matter(what, len(which), f"{', '.join(which[:SHOWN])}{more}", waits)


def _stopped() -> Iterator[Matter]:
    if unfinished(call().root):
        which = "the next command that writes finishes it"
        yield Matter("stopped while writing", 1, which, waits=True)


def _quotes(files: Tree, now: date) -> Iterator[Matter]:
    found: dict[str, list[str]] = {}
    stands = _draft_states(files, now)
    for number in quote_numbers(files):
        try:
            folder = read_known(files, number)
        except Refused as refused:
            found.setdefault("odd", []).append(f"{number} ({refused.faults[0].code})")
            continue
        for how, said in _standing(folder, now, stands):
            found.setdefault(how, []).append(said)
    yield from _matter("quotes in draft", found.get("draft", []), waits=False)
    yield from _matter("quotes in approval", found.get("in-approval", []))
    yield from _matter("quotes approved", found.get("approved", []))
    yield from _matter("quotes unreadable", found.get("odd", []))
    yield from _matter("quotes sent", found.get("sent", []), waits=False)
    yield from _matter("quotes about to lapse", found.get("lapsing", []))
    yield from _matter("quotes expired", found.get("expired", []), waits=False)
    yield from _matter("quotes declined", found.get("declined", []), waits=False)
    yield from _matter("quotes made void", found.get("voided", []), waits=False)
    yield from _matter("quotes accepted", found.get("accepted", []), waits=False)


def _draft_states(files: Tree, now: date) -> Callable[[Folder], State]:
    """Give how a draft stands: by its approvals, where there are rules of approval."""
    if not files.exists("approvals.yaml"):
        return lambda _folder: "draft"
    try:
        shop, asked = read_shop(files), approvals_asked(files)
    except Refused:  # what cannot be read is told by check
        return lambda _folder: "draft"

    def stands(folder: Folder) -> State:
        try:
            return state_of(folder, quoted(shop, folder.number, drafted(folder)), now, asked)
        except Refused:
            return "draft"

    return stands


def _standing(
    folder: Folder, now: date, stands: Callable[[Folder], State]
) -> Iterator[tuple[str, str]]:
    """Say how a quote stands, and what is about to change or cannot be read."""
    number, offer = folder.number, folder.sent or folder.draft
    if folder.faults:
        yield "odd", f"{number} ({folder.faults[0].code})"
    if offer is None:
        return
    how = state(folder.events, offer.valid_until, now)
    yield stands(folder) if how == "draft" else how, number
    if how == "sent" and offer.valid_until <= now + SOON:
        yield "lapsing", f"{number} ({offer.valid_until})"


def _contracts(files: Tree, books: Books, now: date) -> Iterator[Matter]:
    """Say which contracts wait to be signed, by us or by the customer, and which were not."""
    found: dict[str, list[str]] = {}
    order = books.company.contracts.order
    for number in numbers(files, "contracts"):
        with suppress(Refused):  # what cannot be read is told by check
            events = read_signing(files, number)
            how = signing_state(events, now)
            ours = how == "waiting" and "seller" in waits_for(events, order)
            found.setdefault("ours" if ours else how, []).append(number)
    yield from _matter("contracts for us to sign", found.get("ours", []))
    yield from _matter("contracts for customers to sign", found.get("waiting", []), waits=False)
    yield from _matter("contracts not signed in time", found.get("expired", []))
    yield from _matter("contracts not to be signed", found.get("declined", []))


def _due(files: Tree, books: Books, now: date) -> Iterator[Matter]:
    asked = Asked(through=now, issue_on=now)
    found = due(files, books, asked)
    orders = [number for claim in found.claims for number in claim.orders]
    yield from _matter("orders to invoice", orders)
    yield from _matter("orders held", [f"{held.order} ({held.code})" for held in found.held])


def _plans(files: Tree, books: Books) -> Iterator[Matter]:
    waiting, old = [], []
    for name in files.names("plans", ".json"):
        try:
            plan = read_plan(files.read(name), name)
            if left := list(unissued(plan, books)):
                refuse_moved(plan, books)
                waiting.append(f"{name} ({len(left)} to go)")
        except Stale:
            old.append(name)
        except Refused as refused:
            waiting.append(f"{name} ({refused.faults[0].code})")
    yield from _matter("plans not applied", waiting)
    yield from _matter("plans gone stale", old, waits=False)


def _unsent(files: Tree, books: Books) -> Iterator[Matter]:
    """Name invoices that did not go out, where invoices are sent from here at all.

    A line says `sent` where somebody got it. What is in doubt waits for a person, as does the rest.
    """
    names = [name for name in files.walk("invoices") if name.endswith(ENDING)]
    tried = {
        name.rpartition("/")[2].removesuffix(ENDING): data for name, data in files.read_all(names)
    }
    if not tried:
        return
    out = {number for number, data in tried.items() if b'"kind":"sent"' in data}
    left = [one for number, one in books.ledger.by_number.items() if number not in out]
    voids = {one.number: _void(files, one) for one in left if one.released}
    gone = {number for pair in voids.items() if pair[1] for number in pair}
    numbers = [one.number for one in left if one.number not in gone]
    yield from _matter("invoices not sent", numbers)


def _void(files: Tree, note: Record) -> str:
    """Name the invoice that a credit note makes void: neither of the two goes out."""
    credit = read_invoice(files, (note,), note.number)
    return credit.original.number if credit.void and credit.original else ""


def _unpaid(files: Tree, books: Books, now: date) -> Iterator[Matter]:
    items = [item for item in open_items(books.records).values() if not item.settled]
    dues = read_dues(files, [books.ledger.by_number[item.number] for item in items])
    sooner = {
        item.number: overdue(item, dues[item.number], now) for item in items if item.number in dues
    }
    late = [item for item in items if item.number in sooner and sooner[item.number].minor]
    for what, found in (("invoices unpaid", items), ("invoices overdue", late)):
        if found:
            amount = sums([sooner[item.number] if found is late else item.open for item in found])
            numbers = [item.number for item in found]
            named = next(_matter(what, numbers)).which
            yield Matter(what, len(found), f"{amount}: {named}", found is late)


def _books(books: Books) -> Iterator[Matter]:
    months = [record.period for record in books.records if record.kind == "revenue-recognised"]
    if months:
        yield Matter("revenue through", len(set(months)), max(months), waits=False)
    yield Matter("ledger head", len(books.records), books.ledger.head[:12], waits=False)
