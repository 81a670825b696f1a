"""Tags in git repositories that milestones fall due by, and who signed them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from msgspec import Struct

from q2c.core.fault import Fault, Place, Refused
from q2c.core.order import Delivery, Order, Tagged
from q2c.core.quote import Tag
from q2c.store.git import git
from q2c.store.orders import events_path, numbers, read_deliveries
from q2c.store.signatures import signer
from q2c.store.tree import Tree

SIGNERS = "allowed_signers"
NAMESPACE = "git"  # what git signs tags for
_BEGIN = b"-----BEGIN SSH SIGNATURE-----\n"
_FIELDS = "refname objectname objecttype creatordate:unix *committerdate:unix".split()
_FORMAT = "%00".join(f"%({field})" for field in _FIELDS)
_PREFIX = "refs/tags/"


class Ref(Struct, frozen=True):
    """A tag of a repository: its name, its object, and the day it was made."""

    name: str
    id: str
    annotated: bool
    day: date


class Seen(Struct, frozen=True, kw_only=True):
    """What was found for a milestone: a tag and its day, or why there is none that counts."""

    tag: Tagged | None = None
    day: date | None = None
    why: str = ""
    fault: Fault | None = None


class Tags:
    """The tags that milestones ask for; each repository is looked into once."""

    def __init__(self, files: Tree, zone: str) -> None:
        self._files = files
        self._zone = zone
        self._known: dict[str, list[Ref]] = {}

    def deliveries(
        self, order: Order, recorded: Sequence[Delivery]
    ) -> tuple[Mapping[str, Delivery], tuple[Fault, ...]]:
        """Give what tags have delivered of an order, by line, and what has to be seen to first."""
        from q2c.core.billing import waiting  # check reads tags without it

        found, faults = dict[str, Delivery](), list[Fault]()
        for line in waiting(order, recorded):
            if line.milestone and line.milestone.tag:
                seen = self.seen(order, line.milestone.tag)
                if seen.tag and seen.day:
                    found[line.id] = Delivery(
                        date=seen.day, line=line.id, quantity=line.quantity, tag=seen.tag
                    )
                if seen.fault:
                    faults.append(seen.fault)
        return found, tuple(faults)

    def seen(self, order: Order, asked: Tag) -> Seen:
        """Look for the first tag since an order was agreed that fits, and is signed if need be."""
        try:
            fits = [
                ref for ref in self.refs(asked.repository) if fnmatchcase(ref.name, asked.pattern)
            ]
            fresh = [ref for ref in fits if ref.day >= order.agreed_on]
            if not fresh:
                older = f"; {fits[-1].name} is older than the order" if fits else ""
                return Seen(why=f"no tag {asked.pattern} yet{older}")
            return self._first(asked, fresh)
        except Refused as refused:
            return Seen(why=refused.faults[0].message, fault=refused.faults[0])

    def _first(self, asked: Tag, refs: Sequence[Ref]) -> Seen:
        for ref in refs:
            by = self._signer(asked.repository, ref) if asked.signed else ""
            commit = self._commit(asked.repository, ref)
            if commit and (by or not asked.signed):
                tag = Tagged(name=ref.name, commit=commit, repository=asked.repository, signer=by)
                return Seen(tag=tag, day=ref.day)
        if not asked.signed:
            return Seen(why=f"{refs[0].name} is on no commit")
        names = ", ".join(ref.name for ref in refs)
        message = f"{names} is not signed by anybody in {SIGNERS}."
        remedy = f"Sign it with an SSH key (git tag --sign), and have the key in {SIGNERS}."
        fault = Fault("tag-unsigned", message, remedy=remedy)
        return Seen(why=f"{names} is not signed as it should be", fault=fault)

    def refs(self, repository: str) -> list[Ref]:
        """List the tags of a repository, the oldest first."""
        if repository not in self._known:
            raw = _asked(self._root(repository), repository)
            self._known[repository] = sorted(_refs(raw, self._zone), key=lambda r: (r.day, r.name))
        return self._known[repository]

    def at(self, tag: Tagged) -> str:
        """Give the commit that a tag of that name stands at now, empty where there is none."""
        found = next((ref for ref in self.refs(tag.repository) if ref.name == tag.name), None)
        return self._commit(tag.repository, found) if found else ""

    def _root(self, repository: str) -> Path:
        return self._files.root / repository

    def _commit(self, repository: str, ref: Ref) -> str:
        """Give the commit that a tag comes to, empty where it is on something else."""
        asked = f"{ref.id}^{{commit}}\n".encode()
        said = git(self._root(repository), "cat-file", "--batch-check", data=asked).split()
        return said[0].decode() if said[1:2] == [b"commit"] else ""

    def _signer(self, repository: str, ref: Ref) -> str:
        if not ref.annotated or not self._files.exists(SIGNERS):
            return ""
        raw = git(self._root(repository), "cat-file", "tag", ref.id)
        at = raw.rfind(_BEGIN)
        # What was signed as another tag says nothing of this one.
        named = f"\ntag {ref.name}\n".encode("utf-8", "surrogateescape")
        if at < 1 or raw[at - 1 : at] != b"\n" or named not in raw.partition(b"\n\n")[0] + b"\n":
            return ""
        return signer(raw[:at], raw[at:], self._files.read(SIGNERS), NAMESPACE)


def moved_tags(files: Tree, zone: str) -> Iterator[Fault]:
    """Tell of tags that milestones were delivered by, and that no longer stand where they did.

    A repository that is not there tells nothing.
    """
    known = Tags(files, zone)
    for number in numbers(files, "orders"):
        with suppress(Refused):  # what cannot be read is told where it is read
            for place, delivery in enumerate(read_deliveries(files, number), start=1):
                if delivery.tag and (now := known.at(delivery.tag)) != delivery.tag.commit:
                    stands = f"is at commit {now[:12]} now" if now else "is gone"
                    message = (
                        f"{number}/{delivery.line} was delivered by {delivery.tag}; it {stands}."
                    )
                    remedy = "What was invoiced stays; find out who moved the tag, and why."
                    yield Fault("tag-moved", message, Place(events_path(number), place), remedy)


def _asked(root: Path, repository: str) -> bytes:
    """List the tags of a repository, or refuse one that is not there."""
    message = (
        f"There is no git repository {repository or 'here'}, and milestones wait for its tags."
    )
    fault = Fault("tag-repository", message, remedy="Bring it there: git clone --bare URL PATH")
    if not root.is_dir():
        raise Refused(fault)
    try:
        return git(root, "for-each-ref", f"--format={_FORMAT}", _PREFIX)
    except Refused as refused:
        own = refused.faults[0].code in {"not-a-repository", "git-failed"}
        raise Refused(fault if own else refused.faults[0]) from refused


def _refs(raw: bytes, zone: str) -> Iterator[Ref]:
    from zoneinfo import ZoneInfo

    at = ZoneInfo(zone)
    # The name of a tag may hold what Unicode calls an end of a line.
    for row in raw.decode("utf-8", "surrogateescape").split("\n")[:-1]:
        name, id_, kind, made, committed = row.split("\0")
        with suppress(
            ValueError, OverflowError, OSError
        ):  # what is on no day is no tag that counts
            day = datetime.fromtimestamp(int(made or committed), UTC).astimezone(at).date()
            yield Ref(name.removeprefix(_PREFIX), id_, kind == "tag", day)
