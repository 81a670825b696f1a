"""q2c contract verify: who signed what and when, and whether anything was changed since."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.call import At
from q2c.commands.contracts.standing import (
    Course,
    TrustOption,
    course_of,
    day_of,
    now,
    papers_of,
    read_path,
    trust_in,
)
from q2c.commands.desk import tree
from q2c.commands.output import hint, say
from q2c.commands.plain import fields_of
from q2c.core.fault import Unknown
from q2c.core.trace import Paper
from q2c.store.orders import contract_path
from q2c.store.papers import changed
from q2c.store.signing import signing_papers
from q2c.store.tree import Tree

if TYPE_CHECKING:
    from q2c.exchange.pades.reading import Found, Reading
    from q2c.exchange.pades.trust import Trust

ODD = 1
PDF = b"%PDF-"
NOT_OURS = "it does not begin with v1.pdf, which was to be signed"
TRUSTED = {
    "trusted": "leads to a root that we trust",
    "unknown": "not known: there is no root to check it by",
    "untrusted": "none: it leads to no root that we trust",
    "revoked": "none: it was revoked",
    "expired": "none: it does not hold at that time",
}


class Checked(Struct, frozen=True):
    """A file that was checked: its SHA-256, what stands in it, and what is wrong with it.

    What `shows` who signed is a picture, or a PDF that has signatures.
    """

    path: str
    sha256: str
    reading: "Reading | None"
    wrong: tuple[str, ...]
    shows: bool = False

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.wrong and (self.reading is None or self.reading.sound)


def verify_contract(
    what: Annotated[
        str, typer.Argument(metavar="CONTRACT|FILE", help="A contract, or any signed PDF.")
    ],
    *,
    trust: TrustOption = None,
    at: At = "",
) -> int:
    """Say who signed a contract or a PDF, when, and whether anything was changed since.

    Certificates are trusted where they lead to one in trust/, or to one that --trust names; lists
    of revoked ones lie beside them as .crl. Nothing is asked of the network. The exit status is 1
    where something is wrong, or nobody signed.

    Example: q2c contract verify C-2026-0001
    """
    if what.lower().endswith(".pdf"):
        data = read_path(Path(what))
        checked = _checked(what, data, _trust(at, trust), b"")
        say(_file_row(checked), "\n".join(_file_told(checked)))
        _tell_unknown([checked])
        return 0 if _proves([checked]) else ODD
    files = tree(at)
    course = course_of(files, what)
    found = list(checks(files, course, trust_in(files, trust)))
    on, sound = day_of(course), _proves(found)
    row = {**course.row(on), "sound": sound, "files": [_file_row(one) for one in found]}
    lines = [line for one in found for line in _file_told(one)]
    say(row, "\n".join([*lines, f"{what}: {course.stands(on)}."]))
    _tell_unknown(found)
    return 0 if sound else ODD


def _tell_unknown(found: Sequence[Checked]) -> None:
    """Say what to do where nobody says whom a certificate is of."""
    signed = [one for file in found if file.reading for one in file.reading.signatures]
    if any(one.trust == "unknown" for one in signed):
        hint(
            "Put the root certificate that you trust into trust/ as .pem, or name it: --trust FILE"
        )


def _trust(at: str, more: Sequence[Path] | None) -> "Trust":
    """Give the roots of the workspace, where the PDF is looked at in one, and those named."""
    from q2c.exchange.pades.trust import trust_of

    try:
        return trust_in(tree(at), list(more or ()))
    except Unknown:
        return trust_of({str(path): read_path(path) for path in more or ()})


def checks(files: Tree, course: Course, trust: "Trust") -> Iterator[Checked]:
    """Check every file of a contract: as recorded, and each signature in it."""
    base = files.read(f"{contract_path(course.contract.number)}.pdf")
    signed = {paper.path for paper in signing_papers(course.events)}
    for paper in papers_of(files, course):
        wrong = _not_as_recorded(files, paper)
        if paper.path in signed and files.exists(paper.path):
            found = _checked(paper.path, files.read(paper.path), trust, base)
            foreign = paper.path == course.signed and not (found.reading and found.reading.ours)
            wrong = (*wrong, *found.wrong, *((NOT_OURS,) if foreign else ()))
            yield replace(found, wrong=wrong)
        else:
            yield Checked(paper.path, paper.sha256, None, wrong)


def _not_as_recorded(files: Tree, paper: Paper) -> tuple[str, ...]:
    fault = changed(files, paper)
    return (fault.message.rstrip("."),) if fault else ()


def _checked(path: str, data: bytes, trust: "Trust", base: bytes) -> Checked:
    from q2c.exchange.pades.reading import read_signatures

    digest = sha256(data).hexdigest()
    if not data.startswith(PDF):
        return Checked(path, digest, None, (), shows=True)
    reading = read_signatures(data, path, trust, now(), base)
    return Checked(path, digest, reading, (), shows=bool(reading.signatures) or reading.wordless)


def _proves(found: Sequence[Checked]) -> bool:
    """Say whether all files are sound, and at least one of them is there to show a signature."""
    return all(one.sound for one in found) and any(one.shows for one in found)


def _file_row(one: Checked) -> dict[str, object]:
    reading = one.reading
    return {
        "file": one.path,
        "sha256": one.sha256,
        "sound": one.sound,
        "ours": reading.ours if reading else None,
        "signatures": [fields_of(found) for found in reading.signatures] if reading else [],
        "wrong": [*one.wrong, *(reading.wrong if reading else ())],
    }


def _file_told(one: Checked) -> Iterator[str]:
    """Tell of a file in lines that fit a narrow terminal."""
    yield f"{one.path}  {'sound' if one.sound else 'NOT SOUND'}"
    yield f"  sha256        {one.sha256}"
    if one.shows and one.reading is None:
        yield "  holds         no PDF, so a person has to look at it"
    if one.reading:
        if one.reading.ours:
            yield "  holds         v1.pdf to the byte, and what was added to it"
        for found in one.reading.signatures:
            yield from _signature_told(found)
        if not one.reading.signatures:
            yield "  signatures    none"
    for why in (*one.wrong, *(one.reading.wrong if one.reading else ())):
        yield f"  wrong         {why}"


def _signature_told(found: "Found") -> Iterator[str]:
    yield f"  {found.field or 'signature':12}  {found.holder}"
    yield f"    time        {_time(found)}"
    for label, text in (("reason", found.reason), ("place", found.place)):
        if text:
            yield f"    {label:10}  {text}"
    yield f"    level       {'PAdES ' if found.level != 'CMS' else ''}{found.level}"
    yield f"    issued by   {found.issuer}, {found.begins:%Y-%m-%d} to {found.ends:%Y-%m-%d}"
    yield f"    certificate {found.certificate}"
    yield f"    trust       {TRUSTED[found.trust] if found.intact else 'none'}"
    yield f"    after it    {_after(found)}"
    for why in found.wrong:
        yield f"    wrong       {why}"


def _after(found: "Found") -> str:
    if found.whole:
        return "nothing was added"
    return "signatures were added, and nothing else" if found.kept else "more was changed"


def _time(found: "Found") -> str:
    if found.stamped:
        return f"{found.stamped:%Y-%m-%d %H:%M:%S} UTC, stamped by {found.stamped_by}"
    if found.claimed:
        return f"{found.claimed:%Y-%m-%d %H:%M:%S} UTC, as the signer's machine said"
    return "not said"
