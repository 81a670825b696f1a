"""Offshoots: a commit made on another in git's store alone; work tree, index, branches stay."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from q2c.core.fault import Fault, Place, Stale
from q2c.store import chain
from q2c.store.commit import grown, stored
from q2c.store.git import prefix
from q2c.store.tree import CommitTree, WorkTree
from q2c.store.writing import Change


class Offshoot:
    """What is written on top of a commit, until it is one itself.

    Contents go to git's store as they come, so that a large run is not held in memory. What
    is appended is kept, and written with what it is appended to when the commit is made. A
    program that is stopped leaves some objects that nothing names, and git clears them away.
    """

    def __init__(self, tree: CommitTree) -> None:
        self.tree = tree
        self._entries: dict[str, bytes] = {}
        self._appended: dict[str, list[bytes]] = {}

    def write(self, change: Change) -> None:
        """Write a change; files that it creates must not be there with other bytes."""
        self._refuse_existing(change.created)
        for name, data in change.appended.items():
            if data:
                self._append(name, data)
        self._put(change.created | change.replaced)

    def take(self, names: Sequence[str]) -> None:
        """Write files as they stand in the work tree."""
        self._put(dict(WorkTree(self.tree.root).read_all(names)))

    def commit(self, message: str) -> str:
        """Make the commit, and give its id; that of the commit below where nothing is new."""
        self._put({name: b"".join(parts) for name, parts in self._appended.items()})
        self._appended.clear()
        entries = b"".join(self._entries[name] for name in sorted(self._entries))
        root, base = self.tree.root, self.tree.commit
        return grown(root, base, entries, message) if entries else base

    def _append(self, name: str, data: bytes) -> None:
        """Keep lines with what they are appended to; they must follow from its last."""
        if name not in self._appended:
            self._appended[name] = [self.tree.read(name)] if self.tree.exists(name) else []
        parts = self._appended[name]
        if name.endswith(".jsonl") and parts and not chain.continues(parts[-1], data):
            message = f"{name} has got new lines since this was decided."
            raise Stale(Fault("ledger-moved", message, Place(name), "Run the command again."))
        parts.append(data)

    def _put(self, contents: dict[str, bytes]) -> None:
        """Put contents into git's store, all with one run of git."""
        root, where = self.tree.root, prefix(self.tree.root)
        with tempfile.TemporaryDirectory(prefix="q2c-") as folder:
            paths = [Path(folder, str(place)) for place in range(len(contents))]
            for path, data in zip(paths, contents.values(), strict=True):
                path.write_bytes(data)
            ids = stored(root, [str(path) for path in paths]) if paths else []
        for name, id_ in zip(contents, ids, strict=True):
            self._entries[name] = f"100644 {id_}\t{where}{name}\0".encode()

    def _refuse_existing(self, created: dict[str, bytes]) -> None:
        for name, data in created.items():
            if self.tree.exists(name) and self.tree.read(name) != data:
                message = f"{name} is there already, with other content."
                remedy = "Look at it with git, and take it away if it is not wanted."
                raise Stale(Fault("file-exists", message, Place(name), remedy))
