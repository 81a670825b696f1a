"""Committing: exactly the files that were written, past hooks, filters and the user's index."""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from q2c.core.fault import Fault, Held, Stale
from q2c.store.git import failure, git, head, identity, prefix, tried
from q2c.store.tree import WorkTree

PATIENCE = 20
PAUSE = 0.1


def refuse_stranger(root: Path) -> None:
    """Refuse to commit for somebody whom git does not know, before anything is written."""
    head(root)  # refuses what is no repository
    if not identity(root):
        raise Held(_no_identity())


def commit(root: Path, names: Sequence[str], message: str) -> str:
    """Commit some files as they are on disk, and nothing else; give the id of the commit.

    Files that stand so in the last commit already make no new one. What else the user has
    changed or staged stays as it is.
    """
    parent = head(root)
    entries = _entries(root, names)
    made = grown(root, parent, entries, message)
    if made != parent:
        advance(root, made, parent, message)
        bring_index(root, entries)
    return made


def grown(root: Path, parent: str, entries: bytes, message: str) -> str:
    """Make a commit of another with some files put into it; no branch names it yet.

    The files are described as `update-index` reads them. Where they stand so in the parent
    already, it is given itself.
    """
    with tempfile.TemporaryDirectory(prefix="q2c-") as folder:
        index = f"{folder}/index"
        if parent:
            git(root, "read-tree", parent, GIT_INDEX_FILE=index)
        git(root, "update-index", "-z", "--index-info", data=entries, GIT_INDEX_FILE=index)
        tree = git(root, "write-tree", GIT_INDEX_FILE=index).decode().strip()
    if parent and git(root, "rev-parse", f"{parent}^{{tree}}").decode().strip() == tree:
        return parent
    return _made(root, tree, parent, message)


def _entries(root: Path, names: Sequence[str]) -> bytes:
    """Store the files byte for byte, and describe them as `update-index` reads them."""
    tree, where = WorkTree(root), prefix(root)
    for _ in tree.read_all(names):  # refuses what is no file of the workspace
        pass
    assert not any("\n" in name or "\0" in name for name in names), names
    ids = stored(root, [f"{root.absolute()}/{name}" for name in names])
    rows = zip(names, ids, strict=True)
    return "".join(f"100644 {id_}\t{where}{name}\0" for name, id_ in rows).encode()


def stored(root: Path, paths: Sequence[str]) -> list[str]:
    """Put files into git's store, byte for byte, and give the ids of their contents."""
    words = ("hash-object", "-w", "--no-filters", "--stdin-paths")
    data = "".join(f"{path}\n" for path in paths).encode()
    return git(root, *words, data=data).decode().split()


def _made(root: Path, tree: str, parent: str, message: str) -> str:
    parents = ("-p", parent) if parent else ()
    settings = ("-c", "user.useConfigOnly=true")
    done = tried(root, *settings, "commit-tree", tree, *parents, data=f"{message}\n".encode())
    said = done.stderr.decode("utf-8", "replace")
    if "auto-detection is disabled" in said or "ident name" in said:
        raise Held(_no_identity())
    if done.returncode:
        raise failure(root, said)
    return done.stdout.decode().strip()


def _no_identity() -> Fault:
    remedy = 'git config user.name "Your Name" && git config user.email you@example.com'
    return Fault("no-identity", "git does not know who you are.", remedy=remedy)


def advance(root: Path, made: str, parent: str, message: str) -> None:
    """Move the branch from its parent to the commit, unless somebody moved it meanwhile."""
    subject = message.splitlines()[0]
    expected = parent or "0" * len(made)
    done = tried(root, "update-ref", "-m", f"q2c: {subject}", "HEAD", made, expected)
    if done.returncode and head(root) != parent:
        text = "The branch was moved while this was being committed."
        raise Stale(Fault("branch-moved", text, remedy="The files are written; commit them."))
    if done.returncode:
        raise failure(root, done.stderr.decode("utf-8", "replace"))


def bring_index(root: Path, entries: bytes) -> None:
    """Let the user's index say of these files what the commit says."""
    said = ""
    for _ in range(PATIENCE):
        done = tried(root, "update-index", "-z", "--index-info", data=entries)
        if not done.returncode:
            return
        said = done.stderr.decode("utf-8", "replace")
        if "index.lock" not in said:
            raise failure(root, said)
        time.sleep(PAUSE)
    text = "The files are committed, but another git command holds the index."
    raise Stale(Fault("index-locked", text, remedy="When it has ended, run: git reset --quiet"))
