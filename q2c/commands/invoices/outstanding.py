"""What is due: everything that stands in the files, read once, and what can be claimed of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from q2c.commands.books import Books
from q2c.core.billing import Claim, Facts, Hold, Placing, claim, hold
from q2c.core.book import Book
from q2c.core.fault import Fault, Held, Refused
from q2c.core.invoice import home_vat
from q2c.core.order import Order
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


class Due(Struct, frozen=True):
    """What can be claimed, and the orders that something holds up."""

    claims: tuple[Claim, ...]
    held: tuple[Hold, ...]


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
    """Work out everything that is due and not billed, order by order.

    An order that is not as it was accepted is held: what it says now nobody agreed on.
    """
    world = read_world(files, asked.customer)
    found = due_in(world, books.ledger.by_key, asked)
    forged = order_faults(files, [one.order for one in found.claims])
    changed = [hold(one, Held(forged[one.number])) for one in world.orders if one.number in forged]
    held = sorted((*found.held, *changed), key=lambda one: one.order)
    return Due(tuple(one for one in found.claims if one.order not in forged), tuple(held))


def due_in(world: World, billed: Collection[str], asked: Asked) -> Due:
    """Work out what is due of a world that was read, where some charges are billed."""
    claims: list[Claim] = []
    held: list[Hold] = []
    for order in world.orders:
        try:
            claims += _claims(order, world.facts[order.number], billed, world.book, asked)
        except Refused as refused:
            held.append(hold(order, refused))
    return Due(tuple(claims), tuple(held))


def _claims(
    order: Order, facts: Facts, billed: Collection[str], book: Book, asked: Asked
) -> Iterator[Claim]:
    """Claim what is due of an order, and see to it that it can be issued."""
    customer = book.customers.get(order.customer)
    if customer is None:
        message = f"{order.number} is of {order.customer}, and there is no such customer."
        remedy = f"Bring customers/{order.customer}.yaml back."
        raise Held(Fault("customer-gone", message, remedy=remedy))
    placing = Placing(
        company=book.company,
        customer=customer,
        vat_rates=book.vat_rates,
        through=asked.through,
        issue_on=asked.issue_on,
    )
    found = claim(order, facts, billed, placing)
    if found is None:
        return
    home_vat(found.tax, book.company.currency, asked.issue_on, book.exchange_rates)
    yield found
