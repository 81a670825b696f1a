"""What is due: everything that stands in the files, read once, and what can be claimed of it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.books import Books
from q2c.commands.invoices.limits import over_limits
from q2c.core.billing import (
    Billed,
    Claim,
    CreditClaim,
    Dues,
    Facts,
    Hold,
    Placing,
    Skip,
    claim_of,
    credit_claims,
    dues_of,
    gathered,
    hold,
    set_aside,
)
from q2c.core.billing import (
    Due as Owed,
)
from q2c.core.book import Book
from q2c.core.fault import Fault, Held, Refused
from q2c.core.invoice import home_vat, uncredited
from q2c.core.order import Order, order_state
from q2c.store.invoices import credit_notes, read_invoice
from q2c.store.master import read_book
from q2c.store.orders import all_deliveries, order_faults, read_orders
from q2c.store.tree import Tree


class Asked(Struct, frozen=True, kw_only=True):
    """What a run is asked for: due through a day, issued on a day, for all or one customer."""

    through: date
    issue_on: date
    customer: str = ""


class World(Struct, frozen=True, kw_only=True):
    """All that stands in the files of what may be due: master data, orders, what happened."""

    book: Book
    orders: tuple[Order, ...]
    facts: Mapping[str, Facts]


class Due(Struct, frozen=True, kw_only=True):
    """What can be claimed and what goes back; what is skipped, held, and warned of."""

    claims: tuple[Claim, ...]
    credits: tuple[CreditClaim, ...] = ()
    skipped: tuple[Skip, ...] = ()
    held: tuple[Hold, ...] = ()
    warned: tuple[Hold, ...] = ()


def read_world(files: Tree, customer: str = "") -> World:
    """Read what may be due, of all customers or of one."""
    book = read_book(files)
    orders = [one for one in read_orders(files).values() if customer in ("", one.customer)]
    return World(book=book, orders=tuple(orders), facts=facts_of(files, orders))


def facts_of(files: Tree, orders: Sequence[Order]) -> dict[str, Facts]:
    """Read what happened of some orders, by number."""
    deliveries = all_deliveries(files, [order.number for order in orders])
    return {number: Facts(deliveries=found) for number, found in deliveries.items()}


def due(files: Tree, books: Books, asked: Asked) -> Due:
    """Work out everything that is due and not billed, and gather it into invoices.

    An order that is not as it was accepted is held: what it says now nobody agreed on. So is,
    or warned of, what takes a customer over its credit limit.
    """
    world = read_world(files, asked.customer)
    found = _orders_due(world, books.ledger.by_key, asked, _originals(files, books))
    named = {number for one in found.claims for number in one.orders}
    named |= {number for one in found.credits for number in one.orders}
    forged = order_faults(files, sorted(named))
    changed = [hold(one, Held(forged[one.number])) for one in world.orders if one.number in forged]
    sound = replace(
        found,
        claims=tuple(one for one in found.claims if forged.keys().isdisjoint(one.orders)),
        credits=tuple(one for one in found.credits if forged.keys().isdisjoint(one.orders)),
        held=(*found.held, *changed),
    )
    return _limited(_gathered(sound, world, asked), world.book, books)


def due_in(
    world: World,
    billed: Collection[str],
    asked: Asked,
    originals: Callable[[str], Billed | None] = lambda _key: None,
) -> Due:
    """Work out what is due of a world that was read, where some charges are billed.

    `originals` finds the line that billed a charge; without it nothing goes back.
    """
    return _gathered(_orders_due(world, billed, asked, originals), world, asked)


def _orders_due(
    world: World,
    billed: Collection[str],
    asked: Asked,
    originals: Callable[[str], Billed | None],
) -> Due:
    """Work out what is due order by order."""
    claims: list[Claim] = []
    back: list[Owed] = []
    held: list[Hold] = []
    for order in world.orders:
        try:
            at = _placing(order, world.book, asked)
            dues = dues_of(order, world.facts[order.number], billed, at)
            back += [due for _, due in dues if due.reduces]
            claims += _claims(order, dues, at, world.book)
        except Refused as refused:
            held.append(hold(order, refused))
    return Due(claims=tuple(claims), credits=credit_claims(back, originals), held=tuple(held))


def _placing(order: Order, book: Book, asked: Asked) -> Placing:
    customer = book.customers.get(order.customer)
    if customer is None:
        message = f"{order.number} is of {order.customer}, and there is no such customer."
        remedy = f"Bring customers/{order.customer}.yaml back."
        raise Held(Fault("customer-gone", message, remedy=remedy))
    return Placing(
        company=book.company,
        customer=customer,
        vat_rates=book.vat_rates,
        through=asked.through,
        issue_on=asked.issue_on,
    )


def _claims(order: Order, dues: Dues, at: Placing, book: Book) -> Iterator[Claim]:
    """Claim what is due of an order, and see to it that it can be issued."""
    found = claim_of(order, dues, at)
    if found is not None:
        home_vat(found.tax, book.company.currency, at.issue_on, book.exchange_rates)
        yield found


def _gathered(found: Due, world: World, asked: Asked) -> Due:
    """Make the claims invoices, and set aside what comes to nothing or too little."""
    orders = {order.number: order for order in world.orders}

    def ended(number: str) -> bool:
        deliveries = world.facts[number].deliveries
        return order_state(orders[number], deliveries, asked.through) == "executed"

    claims = gathered(found.claims, world.book.customers)
    kept, skipped = set_aside(claims, world.book.company, world.book.customers, ended)
    held = tuple(sorted(found.held, key=lambda one: one.order))
    return replace(found, claims=kept, skipped=skipped, held=held)


def _limited(found: Due, book: Book, books: Books) -> Due:
    """Warn of the claims that take a customer over its limit, or hold them."""
    over = over_limits(found.claims, book, books)
    holds = tuple(one for some in over.values() for one in some)
    if book.company.billing.credit_limit == "warn":
        return replace(found, warned=holds)
    kept = (claim for place, claim in enumerate(found.claims) if place not in over)
    held = sorted((*found.held, *holds), key=lambda one: one.order)
    return replace(found, claims=tuple(kept), held=tuple(held))


def _originals(files: Tree, books: Books) -> Callable[[str], Billed | None]:
    """Find the line of an invoice that billed a charge, and what is not credited of it."""

    def billed(key: str) -> Billed | None:
        record = books.ledger.by_key.get(key)
        if record is None:
            return None
        invoice = read_invoice(files, books.records, record.number)
        line = next(one for one in invoice.lines if key in one.keys)
        left = uncredited(invoice, credit_notes(files, books.records, invoice.number))
        return Billed(
            number=invoice.number,
            line=line.id,
            source=line.source,
            customer=invoice.customer,
            left=left[line.id],
        )

    return cache(billed)
