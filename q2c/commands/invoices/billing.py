"""Planning a run: what is due through a day, from everything that stands in the files."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

from msgspec.structs import replace

from q2c.commands.books import Books
from q2c.commands.desk import Stamp, commits_of, frozen_look, origin, sources, stamped
from q2c.commands.invoices.arriving import own
from q2c.commands.invoices.outstanding import Asked, due
from q2c.core.billing import Charge, Claim, Plan
from q2c.core.fault import Fault, Held, Invalid, Stale, Unknown, nearest
from q2c.core.trace import Paper
from q2c.store.chain import NO_HASH
from q2c.store.invoices import plan_id
from q2c.store.ledger import Record
from q2c.store.orders import order_faults
from q2c.store.series import year_of
from q2c.store.tree import Tree

SHOWN = 3  # files that a message names
DECIDING = ("price-changes",)  # folders where one more file changes what is due of an order
ABSENT = ""  # stands for the SHA-256 of a file that is not there


class Watched:
    """A tree of files that notes what was read of it, and what was looked for in vain."""

    def __init__(self, files: Tree) -> None:
        self._files = files
        self.root = files.root
        self.commit = files.commit
        self.cache: Path | None = files.cache
        self.seen: dict[str, str] = {}

    def names(self, folder: str, suffix: str = "") -> list[str]:
        """List the files directly in a folder, sorted; none where there is no folder."""
        return self._files.names(folder, suffix)

    def walk(self, folder: str) -> list[str]:
        """List the files in a folder and all folders below it, sorted."""
        return self._files.walk(folder)

    def folders(self, folder: str) -> list[str]:
        """List the folders directly in a folder, sorted."""
        return self._files.folders(folder)

    def exists(self, name: str) -> bool:
        """Say whether there is a file of that name."""
        there = self._files.exists(name)
        if not there:
            self.seen[name] = ABSENT
        return there

    def read(self, name: str) -> bytes:
        """Give the bytes of a file."""
        data = self._files.read(name)
        self.seen[name] = sha256(data).hexdigest()
        return data

    def read_all(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Give the names and bytes of many files."""
        for name, data in self._files.read_all(names):
            self.seen[name] = sha256(data).hexdigest()
            yield name, data

    @property
    def papers(self) -> tuple[Paper, ...]:
        """Every file that was asked for, by name."""
        return tuple(Paper(name, digest) for name, digest in sorted(self.seen.items()))


def planned(files: Tree, books: Books, asked: Asked, mark: Stamp) -> Plan:
    """Freeze what is due, with all that it was worked out from."""
    watched = Watched(files)
    found = due(watched, books, asked)
    spoken = {one.language for one in found.claims} | {one.language for one in found.credits}
    for language in sorted(spoken):
        frozen_look(watched, language)  # so that theme and logo are among what was read
    plan = Plan(
        through=asked.through,
        issue_on=asked.issue_on,
        customer=asked.customer,
        base=books.ledger.head,
        inputs=watched.papers,
        claims=_with_commits(found.claims, watched),
        credits=found.credits,
        arrived=found.arrived,
        skipped=found.skipped,
        held=found.held,
        warned=found.warned,
        commit=origin(files, [name for name, digest in watched.seen.items() if digest]),
        program=mark.program,
    )
    return replace(plan, id=plan_id(plan))


def _with_commits(claims: Sequence[Claim], files: Tree) -> tuple[Claim, ...]:
    """Write into the steps of the tax in which commit the rates stood."""
    charges = [charge for one in claims for charge in one.charges]
    steps = (step for charge in charges for step in charge.treatment.steps)
    commits = commits_of(files, sources(steps))
    if not any(commits.values()):
        return tuple(claims)

    def marked(charge: Charge) -> Charge:
        how = charge.treatment
        return replace(charge, treatment=replace(how, steps=stamped(how.steps, commits)))

    return tuple(replace(one, charges=tuple(map(marked, one.charges))) for one in claims)


def refuse_forged(files: Tree, claims: Iterable[Claim]) -> None:
    """Refuse to issue claims of orders that are not as they were accepted."""
    if faults := order_faults(files, sorted({name for one in claims for name in one.orders})):
        raise Held(*faults.values())


def refuse_changed(plan: Plan, files: Tree) -> None:
    """Refuse a plan if a file that it was made from is not as it was, or one more decides.

    An order that is new since is only not in it: the next run takes it.
    """
    changed = [
        f"{paper.path} {how}" for paper in plan.inputs if (how := _changed(plan, paper, files))
    ]
    known = {paper.path for paper in plan.inputs}
    names = (name for folder in DECIDING for name in files.names(folder, ".yaml"))
    changed += [f"{name} was added" for name in names if name not in known]
    if changed:
        more = f" (and {len(changed) - SHOWN} more)" if len(changed) > SHOWN else ""
        named = ", ".join(changed[:SHOWN])
        raise stale(plan, f"Since this plan was made, {named}{more}.")


def _changed(plan: Plan, paper: Paper, files: Tree) -> str:
    """Say how a file is not as a plan saw it, or nothing."""
    if not files.exists(paper.path):
        return "was taken away" if paper.sha256 else ""
    data = files.read(paper.path)
    if sha256(data).hexdigest() == paper.sha256 or own(plan, paper, data):
        return ""
    return "was changed" if paper.sha256 else "was added"


def refuse_dated_back(books: Books, pattern: str, day: date) -> None:
    """Refuse to date a document before the last one of its series, in whatever year that is."""
    dates = {
        at: number
        for number, at in books.ledger.last_dates.items()
        if year_of(f"{number}1", pattern) is not None
    }
    last = max(dates, default=day)
    if day < last:
        message = f"The series {dates[last]}… has come to {last}, so nothing is dated {day} in it."
        raise Invalid(Fault("date-before-series", message, remedy=f"Date it {last} or later."))


def stale(plan: Plan, message: str) -> Stale:
    """Make the refusal of a plan that the world has left behind."""
    remedy = f"Make a new plan: q2c invoice plan --through {plan.through}"
    return Stale(Fault("stale-plan", f"{message} Nothing was issued.", remedy=remedy))


def refuse_moved(plan: Plan, books: Books) -> None:
    """Refuse a plan if the ledger holds more than its base and entries of this plan."""
    after = recorded_since(plan, books)
    if any(record.plan != plan.id for record in after):
        later = "an entry" if len(after) == 1 else f"{len(after)} entries"
        moved = f"which is now at {books.ledger.head[:12]}, {later} later"
        raise stale(plan, f"This plan was made on ledger {plan.base[:12]}, {moved}.")


def recorded_since(plan: Plan, books: Books) -> Sequence[Record]:
    """Give what was recorded since a plan was made; refuse one of another ledger."""
    after = _after(plan.base, books.records)
    if after is None:
        raise stale(plan, f"This plan was made on ledger {plan.base[:12]}, which is not here.")
    return after


def _after(base: str, records: Sequence[Record]) -> Sequence[Record] | None:
    """Give what was recorded since a head; nothing where the ledger never had that head."""
    if base == NO_HASH:
        return records[1:]  # the genesis entry comes with the first fact
    at = next((n for n, record in enumerate(records, start=1) if record.hash == base), None)
    return None if at is None else records[at:]


def refuse_unknown(customer: str, known: Collection[str]) -> None:
    """Refuse a customer that nobody knows."""
    if customer and customer not in known:
        message = f"There is no customer '{customer}'."
        raise Unknown(Fault("unknown-customer", message, remedy=nearest(customer, known)))
