"""Pushing: a run is made on the head of a remote's branch, and again where another was faster.

Nothing here is moved before the remote has taken the commit: it is made in git's store, and no
branch names it. So a lost race leaves nothing to undo, and neither does a stop at any moment.
"""

import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from msgspec import Struct

from q2c.commands.call import call, on_stop
from q2c.commands.desk import Desk, desk, listed
from q2c.commands.invoices.issuing import unbroken
from q2c.commands.output import hint
from q2c.core.fault import Fault, Held, Misused, Stale
from q2c.store import git
from q2c.store.offshoot import Offshoot
from q2c.store.remote import Branch, branch_of, checked_out, fetched, holds, pushed
from q2c.store.tree import CommitTree, Tree, WorkTree
from q2c.store.writing import Change

TRIES = 20
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 8.0
Push = Annotated[
    bool, typer.Option("--push", help="Issue on a remote's branch: fetch, commit, push.")
]
Remote = Annotated[str, typer.Option("--remote", metavar="NAME", help="With --push: to where.")]
BranchName = Annotated[
    str,
    typer.Option("--branch", metavar="NAME", help="With --push: its branch.  [as checked out]"),
]
T = TypeVar("T")


class Ways(Struct, frozen=True, kw_only=True):
    """How what is made is to be kept: written here, committed here, or pushed."""

    dry_run: bool = False
    commit: bool | None = None
    message: str = ""
    push: bool = False
    remote: str = "origin"
    branch: str = ""


class Away(Desk, frozen=True):
    """A desk over the head of a remote's branch: what is written becomes a commit on it."""

    offshoot: Offshoot
    subjects: list[str]

    def write(self, change: Change, subject: str, also: Sequence[str] = ()) -> str:
        """Write a change into the commit to be; say in words what was done."""
        self.offshoot.write(change)
        self.offshoot.take(also)
        self.subjects.append(subject)
        return f"Wrote {listed([*change.created, *change.replaced, *change.appended])}"

    @property
    def words(self) -> str:
        """What the commit says of itself: all that was written in it."""
        if self.message or len(self.subjects) == 1:
            return self.message or self.subjects[0]
        # Issue F-2026-0001 to F-2026-0100, Issue F-2026-0101 to F-2026-0150: from first to last
        begin, _, _ = self.subjects[0].partition(" to ")
        _, _, end = self.subjects[-1].rpartition(" ")
        return "\n".join((f"{begin} to {end}", "", *self.subjects))


def kept(act: Callable[[Desk], T], ways: Ways) -> tuple[T, tuple[str, ...]]:
    """Do something at a desk, and keep what it writes in the way that was asked for.

    Gives what came of it, and says where it was pushed to.
    """
    if not ways.push:
        _refuse_idle(ways)
        with desk(dry_run=ways.dry_run, commit=ways.commit, message=ways.message) as work:
            return act(work), ()
    branch = _asked(ways)
    root = call().root
    if ways.dry_run:
        tree = CommitTree(root, fetched(root, branch))
        return act(Desk(root=root, tree=tree, writer=None, commits=False, message="")), ()
    from q2c.store.commit import refuse_stranger
    from q2c.store.writing import writing

    refuse_stranger(root)
    with writing(root):  # runs in one clone take turns, and what a stopped one left is finished
        return _raced(act, root, branch, ways.message)


def files_of(ways: Ways) -> Tree:
    """Give the files that a run is decided on: those here, or those of the remote's branch."""
    if not ways.push:
        from q2c.commands.desk import work_tree

        return work_tree()
    root = call().root
    return CommitTree(root, fetched(root, _asked(ways)))


def source(work: Desk, inputs: Tree | None) -> Tree:
    """Give the files that a run is made of: those of --at, or those of the desk.

    Refuses a commit that the branch pushed to does not come of: what is invoiced there would
    stand on files that are no part of its history.
    """
    if inputs is None:
        return work.tree
    root = call().root
    if isinstance(work, Away) and not holds(root, inputs.commit, work.tree.commit):
        message = f"Commit {inputs.commit[:12]} is no part of the branch that is pushed to."
        remedy = "Merge it there first, then run this again."
        raise Held(Fault("not-on-branch", message, remedy=remedy))
    return inputs


