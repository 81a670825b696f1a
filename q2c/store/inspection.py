"""Everything that can be wrong in a workspace, gathered file by file."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

from q2c.core.book import Book
from q2c.core.fault import Fault, Invalid, Place, Refused, nearest
from q2c.core.lost import known_of, lost_changes, lost_deliveries
from q2c.core.trace import Paper
from q2c.store.activities import active_customers, read_activities
from q2c.store.changes import read_changes
from q2c.store.clearances import refuse_uncleared
from q2c.store.ledger import read_ledger
from q2c.store.master import inspected_book
from q2c.store.opportunities import opportunities_faults, refuse_opportunity
from q2c.store.orders import (
    contract_path,
    numbers,
    order_path,
    read_contract,
    read_deliveries,
    read_order,
)
from q2c.store.papers import changed
from q2c.store.pricechanges import read_price_changes
from q2c.store.quotes import quote_numbers, read_events, read_quote
from q2c.store.reference import read_reference_rates
from q2c.store.sent import sent_documents
from q2c.store.shop import Shop, quoted, shop_of
from q2c.store.signing import read_signing, signing_papers
from q2c.store.tags import moved_tags
from q2c.store.timemap import read_projects, read_staff
from q2c.store.tree import Tree
from q2c.store.usage import metered_faults, read_imports, read_meters

ATTRIBUTES = ".gitattributes"


def workspace_faults(tree: Tree, base: str = "") -> Iterator[Fault]:
    """Say everything that is wrong: master data, drafts, issued documents, events, ledger.

    Versions that a revision `base` has not yet are held against its rules of approval.
    """
    book, faults = inspected_book(tree)
    yield from faults
    shop = _shop(tree, book) if book else None
    yield from _tried(partial(read_reference_rates, tree))
    yield from _tried(partial(read_staff, tree))
    yield from _use(tree, book)
    yield from _tried(partial(read_projects, tree))
    for number in quote_numbers(tree):
        yield from _tried(partial(_price, tree, number, book, shop))
    if book is not None:
        yield from _einvoices(book)
        yield from _tried(partial(_pipeline, tree, book))
    for customer in active_customers(tree):
        yield from _tried(partial(read_activities, tree, customer))
    yield from _attempts(tree)
    odd = {paper.path: fault for paper in _recorded(tree) if (fault := changed(tree, paper))}
    yield from odd.values()
    yield from _tried(partial(read_price_changes, tree))
    for number in numbers(tree, "contracts"):
        if f"{contract_path(number)}.json" not in odd:
            yield from _tried(partial(read_contract, tree, number))
        yield from _tried(partial(read_signing, tree, number))
    for number in numbers(tree, "orders"):
        if order_path(number) not in odd:
            yield from _tried(partial(read_order, tree, number))
        yield from _tried(partial(read_deliveries, tree, number))
        yield from _tried(partial(read_changes, tree, number))
    if book is not None:
        yield from moved_tags(tree, book.company.time_zone)
    yield from _tried(partial(read_ledger, tree))
    with suppress(Refused):  # what cannot be read is told where it is read
        yield from _lost(tree)
    yield from _tried(partial(refuse_uncleared, tree, base))
    yield from _merged(tree)


def _attempts(tree: Tree) -> Iterator[Fault]:
    """Tell of broken records of what was sent."""
    for path in sent_documents(tree):
        from q2c.store.attempts import read_sent

        yield from _tried(partial(read_sent, tree, path))


def _lost(tree: Tree) -> Iterator[Fault]:
    """Tell of charges that were worked out with more changes or deliveries than there are."""
    known = known_of(read_ledger(tree).by_key)
    for number, lines in sorted(known.changes.items()):
        yield from lost_changes(number, read_changes(tree, number), lines)
    for number, count in sorted(known.deliveries.items()):
        yield from lost_deliveries(number, len(read_deliveries(tree, number)), count)


def _recorded(tree: Tree) -> Iterator[Paper]:
    """Name the files whose bytes were recorded: by events, and by the ledger."""
    for number in quote_numbers(tree):
        with suppress(Refused):  # broken events, or a broken ledger, are told where they are read
            for event in read_events(tree, number):
                yield from (Paper(path, digest) for path, digest in event.files)
    for number in numbers(tree, "contracts"):
        with suppress(Refused):
            yield from signing_papers(read_signing(tree, number))
    with suppress(Refused):
        yield from (Paper(one.file, one.sha256) for one in read_imports(tree))
    with suppress(Refused):
        for record in read_ledger(tree).records:
            yield from record.documents


def _tried(read: Callable[[], object]) -> Iterator[Fault]:
    """Tell why something cannot be read, if it cannot."""
    try:
        read()
    except Refused as refused:
        yield from refused.faults


def _shop(tree: Tree, book: Book) -> Shop:
    """Give what drafts are priced with; an order that cannot be read is told elsewhere."""
    try:
        return shop_of(tree, book.company, book.shelf)
    except Refused:
        return Shop(tree, book.company, book.shelf)


def _price(tree: Tree, number: str, book: Book | None, shop: Shop | None) -> None:
    """Read a quote, and price its draft while none of it was sent."""
    quote = read_quote(tree, number)
    if quote.faults:
        raise Invalid(*quote.faults)
    over = quote.sent or any(event.kind in ("declined", "voided") for event in quote.events)
    if quote.draft is None or over or book is None or shop is None:
        return
    draft = quote.draft
    customer = book.customers.get(draft.customer)
    if customer is None:
        message = f"There is no customer '{draft.customer}'."
        remedy = nearest(draft.customer, book.customers)
        raise Refused(draft.fault("unknown-customer", message, "customer", remedy))
    refuse_opportunity(tree, draft)
    quoted(shop, number, draft, customer)


def _use(tree: Tree, book: Book | None) -> Iterator[Fault]:
    """Tell what is wrong with the meters, and where the catalogue has need of another."""
    try:
        meters = read_meters(tree)
    except Refused as refused:
        yield from refused.faults
        return
    if book is not None:
        yield from metered_faults(book.catalog, meters)
    yield from _tried(partial(read_imports, tree))


def _einvoices(book: Book) -> Iterator[Fault]:
    """Say what customers lack who are to get e-invoices."""
    for customer in book.customers.values():
        if (form := customer.invoicing.einvoice) != "none":
            from q2c.core.einvoice import lacking

            yield from lacking(book.company, customer, form)


def _pipeline(tree: Tree, book: Book) -> None:
    """Read the stages and all opportunities, and refuse with everything that is wrong in them."""
    faults = list(opportunities_faults(tree, book.catalog))
    if faults:
        raise Invalid(*faults)


def _merged(tree: Tree) -> Iterator[Fault]:
    """Tell of a union merge, which would fork the ledger's chain in silence."""
    if not tree.exists(ATTRIBUTES):
        return
    for number, line in enumerate(tree.read(ATTRIBUTES).decode("utf-8", "replace").splitlines(), 1):
        if "merge=union" in line.split("#")[0]:
            message = "A union merge keeps both sides of the ledger and breaks its chain."
            remedy = "Write -merge for ledger/*.jsonl, so that a person looks."
            yield Fault("union-merge", message, Place(ATTRIBUTES, number), remedy)
