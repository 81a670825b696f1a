"""git, by its plumbing: questions to a repository, which run none of the repository's commands."""

import os
import re
from collections.abc import Iterable, Iterator
from hashlib import sha1, sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from q2c.core.fault import Fault, Held, Unknown, Unreachable

if TYPE_CHECKING:
    import subprocess

# What a repository's own settings would otherwise have git run.
SWITCHES = (
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.splitIndex=false"),
    *("-c", "i18n.commitEncoding=UTF-8"),
)
SETTINGS = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C",
}
KEPT = frozenset(
    f"GIT_{who}_{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL", "DATE")
)
_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_ABOUT = re.compile(rb"[0-9a-f]+ ([a-z]+) ([0-9]+)\n")  # what git says before it gives an object
# How git merges the files that .gitattributes names for it; each clone has to know.
DRIVER = {
    "merge.q2c-quote.name": "quote drafts, line by line",
    "merge.q2c-quote.driver": "q2c quote merge %O %A %B --path %P",
}
MANY = 200  # so many names still fit on a command line
AHEAD = 64  # so many questions are put before the first answer is read


class Blob(NamedTuple):
    """A file as a commit has it: its mode, the id of its content, and its size."""

    mode: str
    id: str
    size: int

    @property
    def is_file(self) -> bool:
        """Whether it is a file, and not a symbolic link."""
        return self.mode in ("100644", "100755")


def environment() -> dict[str, str]:
    """Give the environment that git is run in: nothing in it leads git elsewhere."""
    own = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") or k in KEPT}
    return own | SETTINGS


def command(*words: str) -> list[str]:
    """Give the command line of git for some words."""
    return ["git", *SWITCHES, *words]


