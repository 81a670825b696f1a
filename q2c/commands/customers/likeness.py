"""q2c customer duplicates: customers that may be the same one."""

from collections.abc import Iterable

from q2c.commands.call import At
from q2c.commands.desk import tree
from q2c.commands.output import hint, table, warn
from q2c.core.likeness import Likeness, duplicates
from q2c.core.party import Customer
from q2c.store.master import read_customers


def list_duplicates(at: At = "") -> None:
    """List customers that may be the same one, and what they share.

    They are compared by organisation number, VAT number and mail domain; addresses at hosts
    where anybody has one do not count.

    Example: q2c customer duplicates
    """
    found = duplicates(read_customers(tree(at)).values())
    table(found, ("one", "other", "trait", "shared"))
    if found:
        hint("To make them one, keep one file, and name its id in drafts and opportunities.")


def warn_of_likeness(new: Iterable[Customer], there: Iterable[Customer]) -> None:
    """Warn of new customers that may be there already."""
    fresh = {customer.id: customer for customer in new}
    for like in duplicates([*fresh.values(), *(one for one in there if one.id not in fresh)]):
        if fresh.keys() & {like.one, like.other}:
            warn(told(like))


def told(like: Likeness) -> str:
    """Say which two customers may be one, and why."""
    return f"{like.one} and {like.other} may be the same: both have the {like.trait} {like.shared}."