def _refuse_idle(ways: Ways) -> None:
    """Refuse flags that say nothing without --push."""
    if ways.branch or ways.remote != Ways().remote:
        message = "--remote and --branch say where --push pushes to."
        raise Misused(Fault("usage", message, remedy="Add --push, or leave them out."))


def _asked(ways: Ways) -> Branch:
    if ways.commit is False:
        message = "--push and --no-commit do not go together."
        raise Misused(Fault("usage", message, remedy="What is pushed is a commit."))
    return branch_of(call().root, ways.remote, ways.branch)


def _raced(
    act: Callable[[Desk], T], root: Path, branch: Branch, message: str
) -> tuple[T, tuple[str, ...]]:
    """Make and push, and make again where the branch has moved on; not for ever."""
    for turn in range(TRIES):
        _pause(turn)
        base = fetched(root, branch)
        here = git.head(root) if checked_out(root) == branch.name else ""
        _refuse_unready(root, branch, base, here)
        result, made = _made(act, root, base, message)
        with unbroken():
            if _landed(root, branch, made, base, here):
                told = f"Pushed commit {made[:12]} to {branch}"
                return result, (told,) if made != base else ()
        hint(f"{branch} has moved on meanwhile: done again from there.")
    text = f"{branch} moved on {TRIES} times while this was made."
    raise Stale(Fault("push-lost", f"{text} Nothing was issued.", remedy="Run this again."))


def _made(act: Callable[[Desk], T], root: Path, base: str, message: str) -> tuple[T, str]:
    """Do it on a base; give the result, and the commit that it came to."""
    tree = CommitTree(root, base)
    work = Away(
        root=root,
        tree=tree,
        writer=None,
        commits=True,
        message=message,
        offshoot=Offshoot(tree),
        subjects=[],
    )
    try:
        result = act(work)
        return result, work.offshoot.commit(work.words if work.subjects else "")
    except KeyboardInterrupt:
        raise KeyboardInterrupt(NOTHING) from None


NOTHING = "Nothing was pushed, so nothing was issued."


def _landed(root: Path, branch: Branch, made: str, base: str, here: str) -> bool:
    """Push what was made and bring the branch here to it; false if the remote has moved on."""
    from q2c.store.forward import refuse_in_the_way

    if here:
        refuse_in_the_way(root, here, made)
    if made != base:
        if not pushed(root, branch, made, base):
            return False
        on_stop("It was issued and pushed.")
    if here not in ("", made):
        _bring(root, branch, here, made)
    return True


def _bring(root: Path, branch: Branch, here: str, made: str) -> None:
    """Bring the branch here to what was pushed; what hinders that now can be done later."""
    from q2c.store.forward import went_forward

    try:
        brought, why = went_forward(root, here, made), ""
    except Stale as stale:
        brought, why = False, stale.faults[0].message
    if not brought:
        words = f"{why} Bring it here: git pull --ff-only {branch.remote} {branch.name}"
        hint(words.strip())


def _refuse_unready(root: Path, branch: Branch, base: str, here: str) -> None:
    """Refuse where work that only stands here would be in the way of what others see."""
    if here and not holds(root, here, base):
        count = int(git.git(root, "rev-list", "--count", here, f"^{base}"))
        commits = "a commit" if count == 1 else f"{count} commits"
        message = f"{branch.name} has {commits} here that {branch.remote} has not."
        remedy = f"Push first: git push {branch.remote} {branch.name}"
        raise Held(Fault("unpushed-commits", message, remedy=remedy))
    last = git.head(root)
    names = {*WorkTree(root).walk("ledger"), *git.blobs(root, last, ["ledger"])}
    fine = git.standing(root, last, names) | git.standing(root, base, names)
    if odd := sorted(names - fine):
        message = f"{odd[0]} has entries that are not committed, so others cannot know of them."
        remedy = (
            "Commit and push them with their documents: "
            f'git add --all . && git commit -m "…" && git push {branch.remote} {branch.name}'
        )
        raise Held(Fault("ledger-uncommitted", message, remedy=remedy))


def _pause(turn: int) -> None:
    """Wait a random time that grows from turn to turn, so that runs do not meet again."""
    if turn:
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2**turn)
        time.sleep(random.uniform(0, longest))  # noqa: S311 - no secret, only out of step