def tried(
    root: Path, *words: str, data: bytes = b"", **settings: str
) -> "subprocess.CompletedProcess[bytes]":
    """Run git in a folder, and leave it to the caller what a failure means."""
    import subprocess

    try:
        return subprocess.run(  # noqa: S603 - a list of words that no shell reads
            command(*words),
            cwd=root,
            env=environment() | settings,
            input=data,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        if error.filename != "git":
            raise
        raise Held(Fault("git-missing", "git is not installed.", remedy="Install git.")) from error


def git(root: Path, *words: str, data: bytes = b"", **settings: str) -> bytes:
    """Run git in a folder and give what it answers; refuse when it fails."""
    done = tried(root, *words, data=data, **settings)
    if done.returncode:
        raise failure(root, done.stderr.decode("utf-8", "replace"))
    return done.stdout


def failure(root: Path, said: str) -> Held | Unknown | Unreachable:
    """Say why git failed, from what it said."""
    if "dubious ownership" in said:
        message = "This repository belongs to another user, so git does not work in it."
        remedy = f"If you trust it: git config --global --add safe.directory '{root}'"
        return Held(Fault("unsafe-repository", message, remedy=remedy))
    if "not a git repository" in said:
        message = "This workspace is not in a git repository."
        return Unknown(Fault("not-a-repository", message, remedy="Make one: git init"))
    first = next((line for line in said.splitlines() if line.strip()), "it did not say why")
    words = first.removeprefix("fatal: ").rstrip(".")
    remedy = "See how the repository is: git status, git fsck."
    return Unreachable(Fault("git-failed", f"git failed: {words}.", remedy=remedy))


def is_repository(root: Path) -> bool:
    """Say whether a folder lies in the work tree of a repository."""
    done = tried(root, "rev-parse", "--is-inside-work-tree")
    said = done.stderr.decode("utf-8", "replace")
    if "dubious ownership" in said:
        raise failure(root, said)
    return done.stdout.strip() == b"true"


def is_ignored(root: Path) -> bool:
    """Say whether the repository around a folder leaves it out."""
    words = ("check-ignore", "--quiet", "q2c.toml")  # which knows no literal paths
    return tried(root, *words, GIT_LITERAL_PATHSPECS="0").returncode == 0


def init(root: Path) -> None:
    """Make a folder a repository, with no hooks; one that is there already stays as it is."""
    chosen = tried(root, "config", "init.defaultBranch").stdout.strip()
    branch = () if chosen else ("--initial-branch=main",)
    git(root, "init", "--quiet", "--template=", *branch)


def head(root: Path) -> str:
    """Give the id of the commit that is checked out, empty before the first."""
    done = tried(root, "rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}")
    if done.returncode and not is_repository(root):
        raise failure(root, "not a git repository")
    return done.stdout.decode().strip()


def resolved(root: Path, rev: str) -> str:
    """Give the id of the commit that a branch, tag or other name stands for."""
    if "\0" not in rev:
        # What follows --end-of-options is a name, whatever it looks like.
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
        done = tried(root, *words)
        if not done.returncode:
            return done.stdout.decode().strip()
        if not is_repository(root):
            raise failure(root, "not a git repository")
    message = f"There is no revision {rev!r} here."
    raise Unknown(Fault("no-such-revision", message, remedy="List them: git log --oneline --all"))


def common(root: Path, one: str, other: str) -> str:
    """Give the commit that two commits come of, empty where they have none in common."""
    return tried(root, "merge-base", one, other).stdout.decode().strip()


def drive_merges(root: Path) -> None:
    """Let git merge the drafts of quotes with q2c, in this clone."""
    for key, value in DRIVER.items():
        git(root, "config", key, value)


def identity(root: Path) -> str:
    """Give `Name <email>` of the person at work as git knows it, empty where it does not."""
    said = tried(root, "-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT").stdout
    return said.decode("utf-8", "replace").rpartition(">")[0].strip() + ">" if said else ""


def prefix(root: Path) -> str:
    """Give the path of a folder inside its repository, with a slash at its end, or nothing."""
    return git(root, "rev-parse", "--show-prefix").decode("utf-8", "surrogateescape").rstrip("\n")


def top(root: Path) -> Path:
    """Give the top folder of the repository that a folder lies in."""
    said = git(root, "rev-parse", "--show-toplevel")
    return Path(said.decode("utf-8", "surrogateescape").rstrip("\n"))


def blobs(root: Path, commit: str, names: Iterable[str] = ()) -> dict[str, Blob]:
    """List the files of a commit below a folder, or of some names only, by their names."""
    wanted = list(names)
    where = prefix(root)
    if len(wanted) > MANY or not wanted:
        wanted = [""] if where else []
    paths = [f"{where}{name}" for name in wanted]
    raw = git(root, "ls-tree", "-r", "-z", "-l", "--full-tree", commit, "--", *paths)
    return dict(_listed(raw, where))


class Objects:
    """The contents of git's store, all from one process that ends with this object."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process: subprocess.Popen[bytes] | None = None

    def contents(self, ids: Iterable[str]) -> Iterator[bytes]:
        """Yield the bytes of each blob, in order."""
        rest = list(ids)
        while rest:
            asked, rest = rest[:AHEAD], rest[AHEAD:]
            # All are read before one is handed on: who stops half-way leaves no answer behind.
            yield from self._answers(asked)

    def _answers(self, ids: list[str]) -> list[bytes]:
        process = self._process or self._started()
        assert process.stdin
        assert process.stdout
        process.stdin.write("".join(f"{name}\n" for name in ids).encode())
        process.stdin.flush()
        found = []
        for _ in ids:
            about = process.stdout.readline().decode().split()
            if len(about) != len(("id", "blob", "size")):
                raise failure(self._root, f"object {' '.join(about)}")
            found.append(process.stdout.read(int(about[2])))
            process.stdout.read(1)
        return found

    def _started(self) -> "subprocess.Popen[bytes]":
        import subprocess
        import weakref

        self._process = subprocess.Popen(  # noqa: S603 - a list of words that no shell reads
            command("cat-file", "--batch"),
            cwd=self._root,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        weakref.finalize(self, _ended, self._process)
        return self._process


def as_of(root: Path, name: str, commits: Iterable[str]) -> dict[str, bytes | None]:
    """Give a file as commits have it, nothing where one lacks it; commits not here are left out."""
    asked = [one for one in dict.fromkeys(commits) if _ID.fullmatch(one)]
    found: dict[str, bytes | None] = {}
    for start in range(0, len(asked), MANY):
        some = asked[start : start + MANY]
        # One process tells which commits are here and what they have; ./ is the folder itself.
        words = "".join(f"{one}^{{commit}}\n{one}:./{name}\n" for one in some)
        told = _told(git(root, "cat-file", "--batch", data=words.encode()))
        rows = zip(some, told, told, strict=True)
        found |= {
            one: data if kind == b"blob" else None for one, (at, _), (kind, data) in rows if at
        }
    return found


def _told(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kind and the bytes of each object that git was asked for; no kind where none is."""
    at = 0
    while at < len(raw):
        end = raw.index(b"\n", at) + 1
        about = _ABOUT.match(raw, at, end)
        size = int(about[2]) if about else 0
        yield (about[1], raw[end : end + size]) if about else (b"", b"")
        at = end + size + 1 if about else end


def authors(root: Path, name: str, commit: str) -> frozenset[str]:
    """Give the mail addresses of all who changed a file, up to a commit."""
    words = ("--full-history", "--format=%ae", commit, "--", name)
    said = git(root, "-c", "log.showSignature=false", "log", *words)
    return frozenset(said.decode("utf-8", "replace").split())


def committed(root: Path, names: Iterable[str]) -> dict[str, str]:
    """Give for each file the last commit if it stands there with the same bytes, else nothing."""
    wanted = list(names)
    at = head(root)
    known = blobs(root, at, wanted) if at and wanted else {}
    return {name: at if _same(root / name, known.get(name)) else "" for name in wanted}


def standing(root: Path, commit: str, names: Iterable[str]) -> set[str]:
    """Name the files that are there with the same bytes as in a commit."""
    wanted = list(names)
    known = blobs(root, commit, wanted)
    return {name for name in wanted if _same(root / name, known.get(name))}


def _same(path: Path, blob: Blob | None) -> bool:
    if blob is None or not blob.is_file or path.is_symlink() or not path.is_file():
        return False
    data = path.read_bytes()
    content = b"blob %d\0" % len(data) + data
    is_long = len(blob.id) == len(sha256().hexdigest())
    digest = sha256(content) if is_long else sha1(content, usedforsecurity=False)
    return digest.hexdigest() == blob.id


def _ended(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdin
    assert process.stdout
    process.stdin.close()
    process.stdout.close()
    process.wait()


def _listed(raw: bytes, where: str) -> Iterator[tuple[str, Blob]]:
    for row in raw.split(b"\0")[:-1]:
        about, _, path = row.partition(b"\t")
        mode, kind, name, size = about.decode().split()
        if kind == "blob":
            there = path.decode("utf-8", "surrogateescape").removeprefix(where)
            yield there, Blob(mode, name, int(size))
