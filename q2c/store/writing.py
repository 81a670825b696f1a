"""Writing: a change of several files is made whole or not at all, whatever stops the program.

The order of the steps, and why a stop between any two of them does no harm:

1. The lock is taken. The folder of intents is synced and looked into: an intent that is
   there belongs to a program that was stopped, and is carried out again (step 3).
2. The whole change, bytes and all, is written as one file, synced, and renamed to `intent`;
   the folder is synced. From here on the change is made; before, nothing happened.
3. The change is carried out: files are written under a passing name and renamed into
   place, lines are appended, and all of it is synced. Doing this twice gives the same.
4. The intent is removed; the folder is synced before the next intent or the end.

The bytes stand in the intent and not in a staged file each, so that a thousand files need
no more syncs than one, and a rename that the disk lost costs nothing: the file is made again.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from q2c.core.fault import Fault, Invalid, Place, Refused, Stale
from q2c.store import chain
from q2c.store.files import Files, disk
from q2c.store.intent import (
    FILE,
    TAIL,
    Add,
    Intent,
    Put,
    content_of,
    digest,
    packed,
    refuse_moved,
    unpacked,
)


class Change(Struct, frozen=True):
    """What to write, each as a path relative to the workspace and its bytes.

    Created files must not be there with other bytes; replaced ones may; appended bytes go
    to the end of a file.
    """

    created: dict[str, bytes] = {}
    replaced: dict[str, bytes] = {}
    appended: dict[str, bytes] = {}


class Writer:
    """The right to write in a workspace; `writing` gives it."""

    def __init__(self, root: str, files: Files) -> None:
        self._root = root
        self._files = files
        self._folder = f"{root}/.q2c/intents"
        self._new = f"{self._folder}/new"
        self._intent = f"{root}/{FILE}"

    def write(self, change: Change) -> None:
        """Write all of a change, or nothing of it."""
        files = self._files
        with _told("cannot-write", NOTHING_DONE, RUN_AGAIN):
            intent = self._decided(change)
            files.remove(self._new)
            files.create(self._new, packed(intent))
            files.sync([self._new])
        with _told("write-interrupted", DECIDED, NEXT_TIME, KeyboardInterrupt):
            files.rename(self._new, self._intent)
            files.sync([self._folder])
            self._carry_out(intent)

    def recover(self) -> None:
        """Finish what a program that was stopped had begun to write."""
        files = self._files
        if not files.kind(self._folder):
            files.sync([self._root])
            files.make_folder(self._folder)
        # What we see may be in memory only. Were it lost after we acted on it, a part of
        # the change would stand with nobody left to finish it.
        files.sync([f"{self._root}/.q2c", self._folder])
        files.remove(self._new)
        if files.kind(self._intent):
            with _told("write-interrupted", DECIDED, NEXT_TIME):
                self._carry_out(unpacked(files.read(self._intent)))

    def close(self) -> None:
        """Wait until it is durable that nothing is left to finish."""
        with _told("write-interrupted", DECIDED, NEXT_TIME):
            self._files.sync([self._folder])

    def _decided(self, change: Change) -> Intent:
        paths = [*change.created, *change.replaced, *change.appended]
        assert len(paths) == len(set(paths)), "a path stands in a change once"
        self._refuse_odd(paths)
        self._refuse_existing(change.created)
        files, root = self._files, self._root
        puts = [Put(at, digest(files, f"{root}/{at}"), new) for at, new in change.replaced.items()]
        adds = [self._add(path, data) for path, data in change.appended.items() if data]
        return Intent(change.created, tuple(puts), tuple(adds))

    def _add(self, path: str, data: bytes) -> Add:
        at = f"{self._root}/{path}"
        size = self._files.size(at) if self._files.kind(at) else 0
        before = content_of(self._files, at, max(0, size - TAIL)) or b""
        if path.endswith(".jsonl") and not chain.continues(before, data):
            message = f"{path} has got new lines since this was decided."
            raise Stale(Fault("ledger-moved", message, Place(path), "Run the command again."))
        return Add(path, size, sha256(before).hexdigest(), data)

    def _carry_out(self, intent: Intent) -> None:
        paths = intent.paths()
        self._refuse_odd(paths)
        refuse_moved(intent, self._root, self._files)
        folders = [self._at(folder) for folder in _folders(paths)]
        for folder in folders:
            self._files.make_folder(folder)
        self._put(intent.created)
        # People edit these: after a crash they must hold the old or the new, never a mix,
        # so that an edit made before the recovery is seen. Hence they are synced first.
        self._put({put.path: put.data for put in intent.replaced}, sync_first=True)
        for add in intent.appended:
            self._append(add)
        written = [*intent.created, *(add.path for add in intent.appended)]
        self._files.sync([*map(self._at, written), *folders])
        self._files.remove(self._intent)

    def _put(self, contents: dict[str, bytes], *, sync_first: bool = False) -> None:
        files = self._files
        moves = {_passing(self._at(path)): self._at(path) for path in contents}
        for (passing, path), data in zip(moves.items(), contents.values(), strict=True):
            files.remove(passing)
            files.create(passing, data, like=path)
        if sync_first:
            files.sync(moves)
        for passing, path in moves.items():
            files.rename(passing, path)

    def _append(self, add: Add) -> None:
        path = self._at(add.path)
        if self._files.kind(path) and self._files.size(path) > add.base:
            self._files.truncate(path, add.base)
        self._files.append(path, add.data)

    def _refuse_existing(self, created: dict[str, bytes]) -> None:
        for path, data in created.items():
            if content_of(self._files, self._at(path)) not in (None, data):
                message = f"{path} is there already, with other content."
                remedy = "Look at it, and move it away if it is not wanted."
                raise Stale(Fault("file-exists", message, Place(path), remedy))

    def _refuse_odd(self, paths: list[str]) -> None:
        for path in paths:
            if not _inside(path):
                message = f"{path!r} is not a path inside the workspace."
                remedy = "Name a file inside it, and none of git's or q2c's own."
                raise Invalid(Fault("outside-workspace", message, remedy=remedy))
        wanted = dict.fromkeys(paths, "file") | dict.fromkeys(_folders(paths), "folder")
        for path, kind in wanted.items():
            if self._files.kind(self._at(path)) not in ("", kind):
                message = f"{path} should be a {kind} but is something else."
                remedy = "Move it out of the way; links are not followed."
                raise Invalid(Fault("not-a-file", message, Place(path), remedy))

    def _at(self, path: str) -> str:
        return f"{self._root}/{path}" if path else self._root


@contextmanager
def writing(root: Path, files: Files | None = None, wait: float = 30.0) -> Iterator[Writer]:
    """Take the lock, finish what an earlier stop left undone, and give the right to write.

    What a change depends on has to be read inside, or another program may have moved it.
    """
    chosen, top = files or disk(), str(root.absolute())
    with ExitStack() as held:
        with _told("cannot-write", NOTHING_DONE, RUN_AGAIN):
            chosen.make_folder(f"{top}/.q2c")
            held.enter_context(chosen.lock(f"{top}/.q2c/lock", wait))
            writer = Writer(top, chosen)
            writer.recover()
        try:
            yield writer
        finally:
            writer.close()


def unfinished(root: Path, files: Files | None = None) -> bool:
    """Say whether a stopped program left a change that the next writing command will finish."""
    return bool((files or disk()).kind(f"{root.absolute()}/{FILE}"))


def finish(root: Path) -> None:
    """Finish what a stopped program left, so that it is read whole; where that fails, let it be.

    Another program may be at work on it, or the disk may be full: the next one that
    writes waits for the lock, and says what is in the way.
    """
    if unfinished(root):
        with suppress(Refused), writing(root, wait=0):
            pass


NOTHING_DONE = "Nothing was written"
RUN_AGAIN = "Put that right, then run this again."
DECIDED = "The change is decided and kept, but not carried out to the end"
NEXT_TIME = "Put that right; the next command that writes finishes it."


@contextmanager
def _told(code: str, what: str, remedy: str, *others: type[BaseException]) -> Iterator[None]:
    errors: tuple[type[BaseException], ...] = (OSError, *others)
    try:
        yield
    except errors as error:
        raise Refused(Fault(code, f"{what} ({_reason(error)}).", remedy=remedy)) from error


def _reason(error: BaseException) -> str:
    if not isinstance(error, OSError):
        return "stopped by hand"
    name = Path(error.filename).name if isinstance(error.filename, str) else ""
    return ": ".join(part for part in (name, error.strerror or str(error)) if part)


def _inside(path: str) -> bool:
    parts = path.split("/")
    ours = parts[0] == ".q2c" and parts[1:2] in (["intents"], ["lock"], ["lock.holder"])
    return not ours and not any(
        part in ("", ".", "..") or part.lower() == ".git" or "\0" in part for part in parts
    )


def _folders(paths: list[str]) -> list[str]:
    """List the folders above some paths, the root (empty) first and parents before children."""
    found = {""}
    for path in paths:
        parent = path.rpartition("/")[0]
        while parent not in found:
            found.add(parent)
            parent = parent.rpartition("/")[0]
    return sorted(found)


def _passing(path: str) -> str:
    folder, _, name = path.rpartition("/")
    return f"{folder}/.{name}.q2c"
