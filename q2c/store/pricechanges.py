"""Price changes on disk: `price-changes/<id>.yaml`."""

from collections.abc import Iterator

from q2c.core.fault import Fault, Unknown, nearest
from q2c.core.subscription.repricing import PriceChange, price_change_faults
from q2c.store.records import read_file, read_folder
from q2c.store.tree import Tree

FOLDER = "price-changes"


def read_price_changes(tree: Tree) -> tuple[PriceChange, ...]:
    """Read every price change, in the order of their names."""
    return tuple(read_folder(tree, FOLDER, PriceChange, _faults).values())


def read_price_change(tree: Tree, name: str) -> PriceChange:
    """Read a price change by its file or its id; refuse one that is not there."""
    known = tree.names(FOLDER, ".yaml")
    path = name if "/" in name else f"{FOLDER}/{name.removesuffix('.yaml')}.yaml"
    if path not in known:
        message, remedy = f"There is no price change '{name}'.", nearest(path, known)
        raise Unknown(Fault("unknown-price-change", message, remedy=remedy))
    return read_file(tree, path, PriceChange, _faults)


def _faults(change: PriceChange) -> Iterator[Fault]:
    if change.file != f"{FOLDER}/{change.id}.yaml":
        message = f"The id is '{change.id}', so this file belongs in {FOLDER}/{change.id}.yaml."
        remedy = "Rename the file or change the id."
        yield change.fault("id-is-not-name", message, "id", remedy)
    yield from price_change_faults(change)
