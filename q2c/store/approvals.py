"""Rules of approval on disk: those that hold now, and those that held on a commit."""

from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from q2c.core.approval.rules import Approvals, approvals_faults
from q2c.core.fault import Fault, Held, Refused, Unknown
from q2c.store import git
from q2c.store.cache import made_of
from q2c.store.master import EXCHANGE
from q2c.store.records import read_file, read_record
from q2c.store.tree import Tree

FILE = "approvals.yaml"


class Rules(Struct, frozen=True):
    """The rules that hold, and the SHA-256 of the file they stand in; none where there is none."""

    approvals: Approvals = Approvals()
    sha256: str = ""


def read_approvals(tree: Tree) -> Approvals:
    """Read the rules of approval; a workspace without the file has none."""
    return read_file(tree, FILE, Approvals, approvals_faults) if tree.exists(FILE) else Approvals()


def rules_in_force(tree: Tree) -> Rules:
    """Give the rules that hold now: those that are committed, where the workspace is in git.

    Refuses where the file was changed since, or taken away: who could change the rules in passing
    would need no approval.
    """
    if not tree.commit:
        _refuse_uncommitted(tree.root, tree.read(FILE) if tree.exists(FILE) else None)
    return rules_seen(tree)


def _refuse_uncommitted(root: Path, data: bytes | None) -> None:
    head = head_of(root)
    if not head:
        return
    there = git.as_of(root, FILE, [head])[head]
    if there != data:
        raise _uncommitted(FILE, "so it is not clear which rules hold", new=there is None)


def _uncommitted(name: str, why: str, *, new: bool) -> Held:
    """Say what to do about a file that is not as git has it."""
    told = "was never committed" if new else "is not as it was committed"
    commit = f"git commit {name}"
    remedy = f"git add {name} && {commit}" if new else f"Commit it, or bring it back: {commit}"
    return Held(Fault("approvals-uncommitted", f"{name} {told}, {why}.", remedy=remedy))


def rules_seen(tree: Tree) -> Rules:
    """Give the rules as the files have them, for showing: nothing is decided by them."""
    data = tree.read(FILE) if tree.exists(FILE) else None
    return Rules() if data is None else Rules(read_approvals(tree), sha256(data).hexdigest())


def refuse_unsettled(tree: Tree, customer: str) -> None:
    """Refuse to judge by prices, floors and limits that were changed and not committed.

    Who could lower a floor price for as long as it takes to send would need no approval.
    """
    head = "" if tree.commit else head_of(tree.root)
    if not head or not tree.exists(FILE):
        return
    places = _judged_by(customer)
    here = [name for place in places for name in _files(tree, place)]
    there = git.blobs(tree.root, head, places)
    known = git.committed(tree.root, sorted({*here, *there}))
    if odd := [name for name, commit in known.items() if not commit]:
        raise _uncommitted(odd[0], "and approvals are judged by it", new=odd[0] not in there)


def judged_alike(tree: Tree, one: str, other: str, customer: str) -> bool:
    """Say whether prices, floors and limits are the same in two commits, where both are here."""
    known = git.as_of(tree.root, FILE, (one, other))
    files = [git.blobs(tree.root, commit, _judged_by(customer)) for commit in known]
    return all(some == files[0] for some in files)


def _judged_by(customer: str) -> list[str]:
    """Name the files and folders that a quote for a customer is judged by, besides the rules."""
    return ["catalog.yaml", "catalog", "prices", EXCHANGE, f"customers/{customer}.yaml"]


def _files(tree: Tree, place: str) -> list[str]:
    return [place] if tree.exists(place) else tree.names(place, ".yaml")


def head_of(root: Path) -> str:
    """Give the commit that is checked out; outside of git, and before the first, there is none."""
    try:
        return git.head(root)
    except Unknown:
        return ""


def rules_at(tree: Tree, commits: Iterable[str]) -> dict[str, Rules]:
    """Give the rules of some commits; those that are not here, or cannot be read, are left out."""
    try:
        files = git.as_of(tree.root, FILE, commits)
    except Unknown:  # outside of git no commit is known
        return {}
    found = ((one, _rules(tree.cache, data)) for one, data in files.items())
    return {one: rules for one, rules in found if rules}


@cache
def _rules(kept: Path | None, data: bytes | None) -> Rules | None:
    if data is None:
        return Rules()
    sha = sha256(data).hexdigest()
    label = f"approvals-{sha[:16]}"  # by content: what held once is read again at every check
    try:
        return Rules(made_of(data, Approvals, _read, kept, label), sha)
    except Refused:
        return None


def _read(data: bytes) -> Approvals:
    return read_record(data, FILE, Approvals, approvals_faults)
