"""Contracts and orders on disk, and what was delivered of them."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

import msgspec
from msgspec import Struct

from q2c.core.contract import Contract
from q2c.core.fault import Fault, Place, Unknown, nearest
from q2c.core.order import Delivery, Order
from q2c.core.quote import Past
from q2c.store import chain
from q2c.store.papers import thawed
from q2c.store.quotes import path_of
from q2c.store.tree import Tree


class Delivered(
    Delivery, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """A delivery in the chain of its order."""

    seq: int
    prev: str
    hash: str


def numbers(tree: Tree, folder: str) -> list[str]:
    """Name every contract (`contracts`) or order (`orders`), in order."""
    return [path.rpartition("/")[2] for path in tree.folders(folder)]


def order_path(number: str) -> str:
    """Name the file of an order."""
    return f"orders/{number}/order.json"


def events_path(number: str) -> str:
    """Name the file of what was delivered of an order."""
    return f"orders/{number}/events.jsonl"


def contract_path(number: str, version: int = 1) -> str:
    """Name the files of a contract's version, without their ending."""
    return f"contracts/{number}/v{version}"


def read_contract(tree: Tree, number: str) -> Contract:
    """Read a contract; refuse a number that is not there."""
    if number not in (known := numbers(tree, "contracts")):
        message = f"There is no contract '{number}'."
        raise Unknown(Fault("unknown-contract", message, remedy=nearest(number, known)))
    name = f"{contract_path(number)}.json"
    return thawed(tree.read(name), Contract, name)


def read_order(tree: Tree, number: str) -> Order:
    """Read an order; refuse a number that is not there."""
    if number not in (known := numbers(tree, "orders")):
        message = f"There is no order '{number}'."
        raise Unknown(Fault("unknown-order", message, remedy=nearest(number, known)))
    name = order_path(number)
    return thawed(tree.read(name), Order, name)


def read_orders(tree: Tree) -> dict[str, Order]:
    """Read every order, by number."""
    names = [order_path(number) for number in numbers(tree, "orders")]
    found = (thawed(raw, Order, name) for name, raw in tree.read_all(names))
    return {order.number: order for order in found}


def some_orders(tree: Tree, numbers: Iterable[str], having: bytes = b"") -> dict[str, Order]:
    """Read those of some orders that are there, and have some bytes in their file, by number."""
    names = [name for number in numbers if tree.exists(name := order_path(number))]
    return {
        name.split("/")[1]: thawed(raw, Order, name)
        for name, raw in tree.read_all(names)
        if having in raw
    }


def read_past(tree: Tree) -> tuple[Past, ...]:
    """Read of every order whose it is and which promotions it redeemed, and nothing more."""
    names = [order_path(number) for number in numbers(tree, "orders")]
    decode = msgspec.json.Decoder(Past).decode
    found = []
    for name, raw in tree.read_all(names):
        try:
            found.append(decode(raw))
        except (msgspec.DecodeError, UnicodeDecodeError):
            thawed(raw, Order, name)  # which says what is wrong with it
            raise
    return tuple(found)


class _Sourced(Struct):
    """What is needed of an order to find the acceptance that made it."""

    number: str
    source: str


class _Sealing(Struct):
    """What is needed of an event to know an order by it."""

    kind: str
    order: str = ""
    files: tuple[tuple[str, str], ...] = ()


def order_faults(tree: Tree, orders: Iterable[str]) -> dict[str, Fault]:
    """Say which orders are not as their acceptance made them, by number.

    An order is known by the SHA-256 of its file in the event of its quote; nothing else is read.
    """
    found = {}
    for name, raw in tree.read_all(map(order_path, orders)):
        order = _sourced(raw, name)
        sealed = _sealed(tree, order)
        if sealed is None:
            found[order.number] = _unaccepted(order, name)
        elif sealed != sha256(raw).hexdigest():
            found[order.number] = _changed(order, name)
    return found


def _sourced(raw: bytes, name: str) -> _Sourced:
    try:
        return msgspec.json.decode(raw, type=_Sourced)
    except (msgspec.DecodeError, UnicodeDecodeError):
        thawed(raw, Order, name)  # which says what is wrong with it
        raise


def _sealed(tree: Tree, order: _Sourced) -> str | None:
    """Give the SHA-256 that an order's file had when it was accepted, if it was."""
    name = path_of(order.source.partition("/")[0], "events.jsonl")
    if not tree.exists(name):
        return None
    decode = msgspec.json.Decoder(_Sealing).decode
    for line in reversed(tree.read(name).splitlines()):
        try:
            event = decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue  # check tells what is wrong with it
        if event.kind == "accepted" and event.order == order.number:
            return dict(event.files).get(order_path(order.number))
    return None


def _changed(order: _Sourced, name: str) -> Fault:
    message = f"{order.number} is not the order that was accepted; its file was changed."
    remedy = "Bring it back from git, where it stands as it was accepted."
    return Fault("order-changed", message, Place(name), remedy)


def _unaccepted(order: _Sourced, name: str) -> Fault:
    message = f"{order.number} names {order.source}, and no acceptance of it made this order."
    remedy = "An order comes from q2c quote accept; take the file away, or bring the events back."
    return Fault("order-unaccepted", message, Place(name), remedy)


def read_deliveries(tree: Tree, number: str) -> tuple[Delivered, ...]:
    """Read what was delivered of an order, in the order it was recorded."""
    name = events_path(number)
    if not tree.exists(name):
        return ()
    return tuple(chain.replay(tree.read(name), Delivered, name, code="events-broken"))


def all_deliveries(tree: Tree, orders: Sequence[str]) -> dict[str, tuple[Delivered, ...]]:
    """Read what was delivered of several orders."""
    return {number: read_deliveries(tree, number) for number in orders}


def delivery_lines(earlier: Sequence[Delivered], new: Sequence[Delivery]) -> bytes:
    """Make the lines that add deliveries to those before."""
    prev = earlier[-1].hash if earlier else chain.NO_HASH
    lines = []
    for seq, delivery in enumerate(new, start=len(earlier)):
        record, line = chain.sealed(delivery, Delivered, seq, prev)
        prev = record.hash
        lines.append(line)
    return b"".join(lines)
