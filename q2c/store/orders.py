"""Contracts and orders on disk, and what was delivered of them."""

from collections.abc import Sequence

import msgspec

from q2c.core.contract import Contract
from q2c.core.fault import Fault, Unknown, nearest
from q2c.core.order import Delivery, Order
from q2c.core.quote import Past
from q2c.store import chain
from q2c.store.papers import thawed
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
