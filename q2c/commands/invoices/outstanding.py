"""What is due: everything that stands in the files, read once, and what can be claimed of it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.books import Books
from q2c.commands.invoices.before import originals, replacing
from q2c.commands.invoices.enclosing import with_files
from q2c.commands.invoices.limits import within_limits
from q2c.commands.invoices.sendable import with_einvoices
from q2c.commands.invoices.unsigned import signed_first
from q2c.commands.usage.gathering import readings_of
from q2c.core.billing import (
    Arrived,
    Billed,
    Claim,
    CreditClaim,
    Dues,
    Facts,
    Hold,
    Placing,
    Skip,
    claim_due,
    coming,
    credit_claims,
    dues_of,
    gathered,
    hold,
    set_aside,
    waiting,
)
from q2c.core.billing import (
    Due as Owed,
)
from q2c.core.book import Book
from q2c.core.deposit import standing
from q2c.core.fault import Fault, Held, Refused
from q2c.core.lost import known_of, lost
from q2c.core.order import Delivery, Order
from q2c.core.plural import Units
from q2c.core.rates import home_vat
from q2c.core.subscription import order_state
from q2c.core.subscription.repricing import PriceChange, open_price_changes
from q2c.store.changes import all_changes
from q2c.store.master import sound_book
from q2c.store.orders import all_deliveries, order_faults, read_orders
from q2c.store.pricechanges import read_price_changes
from q2c.store.tags import Tags
from q2c.store.tree import Tree


class Asked(Struct, frozen=True, kw_only=True):
    """What a run is asked for: due through a day, issued on a day, for all or one customer."""

    through: date
    issue_on: date
    customer: str = ""


class World(Struct, frozen=True, kw_only=True):
    """All that stands in the files of what may be due: master data, orders, what happened.

    `broken` says what is wrong with the files of customers that are not among the master data.
    """

    book: Book
    orders: tuple[Order, ...]
    facts: Mapping[str, Facts]
    price_changes: tuple[PriceChange, ...] = ()
    broken: Mapping[str, Fault] = {}


class Due(Struct, frozen=True, kw_only=True):
    """What can be claimed and what goes back; what is skipped, held, and warned of."""

    claims: tuple[Claim, ...]
    credits: tuple[CreditClaim, ...] = ()
    arrived: tuple[Arrived, ...] = ()
    skipped: tuple[Skip, ...] = ()
    held: tuple[Hold, ...] = ()
    warned: tuple[Hold, ...] = ()


def read_world(files: Tree, customer: str = "") -> World:
    """Read what may be due, of all customers or of one."""
    book, broken = sound_book(files)
    orders = [one for one in read_orders(files).values() if customer in ("", one.customer)]
    facts = facts_of(files, orders, Tags(files, book.company.time_zone))
    return World(
        book=book,
        broken=broken,
        orders=tuple(orders),
        facts=facts,
        price_changes=read_price_changes(files),
    )


def facts_of(files: Tree, orders: Sequence[Order], tags: Tags | None = None) -> dict[str, Facts]:
    """Read what happened of some orders, by number; milestones that tags deliver, if asked."""
    numbers = [order.number for order in orders]
    recorded, changes = all_deliveries(files, numbers), all_changes(files, numbers)
    return {
        order.number: replace(
            _facts(order, recorded[order.number], tags),
            changes=changes[order.number],
            units=_units(order.language) if changes[order.number] else Units(),
        )
        for order in orders
    }


def _units(code: str) -> Units:
    """Give a language's words for units, for what is said of changes."""
    from q2c.documents.language import language

    return language(code).counting


def _facts(order: Order, recorded: Sequence[Delivery], tags: Tags | None) -> Facts:
    if not waiting(order, recorded):
        return Facts(deliveries=tuple(recorded))
    tagged, unclear = tags.deliveries(order, recorded) if tags else ({}, ())
    ahead = coming(order, recorded, tagged)
    return Facts(deliveries=(*recorded, *ahead), ahead=len(ahead), unclear=unclear)


def with_deposits(world: World, books: Books) -> World:
    """Add the deposits that stand in the books, which final invoices will deduct."""
    if not any(order.payments for order in world.orders):
        return world
    found = standing(books.records, books.company.currency)
    facts = {
        number: replace(one, deposits=found.get(number, ())) for number, one in world.facts.items()
    }
    return replace(world, facts=facts)


def with_use(world: World, files: Tree, billed: Collection[str], through: date) -> World:
    """Add what the events of meters come to through a day, and what of it is billed."""
    found = readings_of(files, world.orders, through, billed)
    facts = {
        number: replace(one, readings=found[number]) if number in found else one
        for number, one in world.facts.items()
    }
    return replace(world, facts=facts)


def with_losses(world: World, billed: Collection[str], through: date) -> World:
    """Note what charges were made of, and is gone: until it is back, it might be billed twice."""
    known = known_of(billed)
    facts = dict(world.facts)
    for order in world.orders:
        one = facts[order.number]
        gone = lost(order.number, one, known, through)
        facts[order.number] = replace(one, unclear=(*gone, *one.unclear)) if gone else one
    return replace(world, facts=facts)


