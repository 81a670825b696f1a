"""Remotes: the branch of another repository, fetched from it and pushed to it."""

import os
import re
from pathlib import Path

from msgspec import Struct

from q2c.core.fault import Fault, Unknown, Unreachable, nearest
from q2c.store.git import git, head, tried

# How git is told to reach other machines. A repository cannot set these, its owner does.
REACHING = re.compile(r"GIT_(SSH|ASKPASS|SSL_|HTTP_|PROXY_|CONFIG_|CURL_)")
# What the user's settings might add to a fetch or a push that is none of its business, and an
# end to waiting for a server that sends nothing.
ALONE = (
    *("-c", "maintenance.auto=false"),
    *("-c", "gc.auto=0"),
    *("-c", "http.lowSpeedLimit=1"),
    *("-c", "http.lowSpeedTime=60"),
)
_SAME = re.compile(r"^=\t", re.MULTILINE)
_REFUSED = re.compile(r"^!\t.*\[(remote )?rejected\]", re.MULTILINE)
_TELLING = re.compile(r"^(remote: (error:|fatal:)?|fatal:|error: (?!failed to push))")
_LOCKED = re.compile(r"\b(un)?lock\b|failed to update ref|incorrect old value|fetch first")


class Branch(Struct, frozen=True):
    """A branch of a remote."""

    remote: str
    name: str

    @property
    def ref(self) -> str:
        """What the remote calls it."""
        return f"refs/heads/{self.name}"

    @property
    def tracking(self) -> str:
        """What this repository calls the state of it that was last seen."""
        return f"refs/remotes/{self.remote}/{self.name}"

    def __str__(self) -> str:
        return f"{self.remote}/{self.name}"


def branch_of(root: Path, remote: str, name: str) -> Branch:
    """Name a branch of a remote: the one asked for, the one checked out, or the remote's own."""
    head(root)  # refuses what is no repository
    known = git(root, "remote").decode().split()
    if remote not in known:
        remedy = nearest(remote, known) or f"Name it: git remote add {remote} URL"
        raise Unknown(Fault("no-such-remote", f"There is no remote '{remote}'.", remedy=remedy))
    chosen = name or checked_out(root) or _own(root, remote)
    if not chosen or tried(root, "check-ref-format", f"refs/heads/{chosen}").returncode:
        message = f"'{chosen}' is not the name of a branch."
        raise Unknown(Fault("no-such-branch", message, remedy="Name it: --branch main"))
    return Branch(remote, chosen)


def checked_out(root: Path) -> str:
    """Name the branch that is checked out, or nothing where a commit is."""
    said = tried(root, "symbolic-ref", "--quiet", "HEAD").stdout.decode().strip()
    return said.removeprefix("refs/heads/")


def _own(root: Path, remote: str) -> str:
    """Ask a remote which branch a clone of it would begin with."""
    said = _reached(root, Branch(remote, ""), "ls-remote", "--symref", remote, "HEAD")
    found = re.search(r"^ref: refs/heads/(\S+)\tHEAD$", said, re.MULTILINE)
    return found[1] if found else ""


def fetched(root: Path, branch: Branch) -> str:
    """Fetch a branch, and give the commit that it stands at."""
    spec = f"+{branch.ref}:{branch.tracking}"
    words = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head")
    _reached(root, branch, "fetch", *words, branch.remote, spec)
    return git(root, "rev-parse", "--verify", f"{branch.tracking}^{{commit}}").decode().strip()


def _reached(root: Path, branch: Branch, *words: str) -> str:
    done = tried(root, *ALONE, *words, data=b"", **_reaching())
    said = done.stderr.decode("utf-8", "replace")
    if "couldn't find remote ref" in said:
        message = f"{branch.remote} has no branch '{branch.name}'."
        remedy = f"Name one that it has, or push it first: git push {branch.remote} {branch.name}"
        raise Unknown(Fault("no-such-branch", message, remedy=remedy))
    if done.returncode:
        message = f"{branch.remote} was not reached: {_reason(said)}."
        remedy = f"See what git says: git fetch {branch.remote}"
        raise Unreachable(Fault("remote-unreachable", message, remedy=remedy))
    return done.stdout.decode("utf-8", "replace")


def pushed(root: Path, branch: Branch, commit: str, base: str) -> bool:
    """Push a commit that was made on a base; false if the branch has moved off that base.

    Never by force: the remote takes a commit if the branch still stands where it did, and it
    looks and moves in one step. Of all who push on one base it takes one.
    """
    words = ("--porcelain", "--no-follow-tags", "--no-verify", "--recurse-submodules=no")
    spec = f"{commit}:{branch.ref}"
    done = tried(root, *ALONE, "push", *words, branch.remote, spec, data=b"", **_reaching())
    said = (done.stdout + b"\n" + done.stderr).decode("utf-8", "replace")
    if not done.returncode:
        git(root, "update-ref", branch.tracking, commit)
        # Two runs in one second may come to the same commit; it is issued by the first of them.
        return not _SAME.search(said)
    now = fetched(root, branch)
    # Without a word of the remote it may have taken the commit, and only its answer was lost.
    if not _REFUSED.search(said) and holds(root, commit, now):
        return True
    if now != base or _LOCKED.search(said):
        return False
    message = f"{branch.remote} did not take the push to {branch.name}: {_reason(said)}."
    remedy = "Nothing was issued. Let this user or runner push to the branch, then run this again."
    raise Unreachable(Fault("push-refused", message, remedy=remedy))


def holds(root: Path, commit: str, later: str) -> bool:
    """Say whether a commit is another or one of those that it came of."""
    return tried(root, "merge-base", "--is-ancestor", commit, later).returncode == 0


def _reaching() -> dict[str, str]:
    """Give the settings of the environment and the machine that say how remotes are reached."""
    own = {name: value for name, value in os.environ.items() if REACHING.match(name)}
    return {"GIT_CONFIG_NOSYSTEM": "0"} | own


def _reason(said: str) -> str:
    """Find the line in which git or the host says why, without the secrets of an address."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if _TELLING.match(line)]
    refused = re.findall(r"rejected\] \((.+)\)", said)
    first = (telling or refused or lines or ["git did not say why"])[0]
    return _TELLING.sub("", re.sub(r"//[^/@\s]+@", "//", first)).strip().rstrip(".")
