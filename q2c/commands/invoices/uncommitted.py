"""What invoices stand on and git does not have: a clone would know them, and not why."""

from collections.abc import Collection, Iterator
from pathlib import Path

from q2c.commands.books import Books
from q2c.commands.desk import Desk, listed
from q2c.commands.invoices.issuing import Outcome
from q2c.commands.output import warn
from q2c.core.billing import Plan
from q2c.core.fault import Refused
from q2c.store import git
from q2c.store.orders import some_orders
from q2c.store.planfile import Claims, InMemory
from q2c.store.tree import Tree, WorkTree

FOLDERS = ("orders", "contracts", "customers", "usage")


def warn_uncommitted(work: Desk, plan: Plan | Claims, outcome: Outcome) -> None:
    """Warn where a run commits invoices whose orders, contracts, customers or use git has not."""
    claims = InMemory(plan) if isinstance(plan, Plan) else plan
    if claims.plan.commit or not (work.commits and outcome.issued):
        return
    notes = claims.plan.credits
    orders = {number for one in claims.briefs for number in one.orders}
    orders |= {number for one in notes for number in one.orders}
    parties = {one.customer for one in claims.briefs} | {one.customer for one in notes}
    if names := behind(work.root, work.tree, orders, parties):
        warn(
            f"Not in git, though invoices that were committed stand on them: {listed(names)}. "
            "Commit them as well, or a clone cannot verify the invoices."
        )


def behind_books(files: Tree, books: Books) -> list[str]:
    """Name the files that what is in the ledger stands on, and that git does not have."""
    if not isinstance(files, WorkTree) or not books.ledger.by_key:
        return []
    orders = {key.partition("/")[0].partition(":")[0] for key in books.ledger.by_key}
    parties = {record.party for record in books.records}
    try:
        return behind(files.root, files, orders, parties)
    except Refused:  # without a repository there is nothing to commit to
        return []


def behind(root: Path, files: Tree, orders: Collection[str], parties: Collection[str]) -> list[str]:
    """Name the files of orders, their contracts, customers and use that differ from git's."""
    odd = list(_odd(root))
    contracts = {one.contract for one in some_orders(files, orders).values()} if odd else set()
    known = {
        "orders": orders,
        "contracts": contracts,
        "customers": [f"{party}.yaml" for party in parties],
    }
    return [
        name
        for name in odd
        if (parts := name.split("/"))[0] == "usage" or parts[1] in known[parts[0]]
    ]


def _odd(root: Path) -> Iterator[str]:
    """Name the files in the folders that are not as they are committed, the orders first."""
    where = [name for name in FOLDERS if (root / name).is_dir()]
    if not where or not git.head(root):
        return
    changed = git.git(
        root, "ls-files", "--others", "--modified", "--exclude-standard", "-z", "--", *where
    )
    staged = git.git(
        root, "diff-index", "--cached", "--name-only", "--relative", "-z", "HEAD", "--", *where
    )
    names = {*changed.split(b"\0"), *staged.split(b"\0")} - {b""}
    found = sorted(name.decode("utf-8", "surrogateescape") for name in names)
    yield from sorted(found, key=lambda name: FOLDERS.index(name.partition("/")[0]))