def _arrived(world: World, claims: Iterable[Claim], through: date) -> Iterator[Arrived]:
    """Say what the claims take to be delivered that nobody has recorded."""
    for number in sorted({number for one in claims for number in one.orders}):
        facts = world.facts[number]
        after = len(facts.deliveries) - facts.ahead
        found = tuple(one for one in facts.deliveries[after:] if one.date <= through)
        if found:
            yield Arrived(order=number, after=after, deliveries=found)


def due(files: Tree, books: Books, asked: Asked) -> Due:
    """Work out everything that is due and not billed, and gather it into invoices.

    An order that is not as it was accepted is held: what it says now nobody agreed on. So is,
    or warned of, what takes a customer over its credit limit.
    """
    billed = books.ledger.by_key
    world = with_deposits(read_world(files, asked.customer), books)
    world = with_losses(with_use(world, files, billed, asked.through), billed, asked.through)
    found = _orders_due(world, billed, asked, originals(files, books))
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
    claims, unsigned = signed_first(sound.claims, world.book.company, files)
    claims, lacking = with_files(claims, world.book.customers, files)
    sound = replace(sound, claims=claims, held=(*sound.held, *unsigned, *lacking))
    ready = _gathered(sound, world, asked)
    sendable, refused = with_einvoices(ready.claims, world.book.exchange_rates)
    claims, over = within_limits(replacing(sendable, books), world.book, books)
    kept = replace(
        ready,
        claims=claims,
        held=_sorted((*ready.held, *refused)),
        arrived=tuple(_arrived(world, claims, asked.through)),
    )
    if world.book.company.billing.credit_limit == "warn":
        return replace(kept, warned=over)
    return replace(kept, held=_sorted((*kept.held, *over)))


def _sorted(held: Iterable[Hold]) -> tuple[Hold, ...]:
    return tuple(sorted(held, key=lambda one: one.order))


def due_in(
    world: World,
    billed: Collection[str],
    asked: Asked,
    billed_by: Callable[[str], Billed | None] = lambda _key: None,
) -> Due:
    """Work out what is due of a world that was read, where some charges are billed.

    `billed_by` finds the line that billed a charge; without it nothing goes back.
    """
    return _gathered(_orders_due(world, billed, asked, billed_by), world, asked)


def _orders_due(
    world: World,
    billed: Collection[str],
    asked: Asked,
    billed_by: Callable[[str], Billed | None],
) -> Due:
    """Work out what is due order by order."""
    claims: list[Claim] = []
    back: list[Owed] = []
    held: list[Hold] = []
    for order in world.orders:
        try:
            at = _placing(order, world, asked)
            facts = world.facts[order.number]
            if facts.unclear:  # then what would go back is as unclear as what is due
                raise Held(*facts.unclear)
            dues = dues_of(order, facts, billed, at)
            _refuse_too_early(order, dues, at)
            back += [due for _, due in dues if due.reduces]
            _refuse_older_price(order, dues, world, at)
            claims += _claims(claim_due(order, facts, billed, dues, at), world.book)
        except Refused as refused:
            held.append(hold(order, refused))
    return Due(claims=tuple(claims), credits=credit_claims(back, billed_by), held=tuple(held))


def _refuse_too_early(order: Order, dues: Dues, at: Placing) -> None:
    """Refuse to invoice on a day before an order was agreed."""
    if dues and at.issue_on < order.agreed_on:
        message = f"It was agreed on {order.agreed_on}, so no invoice of it is of {at.issue_on}."
        remedy = f"Give a day from {order.agreed_on} on: is its year mistyped?"
        raise Held(Fault("invoiced-before", message, remedy=remedy))


def _refuse_older_price(order: Order, dues: Dues, world: World, at: Placing) -> None:
    """Refuse to charge what a price change is about, and was not made of."""
    services = ((line, due.service) for line, due in dues if due.service and not due.reduces)
    changes = world.facts[order.number].changes
    faults = open_price_changes(order, services, changes, world.price_changes, at.customer)
    if faults:
        raise Held(*faults)


def _placing(order: Order, world: World, asked: Asked) -> Placing:
    book, fault = world.book, world.broken.get(order.customer)
    if fault is not None:  # one file that is wrong holds up nobody else
        raise Held(Fault(fault.code, f"{fault.place}: {fault.message}", remedy=fault.remedy))
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


def _claims(found: Claim | None, book: Book) -> Iterator[Claim]:
    """Give a claim, if there is one, once it is seen that it can be issued."""
    if found is not None:
        home_vat(found.claimed_tax, book.company.currency, found.issue_on, book.exchange_rates)
        yield found


def _gathered(found: Due, world: World, asked: Asked) -> Due:
    """Make the claims invoices, and set aside what comes to nothing or too little."""
    orders = {order.number: order for order in world.orders}

    def ended(number: str) -> bool:
        known = world.facts[number]
        state = order_state(orders[number], known.deliveries, known.changes, asked.through)
        return state != "created"

    claims = gathered(found.claims, world.book.customers)
    kept, skipped = set_aside(claims, world.book.company, world.book.customers, ended)
    held = tuple(sorted(found.held, key=lambda one: one.order))
    return replace(found, claims=kept, skipped=skipped, held=held)
