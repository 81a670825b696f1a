"""Shards: parts of a plan drawn on other machines, each in a folder with a list of what it has."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from q2c import __version__
from q2c.commands.invoices.drawing import Failed, Job, Printed, Result, Row
from q2c.commands.invoices.issuing import Failure, Ready, failure_of
from q2c.commands.invoices.ordered import attempted, crew, numbered, numbers
from q2c.commands.progress import progress
from q2c.core.billing import Plan
from q2c.core.fault import Fault, Invalid, Misused, Refused, Stale, Unknown
from q2c.core.trace import Paper
from q2c.store.papers import frozen, thawed
from q2c.store.planfile import Claims

LIST = "shard.json"
JSON, PDF = 0, 1  # where these stand among the files of a document; a time report comes behind


class Shard(Struct, frozen=True):
    """One of so many parts of a plan."""

    place: int
    count: int

    def __str__(self) -> str:
        return f"{self.place}/{self.count}"


class Document(Struct, frozen=True, forbid_unknown_fields=True):
    """A document that a shard has: its number, and its files by path and SHA-256."""

    number: str
    files: tuple[Paper, ...]


class Listed(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a shard has, and what it was drawn on: `shard.json`."""

    shard: str
    plan: str
    base: str
    program: str
    documents: tuple[Document, ...]


def read_shard(text: str) -> Shard:
    """Read which part of a plan is meant: 2/5."""
    match = re.fullmatch(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})", text, re.ASCII)
    if match is None or int(match[1]) > int(match[2]):
        message = f"'{text}' is not a part of a whole."
        remedy = "Write the part and how many there are: 1/4, 2/4, 3/4 and 4/4."
        raise Misused(Fault("bad-shard", message, remedy=remedy))
    return Shard(int(match[1]), int(match[2]))


def draw_shard(
    claims: Claims, ready: Ready, shard: Shard, folder: Path, workers: int | None
) -> tuple[int, list[Failure]]:
    """Draw a part of what is left of a plan into a folder; say how many, and what failed.

    Each document has the number that it gets if none before it fails.
    """
    _refuse_full(folder)
    documents, failed = list[Document](), list[Failure]()
    for job, result in _results(ready, shard, workers):
        if isinstance(result, Failed):
            failed.append(failure_of(claims, job, result.faults))
        else:
            documents.append(_kept(folder, result))
    plan = claims.plan
    listed = Listed(
        shard=str(shard),
        plan=plan.id,
        base=plan.base,
        program=__version__,
        documents=tuple(documents),
    )
    _write(folder / LIST, frozen(listed))  # the last: a shard without it was not finished
    return len(documents), failed


def _results(ready: Ready, shard: Shard, workers: int | None) -> Iterator[tuple[Job, Result]]:
    if ready.press is None:
        return
    press, jobs = ready.press, ready.jobs
    free = numbers(jobs, press.books, press.claims.plan.issue_on.year)
    start, stop = (len(jobs) * n // shard.count for n in (shard.place - 1, shard.place))
    own = numbered(jobs, free, Counter())[start:stop]
    with closing(attempted(own, press, crew(len(own), workers))) as attempts:
        made = (result for _, results in attempts for result in results)
        yield from zip((job for job, _ in own), progress("Drawing", made, len(own)), strict=True)


def _kept(folder: Path, result: Printed) -> Document:
    for name, data in result.files.items():
        _write(folder / name, data)
    return Document(result.row.number, result.entry.documents)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _refuse_full(folder: Path) -> None:
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        message = f"{folder} is there already, and not an empty folder."
        raise Stale(Fault("file-exists", message, remedy="Give --out another name."))


class Shards:
    """Documents out of several shards of one plan, by their numbers."""

    def __init__(self, plan: Plan, folders: Iterable[Path]) -> None:
        """Read what the shards have; refuse one of another plan, and one that was changed."""
        self._known: dict[str, tuple[Path, Document]] = {}
        for folder in folders:
            for document in _listed(plan, folder).documents:
                if len(document.files) <= PDF:
                    raise _broken(folder, f"{document.number} has no PDF.")
                for paper in document.files:
                    _checked(folder, paper)
                self._known[document.number] = folder, document

    def pdf(self, number: str, data: bytes) -> bytes | None:
        """Give the PDF of a document that has these bytes as JSON, if a shard drew that.

        Where a document before it failed, what a shard drew under its number is another one.
        """
        folder, document = self._known.get(number, (Path(), None))
        if document is None or sha256(data).hexdigest() != document.files[JSON].sha256:
            return None
        return _checked(folder, document.files[PDF])

    def told(self, rows: Sequence[Row]) -> str:
        """Say how many documents of a run were taken from here."""
        known = {
            number: document.files[PDF].sha256 for number, (_, document) in self._known.items()
        }
        drawn = sum(known.get(row.number) == row.sha256 for row in rows)
        return f"{drawn} of {len(rows)} were drawn before."


def _listed(plan: Plan, folder: Path) -> Listed:
    """Read what a shard has; refuse one that is not of this plan and this program."""
    path = folder / LIST
    if not path.is_file():
        message = f"{folder} has no {LIST}, so it is no shard that was drawn to its end."
        raise Unknown(Fault("no-such-shard", message, remedy=AGAIN))
    try:
        found = thawed(path.read_bytes(), Listed, str(path))
    except Refused as refused:
        raise _broken(folder, refused.faults[0].message) from refused
    if (found.plan, found.base) != (plan.id, plan.base):
        message = f"{folder} was drawn of another plan, {found.plan[:12]}; this is {plan.id[:12]}."
        raise Stale(Fault("shard-mismatch", message, remedy=AGAIN))
    if found.program != __version__:
        message = f"{folder} was drawn by q2c {found.program}; this is {__version__}."
        raise Stale(Fault("shard-mismatch", message, remedy=AGAIN))
    return found


def _checked(folder: Path, paper: Paper) -> bytes:
    """Read a file of a shard; refuse one that is not there, or not as it was drawn."""
    path = folder / paper.path
    if "\0" in paper.path or not path.resolve().is_relative_to(folder.resolve()):
        raise _broken(folder, f"{paper.path} is not inside it.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _broken(folder, f"{paper.path} cannot be read ({error.strerror}).") from error
    if sha256(data).hexdigest() != paper.sha256:
        raise _broken(folder, f"{paper.path} is not the file that was drawn.")
    return data


def _broken(folder: Path, what: str) -> Invalid:
    return Invalid(Fault("shard-broken", f"The shard {folder} is damaged: {what}", remedy=AGAIN))


AGAIN = "Draw it again with --shard, or leave it out: what no shard brings is drawn here."
