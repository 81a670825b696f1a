"""What the events of the workspace come to: the index brought up to date, and readings of it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from q2c.core.billing.prepaying import Spent, covered, spent_of
from q2c.core.fault import Invalid
from q2c.core.order import Order
from q2c.core.trace import Paper
from q2c.core.usage.metering import Asked, Days, Meter, Reading, readings, settled_of, spots_of
from q2c.store.master import read_company
from q2c.store.tree import CommitTree, Tree, WorkTree
from q2c.store.usage import Imported, read_imports, read_meters

if TYPE_CHECKING:
    from q2c.store.usage.index import Index

Found = dict[str, tuple[Reading, ...]]


def readings_of(
    files: Tree,
    orders: Sequence[Order],
    through: date,
    billed: Collection[str] = (),
    *,
    grouped: bool = False,
) -> Found:
    """Give the readings of metered lines through a day, by number of order.

    `billed` are the keys of charges in the ledger, which say what of a reading was billed. Credits
    cover what they can, so the orders are all those of their customers.
    """
    metered = [order for order in orders if any(line.meter for line in order.lines)]
    found: dict[str, list[Reading]] = {order.number: [] for order in metered}
    imports = read_imports(files) if metered else ()
    if imports:
        meters = read_meters(files)
        asked = Asked(
            spots=spots_of(metered),
            through=through,
            grouped=grouped,
            settled=settled_of(billed),
            moved={
                (number, one.line, one.first): one.counted
                for number, found_ in enumerate(imports, start=1)
                for one in found_.moved
            },
        )
        with index_of(files, imports, meters, orders) as index:
            for meter in meters:
                for spot, reading in readings(meter, index, asked):
                    found[spot.order.number].append(reading)
    return _covered(orders, found, through)


def used_and_spent(
    files: Tree, orders: Sequence[Order], through: date, billed: Collection[str]
) -> tuple[Found, dict[str, list[Spent]]]:
    """Give the readings through a day, and when which part of credits was used, by order line."""
    found = readings_of(files, orders, through, billed)
    spent: dict[str, list[Spent]] = {}
    for own in _by_customer(orders):
        spent |= spent_of(own, found, through)
    return found, spent


def _by_customer(orders: Iterable[Order]) -> list[list[Order]]:
    own: dict[str, list[Order]] = {}
    for order in orders:
        own.setdefault(order.customer, []).append(order)
    return [*own.values()]


def _covered(orders: Iterable[Order], found: Mapping[str, Sequence[Reading]], day: date) -> Found:
    """Say what the credits of each customer cover."""
    new: Found = {}
    for own in _by_customer(orders):
        known = {order.number: found[order.number] for order in own if order.number in found}
        new |= covered(own, known, day)
    return {number: new[number] for number in found}


@contextmanager
def index_of(
    files: Tree, imports: Sequence[Imported], meters: Sequence[Meter], orders: Iterable[Order]
) -> "Iterator[Index]":
    """Give the index with all imports in it; those that it lacks are read from the kept files."""
    from q2c.store.usage.index import Index

    index = Index(files.cache, meters, read_company(files).time_zone)
    try:
        for number in range(index.known(imports) + 1, len(imports) + 1):
            _read_again(files, index, number, imports[number - 1], orders)
        index.limit = len(imports)
        yield index
    finally:
        index.close()


def _read_again(
    files: Tree, index: "Index", number: int, one: Imported, orders: Iterable[Order]
) -> None:
    """Put an import into the index, from its file as it was kept."""
    from q2c.exchange.usagefile import Faults, read_events
    from q2c.store.papers import refuse_changed

    plain = _plain(files)
    refuse_changed(plain, [Paper(one.file, one.sha256)])
    faults, owners = Faults(one.file), owners_of(orders)
    days = Days(read_company(files).time_zone)
    with index.adding() as keep:
        if index.has(number):  # another program was faster
            return
        events = read_events(plain.read(one.file), one.file, days, faults, owners)
        added = index.add(number, one.file, events)
        faults.refuse()
        if added.faults:
            raise Invalid(*added.faults)
        index.note(number, one)
        keep()


def _plain(files: Tree) -> Tree:
    """Give the tree itself: what the index is made of again decides nothing that is planned."""
    return CommitTree(files.root, files.commit) if files.commit else WorkTree(files.root)


def owners_of(orders: Iterable[Order]) -> dict[str, str]:
    """Give the customer of each order."""
    return {order.number: order.customer for order in orders}
