"""Reference rates on disk: `rates/reference.yaml`, by which what is late bears interest."""

from typing import TYPE_CHECKING

from q2c.core.fault import Invalid
from q2c.store.records import read_file
from q2c.store.tree import Tree

if TYPE_CHECKING:
    from q2c.core.receivable import ReferenceRate

REFERENCE = "rates/reference.yaml"


def read_reference_rates(tree: Tree) -> "tuple[ReferenceRate, ...]":
    """Read the reference rates of all half-years, if there are any; refuse what cannot be."""
    if not tree.exists(REFERENCE):
        return ()
    from q2c.core.receivable import ReferenceRates, reference_faults

    rates = read_file(tree, REFERENCE, ReferenceRates).rates
    if faults := list(reference_faults(rates)):
        raise Invalid(*faults)
    return rates
